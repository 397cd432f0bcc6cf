/** What the daemon does with files that are good, broken, suspicious or meant for another account. */

import { describe, expect, it } from 'vitest';
import type { ConfigurationResult, Configurations } from '../../src/daemon/ports.ts';
import { verbatim } from '../../src/messages/message.ts';
import type { Settings } from '../../src/model/settings.ts';
import {
  BROKEN,
  buildConfiguration,
  buildSettings,
  type DaemonWorld,
  startDaemonWorld,
} from '../builders/daemon-world.ts';

const SECOND = 1_000;

function loaded(keys: readonly string[], settings?: Settings): ConfigurationResult {
  return { ok: true, configuration: buildConfiguration(keys, settings), warnings: [] };
}

/** Changes the files and lets the daemon notice. */
async function save(world: DaemonWorld, files: ConfigurationResult): Promise<void> {
  world.files = files;
  world.touch();
  await world.pass(SECOND);
}

function keysOfLast(world: DaemonWorld): string[] {
  return [...(world.requests.at(-1)?.configuration.desired.apps.keys() ?? [])];
}

const shrinks: NonNullable<Configurations['judge']> = (previous, next) =>
  next.desired.apps.size * 2 < previous.desired.apps.size
    ? { reason: verbatim('most entries are gone') }
    : undefined;

describe('a broken file at boot', () => {
  it('starts from the last good configuration, deletes nothing under it and says so', async () => {
    const lastGood = buildConfiguration(['orders', 'bills']);
    const world = await startDaemonWorld({ files: BROKEN, lastGood });
    await world.pass(SECOND);
    expect(keysOfLast(world)).toEqual(['orders', 'bills']);
    expect(world.requests[0]?.configuration.settings.policy).toMatchObject({
      prune: 'never',
      limits: { deletesPerRound: 0 },
    });
    expect(world.told.find((line) => line.startsWith('ready'))).toMatch(
      /^ready: configuration invalid, running on the last good one \(callbackd.yaml:12: /,
    );
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'daemon_started', configuration: 'last_good', apps: 2 }),
    );
    expect(world.control.status().configuration).toMatchObject({
      origin: 'last_good',
      problem: { kind: 'invalid' },
    });
    expect(world.kept).toEqual([]);
  });

  it('is over when the file is whole again, even where it says what the last good one said', async () => {
    const lastGood = buildConfiguration(['orders', 'bills']);
    const world = await startDaemonWorld({ files: BROKEN, lastGood });
    await world.pass(SECOND);
    await save(world, loaded(['orders', 'bills']));
    expect(world.requests).toHaveLength(2);
    expect(world.requests[1]?.configuration.settings.policy.prune).toBe('owned');
    expect(world.control.status().configuration).toMatchObject({ origin: 'file', problem: null });
  });
});

describe('a reload', () => {
  it('keeps every configuration that came into force, and no other', async () => {
    const world = await startDaemonWorld({ judge: shrinks });
    await world.pass(SECOND);
    await save(world, loaded(['a', 'b', 'c', 'd', 'e']));
    await save(world, BROKEN);
    await save(world, loaded(['a']));
    expect(world.kept.map(({ desired }) => desired.apps.size)).toEqual([1, 5]);
  });

  it('answers SIGHUP with a round even when nothing changed, and tells the service manager before and after', async () => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    world.told.length = 0;
    world.signal('reload');
    await world.pass(SECOND);
    expect(world.requests.map(({ triggers }) => triggers)).toEqual([['start'], ['signal']]);
    expect(world.told[0]).toBe('reloading');
    expect(world.told.some((line) => line.startsWith('ready: '))).toBe(true);
  });

  it('reports a broken file on SIGHUP and is ready again all the same', async () => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    world.told.length = 0;
    world.files = BROKEN;
    world.signal('reload');
    await world.pass(SECOND);
    expect(world.told.find((line) => line.startsWith('ready: '))).toContain('configuration invalid');
  });

  it('names the settings that need a restart and takes over the others', async () => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    const { platform, policy } = buildSettings();
    const settings = buildSettings({
      platform: { ...platform, concurrency: 2 },
      policy: { ...policy, adopt: 'never' },
    });
    await save(world, loaded(['orders'], settings));
    expect(world.events).toContainEqual({
      type: 'configuration_needs_restart',
      settings: ['coze.concurrency'],
    });
    expect(world.requests.at(-1)?.configuration.settings.policy.adopt).toBe('never');
    expect(world.control.status().configuration.needs_restart).toEqual(['coze.concurrency']);
  });
});

