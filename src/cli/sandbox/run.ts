/** `callbackd sandbox`: the emulated platform, until interrupted. */

import { type CommandRun, UsageError } from '../command-line/command-spec.ts';

const PORT_MAX = 65_535;

export const run: CommandRun = async ({ options }, { terminal, interrupted, startSandbox }) => {
  const port = Number(options['port']);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
    throw new UsageError(`--port takes a whole number from 0 to ${PORT_MAX}, not ${options['port']}`);
  }
  const sandbox = await startSandbox({ port, fleet: String(options['fleet']) });
  terminal.print(
    [
      `The emulated platform answers on ${sandbox.url} (loopback only). Try, in another terminal:`,
      '',
      `  export COZE_API_BASE=${sandbox.url} COZE_API_TOKEN=${sandbox.token} CALLBACKD_STATE_DIR=./state`,
      '  callbackd plan -c callbackd.yaml',
      '',
      `Receivers that answer the challenge: ${sandbox.url}/_receivers/ANY-NAME`,
      'Stop it with Ctrl-C.',
      '',
    ].join('\n'),
  );
  if (!interrupted.aborted) {
    await new Promise<void>((resolve) =>
      interrupted.addEventListener('abort', () => resolve(), { once: true }),
    );
  }
  await sandbox.close();
  return 'ok';
};
