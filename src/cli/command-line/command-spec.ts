/**
 * The command line as data. Help, parsing, completion, the manual page and docs/cli.md all read these
 * specifications; their words are in src/messages/en/help.ts, under ids that follow from the names here.
 */

import type { Context } from '../../app/context.ts';
import type { MessageId } from '../../messages/en.ts';
import type { Message } from '../../messages/message.ts';
import { say } from '../../messages/say.ts';
import type { Terminal } from '../terminal.ts';
import type { ExitName } from './exit-codes.ts';

/** A name whose help is written: a command without words does not compile. */
type CommandName = MessageId extends infer Id
  ? Id extends `help.${infer Name}.summary`
    ? Name
    : never
  : never;

export interface OptionSpec {
  /** As commander takes it: `-o, --output <format>`. */
  readonly flags: string;
  readonly choices?: readonly string[];
  readonly default?: string;
}

interface ArgumentSpec {
  readonly name: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
}

/** The parsed words of one call. Option names are camelCase; an absent option has no entry. */
export interface Invocation {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean>>;
}

/** What a command may use of its process. */
export interface CommandContext extends Context {
  readonly terminal: Terminal;
}

/** `program` is for commands that list the others. */
export type CommandRun = (
  invocation: Invocation,
  context: CommandContext,
  program: { readonly commands: readonly CommandSpec[] },
) => Promise<ExitName>;

export interface CommandSpec {
  readonly name: CommandName;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Loaded only when the command is called, so that the others start fast. */
  readonly load: () => Promise<CommandRun>;
}

/** A mistake on the command line: exit 64, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
  readonly problem: Message;

  constructor(problem: Message) {
    super(say(problem));
    this.problem = problem;
  }
}
