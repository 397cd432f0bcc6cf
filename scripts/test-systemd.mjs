// Tests the units on a real systemd: builds callbackd, makes a minimal Debian for each release if the cache has none,
// and runs test/systemd inside it. Needs root, mmdebstrap and systemd-nspawn; says so and ends with 1 where they are
// missing, or with 0 under --if-possible. The root file systems stay in $CALLBACKD_CACHE or ~/.cache/callbackd.
//
//   npm run test:systemd                                     # Debian 12 (systemd 252) and 13 (systemd 257)
//   npm run test:systemd -- --if-possible
//   CALLBACKD_SYSTEMD_RELEASES=bookworm npm run test:systemd
import { findMissingForRoots, makeDebianRoots } from './debian-roots.mjs';
import { endWhereImpossible, showTool } from './release/run-tool.mjs';

const releases = (process.env.CALLBACKD_SYSTEMD_RELEASES ?? 'bookworm,trixie').split(',');

endWhereImpossible('systemd tests', findMissingForRoots());
showTool('npm', ['run', 'build', '--silent']);
showTool('npx', ['vitest', 'run', '--config', 'test/systemd/vitest.config.ts'], {
  CALLBACKD_SYSTEMD_ROOTS: makeDebianRoots(releases).join(':'),
});
