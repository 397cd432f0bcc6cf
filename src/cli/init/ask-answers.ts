/**
 * What a first configuration needs to know: flags win, a person is asked for the rest, else defaults are
 * taken.
 */

import { fileExists } from '../../app/operator-files.ts';
import type { Translate } from '../../messages/say.ts';
import type { CommandContext } from '../command-line/command-spec.ts';
import type { Terminal } from '../terminal.ts';

export interface GivenAnswers {
  readonly baseUrl?: string;
  readonly tokenFile?: string;
  readonly stateDir?: string;
  /** Whether the apps of the account go into the file. */
  readonly importApps?: true;
}

export interface FullAnswers extends Answers {
  /** A token that was typed, to be kept in `tokenFile`. */
  readonly token?: string;
  readonly importApps: boolean;
}

const TOKEN_FILE = 'coze_token';

interface Place {
  /** The file to be written. */
  readonly file: string;
  readonly resolve: (name: string) => string;
  readonly hasVariable: boolean;
}

/** What is taken where nobody can be asked. */
export function fillAnswers(given: GivenAnswers, file: string): FullAnswers {
  const { baseUrl = BASE_URLS[0], stateDir = proposeStateDir(file), tokenFile, importApps = false } = given;
  return { baseUrl, stateDir, importApps, ...(tokenFile === undefined ? {} : { tokenFile }) };
}

/** The service's own for the service's own configuration; else a folder beside the file. */
function proposeStateDir(file: string): string {
  return file.startsWith('/etc/') ? STATE_DIR_SYSTEM : 'state';
}

/** `resolve` gives the place of a path that is written into the file. Rejects when the person goes away. */
export async function askAnswers(
  given: GivenAnswers,
  context: Pick<CommandContext, 'terminal' | 'cwd'>,
  { file, resolve, hasVariable }: Place,
): Promise<FullAnswers> {
  const { terminal } = context;
  const exists = (name: string) => fileExists(resolve(name), context);
  const baseUrl = given.baseUrl ?? (await askBaseUrl(terminal));
  let { tokenFile } = given;
  if (tokenFile === undefined && !hasVariable) {
    const answer = await terminal.ask(terminal.translate('cli.ask_token_file', { proposed: TOKEN_FILE }));
    if (answer.trim().toLowerCase() !== 'env') tokenFile = answer.trim() || TOKEN_FILE;
  }
  let token: string | undefined;
  if (tokenFile !== undefined && !exists(tokenFile)) {
    const typed = await terminal.askHidden(terminal.translate('cli.ask_token', { file: tokenFile }));
    token = typed.trim() || undefined;
  }
  const stateDir = given.stateDir ?? (await askStateDir(terminal, proposeStateDir(file)));
  const canRead = hasVariable || token !== undefined || (tokenFile !== undefined && exists(tokenFile));
  const importApps =
    given.importApps ?? (canRead && (await askYes(terminal, terminal.translate('cli.ask_import'))));
  return {
    baseUrl,
    stateDir,
    importApps,
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(token === undefined ? {} : { token }),
  };
}

type Asked = Pick<Terminal, 'ask' | 'note' | 'translate'>;

async function askBaseUrl({ ask, note, translate }: Asked): Promise<string> {
  for (;;) {
    const [cn, com] = BASE_URLS;
    const answer = (await ask(translate('cli.ask_platform', { cn, com }))).trim();
    const url = { '': cn, '1': cn, '2': com }[answer] ?? answer;
    if (/^https?:\/\/[^/\s]+\/?$/.test(url)) return url.replace(/\/$/, '');
    note(`  ${translate('cli.ask_url_again')}\n`);
  }
}

async function askStateDir({ ask, translate }: Asked, proposed: string): Promise<string> {
  const answer = await ask(translate('cli.ask_state_dir', { service: STATE_DIR_SYSTEM, proposed }));
  return answer.trim() || proposed;
}

async function askYes({ ask, translate }: Asked, question: string): Promise<boolean> {
  const answer = (await ask(translate('cli.ask_yes', { question }))).trim().toLowerCase();
  return answer === '' || answer === 'y' || answer === 'yes';
}

export interface Answers {
  readonly baseUrl: string;
  /** A file that holds the token, or will; else the token comes from the environment. */
  readonly tokenFile?: string;
  readonly stateDir: string;
}

const BASE_URLS = ['https://api.coze.cn', 'https://api.coze.com'] as const;
/** The service's state directory; any other value means that callbackd is run by hand. */
const STATE_DIR_SYSTEM = '/var/lib/callbackd';
export const SCHEMA_FILE = 'callbackd.schema.json';

/** Stands in for the apps while there are none. */
export function formatNoApps(translate: Translate): string {
  return `apps: {}
# apps:
#   orders:                                # ${translate('cli.init_key')}
#     app_type: normal
#     name: 订单回调应用
#     callback_url: https://hooks.example.com/coze/orders
#     events: [bot.published, bot.deleted]
`;
}

/** `apps`: everything from the line \`apps:\` on. */
export function formatFirstConfiguration(
  { baseUrl, tokenFile, stateDir }: Answers,
  apps: string,
  translate: Translate,
): string {
  const auth =
    tokenFile === undefined ? '{token_env: COZE_API_TOKEN}' : `{token_file: ${JSON.stringify(tokenFile)}}`;
  const isSystem = stateDir === STATE_DIR_SYSTEM;
  const lines = [
    `# yaml-language-server: $schema=./${SCHEMA_FILE}`,
    `# ${translate('cli.init_every_field')}`,
    'version: 1',
    'coze:',
    `  base_url: ${baseUrl}`,
    `  auth: ${auth}`,
    `state_dir: ${JSON.stringify(stateDir)}`,
    // The default is a folder that only the service may write to.
    ...(isSystem ? [] : ['control: {socket: callbackd.sock}']),
  ];
  return `${lines.join('\n')}\n${apps}`;
}
