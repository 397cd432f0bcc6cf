/** The host's part of a bundle: versions, the environment, and what systemd knows of the service. */

import os from 'node:os';
import type { Context } from '../../app/context.ts';
import { hostFiles } from '../../lib/file-reader.ts';
import { readCommand } from '../../lib/run-command.ts';
import { message } from '../../messages/message.ts';
import { asDocument, type Inputs } from './inputs.ts';

const UNITS = ['callbackd.service', 'callbackd@*.service'];
const JOURNAL_LINES = 5_000;
const OS_RELEASE_BYTES_MAX = 64 * 1024;

export async function gatherHost(inputs: Inputs, context: Context): Promise<void> {
  const { clock, environment, program, runtime, version } = context;
  const release = await hostFiles.read('/etc/os-release', OS_RELEASE_BYTES_MAX);
  const osRelease = release.ok ? Buffer.from(release.bytes).toString('utf8') : '';
  const variables = Object.entries(environment)
    .filter(([name]) => /^(COZE_|CALLBACKD_|NODE_|(?:HTTPS?|ALL|NO)_PROXY$|TZ$|LANG$|LC_)/i.test(name))
    .map(([name, value]) => [name, /^(CALLBACKD_|TZ$|LANG$|LC_)/.test(name) ? value : '(set)']);
  const about = {
    callbackd: version,
    node: runtime.versions,
    exec_path: program[0],
    platform: runtime.platform,
    os: /^PRETTY_NAME="?(.*?)"?$/m.exec(osRelease)?.[1] ?? os.version(),
    kernel: os.release(),
    cpus: os.availableParallelism(),
    memory_bytes: { total: os.totalmem(), free: os.freemem() },
    uptime_seconds: Math.round(os.uptime()),
    uid: runtime.uid ?? null,
    now: new Date(clock.now()).toISOString(),
    environment: Object.fromEntries(variables),
  };
  inputs.add({ name: 'about.json', text: asDocument(about) });
}

/** Units, their drop-ins and the end of the journal; nothing where there is no systemd. */
export async function gatherSystemd(
  inputs: Inputs,
  { environment }: Pick<Context, 'environment'>,
): Promise<void> {
  const shown = await readCommand('systemctl', ['show', '--no-pager', ...UNITS], environment);
  if (shown === undefined) return inputs.miss('systemd/', message('cli.bundle_no_systemd'));
  inputs.add({ name: 'systemd/properties.txt', text: shown });
  const asked: readonly (readonly [string, string, readonly string[]])[] = [
    ['systemd/units.txt', 'systemctl', ['cat', '--no-pager', ...UNITS]],
    [
      'systemd/journal.ndjson',
      'journalctl',
      ['--no-pager', '-o', 'cat', '-n', String(JOURNAL_LINES), ...UNITS.flatMap((unit) => ['-u', unit])],
    ],
  ];
  for (const [name, command, words] of asked) {
    const text = await readCommand(command, words, environment);
    if (text === undefined)
      inputs.miss(name, message('cli.bundle_no_output', { command: `${command} ${words[0]}` }));
    else inputs.add({ name, text });
  }
}
