/** Commands to a running daemon, as plain calls. */
import { describe, expect, it } from 'vitest';
import { message, verbatim } from '../../src/messages/message.ts';
import { say } from '../../src/messages/say.ts';
import { asAppId, asAppKey } from '../../src/model/identity.ts';
import type { Withheld } from '../../src/model/plan.ts';
import { buildPlan, DAEMON_START, startDaemonWorld } from '../builders/daemon-world.ts';

const SECOND = 1_000;

const withheld: Withheld = {
  action: 'delete',
  key: asAppKey('left-over'),
  id: null,
  appType: 'normal',
  name: 'left over',
  reason: 'deletes_share',
  needsDecision: true,
  message: verbatim('3 of 4 apps would be deleted; the limit is 30 %'),
  release: verbatim('callbackd approve plan-digest'),
  fields: [],
  candidates: [],
};

describe('control', () => {
  it('reconciles: reads the files again, runs a round and tells what came of it', async () => {
    const world = await startDaemonWorld({
      script: ({ round }) => ({ result: round === 2 ? 'held' : 'converged' }),
    });
    await world.pass(SECOND);
    const asked = world.control.reconcile('alice', { wait: true });
    await world.pass(SECOND);
    expect(await asked).toEqual({
      ok: true,
      message: message('control.round_ended', { round: 2, result: message('page.result_held') }),
      result: 'held',
    });
    expect(world.requests[1]?.triggers).toEqual(['control']);
    expect(world.events).toContainEqual({ type: 'control_used', command: 'reconcile', by: 'alice' });
  });

  it('tells of the round that begins after the request, not of one that was running', async () => {
    const world = await startDaemonWorld({
      script: async ({ round }, clock) => {
        await clock.sleep(5 * SECOND);
        return { result: round === 1 ? 'converged' : 'held' };
      },
    });
    await world.pass(SECOND);
    const asked = world.control.reconcile('alice', { wait: true });
    await world.pass(20 * SECOND);
    expect(await asked).toMatchObject({ result: 'held' });
  });

  it('approves the plan in force by the beginning of its digest, and grants the whole of it', async () => {
    const world = await startDaemonWorld({ script: () => ({ plan: buildPlan({ withheld: [withheld] }) }) });
    await world.pass(SECOND);
    expect(await world.control.approve('plan-dig', 'alice')).toMatchObject({ ok: true });
    expect(world.state.grants).toEqual([
      { subject: 'plan-digest-0001', by: 'alice', at: DAEMON_START + SECOND },
    ]);
    await world.pass(SECOND);
    expect(world.requests.at(-1)?.triggers).toEqual(['control']);
  });

  it('names the apps whose delete it approves', async () => {
    const deletes = { ...withheld, action: 'delete' as const, id: asAppId('7512000000000000001') };
    const world = await startDaemonWorld({ script: () => ({ plan: buildPlan({ withheld: [deletes] }) }) });
    await world.pass(SECOND);
    await world.control.approve('plan-dig', 'alice');
    expect(world.state.grants[0]?.ids).toEqual(['7512000000000000001']);
  });

  it.each([
    { subject: 'plan-di', reason: 'seven characters could be another digest' },
    { subject: 'plan-digest-0002', reason: 'another plan' },
    { subject: 'nobody', reason: 'an unknown key' },
    { subject: '', reason: 'nothing' },
  ])('refuses to approve "$subject": $reason', async ({ subject }) => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    expect(await world.control.approve(subject, 'alice')).toMatchObject({ ok: false });
    expect(world.state.grants).toEqual([]);
  });

  it('approves what a limit holds by the digest of that set alone, and says what it does', async () => {
    const deletes = ['a', 'b'].map((key, index) => ({
      ...withheld,
      key: asAppKey(key),
      id: asAppId(`751200000000000000${index}`),
    }));
    const replace = {
      ...withheld,
      action: 'replace',
      key: asAppKey('c'),
      reason: 'replace_not_allowed',
    } as const;
    const held = { digest: 'abcdef0123456789', subjects: ['a', 'b'] };
    const plan = buildPlan({ withheld: [...deletes, replace], held });
    const world = await startDaemonWorld({ script: () => ({ plan }) });
    await world.pass(SECOND);
    const answer = await world.control.approve('abcdef012345', 'alice');
    expect(say(answer.message)).toBe(
      'approved: 2 deletes (a, b), valid for 24 h for those that are left; a round starts now',
    );
    const ids = deletes.map(({ id }) => id);
    expect(world.state.grants).toEqual([
      { subject: held.digest, ids, by: 'alice', at: DAEMON_START + SECOND },
    ]);
    expect(world.control.status().plan?.held_digest).toBe(held.digest);
  });

  it.each([
    ['f51f527b4019', 'f51f527b4019 is not what is held now; that is abcdef012345 (1 change)'],
    ['orders', 'nothing of orders is held'],
    ['order', 'did you mean orders?'],
    ['abcdef0', 'abcdef0 is too short for a digest: give its first 8 characters at least'],
    ['standing', 'no approval releases standing; instead: wait'],
  ])('refuses to approve %s, which can no longer or never match', async (subject, says) => {
    const standing = {
      ...withheld,
      key: asAppKey('standing'),
      reason: 'protected',
      release: verbatim('wait'),
    } as const;
    const held = { digest: 'abcdef0123456789', subjects: ['left-over'] };
    const plan = buildPlan({ withheld: [withheld, standing], held });
    const world = await startDaemonWorld({ script: () => ({ plan }) });
    await world.pass(SECOND);
    const answer = await world.control.approve(subject, 'alice');
    expect(answer.ok).toBe(false);
    expect(say(answer.message)).toContain(says);
    expect(world.state.grants).toEqual([]);
  });

  it('refuses to resume what no command has paused', async () => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    for (const key of [undefined, 'orders', 'order']) {
      expect(await world.control.resume(key, 'bob')).toMatchObject({ ok: false });
    }
    expect(say((await world.control.resume('order', 'bob')).message)).toContain('did you mean orders?');
  });

  it('approves a key that only a withheld change mentions', async () => {
    const world = await startDaemonWorld({ script: () => ({ plan: buildPlan({ withheld: [withheld] }) }) });
    await world.pass(SECOND);
    expect(await world.control.approve('left-over', 'alice')).toMatchObject({ ok: true });
  });

  it('pauses an entry or everything, durably, and resumes it', async () => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    const until = DAEMON_START + 3_600_000;
    expect(await world.control.pause({ key: 'orders', until, because: 'migration' }, 'alice')).toMatchObject({
      ok: true,
    });
    expect(await world.control.pause({}, 'bob')).toMatchObject({ ok: true });
    expect(world.state.pauses.get(asAppKey('orders'))).toEqual({ by: 'alice', until, because: 'migration' });
    expect(world.control.status()).toMatchObject({ paused: { until: null, because: null, by: 'bob' } });
    expect(world.control.status().sentence).toContain('paused');
    expect(await world.control.resume(undefined, 'bob')).toMatchObject({ ok: true });
    expect(await world.control.resume('orders', 'bob')).toMatchObject({ ok: true });
    expect(world.state.pauses.size).toBe(0);
    expect(world.control.status().paused).toBeNull();
  });

  it('refuses to pause what does not exist, or into the past', async () => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    expect(await world.control.pause({ key: 'nobody' }, 'alice')).toMatchObject({ ok: false });
    expect(await world.control.pause({ until: DAEMON_START }, 'alice')).toMatchObject({ ok: false });
    expect(world.state.pauses.size).toBe(0);
  });
});
