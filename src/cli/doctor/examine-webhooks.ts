/**
 * Whether the address of each receiver of notifications can be read and may be used. Nothing is sent, and
 * none is shown.
 */

import type { Context } from '../../app/context.ts';
import { AddressError, readAddress } from '../../app/open-notifications.ts';
import { message } from '../../messages/message.ts';
import type { Settings } from '../../model/settings.ts';
import type { Finding } from './finding.ts';

export function examineWebhooks({ notify }: Settings, { environment }: Context): Promise<readonly Finding[]> {
  const examine = async (settings: Settings['notify'][number]): Promise<Finding> => {
    const { name, format } = settings;
    try {
      await readAddress(settings, environment);
      return { check: 'notify', level: 'ok', message: message('cli.webhook_ok', { name, format }) };
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      const cure = message('cli.webhook_cure');
      return {
        check: 'notify',
        level: 'error',
        message: message('cli.webhook_wrong', { name, problem: error.message }),
        cure,
      };
    }
  };
  return Promise.all(notify.map(examine));
}
