// Tests what is shipped, as a user gets it: makes the artefact and runs test/packages against it. Says what is missing and
// ends with 1 where it cannot, or with 0 under --if-possible.
//
//   npm run test:executable     # every command of the single executable
//   npm run test:arm64          # the same of the one for arm64, on an emulated processor (qemu-user-static, libstdc++6-arm64-cross)
//   npm run test:deb            # the Debian package, in booted Debian 12 and 13 (root, systemd-nspawn)
//   npm run test:container      # the Dockerfile built with buildah and run with podman (root); nothing of it stays but the base image
//   npm run test:npm            # the npm package, on Node 20, 22, 24 and 26; CALLBACKD_NODE_VERSIONS=20.19.0 on one
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildImage, findMissingForContainers, removeContainers } from './container-image.mjs';
import { findMissingForRoots, makeDebianRoots } from './debian-roots.mjs';
import { buildDeb } from './release/build-deb.mjs';
import { buildExecutable } from './release/build-executable.mjs';
import { installNode, NODE_VERSIONS } from './release/install-nodes.mjs';
import { readManifest } from './release/package-assets.mjs';
import { endWhereImpossible, findMissingTools, ROOT, runTool, showTool } from './release/run-tool.mjs';

const OUT = path.join(ROOT, 'out', 'test');
const { version } = readManifest();
/** Of Debian's libraries for arm64, which a foreign host can have beside its own. */
const ARM64_LOADER = '/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1';
/** Of a package that the current one upgrades. */
const EARLIER = '0.0.9';

const KINDS = {
  executable: {
    missing: () => findMissingTools(['strip']),
    make: () => ({ CALLBACKD_EXECUTABLE: makeExecutable(version) }),
  },
  arm64: {
    missing: () =>
      findMissingTools(['strip', 'aarch64-linux-gnu-strip', 'qemu-aarch64-static', ARM64_LOADER]),
    make: () => ({ CALLBACKD_ARM64: makeExecutable(version, 'arm64') }),
  },
  deb: {
    missing: () => [...findMissingForRoots(), ...findMissingTools(['strip', 'dpkg-deb', 'lintian'])],
    make: () => {
      const shared = { folder: OUT, arch: process.arch, compression: 'gzip', level: 1 };
      const debs = [EARLIER, version].map((each) =>
        buildDeb({ ...shared, executable: makeExecutable(each), version: each }),
      );
      return { CALLBACKD_DEBS: debs.join(':'), CALLBACKD_ROOTS: makeDebianRoots(readReleases()).join(':') };
    },
  },
  container: {
    missing: findMissingForContainers,
    make: () => {
      const revision = readRevision();
      const tag = `localhost/callbackd:${version}`;
      process.on('exit', () => removeContainers());
      const engine = buildImage(tag, { VERSION: version, REVISION: revision });
      const transcript = path.join(OUT, 'container.txt');
      return {
        ...engine,
        CALLBACKD_IMAGE: tag,
        CALLBACKD_REVISION: revision,
        CALLBACKD_TRANSCRIPT: transcript,
      };
    },
  },
  npm: {
    missing: () => [],
    make: () => {
      const name = runTool('npm', ['pack', '--silent', '--pack-destination', OUT]).trim().split('\n').at(-1);
      const versions = process.env.CALLBACKD_NODE_VERSIONS?.split(',') ?? NODE_VERSIONS;
      const nodes = versions.map((each) => installNode(each));
      return { CALLBACKD_TARBALL: path.join(OUT, name), CALLBACKD_NODES: nodes.join(':') };
    },
  },
};

const kind = process.argv[2] ?? '';
if (!(kind in KINDS)) {
  console.error(`which of ${Object.keys(KINDS).join(', ')}?`);
  process.exit(64);
}
endWhereImpossible(`${kind} tests`, KINDS[kind].missing());
mkdirSync(OUT, { recursive: true });
const environment = KINDS[kind].make();
showTool('npx', ['vitest', 'run', '--config', 'test/packages/vitest.config.ts', kind], environment);

function makeExecutable(each, arch = process.arch) {
  const file = path.join(OUT, `${each}-${arch}`, 'callbackd');
  buildExecutable({ file, arch, version: each });
  return file;
}

/** A tarball without .git has none. */
function readRevision() {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'unknown';
}

function readReleases() {
  return (process.env.CALLBACKD_SYSTEMD_RELEASES ?? 'bookworm,trixie').split(',');
}
