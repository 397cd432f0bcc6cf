import { describe, expect, it } from 'vitest';
import { collectLog, LOG_AT } from '../../test/builders/log-lines.ts';
import { DiskError } from '../lib/disk.ts';
import { verbatim } from '../messages/message.ts';
import type { RoundReport } from '../model/round.ts';
import { Secret } from '../model/secret.ts';
import { createEventLog, loadLineFormatter } from './event-log.ts';
import type { LogEvent } from './events.ts';
import { writeRound } from './write-round.ts';

const clock = { now: () => LOG_AT };

async function writeTo(
  format: 'json' | 'pretty' | 'auto' = 'json',
  { isTTY = false, color = false }: { readonly isTTY?: boolean; readonly color?: boolean } = {},
) {
  const texts: string[] = [];
  const destination = { write: (text: string) => void texts.push(text), close: async () => {} };
  const formatLine = await loadLineFormatter(format, { isTTY, color });
  return { texts, log: createEventLog({ destination, level: 'debug', clock, formatLine }) };
}

const PROBLEM = {
  code: 'unknown_key',
  severity: 'error',
  message: verbatim('no'),
  hint: verbatim('do'),
  position: { file: 'a.yaml', line: 3, column: 5 },
  length: 4,
} as const;

describe('a line of the event log', () => {
  it('is one JSON object with level, ISO time, the fields and a constant message', async () => {
    const { log, texts } = await writeTo();
    log.write('control_used', { command: 'pause', by: 'ops', subject: undefined });
    expect(texts).toEqual([
      '{"level":"info","time":"2026-11-21T08:00:00.000Z","command":"pause","by":"ops","msg":"control command received"}\n',
    ]);
  });

  it.each(['round_threw', 'round_abandoned', 'report'] as const)(
    'carries the round from its beginning to its end (%s), and another where the event names it',
    (last) => {
      const { log, take } = collectLog();
      log.write('configuration_unchanged', {});
      log.write('round_started', { round: 7, triggers: ['start'] });
      log.write('round_stuck', { round: 6, silentMs: 1 });
      log.write('configuration_unchanged', {});
      if (last === 'report') writeRound(log, REPORT, null);
      else log.write(last, { round: 7, err: new Error('x') });
      log.write('configuration_unchanged', {});
      expect(take().map((line) => line['round'])).toEqual([undefined, 7, 6, 7, 7, undefined]);
    },
  );

  it('is not written below the level', () => {
    const { log, take } = collectLog('info');
    log.write('configuration_unchanged', {});
    log.write('daemon_stopped', { how: 'finished' });
    expect(take().map((line) => line['msg'])).toEqual(['daemon stopped']);
    expect([log.writes('configuration_unchanged'), log.writes('daemon_stopped')]).toEqual([false, true]);
  });

  it('holds every problem of a configuration with its place', () => {
    const { log, take } = collectLog();
    log.write('configuration_refused', { problems: [PROBLEM] });
    const { code, severity } = PROBLEM;
    expect(take()[0]?.['problems']).toEqual([
      { code, severity, message: 'no', hint: 'do', file: 'a.yaml', line: 3, column: 5 },
    ]);
  });

  it('writes instants as ISO 8601', () => {
    const { log, take } = collectLog();
    log.write('change_withheld', {
      action: 'delete',
      reason: 'delete_grace',
      detail: 'waits',
      release: 'wait',
      until: LOG_AT + 600_000,
    });
    expect(take()[0]?.['until']).toBe('2026-11-21T08:10:00.000Z');
  });
});

const REPORT: RoundReport = {
  round: 7,
  triggers: ['schedule'],
  startedAt: 1_000,
  endedAt: 3_500,
  result: 'converged',
  outcomes: [],
  calls: 2,
};

describe('an observer', () => {
  it('is told of every event, whatever the level, with what no line holds', () => {
    const { log, take } = collectLog('error');
    const told: LogEvent[] = [];
    log.observe((event) => told.push(event));
    log.write('daemon_stopped', { how: 'finished' });
    writeRound(log, REPORT, null);
    expect(told).toMatchObject([
      { type: 'daemon_stopped', how: 'finished' },
      { type: 'round_quiet', report: REPORT },
    ]);
    expect(take()).toEqual([]);
  });
});