describe('a file that lost most of its entries', () => {
  const many = ['a', 'b', 'c', 'd', 'e'];

  it('is held: the entries before it stay in force, nothing is deleted, and the release is named', async () => {
    const world = await startDaemonWorld({ files: loaded(many), judge: shrinks });
    await world.pass(SECOND);
    await save(world, loaded(['a']));
    world.signal('reload');
    await world.pass(SECOND);
    expect(keysOfLast(world)).toEqual(many);
    expect(world.requests.at(-1)?.configuration.settings.policy.prune).toBe('never');
    const status = world.control.status();
    expect(status.condition).toBe('held');
    expect(status.configuration.problem).toMatchObject({
      kind: 'held',
      release: 'callbackd approve digest-of-a',
    });
  });

  it('comes into force by a person’s word', async () => {
    const world = await startDaemonWorld({ files: loaded(many), judge: shrinks });
    await world.pass(SECOND);
    await save(world, loaded(['a']));
    const asked = world.control.approve('digest-of-a', 'alice');
    await world.pass(SECOND);
    expect(await asked).toMatchObject({ ok: true });
    expect(keysOfLast(world)).toEqual(['a']);
    expect(world.requests.at(-1)?.configuration.settings.policy.prune).toBe('owned');
  });

  it('is forgotten when the file is put right again', async () => {
    const world = await startDaemonWorld({ files: loaded(many), judge: shrinks });
    await world.pass(SECOND);
    await save(world, loaded(['a']));
    await save(world, loaded(many));
    expect(world.control.status().configuration.problem).toBeNull();
    expect(await world.control.approve('digest-of-a', 'alice')).toMatchObject({ ok: false });
  });
});

describe('a file that lost most of its entries while the daemon was down', () => {
  const lastGood = buildConfiguration(['a', 'b', 'c', 'd', 'e']);

  it('is held as it would have been had the daemon been running', async () => {
    const world = await startDaemonWorld({ files: loaded(['a']), lastGood, judge: shrinks });
    await world.pass(SECOND);
    expect(keysOfLast(world)).toHaveLength(5);
    expect(world.requests[0]?.configuration.settings.policy.prune).toBe('never');
    expect(world.kept).toEqual([]);
    const asked = world.control.approve('digest-of-a', 'alice');
    await world.pass(SECOND);
    expect(await asked).toMatchObject({ ok: true });
    expect(keysOfLast(world)).toEqual(['a']);
  });

  it('is not measured by a copy that was made for another account', async () => {
    const { platform } = buildSettings();
    const settings = buildSettings({ platform: { ...platform, baseUrl: 'https://api.coze.com' } });
    const world = await startDaemonWorld({ files: loaded(['a'], settings), lastGood, judge: shrinks });
    await world.pass(SECOND);
    expect(keysOfLast(world)).toEqual(['a']);
  });
});

describe('a file meant for another account', () => {
  it('is held until a restart, because these entries must not be applied to this account', async () => {
    const world = await startDaemonWorld();
    await world.pass(SECOND);
    const { platform } = buildSettings();
    const settings = buildSettings({ platform: { ...platform, baseUrl: 'https://api.coze.com' } });
    await save(world, loaded(['other-orders'], settings));
    world.signal('reload');
    await world.pass(SECOND);
    expect(keysOfLast(world)).toEqual(['orders']);
    expect(world.control.status().configuration.problem).toMatchObject({ kind: 'held', release: null });
    expect(await world.control.approve('digest-of-other-orders', 'alice')).toMatchObject({ ok: false });
  });
});

describe('a file that was replaced behind its mount', () => {
  it('is logged once and told in the status, until it is mounted again; a broken file is told first', async () => {
    let tell = (_: readonly string[]) => {};
    const world = await startDaemonWorld({
      onWatch: (_, { onDetached }) => {
        tell = onDetached;
      },
    });
    await world.pass(SECOND);
    const sentence = () => world.control.status().sentence;
    expect(world.control.status().configuration.detached).toEqual([]);

    tell(['callbackd.yaml']);
    tell(['callbackd.yaml', 'more.yaml']);
    const { condition, configuration } = world.control.status();
    expect(condition).toBe('held');
    expect(configuration.detached).toEqual(['callbackd.yaml', 'more.yaml']);
    expect(sentence()).toContain('callbackd.yaml was replaced on the host');
    const logged = world.events.filter(({ type }) => type === 'configuration_detached');
    expect(logged).toEqual(['callbackd.yaml', 'more.yaml'].map((file) => expect.objectContaining({ file })));

    await save(world, BROKEN);
    expect(sentence()).not.toContain('replaced on the host');
    await save(world, loaded(['orders']));
    tell([]);
    expect(world.control.status()).toMatchObject({ condition: 'in_sync', configuration: { detached: [] } });
  });
});
