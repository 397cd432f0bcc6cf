/**
 * Parses the command line, loads and runs the command, and turns every known failure into one message and its
 * exit code. Bugs are not caught here: main.ts prints their stack.
 */

import { Argument, Command, CommanderError, Option, type OutputConfiguration } from 'commander';
import type { Context } from '../app/context.ts';
import { DiskError } from '../lib/disk.ts';
import { verbatim } from '../messages/message.ts';
import { COMMANDS } from './catalogue.ts';
import type { CommandSpec, Invocation } from './command-line/command-spec.ts';
import type { ExitName } from './command-line/exit-codes.ts';
import { formatCommandHelp, formatProgramHelp } from './command-line/help-text.ts';
import { chooseLanguage, LANGUAGE_OPTION } from './command-line/language.ts';
import { explainComplaint } from './command-line/parser-complaints.ts';
import { createTerminal, type Terminal } from './terminal.ts';

/**
 * Runs one command line (without `node` and the script). Resolves to the name of the exit code; if the output
 * could not be written, that is `failed`, whatever the command did.
 */
export async function runCommandLine(words: readonly string[], given: Context): Promise<ExitName> {
  const context = { ...given, language: chooseLanguage(words, given.environment) };
  const terminal = createTerminal(context);
  const exit = await runWords(words, context, terminal);
  const cut = await context.outputFailure();
  if (cut === undefined) return exit;
  const { message: why } = new DiskError('write', 'standard output', cut.code ?? cut.message);
  terminal.note(`${terminal.translate('cli.error', { problem: verbatim(why) })}\n`);
  return 'failed';
}

async function runWords(words: readonly string[], context: Context, terminal: Terminal): Promise<ExitName> {
  if (words.length === 0) {
    terminal.print(formatProgramHelp(COMMANDS, terminal.translate));
    return 'ok';
  }
  let chosen: Choice | undefined;
  try {
    chosen = parseCommandLine(words, { terminal, version: context.version });
    if (chosen === undefined) return 'ok';
    const { spec, invocation } = chosen;
    const run = await spec.load();
    const color = terminal.color && invocation.options['color'] !== false;
    return await run(invocation, { ...context, terminal: { ...terminal, color } }, { commands: COMMANDS });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 'ok' : 'usage';
    // The explanations depend on many modules, so they are loaded only when something failed.
    const { explainFailure, formatFailure, formatFailureJson } = await import('./command-line/failures.ts');
    const known = explainFailure(error);
    if (known === undefined) throw error;
    terminal.note(formatFailure(known, terminal.translate));
    // With `-o json`, a failure is one JSON document too.
    if (chosen?.invocation.options['output'] === 'json') terminal.print(formatFailureJson(known));
    return known.exit;
  }
}

interface Choice {
  readonly spec: CommandSpec;
  readonly invocation: Invocation;
}

/** What the parser prints by itself: help, the version and complaints. */
interface ParserContext {
  readonly terminal: Pick<Terminal, 'print' | 'note' | 'translate'>;
  readonly version: string;
}

/**
 * The chosen command and its arguments; undefined if help or the version was printed instead. Throws on a
 * usage error.
 */
export function parseCommandLine(words: readonly string[], context: ParserContext): Choice | undefined {
  const chosen: { now?: Choice } = {};
  const program = buildProgram(context, (spec, invocation) => {
    chosen.now = { spec, invocation };
  });
  program.parse(words, { from: 'user' });
  return chosen.now;
}

/** Where the parser prints, and its complaints in the person's language. */
function speakFor({ print, note, translate }: ParserContext['terminal']): OutputConfiguration {
  return {
    writeOut: (text) => print(text),
    writeErr: (text) => note(text),
    outputError: (text) => {
      const [problem, ...advice] = explainComplaint(text);
      if (problem !== undefined) note(`${translate('cli.error', { problem })}\n`);
      for (const line of advice) note(`  ${translate(line)}\n`);
    },
  };
}

function buildProgram(
  context: ParserContext,
  choose: (spec: CommandSpec, invocation: Invocation) => void,
): Command {
  const { terminal, version } = context;
  const { translate } = terminal;
  const program = new Command('callbackd')
    .version(version, '-V, --version', translate('help.program.version'))
    .helpOption('-h, --help', translate('help.option.help'))
    .exitOverride()
    .addOption(new Option(LANGUAGE_OPTION.flags).choices(LANGUAGE_OPTION.choices ?? []))
    .showSuggestionAfterError()
    .configureOutput(speakFor(terminal))
    .configureHelp({ formatHelp: () => formatProgramHelp(COMMANDS, translate) });
  for (const spec of COMMANDS) program.addCommand(buildCommand(spec, context, choose));
  return program;
}

function buildCommand(
  spec: CommandSpec,
  { terminal }: ParserContext,
  choose: (spec: CommandSpec, invocation: Invocation) => void,
): Command {
  const command = new Command(spec.name)
    .exitOverride()
    .showSuggestionAfterError()
    .allowExcessArguments(false)
    .configureOutput(speakFor(terminal))
    .configureHelp({ formatHelp: () => formatCommandHelp(spec, terminal.translate) });
  for (const { name, required, choices } of spec.arguments) {
    const argument = new Argument(required ? `<${name}>` : `[${name}]`);
    command.addArgument(choices === undefined ? argument : argument.choices(choices));
  }
  for (const { flags, choices, default: fallback } of spec.options) {
    const option = new Option(flags);
    if (choices !== undefined) option.choices(choices);
    if (fallback !== undefined) option.default(fallback);
    command.addOption(option);
  }
  command.action(() => {
    const args = command.args.filter((arg) => typeof arg === 'string');
    choose(spec, { args, options: command.optsWithGlobals() });
  });
  return command;
}