describe('the level', () => {
  it.each([
    ['fatal', 0],
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
    ['trace', 4],
  ] as const)('%s lets %i of the four kinds through', (level, count) => {
    const { log, take } = collectLog(level);
    log.write('loop_failed', { err: new Error('x') });
    log.write('history_not_written', { err: new Error('x'), lostLines: 1 });
    log.write('control_used', { command: 'pause', by: 'ops', subject: undefined });
    log.write('configuration_unchanged', {});
    expect(take().map((line) => line['level'])).toEqual(['error', 'warn', 'info', 'debug'].slice(0, count));
  });
});

describe('an error in the event log', () => {
  const cause = new DiskError('write', '/state/state.log', 'ENOSPC', new Error('write failed'));

  it('shows type, message, code and causes, and the stack only where a person must act', () => {
    const { log, take } = collectLog();
    log.write('history_not_written', { err: cause, lostLines: 2 });
    log.write('loop_failed', { err: new TypeError('broken', { cause }) });
    const [warned, failed] = take();
    expect(warned?.['err']).toEqual({
      type: 'DiskError',
      message: 'cannot write /state/state.log: no space left on the device (ENOSPC)',
      code: 'ENOSPC',
      cause: { type: 'Error', message: 'write failed' },
    });
    expect(failed?.['err']).toMatchObject({
      type: 'TypeError',
      message: 'broken',
      cause: { code: 'ENOSPC' },
    });
    expect(failed?.['err']).toHaveProperty('stack', expect.stringContaining('event-log.test.ts'));
  });

  it('may be anything at all, even one that is its own cause, and so may a field', () => {
    const circle = new Error('round and round');
    circle.cause = circle;
    const { log, take } = collectLog();
    for (const err of ['text', undefined, null, 7n, Symbol('s'), Object.create(null), { a: 1 }, circle]) {
      log.write('configuration_not_kept', { err });
    }
    const messages = take().map((line) => (line['err'] as { message: string } | undefined)?.message);
    expect(messages).toEqual([
      'text',
      undefined,
      'null',
      '7n',
      'Symbol(s)',
      '[Object: null prototype] {}',
      '{ a: 1 }',
      'round and round',
    ]);
    log.write('control_used', { command: 'x', by: [7n, Symbol('s'), () => 1, NaN] as unknown as string });
    expect(take()[0]?.['by']).toEqual(['7', null, null, null]);
  });
});

