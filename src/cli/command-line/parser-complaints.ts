/** What commander complains about, as messages. It offers no other hook than its English text. */

import { type Message, message, verbatim } from '../../messages/message.ts';

type Explain = (facts: Readonly<Record<string, string>>) => Message;

const COMPLAINTS: readonly (readonly [RegExp, Explain])[] = [
  [/^unknown option '(?<option>.*)'$/, ({ option = '' }) => message('cli.unknown_option', { option })],
  [/^unknown command '(?<command>.*)'$/, ({ command = '' }) => message('cli.unknown_command', { command })],
  [
    /^missing required argument '(?<argument>.*)'$/,
    ({ argument = '' }) => message('cli.missing_argument', { argument }),
  ],
  [
    /^option '(?<option>.*)' argument missing$/,
    ({ option = '' }) => message('cli.option_needs_value', { option }),
  ],
  [
    /^too many arguments for '(?<command>.*)'\. Expected (?<most>\d+) arguments? but got (?<given>\d+)\.$/,
    ({ command = '', most, given }) =>
      message('cli.too_many_arguments', { command, most: Number(most), given: Number(given) }),
  ],
  [
    /^option '(?<name>.*)' argument '(?<value>.*)' is invalid\. Allowed choices are (?<choices>.*)\.$/s,
    ({ name = '', value = '', choices = '' }) => message('cli.not_a_choice', { name, value, choices }),
  ],
  [
    /^command-argument value '(?<value>.*)' is invalid for argument '(?<name>.*)'\. Allowed choices are (?<choices>.*)\.$/s,
    ({ name = '', value = '', choices = '' }) => message('cli.not_a_choice', { name, value, choices }),
  ],
];

/** The complaint and, where there is one, advice. Commander's own words where they are not known. */
export function explainComplaint(text: string): readonly Message[] {
  const [, said = '', near] =
    /^(?:error: )?(.*?)(?:\n+\(Did you mean (?:one of )?(.*)\?\))?\s*$/s.exec(text) ?? [];
  const advice = near === undefined ? [] : [message('cli.did_you_mean', { near })];
  for (const [pattern, explain] of COMPLAINTS) {
    const found = pattern.exec(said);
    if (found !== null) return [explain(found.groups ?? {}), ...advice];
  }
  return [verbatim(said), ...advice];
}
