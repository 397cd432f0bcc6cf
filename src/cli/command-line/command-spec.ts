/** Arguments as data: help, parsing, completion, the man page and docs/cli.md all read these specifications. */

import type { Toolbox } from '../ports.ts';
import type { ExitName } from './exit-codes.ts';

export interface OptionSpec {
  /** As commander takes it: `-o, --output <format>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string;
}

interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
}

/** Parsed words of one call. Option names are camelCase; an absent option has no entry. */
export interface Invocation {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean>>;
}

/** `program` is for commands that tell about the others. */
export type CommandRun = (
  invocation: Invocation,
  toolbox: Toolbox,
  program: { readonly commands: readonly CommandSpec[] },
) => Promise<ExitName>;

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  /** Loaded only when the command is called, so that the others start fast. */
  readonly load: () => Promise<CommandRun>;
}

/** A mistake on the command line: exit 64, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
}
