/** The text of a first configuration. It holds no secret. */

import type { Translate } from '../../messages/say.ts';

export interface Answers {
  readonly baseUrl: string;
  /** A file that holds the token, or will; else the token comes from the environment. */
  readonly tokenFile?: string;
  readonly stateDir: string;
}

export const BASE_URLS = ['https://api.coze.cn', 'https://api.coze.com'] as const;
/** The service's state directory; any other value means that callbackd is run by hand. */
export const STATE_DIR_SYSTEM = '/var/lib/callbackd';
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
