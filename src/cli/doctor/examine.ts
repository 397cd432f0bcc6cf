/** Everything `callbackd doctor` looks at, in the order in which one thing needs another. It writes nothing. */

import type { Context } from '../../app/context.ts';
import { AppFailure } from '../../app/failure.ts';
import {
  type CommonFlags,
  findConfigurationPath,
  loadConfigurationFile,
} from '../../app/load-configuration.ts';
import { openControl } from '../../app/open-control.ts';
import { DaemonUnreachableError } from '../../daemon/control-client.ts';
import { say } from '../../messages/say.ts';
import type { Configuration } from '../../model/configuration.ts';
import { examineAccount } from './examine-account.ts';
import { examineNode, examineSystemd } from './examine-host.ts';
import { examineReceivers } from './examine-receivers.ts';
import { examineState } from './examine-state.ts';
import { examineWebhooks } from './examine-webhooks.ts';
import type { Finding } from './finding.ts';

/** `offline` leaves the account and the receivers out. */
export async function examine(
  flags: CommonFlags,
  { offline }: { readonly offline: boolean },
  context: Context,
): Promise<readonly Finding[]> {
  const { configuration, findings } = await examineConfiguration(flags, context);
  const systemd = await examineSystemd();
  if (configuration === undefined) return [examineNode(context), ...findings, ...systemd];
  return [
    examineNode(context),
    ...findings,
    ...(offline ? [] : await examineAccount(configuration.settings, context)),
    ...(offline ? [] : await examineReceivers(configuration, context)),
    ...(await examineWebhooks(configuration.settings, context)),
    ...(await examineState(configuration.settings, context)),
    await examineDaemon(flags, context),
    ...systemd,
  ];
}

interface Examined {
  readonly configuration?: Configuration;
  readonly findings: readonly Finding[];
}

async function examineConfiguration(flags: CommonFlags, context: Context): Promise<Examined> {
  const check = 'configuration';
  const exit = 'invalid_configuration';
  let file: string;
  try {
    file = findConfigurationPath(flags, context);
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    const cure = error.advice.map((line) => say(line)).join('; ');
    return { findings: [{ check, level: 'error', message: error.message, cure, exit }] };
  }
  const loaded = await loadConfigurationFile(file, flags, context);
  const problems = loaded.ok ? loaded.warnings : loaded.diagnostics;
  const findings = problems.map(({ severity, message, hint, position }): Finding => {
    const cure = hint ?? 'correct the file; `callbackd validate` shows the place';
    return { check, level: severity, message: `${position.file}:${position.line}: ${message}`, cure, exit };
  });
  if (!loaded.ok) return { findings };
  const count = loaded.configuration.desired.apps.size;
  const message = `${file} is valid, ${count} ${count === 1 ? 'app' : 'apps'}`;
  return {
    configuration: loaded.configuration,
    findings: [{ check, level: 'ok', message }, ...findings],
  };
}

async function examineDaemon(flags: CommonFlags, context: Context): Promise<Finding> {
  try {
    const status = await (await openControl(flags, context)).status();
    const isWell = status.condition !== 'failing' && status.condition !== 'stalled';
    return isWell
      ? { check: 'daemon', level: 'ok', message: status.sentence }
      : { check: 'daemon', level: 'error', message: status.sentence, cure: 'see `callbackd status`' };
  } catch (error) {
    if (!(error instanceof DaemonUnreachableError) && !(error instanceof AppFailure)) throw error;
    const cure = 'where it should run, start it: `callbackd run`, or `systemctl start callbackd`';
    return { check: 'daemon', level: 'warning', message: error.message, cure };
  }
}
