/** The promises of docs/promises.md by name, and violations of them. */

import type { Message } from '../messages/message.ts';

export type PromiseName =
  | 'G1'
  | 'G2'
  | 'G3'
  | 'G4'
  | 'G5'
  | 'G6'
  | 'G7'
  | 'G8'
  | 'G9'
  | 'G10'
  | 'G11'
  | 'G12';

/** A promise that was broken, in a sentence. */
export interface Violation {
  readonly promise: PromiseName;
  /** Virtual milliseconds since the start of the world. */
  readonly at: number;
  readonly message: Message;
}
