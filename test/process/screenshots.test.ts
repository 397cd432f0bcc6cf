/** The pictures of terminals in docs/images show what callbackd prints; `npm run screenshots` takes them again. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { it } from 'vitest';

const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/screenshots.mjs');

it('each picture of a terminal is current', () => {
  execFileSync(process.execPath, [SCRIPT, '--check'], { stdio: 'pipe' });
});
