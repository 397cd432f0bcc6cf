/** The pictures of terminals in docs/images show what callbackd prints; `npm run screenshots` takes them again. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { it } from 'vitest';

const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/screenshots.mjs');

it('each picture of a terminal is current', async () => {
  await promisify(execFile)(process.execPath, [SCRIPT, '--check'], { timeout: 55_000 });
});
