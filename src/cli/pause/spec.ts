/** The command line of `callbackd pause`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONTROL_OPTIONS } from '../command-line/options.ts';

export const PAUSE: CommandSpec = {
  name: 'pause',
  summary: 'have the daemon leave an entry, or everything, alone',
  description:
    'Without a key everything is paused. A pause lasts until `resume`, or for as long as you say. The daemon goes on ' +
    'reading and planning; plans show what is held back, by whom and why.',
  arguments: [{ name: 'key', description: 'the entry; without it, everything', required: false }],
  options: [
    { flags: '--for <duration>', description: 'how long, such as 90m or 2h' },
    { flags: '--until <instant>', description: 'until when, such as 2026-12-01T08:00:00Z' },
    { flags: '--because <text>', description: 'why, for the next person who looks' },
    ...CONTROL_OPTIONS,
  ],
  examples: [
    { command: 'callbackd pause orders --for 2h --because "migration"', does: 'leave one app alone' },
    { command: 'callbackd pause', does: 'leave the whole account alone until `callbackd resume`' },
  ],
  load: async () => (await import('./run.ts')).run,
};
