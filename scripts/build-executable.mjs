// Builds the single executable: `npm run executable [-- --arch arm64] [--file PATH] [--version V]`. Node goes in from the npm
// registry, with the checksum of packaging/executable/package-lock.json. Needs `strip` (Debian: binutils).
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildExecutable } from './release/build-executable.mjs';
import { readManifest } from './release/package-assets.mjs';
import { ROOT } from './release/run-tool.mjs';

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch },
    file: { type: 'string' },
    version: { type: 'string', default: readManifest().version },
  },
});
const { arch, version } = values;
const file = path.resolve(values.file ?? path.join(ROOT, 'out', `linux-${arch}`, 'callbackd'));
buildExecutable({ file, arch, version });
console.log(file);