describe('the redaction of the event log', () => {
  const TOKENS = [
    'pat_0123456789abcdef',
    'sat_abcDEF123-_.x',
    'czs_9qOewXYZ0',
    'czu_ABCDEF0123',
    `${'aB3'.repeat(21)}x`,
  ];

  it.each(TOKENS)('masks %s wherever it stands', (token) => {
    const { log, take } = collectLog();
    log.write('token_warning', { detail: `the file holds "${token}", which will not do` });
    log.write('loop_failed', { err: new Error(`sent ${token}`, { cause: new Error(`Bearer ${token}`) }) });
    log.write('configuration_refused', {
      problems: [
        {
          ...PROBLEM,
          message: verbatim(`${token} is no URL`),
          position: { file: token, line: 1, column: 1 },
        },
      ],
    });
    log.write('configuration_reloaded', { digest: 'd', apps: 1, settings: ['ok', token] });
    const text = JSON.stringify(take());
    expect(text).not.toContain(token);
    expect(text.match(/\[masked\]/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it('masks a Secret, an authorization member and everything that is named like a secret', () => {
    const { log, take } = collectLog();
    const smuggled = {
      headers: { Authorization: 'Bearer x', 'user-agent': 'callbackd' },
      verify_token: 'short',
      token: new Secret('hidden'),
      plain: new Secret('hidden'),
      deep: { a: { b: { c: { d: { e: { f: { g: { h: 'too deep to look at' } } } } } } } },
    };
    log.write('control_used', { command: 'x', by: smuggled as unknown as string });
    expect(take()[0]?.['by']).toMatchObject({
      headers: { Authorization: '[masked]', 'user-agent': 'callbackd' },
      verify_token: '[masked]',
      token: '[masked]',
      plain: '[masked]',
      deep: { a: { b: { c: { d: { e: { f: { g: '[masked]' } } } } } } },
    });
  });

  it.each([
    ['a JSON Web Token', 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----'],
    ['a private key that was cut off', '-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg'],
    ['a password in a URL', 'https://ops:hunter2@hooks.example.com/x'],
    ['an Authorization header', 'authorization: Basic b3BzOmh1bnRlcjI='],
  ])('masks %s', (_, secret) => {
    const { log, take } = collectLog();
    log.write('token_warning', { detail: `found ${secret} here` });
    const { detail } = take()[0] ?? {};
    expect(detail).toMatch(/^found .*\[masked\]/);
    expect(detail).not.toMatch(/hunter2|MIIEv|c2lnbm|b3Bz/);
  });

  it.each([
    ['a digest', '4f'.repeat(32)],
    ['a logid', '20261121080000D0E1F2A3B4C5D6E7F809'],
    ['an app id', '7512345678901234567'],
    ['a URL', 'https://hooks.example.com:8443/coze/orders?from=pat'],
    ['a sentence', 'the token was refused: renew the token'],
  ])('leaves %s alone', (_, text) => {
    const { log, take } = collectLog();
    log.write('token_warning', { detail: text });
    expect(take()[0]?.['detail']).toBe(text);
  });
});

const HOSTILE = 'a\u001b[31m\r\n\u0007\u202eb\u009bc\u2028d\u200be\u{e0041}f';

describe('text from outside', () => {
  it.each(['json', 'pretty'] as const)(
    'cannot move the cursor, reorder or hide what is read (%s)',
    async (format) => {
      const { log, texts } = await writeTo(format);
      log.write('token_warning', { detail: HOSTILE });
      log.write('configuration_refused', { problems: [{ ...PROBLEM, message: verbatim(HOSTILE) }] });
      log.write('loop_failed', { err: new Error(HOSTILE, { cause: new Error(HOSTILE) }) });
      const text = texts.join('');
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(text).toContain('\\u202eb');
      for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(\d\d:|\{"level| {4})/);
    },
  );

  it('is masked before it is cut into lines', async () => {
    const { log, texts } = await writeTo();
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----';
    log.write('loop_failed', { err: new Error(key) });
    expect(texts.join('')).not.toContain('MIIE');
  });
});

describe('the event log on a terminal', () => {
  it('is for people to read: time, level, message, fields, and below them what is long', async () => {
    const { log, texts } = await writeTo('pretty');
    log.write('configuration_refused', { problems: [PROBLEM] });
    log.write('history_not_written', { err: new Error('full', { cause: new Error('why') }), lostLines: 1 });
    log.write('decision_needed', {
      reason: 'ambiguous',
      held: 2,
      appKeys: ['a', '订单'],
      detail: 'two match',
      release: '',
    });
    expect(texts.join('')).toBe(
      [
        '08:00:00Z ERROR: configuration rejected',
        '    a.yaml:3:5: error: no (do)',
        '08:00:00Z WARN: history not written lostLines=1 err=full',
        '    caused by Error: why',
        '08:00:00Z WARN: decision needed reason=ambiguous held=2 appKeys=a,订单 detail="two match" release=""',
        '',
      ].join('\n'),
    );
  });

  it.each([
    { format: 'auto', isTTY: true, isJson: false },
    { format: 'auto', isTTY: false, isJson: true },
    { format: 'json', isTTY: true, isJson: true },
    { format: 'pretty', isTTY: false, isJson: false },
  ] as const)('$format on a terminal ($isTTY) is JSON: $isJson', async ({ format, isTTY, isJson }) => {
    const { log, texts } = await writeTo(format, { isTTY });
    log.write('daemon_stopped', { how: 'finished' });
    expect(texts[0]?.startsWith('{')).toBe(isJson);
  });

  it('has colours only where they are wanted', async () => {
    const plain = await writeTo('pretty');
    const colored = await writeTo('pretty', { color: true });
    for (const { log } of [plain, colored]) log.write('daemon_stopped', { how: 'finished' });
    expect(plain.texts[0]).not.toContain('\u001b');
    expect(colored.texts[0]).toContain('\u001b[32mINFO');
  });
});
