/** `callbackd sandbox`: the emulated platform, until interrupted. */

import { openSandbox } from '../../app/open-sandbox.ts';
import { message } from '../../messages/message.ts';
import { type CommandRun, UsageError } from '../command-line/command-spec.ts';

const PORT_MAX = 65_535;

export const run: CommandRun = async ({ options }, context) => {
  const { print, translate } = context.terminal;
  const { interrupted } = context.signals;
  const port = Number(options['port']);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
    const given = String(options['port']);
    throw new UsageError(message('cli.whole_number', { flag: '--port', least: 0, most: PORT_MAX, given }));
  }
  const { started, close } = await openSandbox({ port, fleet: String(options['fleet']) }, context);
  const { url, token } = started;
  print(
    [
      translate('cli.sandbox_answers', { url }),
      '',
      `  export COZE_API_BASE=${url} COZE_API_TOKEN=${token} CALLBACKD_STATE_DIR=./state`,
      '  callbackd plan -c callbackd.yaml',
      '',
      translate('cli.sandbox_receivers', { url: `${url}/_receivers/ANY-NAME` }),
      translate('cli.sandbox_stop'),
      '',
    ].join('\n'),
  );
  if (!interrupted.aborted) {
    await new Promise<void>((resolve) =>
      interrupted.addEventListener('abort', () => resolve(), { once: true }),
    );
  }
  await close();
  return 'ok';
};
