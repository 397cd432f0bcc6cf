// Preloaded into a daemon: the operating system gives no file events, as where inotify has run out of
// watches.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

fs.watch = () => {
  throw Object.assign(new Error('ENOSPC: no space left on device, watch'), { code: 'ENOSPC' });
};
syncBuiltinESMExports();
