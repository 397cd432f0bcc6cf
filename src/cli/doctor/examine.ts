/** All checks of `callbackd doctor`, in the order in which one needs another. It writes nothing. */

import type { Context } from '../../app/context.ts';
import { AppFailure } from '../../app/failure.ts';
import {
  type CommonFlags,
  findConfigurationPath,
  loadConfigurationFile,
} from '../../app/load-configuration.ts';
import { openControl } from '../../app/open-control.ts';
import { DaemonUnreachableError } from '../../daemon/control-client.ts';
import { message, verbatim } from '../../messages/message.ts';
import type { Language } from '../../messages/say.ts';
import type { Configuration } from '../../model/configuration.ts';
import { examineNode, examineProcess, examineState, examineSystemd, examineWriters } from './examine-host.ts';
import { examineMounts } from './examine-mounts.ts';
import { examineNetwork } from './examine-network.ts';
import { examineAccount, examineReceivers, examineWebhooks } from './examine-reach.ts';
import type { Finding } from './view.ts';

/** `offline` leaves the account and the receivers out. */
export async function examine(
  flags: CommonFlags,
  { offline, language = 'en' }: { readonly offline: boolean; readonly language?: Language },
  context: Context,
): Promise<readonly Finding[]> {
  const { configuration, findings } = await examineConfiguration(flags, context);
  const systemd = await examineSystemd(context);
  const process = examineProcess(context, context.runtime.flags);
  if (configuration === undefined) return [examineNode(context), ...process, ...findings, ...systemd];
  return [
    examineNode(context),
    ...process,
    ...findings,
    ...(await examineMounts(configuration.files, context)),
    ...(await examineWriters(configuration.files, configuration.settings, context)),
    ...(await examineNetwork(configuration, context)),
    ...(offline ? [] : await examineAccount(configuration.settings, context)),
    ...(offline ? [] : await examineReceivers(configuration, context)),
    ...(await examineWebhooks(configuration.settings, context)),
    ...(await examineState(configuration.settings, context)),
    await examineDaemon(flags, context, language),
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
    const cure = message('cli.cures', { cures: error.advice });
    return { findings: [{ check, level: 'error', message: error.problem, cure, exit }] };
  }
  const loaded = await loadConfigurationFile(file, flags, context);
  const problems = loaded.ok ? loaded.warnings : loaded.diagnostics;
  const findings = problems.map(({ severity, message: problem, hint, position }): Finding => {
    const { file: name, line } = position;
    const cure = hint ?? message('cli.configuration_cure');
    const placed = message('cli.configuration_wrong', { file: name, line, problem });
    return { check, level: severity, message: placed, cure, exit };
  });
  if (!loaded.ok) return { findings };
  const count = loaded.configuration.desired.apps.size;
  const valid = message('cli.configuration_valid', { file, count });
  return {
    configuration: loaded.configuration,
    findings: [{ check, level: 'ok', message: valid }, ...findings],
  };
}

/** Findings hold messages, and the daemon's sentence is text already: in the language in which it is shown. */
async function examineDaemon(flags: CommonFlags, context: Context, language: Language): Promise<Finding> {
  try {
    const status = await (await openControl(flags, context, { language })).status();
    const sentence = verbatim(status.sentence);
    const isWell = status.condition !== 'failing' && status.condition !== 'stalled';
    return isWell
      ? { check: 'daemon', level: 'ok', message: sentence }
      : { check: 'daemon', level: 'error', message: sentence, cure: message('cli.daemon_cure') };
  } catch (error) {
    if (!(error instanceof DaemonUnreachableError) && !(error instanceof AppFailure)) throw error;
    const cure = message('cli.daemon_start');
    const problem = error.problem;
    return { check: 'daemon', level: 'warning', message: problem, cure };
  }
}
