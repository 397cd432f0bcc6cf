/** Every exit code, in one table; docs/cli.md is checked against it. Scripts rely on them: never renumber. */

export const EXIT_CODES = {
  ok: { code: 0, meaning: 'done, or nothing to do' },
  failed: { code: 1, meaning: 'something failed' },
  changes_pending: { code: 2, meaning: 'changes are pending (`plan --detailed-exitcode`)' },
  invalid_configuration: { code: 3, meaning: 'the configuration is invalid' },
  held: { code: 4, meaning: 'nothing failed, but a held change needs a decision' },
  locked: { code: 5, meaning: 'another instance holds the state directory' },
  credentials_refused: { code: 6, meaning: 'the credentials are missing, unreadable or refused' },
  usage: { code: 64, meaning: 'wrong usage of the command line' },
} as const;

export type ExitName = keyof typeof EXIT_CODES;

/** Which of several reasons to exit wins. The first one present is taken. */
const PRIORITY: readonly ExitName[] = [
  'usage',
  'invalid_configuration',
  'locked',
  'credentials_refused',
  'failed',
  'held',
  'changes_pending',
];

/** The exit that stands for all of `names`; `ok` when there is none. */
export function worstExit(names: readonly ExitName[]): ExitName {
  return PRIORITY.find((name) => names.includes(name)) ?? 'ok';
}
