/** The flags that several commands share, and how they are read. */

import type { Context } from '../../app/context.ts';
import type { CommonFlags } from '../../app/load-configuration.ts';
import type { Language } from '../../messages/say.ts';
import { OVERRIDE_LIST, OVERRIDES } from '../../model/overrides.ts';
import type { LogLevel } from '../../model/settings.ts';
import type { Terminal } from '../terminal.ts';
import type { Invocation, OptionSpec } from './command-spec.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export const CONFIG_OPTION: OptionSpec = { flags: '-c, --config <path>' };

/** For every command that reads a file. */
export const FILE_OPTIONS: readonly OptionSpec[] = [
  CONFIG_OPTION,
  { flags: `${OVERRIDES.logLevel.flag} <level>`, choices: LOG_LEVELS },
  { flags: '-q, --quiet' },
  { flags: '--no-color' },
];

/** For every command that reads the configuration and the state or the account. */
export const CONFIGURATION_OPTIONS: readonly OptionSpec[] = [
  ...FILE_OPTIONS,
  { flags: `${OVERRIDES.stateDir.flag} <path>` },
  { flags: `${OVERRIDES.baseUrl.flag} <url>` },
];

/** For every command whose result has several renderings. */
export function outputOption(...formats: readonly string[]): OptionSpec {
  return {
    flags: '-o, --output <format>',
    choices: formats,
    default: 'text',
  };
}

export const CONTROL_SOCKET_OPTION: OptionSpec = { flags: `${OVERRIDES.controlSocket.flag} <path>` };

/** For every command that talks to the daemon and to nothing else. */
export const CONTROL_OPTIONS: readonly OptionSpec[] = [
  CONFIG_OPTION,
  CONTROL_SOCKET_OPTION,
  outputOption('text', 'json'),
];

/** The shared flags of one call. */
export function readCommonFlags({ options }: Invocation): CommonFlags {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
  const level = options['quiet'] === true ? 'warn' : (text('logLevel') as LogLevel | undefined);
  const overrides = OVERRIDE_LIST.map(({ name }) => [name, text(name)] as const);
  return compact({ ...Object.fromEntries(overrides), config: text('config'), logLevel: level });
}

/**
 * The flags; without a log line for each call where a live line shows the progress and nobody asked for more.
 */
export function quietWhileLive(invocation: Invocation, { isLive }: Pick<Terminal, 'isLive'>): CommonFlags {
  return { ...(isLive ? { logLevel: 'warn' as const } : {}), ...readCommonFlags(invocation) };
}

/** Of what the daemon answers: documents are English. */
export function languageOfAnswer(invocation: Invocation, { language }: Pick<Context, 'language'>): Language {
  return readOutput(invocation) === 'json' ? 'en' : language;
}

/** The text of an option that has a default. */
export function readOutput({ options }: Invocation): string {
  return String(options['output'] ?? 'text');
}

function compact<Shape extends Record<string, unknown>>(
  fields: Shape,
): { [Field in keyof Shape]?: Exclude<Shape[Field], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Field in keyof Shape]?: Exclude<Shape[Field], undefined>;
  };
}
