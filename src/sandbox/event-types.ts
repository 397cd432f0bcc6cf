/** The event types of the vendor's subscription page, with the texts a subscription shows. Data and total functions. */

import type { EventOnWire } from './answer.ts';

/** Per the vendor's subscription page (May 2026). */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'bot.published': '智能体发布',
  'bot.deleted': '智能体被所有者删除',
  'bot.unpublished': '智能体下架',
  'benefit.usage': '账单生成',
  'benefit.plugin.scale.requested': '插件扩容申请',
  'benefit.plugin.scale.expired': '插件扩容到期',
};

export function isKnownEvent(eventType: string): boolean {
  return Object.hasOwn(DESCRIPTIONS, eventType);
}

export function formatEvent(appId: string, eventType: string): EventOnWire {
  const description = DESCRIPTIONS[eventType] ?? eventType;
  return { api_app_id: appId, event_type: eventType, name: eventType, description };
}
