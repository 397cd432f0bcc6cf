/**
 * man/callbackd.1 is the catalogue of commands as a manual page: rendered from the data and compared as a whole. `npm run docs`
 * writes it again. Two formatters read it without a complaint, and it shows what --help shows.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/catalogue.ts';
import { EXIT_CODES } from '../../src/cli/command-line/exit-codes.ts';
import { describeCommand, describeOption } from '../../src/cli/command-line/help-text.ts';
import { CONFIGURATION_OPTIONS } from '../../src/cli/command-line/options.ts';
import { createTranslator } from '../../src/messages/say.ts';
import { hasPrograms } from '../builders/has-programs.ts';
import { formatManPage } from './man-page.ts';
import { ROOT, readPage } from './pages.ts';

const translate = createTranslator('en');
const PAGE = path.join(ROOT, 'man', 'callbackd.1');

it('the manual page says what the catalogue says, no less and no more', async () => {
  await expect(renderPage()).toMatchFileSnapshot(PAGE);
});

describe.runIf(hasPrograms('man', 'groff', 'mandoc'))(
  'to those who read it (needs man, groff and mandoc)',
  () => {
    it.each([
      ['man', '--warnings=w', '-l', PAGE],
      ['groff', '-ww', '-man', '-Tutf8', '-z', PAGE],
      ['mandoc', '-T', 'lint', '-W', 'warning', PAGE],
    ])('%s has nothing to complain about', (command, ...words) => {
      const { status, stdout, stderr } = run(command, words);
      const complaints = `${command === 'mandoc' ? stdout : ''}${stderr}`
        .split('\n')
        // The page is of the version it stands in; a day of its own would be one more thing to forget.
        .filter((line) => line !== '' && !line.includes('missing date'));
      expect(complaints).toEqual([]);
      expect(command === 'mandoc' ? 0 : status).toBe(0);
    });

    it('has every flag and every example as it is typed', () => {
      const text = run('man', ['-l', PAGE]).stdout.replaceAll(/\s+/g, ' ');
      const typed = COMMANDS.flatMap(({ options, examples }) => [
        ...options.map(({ flags }) => flags),
        ...examples,
      ]);
      expect(typed.filter((words) => !text.includes(words))).toEqual([]);
    });
  },
);

function renderPage(): string {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const { text } = readPage('docs/configuration.md');
  const variables = [...text.matchAll(/^\| `((?:COZE|CALLBACKD)_[A-Z_]+)` +\| (.+?) +\|$/gm)];
  return formatManPage({
    version,
    commands: COMMANDS.map((spec) => describeCommand(spec, translate)),
    shared: CONFIGURATION_OPTIONS.map((option) => describeOption(option, translate)),
    exits: Object.values(EXIT_CODES),
    environment: variables.map(([, name = '', instead = '']) => [name, `instead of ${instead}`]),
  });
}

function run(command: string, words: readonly string[]) {
  const environment = {
    PATH: process.env['PATH'] ?? '',
    LC_ALL: 'C.UTF-8',
    MANWIDTH: '200',
    MAN_KEEP_FORMATTING: '',
  };
  return spawnSync(command, [...words], { encoding: 'utf8', env: environment });
}
