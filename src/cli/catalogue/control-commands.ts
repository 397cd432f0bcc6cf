/** The commands that talk to a running daemon over its control socket, as data. */

import type { CommandSpec, OptionSpec } from '../command-spec.ts';
import { CONFIG_OPTION, outputOption } from '../shared-options.ts';

const CONTROL_OPTIONS: readonly OptionSpec[] = [
  CONFIG_OPTION,
  { flags: '--control-socket <path>', description: 'the daemon to talk to, instead of `control.socket`' },
  outputOption('text', 'json'),
];

export const CONTROL_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'approve',
    summary: 'let the daemon do, once, what it holds back',
    description:
      'Releases what the plan in force withholds for the digest or the entry that you name, or a configuration that is ' +
      'held. The plan says which. It holds for one round; protected and paused entries stay as they are.',
    arguments: [
      {
        name: 'digest-or-key',
        description: 'a plan digest (8 characters of it are enough) or the key of an entry',
        required: true,
      },
    ],
    options: CONTROL_OPTIONS,
    examples: [
      { command: 'callbackd approve 3fa91c0d22b7', does: 'approve the plan with this digest' },
      { command: 'callbackd approve orders', does: 'approve what is held back for one entry' },
    ],
    load: async () => (await import('../commands/approve.ts')).run,
  },
  {
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
    load: async () => (await import('../commands/pause.ts')).run,
  },
  {
    name: 'resume',
    summary: 'end a pause',
    description:
      'Ends a pause made with `pause`. One written in the file as `paused:` ends where it is written.',
    arguments: [
      { name: 'key', description: 'the entry; without it, the pause of everything', required: false },
    ],
    options: CONTROL_OPTIONS,
    examples: [{ command: 'callbackd resume orders', does: 'go on with one app' }],
    load: async () => (await import('../commands/resume.ts')).run,
  },
  {
    name: 'reconcile',
    summary: 'have the daemon read the files and run a round now',
    description:
      'Asks for a round at once instead of at the next tick of the schedule. With --wait the exit code tells how it ended.',
    arguments: [],
    options: [{ flags: '--wait', description: 'wait until the round has ended' }, ...CONTROL_OPTIONS],
    examples: [{ command: 'callbackd reconcile --wait', does: 'run a round and see how it ends' }],
    load: async () => (await import('../commands/reconcile.ts')).run,
  },
];
