/** Whether a change of the files on the host is seen here: a file that is mounted by itself keeps the old one. */

import path from 'node:path';
import type { Context } from '../../app/context.ts';
import { findFileMount } from '../../lib/file-mount.ts';
import { message } from '../../messages/message.ts';
import type { Finding } from './view.ts';

export async function examineMounts(
  files: readonly string[],
  { cwd }: Pick<Context, 'cwd'>,
): Promise<readonly Finding[]> {
  const examine = async (name: string): Promise<Finding[]> => {
    const file = path.resolve(cwd, name);
    const mount = await findFileMount(file);
    if (mount === undefined) return [];
    const { isDetached } = mount;
    return [
      {
        check: 'configuration',
        level: isDetached ? 'error' : 'warning',
        message: message(isDetached ? 'cli.mount_detached' : 'cli.mount_of_file', { file }),
        cure: message('cli.mount_cure', { folder: path.dirname(file) }),
      },
    ];
  };
  return (await Promise.all(files.map(examine))).flat();
}
