/** The host: the version of Node, and the systemd unit that is in force. */

import type { Context } from '../../app/context.ts';
import { readCommand } from '../../lib/run-command.ts';
import type { Finding } from './finding.ts';

/** As package.json says under `engines`. */
const NODE_OLDEST = [20, 19] as const;
const UNIT = 'callbackd.service';
/** systemctl matches it against what is running. */
const INSTANCES = 'callbackd@*.service';
const PROPERTIES = [
  'Id',
  'LoadState',
  'ActiveState',
  'UnitFileState',
  'NeedDaemonReload',
  'FragmentPath',
  'Result',
];

export function examineNode({ runtime }: Context): Finding {
  const { node = '' } = runtime.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = NODE_OLDEST;
  const message = `Node ${node}`;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return { check: 'node', level: 'ok', message };
  }
  return { check: 'node', level: 'error', message, cure: `install Node ${NODE_OLDEST.join('.')} or newer` };
}

/** Every unit of ours that is installed or running, instances of the template included; nothing where there is no systemd. */
export async function examineSystemd(): Promise<readonly Finding[]> {
  const words = ['show', UNIT, INSTANCES, `--property=${PROPERTIES.join(',')}`, '--no-pager'];
  const shown = await readCommand('systemctl', words);
  if (shown === undefined) return [];
  const units = shown
    .split(/\n{2,}/)
    .map(parseUnit)
    .filter((unit) => unit.get('LoadState') === 'loaded');
  if (units.length > 0) return units.map(judgeUnit);
  return [{ check: 'systemd', level: 'ok', message: `no unit ${UNIT} is installed` }];
}

function parseUnit(block: string): ReadonlyMap<string, string> {
  return new Map(
    block.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
}

function judgeUnit(unit: ReadonlyMap<string, string>): Finding {
  const name = unit.get('Id') ?? UNIT;
  const active = unit.get('ActiveState') ?? 'unknown';
  const message = `${name} (${unit.get('FragmentPath')}) is ${active}, ${unit.get('UnitFileState') || 'not enabled'}`;
  if (active === 'failed') {
    const cure = `see \`journalctl -u ${name}\`, then \`systemctl restart ${name}\``;
    return { check: 'systemd', level: 'error', message: `${message} (${unit.get('Result')})`, cure };
  }
  if (unit.get('NeedDaemonReload') === 'yes') {
    const cure = `systemctl daemon-reload && systemctl restart ${name}`;
    const changed = `${message}, but the file on disk is newer than what is in force`;
    return { check: 'systemd', level: 'warning', message: changed, cure };
  }
  return { check: 'systemd', level: 'ok', message };
}
