/** The host: the version of Node, and the active systemd unit. */

import type { Context } from '../../app/context.ts';
import { readCommand } from '../../lib/run-command.ts';
import { message, verbatim } from '../../messages/message.ts';
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
  const found = message('cli.node', { version: node });
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return { check: 'node', level: 'ok', message: found };
  }
  const cure = message('cli.node_cure', { oldest: NODE_OLDEST.join('.') });
  return { check: 'node', level: 'error', message: found, cure };
}

/**
 * Every unit of ours that is installed or running, instances of the template included; nothing where there is
 * no systemd.
 */
export async function examineSystemd({
  environment,
}: Pick<Context, 'environment'>): Promise<readonly Finding[]> {
  const words = ['show', UNIT, INSTANCES, `--property=${PROPERTIES.join(',')}`, '--no-pager'];
  const shown = await readCommand('systemctl', words, environment);
  if (shown === undefined) return [];
  const units = shown
    .split(/\n{2,}/)
    .map(parseUnit)
    .filter((unit) => unit.get('LoadState') === 'loaded');
  if (units.length > 0) return units.map(judgeUnit);
  return [{ check: 'systemd', level: 'ok', message: message('cli.no_unit', { unit: UNIT }) }];
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
  const enabled = unit.get('UnitFileState') || message('cli.unit_not_enabled');
  const stands = message('cli.unit', { name, path: String(unit.get('FragmentPath')), active, enabled });
  if (active === 'failed') {
    const failed = message('cli.unit_failed', { stands, result: String(unit.get('Result')) });
    const cure = message('cli.unit_failed_cure', { name });
    return { check: 'systemd', level: 'error', message: failed, cure };
  }
  if (unit.get('NeedDaemonReload') === 'yes') {
    const cure = verbatim(`systemctl daemon-reload && systemctl restart ${name}`);
    const changed = message('cli.unit_changed', { stands });
    return { check: 'systemd', level: 'warning', message: changed, cure };
  }
  return { check: 'systemd', level: 'ok', message: stands };
}
