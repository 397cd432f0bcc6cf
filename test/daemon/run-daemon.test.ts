/** Runs the whole daemon on a virtual clock with scripted rounds. */
import { describe, expect, it } from 'vitest';
import {
  BROKEN,
  buildConfiguration,
  buildSettings,
  DAEMON_START,
  type DaemonWorld,
  startDaemonWorld,
} from '../builders/daemon-world.ts';

const MINUTE = 60_000;

/** Minutes after the start at which rounds began, with their triggers. */
function tellRounds(world: DaemonWorld): string[] {
  return world.requests.map(({ at, triggers }) => `${(at - DAEMON_START) / MINUTE} ${triggers.join('+')}`);
}

describe('runDaemon', () => {
  it('runs a round at once and then one at each match of the schedule', async () => {
    const world = await startDaemonWorld();
    await world.pass(31 * MINUTE);
    expect(tellRounds(world)).toEqual(['0 start', '10 schedule', '20 schedule', '30 schedule']);
  });

  it('makes one round of many reasons that came while a round ran', async () => {
    const world = await startDaemonWorld({
      script: async (_request, clock) => {
        await clock.sleep(MINUTE);
        return {};
      },
    });
    await world.pass(30_000);
    for (let i = 0; i < 100; i++) world.signal('reload');
    await world.pass(3 * MINUTE);
    expect(tellRounds(world)).toEqual(['0 start', '1 signal']);
  });

  it('ends on a stop signal after the call in flight, which sees the abort', async () => {
    const world = await startDaemonWorld({
      script: async ({ signal }, clock) => {
        await clock.sleep(3_000);
        return { result: signal.aborted ? 'aborted' : 'converged' };
      },
    });
    await world.pass(1_000);
    world.signal('stop');
    await world.run(() => world.end !== undefined);
    expect(world.end).toEqual({ how: 'finished' });
    expect(world.clock.now() - DAEMON_START).toBe(3_000);
  });

  it('cuts a round short for new YAML and runs the next one under it', async () => {
    const world = await startDaemonWorld({
      script: async ({ preempt }, clock) => {
        await clock.sleep(1_000);
        return { result: preempt.aborted ? 'aborted' : 'converged' };
      },
    });
    await world.pass(500);
    world.files = { ok: true, configuration: buildConfiguration(['orders', 'bills']), warnings: [] };
    world.touch();
    await world.pass(2_000);
    expect(world.requests.map(({ triggers, preempt }) => [triggers, preempt.aborted])).toEqual([
      [['start'], true],
      [['file'], false],
    ]);
    // The change in flight is finished: only a stop or a hung round cuts it.
    expect(world.requests[0]?.signal.aborted).toBe(false);
    expect(world.requests[1]?.configuration.desired.apps.size).toBe(2);
  });

  it('keeps the last good configuration when the file breaks, without deletes, and says so', async () => {
    const world = await startDaemonWorld();
    await world.pass(1_000);
    world.files = BROKEN;
    world.touch();
    await world.pass(11 * MINUTE);
    const last = world.requests.at(-1);
    expect(tellRounds(world)).toEqual(['0 start', '10 schedule']);
    expect(last?.configuration.desired.apps.size).toBe(1);
    expect(last?.configuration.settings.policy).toMatchObject({
      prune: 'never',
      limits: { deletesPerRound: 0 },
    });
    expect(world.told.at(-1)).toContain('configuration invalid');
    expect(world.control.status().configuration.problem?.message).toContain('callbackd.yaml:12');
  });

  it('takes a new schedule over at once', async () => {
    const world = await startDaemonWorld();
    await world.pass(1_000);
    const settings = buildSettings({ schedule: { cron: '0 * * * *', timezone: 'UTC' } });
    world.files = { ok: true, configuration: buildConfiguration(['orders'], settings), warnings: [] };
    world.touch();
    await world.pass(61 * MINUTE);
    expect(tellRounds(world)).toEqual(['0 start', `${1 / 60} file`, '60 schedule']);
  });

  it('hears signals before it says that it is ready', async () => {
    const world = await startDaemonWorld();
    await world.pass(0);
    expect(world.heardSignalsAtReady).toBe(true);
  });
});
