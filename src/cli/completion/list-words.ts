/** What can be completed where, derived from the specifications and shared by all shells. */

import type { Translate } from '../../messages/say.ts';
import type { CommandSpec } from '../command-line/command-spec.ts';
import { describeCommand, type OptionHelp } from '../command-line/help-text.ts';

/** What may stand in a place: some words, a key of the configuration, a path, or anything. */
export type Place =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'key' }
  | { readonly kind: 'path' }
  | { readonly kind: 'anything' };

export interface CompletedOption {
  /** `-c`; absent where there is only a long one. */
  readonly short?: string;
  /** `--config`. */
  readonly long: string;
  readonly description: string;
  /** What its value may be; absent for a switch. */
  readonly value?: Place;
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly arguments: readonly { readonly name: string; readonly place: Place }[];
}

const KEY_PLACES = ['key', 'digest-or-key'];
const PATH_PLACES = ['path', 'file', 'planfile'];

/** Every command as the shells complete it; `translate` gives the descriptions that zsh and fish show. */
export function listCompletions(
  commands: readonly CommandSpec[],
  translate: Translate,
): readonly CompletedCommand[] {
  const help: CompletedOption = { short: '-h', long: '--help', description: translate('help.option.help') };
  return commands.map((spec) => {
    const { name, summary, options, arguments: places } = describeCommand(spec, translate);
    return {
      name,
      summary,
      options: [...options.map(completeOption), help],
      arguments: places.map(({ name: what, choices }) => ({ name: what, place: findPlace(what, choices) })),
    };
  });
}

function completeOption({ flags, description, choices }: OptionHelp): CompletedOption {
  const short = /(?:^|\s)(-\w)\b/.exec(flags)?.[1];
  const long = /--[\w-]+/.exec(flags)?.[0] ?? '';
  const value = /<([\w-]+)>/.exec(flags)?.[1];
  return {
    ...(short === undefined ? {} : { short }),
    long,
    description,
    ...(value === undefined ? {} : { value: findPlace(value, choices) }),
  };
}

function findPlace(name: string, choices: readonly string[] | undefined): Place {
  if (choices !== undefined) return { kind: 'words', words: choices };
  if (KEY_PLACES.includes(name)) return { kind: 'key' };
  return PATH_PLACES.includes(name) ? { kind: 'path' } : { kind: 'anything' };
}
