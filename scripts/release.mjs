// Builds everything that a release consists of into out/release: `npm run release [-- --check]`. The version is package.json's,
// the date is the commit's. `--check` builds it all a second time and compares the bytes.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { auditDependencies } from './release/audit-dependencies.mjs';
import { buildDeb } from './release/build-deb.mjs';
import { buildExecutable } from './release/build-executable.mjs';
import { buildSbom } from './release/build-sbom.mjs';
import { readManifest } from './release/package-assets.mjs';
import { readChanges } from './release/read-changes.mjs';
import { ROOT, runTool } from './release/run-tool.mjs';
import { readSourceDate } from './release/source-date.mjs';

const OUT = path.join(ROOT, 'out', 'release');
const { version } = readManifest();
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

console.log(auditDependencies());
build(OUT);
console.log(readFileSync(path.join(OUT, 'SHA256SUMS'), 'utf8'));
if (values.check) {
  const again = `${OUT}.again`;
  build(again);
  const [first, second] = [OUT, again].map((folder) => readFileSync(path.join(folder, 'SHA256SUMS'), 'utf8'));
  rmSync(again, { recursive: true });
  if (first !== second) {
    console.error(`the second build is not the same:\n${second}`);
    process.exit(1);
  }
  console.log('the second build has the same bytes');
}

function build(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { arch } = process;
  const stage = path.join(folder, `callbackd-${version}-linux-${arch}`);
  const executable = path.join(stage, 'callbackd');
  buildExecutable({ file: executable, arch, version });
  buildDeb({ executable, version, arch, folder });
  cpSync(path.join(ROOT, 'LICENSE'), path.join(stage, 'LICENSE'));
  packFolder(folder, path.basename(stage));
  rmSync(stage, { recursive: true });
  runTool('npm', ['pack', '--silent', '--pack-destination', folder]);
  writeFileSync(path.join(folder, `callbackd-${version}.cdx.json`), buildSbom());
  writeFileSync(path.join(folder, 'CHANGES.md'), readChanges(version));
  const sums = readdirSync(folder)
    .sort()
    .map((name) => `${sha256(path.join(folder, name))}  ${name}\n`);
  writeFileSync(path.join(folder, 'SHA256SUMS'), sums.join(''));
}

/** An archive whose bytes depend on nothing but the files and the date. */
function packFolder(folder, name) {
  const date = readSourceDate();
  const how = [
    '--sort=name',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    `--mtime=@${date}`,
    '--mode=go=rX,u=rwX',
  ];
  const archive = path.join(folder, `${name}.tar`);
  runTool('tar', [...how, '-cf', archive, '-C', folder, name]);
  runTool('gzip', ['-9', '--no-name', archive]);
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
