/** What would make a secret or the account easier to get at: how this process was started, and who else may write its files. */

import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import type { Context } from '../../app/context.ts';
import { message } from '../../messages/message.ts';
import type { Settings } from '../../model/settings.ts';
import type { Finding } from './finding.ts';

const OTHERS_MAY_WRITE = 0o022;
/** Everybody may add files there, and only the owner of one may remove it, as in /tmp. */
const STICKY = 0o1000;

/** `execArguments` are the flags that Node itself was started with; NODE_OPTIONS holds some, too. */
export function examineProcess(
  { environment }: Pick<Context, 'environment'>,
  execArguments: readonly string[],
): readonly Finding[] {
  const options = [...execArguments, ...(environment['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const has = (pattern: RegExp) => options.find((option) => pattern.test(option));
  const oldTls = has(/^--tls-min-v1\.[01]$/);
  const inspector = has(/^--inspect(?!-publish)/);
  const warn = (id: 'cli.tls_unchecked' | 'cli.tls_old' | 'cli.inspector', what: string): Finding => ({
    check: 'safety',
    level: 'warning',
    message: message(id, { what }),
    cure: message('cli.unset', { what }),
  });
  return [
    ...(environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
      ? [warn('cli.tls_unchecked', 'NODE_TLS_REJECT_UNAUTHORIZED=0')]
      : []),
    ...(oldTls === undefined ? [] : [warn('cli.tls_old', oldTls)]),
    ...(inspector === undefined ? [] : [warn('cli.inspector', inspector)]),
  ];
}

/** The configuration, its folder, the state and the sink: whether another user could have written them. */
export async function examineWriters(
  files: readonly string[],
  { stateDir, tokenSinkDir }: Pick<Settings, 'stateDir' | 'tokenSinkDir'>,
  { cwd }: Pick<Context, 'cwd'>,
): Promise<readonly Finding[]> {
  const configuration = files.flatMap((file) => [
    path.resolve(cwd, file),
    path.dirname(path.resolve(cwd, file)),
  ]);
  const places = [...configuration, stateDir, ...(tokenSinkDir === undefined ? [] : [tokenSinkDir])];
  const found = await Promise.all([...new Set(places)].map(examinePlace));
  return found.filter((finding) => finding !== undefined);
}

async function examinePlace(place: string): Promise<Finding | undefined> {
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) return undefined;
  const isOpen = (found.mode & OTHERS_MAY_WRITE) !== 0 && (found.mode & STICKY) === 0;
  const isForeign = ![0, userInfo().uid].includes(found.uid);
  if (!isOpen && !isForeign) return undefined;
  const id = isOpen ? 'cli.others_may_write' : 'cli.other_owner';
  return {
    check: 'safety',
    level: 'warning',
    message: message(id, { place }),
    cure: message('cli.close_place', { place }),
  };
}
