/** `callbackd delete ID` and duplicates, as processes on a real sandbox. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

/** Two apps in line, and one made by hand with the name of the first. */
async function openWithDuplicate(
  head = '',
): Promise<{ world: SandboxWorld; duplicate: string; ours: string }> {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(2, started.receiverUrl, head));
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  const ours = started.sandbox.apps().find((app) => app.name === '回调应用 1')?.id ?? '';
  const url = started.receiverUrl('by-hand');
  const duplicate = started.sandbox
    .console()
    .create({ name: '回调应用 1', callbackUrl: url, events: ['bot.deleted'] });
  return { world, duplicate, ours };
}

const idsOf = ({ started }: SandboxWorld) => started.sandbox.apps().map(({ id }) => id);

it('tells a duplicate with both ids and exits 4, until it is deleted', async () => {
  const { world, duplicate, ours } = await openWithDuplicate();
  const told = await runCallbackd(['apply', '--yes', '-q'], world);
  expect(told.code).toBe(4);
  expect(told.stdout).toContain(`${duplicate} is not ours and looks like ${ours}, which app-0001 owns`);
  expect(told.stdout).toContain(`callbackd delete ${duplicate}`);

  const deleted = await runCallbackd(['delete', duplicate, '--yes'], world);
  expect(deleted).toMatchObject({ code: 0 });
  expect(deleted.stdout).toContain(`loses the verify_token of ${duplicate}`);
  expect(deleted.stdout).toContain('bot.deleted');
  expect(idsOf(world)).not.toContain(duplicate);
  expect(idsOf(world)).toHaveLength(2);
  const history = await runCallbackd(['history', '-o', 'json'], world);
  expect(history.stdout).toContain(duplicate);
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
});

it('is told no more when the entry accepts it', async () => {
  const { world, duplicate } = await openWithDuplicate();
  const accepted = `    events: [bot.published]\n    accept_duplicates: ["${duplicate}"]\n`;
  const fleet = writeFleet(2, world.started.receiverUrl).replace('    events: [bot.published]\n', accepted);
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), fleet);
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  expect(idsOf(world)).toContain(duplicate);
});

it('refuses what is ours, what is not there, what is no id, and to act unasked', async () => {
  const { world, duplicate, ours } = await openWithDuplicate();
  const owned = await runCallbackd(['delete', ours, '--yes'], world);
  expect(owned).toMatchObject({ code: 1, stderr: expect.stringContaining('is owned by the entry app-0001') });
  const unknown = await runCallbackd(['delete', '7599999999999999999', '--yes'], world);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('the account shows no app') });
  expect(await runCallbackd(['delete', 'app-0001', '--yes'], world)).toMatchObject({ code: 64 });
  expect(await runCallbackd(['delete', duplicate], world)).toMatchObject({ code: 64 });
  expect(idsOf(world)).toHaveLength(3);
});

it('is bound by the limits of every delete, which --allow-deletes lifts', async () => {
  const { world, duplicate } = await openWithDuplicate('reconcile: {limits: {deletes_per_day: 0}}\n');
  const held = await runCallbackd(['delete', duplicate, '--yes'], world);
  expect(held).toMatchObject({ code: 4, stdout: expect.stringContaining('deletes_per_day') });
  expect(idsOf(world)).toContain(duplicate);
  expect(await runCallbackd(['delete', duplicate, '--yes', '--allow-deletes'], world)).toMatchObject({
    code: 0,
  });
  expect(idsOf(world)).not.toContain(duplicate);
});

it('looks at its file when it is about to delete, and plans again when the answer came late', async () => {
  const { world, duplicate } = await openWithDuplicate();
  const file = path.join(world.cwd, 'callbackd.yaml');
  const text = readFileSync(file, 'utf8');
  const asked = () => startCallbackd(['delete', duplicate], { ...world, onTerminal: true });
  const question = new RegExp(`Delete .*${duplicate}.*yes: `, 'i');

  const first = asked();
  await first.waitFor(question);
  writeFileSync(file, '{');
  first.child.stdin?.write('yes\n');
  const stopped = await first.finished;
  expect(stopped.code).toBe(1);
  expect(stopped.stdout + stopped.stderr).toContain('the configuration is no longer usable');
  expect(idsOf(world)).toContain(duplicate);

  writeFileSync(file, text);
  const second = asked();
  await second.waitFor(question);
  world.started.sandbox.console().remove(duplicate);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  second.child.stdin?.write('yes\n');
  const late = await second.finished;
  expect(late.code).toBe(1);
  expect(late.stdout + late.stderr).toContain('the account shows no app');
});

it('beside a daemon: the daemon deletes it in its next round', async () => {
  const { world, duplicate, ours } = await openWithDuplicate();
  const daemon = startCallbackd(['run'], world);
  await daemon.waitFor('round ended with changes held');
  const owned = await runCallbackd(['delete', ours, '--yes'], world);
  expect(owned).toMatchObject({ code: 1 });
  const asked = await runCallbackd(['delete', duplicate, '--yes', '-q'], world);
  expect(asked).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('is approved for one round, which starts now'),
  });
  await daemon.waitFor(/"result":"converged".*"msg":"round ended"/);
  expect(idsOf(world)).not.toContain(duplicate);
  expect(idsOf(world)).toContain(ours);
});
