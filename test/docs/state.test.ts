/** docs/state.md lists what is in the state directory: its tables are compared with the schema, the history and the files, both ways. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nodeDisk } from '../../src/lib/disk-node.ts';
import { presenceSockets } from '../../src/lib/process-table.ts';
import { asAppKey } from '../../src/model/identity.ts';
import type { Outcome } from '../../src/model/round.ts';
import { Secret } from '../../src/model/secret.ts';
import { createHistory, describeOutcome } from '../../src/record/history.ts';
import { createLastGood } from '../../src/record/last-good.ts';
import { openStateStore } from '../../src/record/open-state-store.ts';
import type { RefusalReason } from '../../src/record/state-errors.ts';
import { createTokenSink } from '../../src/record/token-sink.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/state.md'), 'utf8');

/** The names in the first column of the table under a heading. */
function rowsUnder(heading: string): string[] {
  const section = PAGE.slice(PAGE.indexOf(`\n${heading}\n`) + 1).split(/\n## /)[0] ?? '';
  const cells = section.split('\n').filter((line) => line.startsWith('| `'));
  return cells.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((name) => name[1] ?? ''),
  );
}

const outcome: Outcome = {
  change: {
    action: 'forget',
    key: asAppKey('orders'),
    id: null,
    appType: 'normal',
    name: null,
    connectorId: null,
    reason: 'orphan_absent',
    fields: [],
    steps: [],
    protect: false,
    entryDigest: '',
    observedDigest: '',
    destroys: [],
  },
  result: 'applied',
  calls: [],
  warnings: [],
  startedAt: 1,
  endedAt: 2,
};

it('the page names every member of state.json and no other', () => {
  const schema = JSON.parse(readFileSync(path.join(ROOT, 'schema/state.schema.json'), 'utf8')) as {
    properties: Readonly<Record<string, unknown>>;
  };
  const members = Object.keys(schema.properties).filter((name) => name !== 'format_version');
  expect(rowsUnder('## `state.json`')).toEqual(members);
});

it('the page names every member of a history line and no other', () => {
  expect(rowsUnder('## `history.ndjson`')).toEqual(Object.keys(describeOutcome(1, outcome) ?? {}));
});

it('the page names every reason for which a file is refused', () => {
  const reasons: Record<RefusalReason, true> = { damaged: true, missing: true, foreign: true, newer: true };
  expect(rowsUnder('## When a file is refused')).toEqual(expect.arrayContaining(Object.keys(reasons)));
});

it('the page names every file that a working state directory holds, and each named one is really made', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'callbackd-page-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const clock = { now: () => 1_800_000_000_000 };
  const process = { pid: 7, host: 'here', startOf: () => 'boot/7', sockets: presenceSockets };
  const store = await openStateStore({
    disk: nodeDisk,
    dir,
    endpoint: 'x',
    clock,
    random: () => 0,
    process,
    logBounds: { whileOpen: 10, atEnd: 0 },
  });
  for (let count = 0; count < 10; count += 1) await store.commit({ type: 'resumed', key: null });
  const onProblem = (problem: unknown) => expect.unreachable(JSON.stringify(problem));
  const history = createHistory({ disk: nodeDisk, dir, onProblem, bytesMax: 10 });
  for (const round of [1, 2]) await history.append(round, outcome);
  await history.close();
  await createLastGood({ disk: nodeDisk, dir }).save({
    files: ['a'],
    sources: new Map([['a', 'b']]),
  });
  const sink = createTokenSink({
    disk: nodeDisk,
    dir: path.join(dir, 'tokens'),
    stateDir: dir,
    randomBytes: (size) => new Uint8Array(size),
  });
  await sink.deliver(asAppKey('orders'), new Secret('token'));
  const made = readdirSync(dir)
    .filter((name) => name !== 'tokens')
    .map((name) => name.replace(/^lock\.[^.]+/, 'lock.PID-TAG'));
  await store.close();
  expect(made.sort()).toEqual(rowsUnder('# The state directory').sort());
});
