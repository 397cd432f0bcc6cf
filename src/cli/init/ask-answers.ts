/** Finds out what a first configuration needs: flags win, a person is asked for the rest, else defaults are taken. */

import type { Toolbox } from '../ports.ts';
import { type Answers, BASE_URLS, STATE_DIR_SYSTEM } from './first-configuration.ts';

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
  toolbox: Pick<Toolbox, 'terminal' | 'fileExists'>,
  { file, resolve, hasVariable }: Place,
): Promise<FullAnswers> {
  const { terminal, fileExists } = toolbox;
  const baseUrl = given.baseUrl ?? (await askBaseUrl(terminal));
  let { tokenFile } = given;
  if (tokenFile === undefined && !hasVariable) {
    const answer = await terminal.ask(
      `The file that holds the API token, or "env" for $COZE_API_TOKEN [${TOKEN_FILE}]: `,
    );
    if (answer.trim().toLowerCase() !== 'env') tokenFile = answer.trim() || TOKEN_FILE;
  }
  let token: string | undefined;
  if (tokenFile !== undefined && !(await fileExists(resolve(tokenFile)))) {
    const typed = await terminal.askHidden(
      `Paste the token to have it kept in ${tokenFile}, for you alone (nothing is shown); Enter leaves that to you: `,
    );
    token = typed.trim() || undefined;
  }
  const stateDir = given.stateDir ?? (await askStateDir(terminal, proposeStateDir(file)));
  const canRead =
    hasVariable || token !== undefined || (tokenFile !== undefined && (await fileExists(resolve(tokenFile))));
  const importApps =
    given.importApps ?? (canRead && (await askYes(terminal, 'Write down what the account holds now?')));
  return {
    baseUrl,
    stateDir,
    importApps,
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(token === undefined ? {} : { token }),
  };
}

type Asked = Pick<Toolbox['terminal'], 'ask' | 'note'>;

async function askBaseUrl({ ask, note }: Asked): Promise<string> {
  for (;;) {
    const [cn, com] = BASE_URLS;
    const answer = (await ask(`The platform: 1 for ${cn}, 2 for ${com}, or another URL [1]: `)).trim();
    const url = { '': cn, '1': cn, '2': com }[answer] ?? answer;
    if (/^https?:\/\/[^/\s]+\/?$/.test(url)) return url.replace(/\/$/, '');
    note('  That is no URL such as https://api.coze.cn; please try again.\n');
  }
}

async function askStateDir({ ask }: Asked, proposed: string): Promise<string> {
  const answer = await ask(`Where the state is kept; ${STATE_DIR_SYSTEM} for a service [${proposed}]: `);
  return answer.trim() || proposed;
}

async function askYes({ ask }: Asked, question: string): Promise<boolean> {
  const answer = (await ask(`${question} [Y/n]: `)).trim().toLowerCase();
  return answer === '' || answer === 'y' || answer === 'yes';
}
