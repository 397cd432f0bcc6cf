/** The YAML of the tour, as an operator would write it. Text in pieces, so that the tour can show how it is edited. */

export interface DemoAddresses {
  receiverUrl(name: string): string;
}

const HEAD = `version: 1
reconcile:
  schedule: "*/2 * * * * *"   # every two seconds, so that you need not wait; ten minutes is usual
  adopt: by_name              # take over apps that somebody made by hand, if the name fits
apps:
`;

/** What the file holds at first. */
export function writeDemoConfiguration({ receiverUrl }: DemoAddresses): string {
  return `${HEAD}  orders:                     # exists and is right: it will be adopted as it is
    app_type: normal
    name: 订单回调应用
    callback_url: ${receiverUrl('orders')}
    events: [bot.published, bot.deleted]
  support:                    # exists, but its URL is out of date and an event is missing
    app_type: normal
    name: 智能客服回调
    callback_url: ${receiverUrl('support')}
    events: [bot.published, bot.unpublished]
  partner:                    # a channel's app
    app_type: connector
    connector_id: "1056899000"
    callback_url: ${receiverUrl('partner')}
    events: [bot.published]
  audit:                      # does not exist yet
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
