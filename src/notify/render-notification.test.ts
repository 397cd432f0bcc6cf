/** What each format is made of, held to the schema and to what the vendors document. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { verbatim } from '../messages/message.ts';
import { Secret } from '../model/secret.ts';
import { NOTHING_APPLIED, type Notification } from './notification.ts';
import type { Problem } from './problems.ts';
import { renderNotification } from './render-notification.ts';

const NOW = Date.UTC(2026, 10, 21, 3);
const ORIGIN = { host: 'ops-1', endpoint: 'https://api.coze.cn', version: '1.2.3' };
const held = (key: string, more: Partial<Problem> = {}): Problem => ({
  id: `held ${key}`,
  kind: 'held',
  key,
  reason: 'contested',
  message: verbatim('somebody else changes it back'),
  release: `callbackd approve ${key}`,
  ...more,
});
const notificationOf = (more: Partial<Notification> = {}): Notification => ({
  kind: 'held',
  added: [held('orders')],
  ongoing: [held('bills')],
  resolved: [held('refunds')],
  applied: NOTHING_APPLIED,
  ...more,
});

function render(notification: Notification, format: 'json' | 'feishu' | 'slack', more: object = {}) {
  const settings = { format, language: 'en' as const };
  return JSON.parse(renderNotification(notification, { settings, origin: ORIGIN, now: NOW, ...more }));
}

describe('a message', () => {
  it('is in JSON what schema/notification.schema.json describes', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../schema/notification.schema.json', import.meta.url), 'utf8'),
    );
    const ajv = addFormats.default(new Ajv({ allErrors: true, strict: false }));
    const check = ajv.compile(schema);
    const many = Array.from({ length: 200 }, (_, index) => held(`app-${index}`, { logid: 'l' }));
    const applied = { counts: { create: 2 }, keys: ['orders'] };
    for (const notification of [
      notificationOf(),
      notificationOf({ added: many, applied }),
      notificationOf({ added: [] }),
    ]) {
      check(render(notification, 'json'));
      expect(check.errors).toBeNull();
    }
    expect(render(notificationOf({ added: many }), 'json').problems.new.count).toBe(200);
  });

  it('says what, on which entry, and what to do', () => {
    expect(
      render(notificationOf({ applied: { counts: { create: 2 }, keys: ['a', 'b'] } }), 'slack').text,
    ).toBe(
      [
        'callbackd@ops-1: a decision is needed (api.coze.cn)',
        '- orders contested: somebody else changes it back — to unblock: callbackd approve orders',
        'Reported before and still open: 1',
        'Resolved: refunds contested',
        'Applied: create 2 (a, b)',
      ].join('\n'),
    );
  });

  it('is in Chinese where that is wanted', () => {
    const settings = { format: 'feishu', language: 'zh' } as const;
    const { content } = JSON.parse(
      renderNotification(notificationOf(), { settings, origin: ORIGIN, now: NOW }),
    );
    expect(content.text).toContain('callbackd@ops-1：有变更待确认（api.coze.cn）');
    expect(content.text).toContain('处理方法：callbackd approve orders');
  });

  it('is signed for Feishu as its guide says', () => {
    const message = render(notificationOf(), 'feishu', { secret: new Secret('demo') });
    const sign = createHmac('sha256', `${NOW / 1_000}\ndemo`)
      .update('')
      .digest('base64');
    expect(message).toMatchObject({ timestamp: String(NOW / 1_000), sign, msg_type: 'text' });
    expect(render(notificationOf(), 'feishu')).not.toHaveProperty('sign');
  });

  it('calls nobody and breaks no line, whatever an app is called', () => {
    const hostile = notificationOf({
      added: [held('x', { message: verbatim('<!channel> <at user_id="all">\u0007\n- y') })],
    });
    expect(render(hostile, 'slack').text).not.toMatch(/<|\n- y/);
    expect(render(hostile, 'feishu').content.text).not.toMatch(/<|>|\n- y/);
  });

  it('stays below the 20 KB of Feishu', () => {
    const long = Array.from({ length: 1_000 }, (_, index) =>
      held(`应用${index}`, { message: verbatim('很长'.repeat(999)) }),
    );
    const message = renderNotification(notificationOf({ added: long, resolved: long }), {
      settings: { format: 'feishu', language: 'zh' },
      origin: ORIGIN,
      now: NOW,
    });
    expect(Buffer.byteLength(message)).toBeLessThan(20_000);
    expect(message).toContain('另有 990 项');
  });
});
