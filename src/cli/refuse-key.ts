/** What a command says of a key that nothing is known of. */

import { nearestWord } from '../lib/nearest-word.ts';
import { CommandFailure } from './command-failure.ts';

/** `keys`: those of the file and of the state. */
export function refuseKey(key: string, keys: readonly string[]): CommandFailure {
  const near = nearestWord(key, keys);
  return new CommandFailure('failed', `nothing is known of an entry ${JSON.stringify(key)}`, [
    near === undefined ? 'it is in neither the file, the state nor the history' : `did you mean ${near}?`,
  ]);
}
