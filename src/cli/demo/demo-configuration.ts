/** The YAML of the tour, as an operator would write it, in pieces: the tour shows how it is edited. */

import type { Translate } from '../../messages/say.ts';

export interface DemoAddresses {
  receiverUrl(name: string): string;
}

/** What the file holds at first. */
export function writeDemoConfiguration({ receiverUrl }: DemoAddresses, translate: Translate): string {
  return `version: 1
reconcile:
  schedule: "*/2 * * * * *"   # ${translate('cli.tour_file_schedule')}
  adopt: by_name              # ${translate('cli.tour_file_adopt')}
apps:
  orders:                     # ${translate('cli.tour_file_orders')}
    app_type: normal
    name: 订单回调应用
    callback_url: ${receiverUrl('orders')}
    events: [bot.published, bot.deleted]
  support:                    # ${translate('cli.tour_file_support')}
    app_type: normal
    name: 智能客服回调
    callback_url: ${receiverUrl('support')}
    events: [bot.published, bot.unpublished]
  partner:                    # ${translate('cli.tour_file_partner')}
    app_type: connector
    connector_id: "1056899000"
    callback_url: ${receiverUrl('partner')}
    events: [bot.published]
  audit:                      # ${translate('cli.tour_file_audit')}
    app_type: normal
    name: 审计回调应用
    callback_url: ${receiverUrl('audit')}
    events: [bot.deleted]
`;
}

/** What is added to the file while the daemon runs. */
export function writeDemoAddition({ receiverUrl }: DemoAddresses): string {
  return `  alerts:
    app_type: normal
    name: 告警回调应用
    callback_url: ${receiverUrl('alerts')}
    events: [bot.unpublished]
`;
}
