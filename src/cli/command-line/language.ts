/** In which language a person reads. JSON, logs and recorded texts are English always. */

import type { Language } from '../../messages/say.ts';
import type { OptionSpec } from './command-spec.ts';

const LANGUAGES: readonly Language[] = ['en', 'zh'];

export const LANGUAGE_OPTION: OptionSpec = { flags: '--lang <language>', choices: LANGUAGES };

/**
 * `--lang` before everything else, so that help and complaints about the command line follow it too; then the first of
 * `LC_ALL`, `LC_MESSAGES` and `LANG` that is set (POSIX, 8.2). Chinese where it begins with `zh`, else English.
 */
export function chooseLanguage(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const asked = words.flatMap((word, index) => {
    if (word === '--lang') return [words[index + 1]];
    return word.startsWith('--lang=') ? [word.slice('--lang='.length)] : [];
  });
  const known = LANGUAGES.find((language) => language === asked.at(-1));
  if (known !== undefined) return known;
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG']
    .map((name) => environment[name] ?? '')
    .find((it) => it !== '');
  return locale?.toLowerCase().startsWith('zh') === true ? 'zh' : 'en';
}
