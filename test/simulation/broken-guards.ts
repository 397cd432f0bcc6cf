/**
 * Guards of callbackd, each broken on purpose by a wrapper around one part of a simulated process. The
 * simulator must notice every one of them; docs/promises.md shows this table.
 */

import type { AppWriter } from '../../src/apply/ports.ts';
import type { Rounds } from '../../src/daemon/ports.ts';
import type { Disk } from '../../src/lib/disk.ts';
import type { ElapsedClock } from '../../src/lib/elapsed-clock.ts';
import type { Transport } from '../../src/lib/http-transport.ts';
import type { Message } from '../../src/messages/message.ts';
import { PlatformError } from '../../src/model/calls.ts';
import type { DesiredApp } from '../../src/model/desired.ts';
import type { PromiseName } from '../../src/model/promise.ts';
import type { StateChange } from '../../src/model/state.ts';
import type { RoundRequest } from '../../src/reconcile/plan-round.ts';
import type { AccountObserver, StateJournal } from '../../src/reconcile/ports.ts';
import { OTHER_TAG } from '../../src/rehearsal/fault-injection.ts';
import type { Mutations } from '../../src/rehearsal/mutations.ts';
import { SINK_DIR } from '../../src/rehearsal/write-configuration.ts';

export interface BrokenGuard {
  /** What callbackd does wrong now. */
  readonly name: string;
  /** Promises of which one must be seen broken. */
  readonly breaks: readonly PromiseName[];
  readonly mutations: Mutations;
}

/** A journal that records something else than it is told; `undefined` is not recorded at all. */
function rewriting(rewrite: (change: StateChange) => StateChange | undefined) {
  return (journal: StateJournal): StateJournal => ({
    ...journal,
    state: journal.state,
    recover: () => journal.recover(),
    commit: (changes) =>
      journal.commit(
        [changes]
          .flat()
          .map(rewrite)
          .filter((change) => change !== undefined),
      ),
  });
}

function dropping(...types: readonly StateChange['type'][]): (journal: StateJournal) => StateJournal {
  return rewriting((change) => (types.includes(change.type) ? undefined : change));
}

/** What happens to files of the token sink only. */
function inSink(change: (disk: Disk) => Partial<Disk>): (disk: Disk) => Disk {
  return (disk) => {
    const changed = { ...disk, ...change(disk) };
    const pick = (path: string) => (path.startsWith(`${SINK_DIR}/`) ? changed : disk);
    return {
      ...disk,
      replace: (path, ...rest) => pick(path).replace(path, ...rest),
      remove: (path) => pick(path).remove(path),
    };
  };
}

function takesBackToken(change: StateChange): boolean {
  return change.type === 'app_changed' && change.patch.tokenFingerprint === null;
}

function withPolicy(change: (policy: RoundRequest['policy']) => Partial<RoundRequest['policy']>) {
  return (request: RoundRequest): RoundRequest => ({
    ...request,
    policy: { ...request.policy, ...change(request.policy) },
  });
}

function withLimits(limits: Partial<RoundRequest['policy']['limits']>) {
  return withPolicy((policy) => ({ limits: { ...policy.limits, ...limits } }));
}

function withEntries(change: (app: DesiredApp) => DesiredApp) {
  return (request: RoundRequest): RoundRequest => ({
    ...request,
    desired: {
      ...request.desired,
      apps: new Map([...request.desired.apps].map(([key, app]) => [key, change(app)])),
    },
  });
}

/** A POST that fails is sent again at once. */
const retryingPosts = (transport: Transport): Transport => ({
  async send(request, signal) {
    const isCreate = request.method === 'POST' && request.url.endsWith('/v1/api_apps');
    try {
      return await transport.send(request, signal);
    } catch (error) {
      if (!isCreate) throw error;
      return transport.send(request, signal);
    }
  },
});

/** Failures of a create are reported under another kind. */
const renamingFailures =
  (kind: 'transient') =>
  (writer: AppWriter): AppWriter => ({
    ...writer,
    async createApp(app, context) {
      try {
        return await writer.createApp(app, context);
      } catch (error) {
        if (!(error instanceof PlatformError) || error.details.kind !== 'unknown_outcome') throw error;
        throw new PlatformError({ ...error.details, kind });
      }
    },
  });

const believingOneLook = (observer: AccountObserver): AccountObserver => ({
  ...observer,
  async answer(listing, questions, context) {
    const observed = await observer.answer(listing, { ...questions, confirmListing: false }, context);
    return { ...observed, evidence: 'confirmed' };
  },
});

const syncing = (disk: Disk): Disk => ({
  ...disk,
  async openAppend(path, options) {
    const handle = await disk.openAppend(path, options);
    return { ...handle, sync: async () => {} };
  },
});

/** The log of a crashed process is not rewritten at the start, as if what can be read were durable. */
const keepingLogs = (disk: Disk): Disk => ({
  ...disk,
  async replace(path, data, options) {
    const isContinued = path.endsWith('/state.log') && data.indexOf(0x0a) !== data.lastIndexOf(0x0a);
    if (!isContinued) await disk.replace(path, data, options);
  },
});

function withoutNonce(change: StateChange): StateChange {
  if (change.type !== 'intent_opened') return change;
  const { nonce: _, ...intent } = change.intent;
  return { ...change, intent };
}

/** Nothing tells when a field was last written by us. */
function withoutWriteTime(change: StateChange): StateChange {
  if (change.type !== 'app_changed') return change;
  const { writtenAt: _, ...patch } = change.patch;
  return { ...change, patch };
}

/** An app that was listed with its mark before counts as one without. */
const forgettingMarks = (observer: AccountObserver): AccountObserver => {
  const seen = new Set<string>();
  return {
    ...observer,
    async list(context) {
      const listing = await observer.list(context);
      const apps = listing.apps.map((app) => {
        if (app.mark === undefined || !seen.has(app.id)) return app;
        const { mark: _, ...rest } = app;
        return rest;
      });
      for (const app of listing.apps) if (app.mark !== undefined) seen.add(app.id);
      return { ...listing, apps };
    },
  };
};

const hidingForeignMarks = (observer: AccountObserver): AccountObserver => ({
  ...observer,
  async list(context) {
    const listing = await observer.list(context);
    return { ...listing, apps: listing.apps.filter(({ mark }) => mark?.tag !== OTHER_TAG) };
  },
});

/** How long something must last is judged by the wall clock. */
const byWallClock =
  (field: 'deleteGraceMs' | 'settleMs') =>
  (request: RoundRequest, clock: ElapsedClock): RoundRequest => ({
    ...request,
    policy: { ...request.policy, [field]: request.policy[field] - clock.aheadMs() },
  });

/** The files are looked at for the first delete of a round only. */
const lookingOnce = (rounds: Rounds): Rounds => ({
  run(request) {
    let first: Promise<Message | undefined> | undefined;
    return rounds.run({
      ...request,
      mayDelete: (change) => {
        first ??= request.mayDelete(change);
        return first;
      },
    });
  },
});

/** After five rounds in a row that new YAML cut short, the next one hears of none. */
const deafAfterFive = (rounds: Rounds): Rounds => {
  let superseded = 0;
  const { signal: never } = new AbortController();
  return {
    async run(request) {
      const isDeaf = superseded >= 5;
      const deaf = { ...request, superseded: never, mayDelete: async () => undefined };
      const report = await rounds.run(isDeaf ? deaf : request);
      superseded = request.preempt.aborted && report.result === 'aborted' ? superseded + 1 : 0;
      return report;
    },
  };
};

export const BROKEN_GUARDS: readonly BrokenGuard[] = [
  {
    name: 'a POST that got no answer is sent again',
    breaks: ['G1'],
    mutations: { transport: retryingPosts },
  },
  {
    name: 'no intent is written before a create',
    breaks: ['G1', 'G5'],
    mutations: { journal: dropping('intent_opened') },
  },
  {
    name: 'an unknown create counts as one that surely failed',
    breaks: ['G1', 'G5'],
    mutations: { writer: renamingFailures('transient') },
  },
  {
    name: 'the settle time is forgotten',
    breaks: ['G1'],
    mutations: { request: withPolicy(() => ({ settleMs: 0 })) },
  },
  {
    name: 'the mark of a create is not recorded',
    breaks: ['G1', 'G11'],
    mutations: { journal: rewriting(withoutNonce) },
  },
  {
    name: 'a stray counts as an ordinary app',
    breaks: ['G1', 'G11'],
    mutations: { observer: forgettingMarks },
  },
  {
    name: 'the mark of another lineage is ignored',
    breaks: ['G1'],
    mutations: { observer: hidingForeignMarks },
  },
  {
    name: 'a lagging listing is corrected at once',
    breaks: ['G10'],
    mutations: { journal: rewriting(withoutWriteTime) },
  },
  {
    name: 'a created app is not recorded',
    breaks: ['G1', 'G5', 'G10', 'G11'],
    mutations: { journal: dropping('app_bound') },
  },
  {
    name: 'nothing is synced to the disk',
    breaks: ['G5', 'G1'],
    mutations: { disk: syncing },
  },
  {
    name: 'a log is continued without rewriting it durably',
    breaks: ['G5', 'G11'],
    mutations: { disk: keepingLogs },
  },
  {
    name: 'a commit is not waited for',
    breaks: ['G5', 'G1'],
    mutations: {
      journal: (journal) => ({
        ...journal,
        state: journal.state,
        recover: () => journal.recover(),
        async commit(changes) {
          void journal.commit(changes).catch(() => {});
        },
      }),
    },
  },
  {
    name: 'one listing is believed as if two agreed',
    breaks: ['G3', 'G1'],
    mutations: { observer: believingOneLook },
  },
  {
    name: 'two listings that disagree are believed',
    breaks: ['G3', 'G1'],
    mutations: {
      observer: (observer) => ({
        ...observer,
        answer: async (...parameters) => ({
          ...(await observer.answer(...parameters)),
          evidence: 'confirmed' as const,
        }),
      }),
    },
  },
  {
    name: 'the first page counts as the whole listing',
    breaks: ['G1', 'G3', 'G10', 'G11'],
    mutations: {
      lister: (lister) => ({
        ...lister,
        listApps: async (token, context) => ({ ...(await lister.listApps(token, context)), hasMore: false }),
      }),
    },
  },
  {
    name: 'a missing app is never probed',
    breaks: ['G1', 'G11', 'G5'],
    mutations: {
      observer: (observer) => ({
        ...observer,
        async answer(listing, questions, context) {
          const observed = await observer.answer(listing, { ...questions, probe: [] }, context);
          return { ...observed, probes: new Map(questions.probe.map((id) => [id, 'absent' as const])) };
        },
      }),
    },
  },
  {
    name: 'the grace period is forgotten',
    breaks: ['G3'],
    mutations: { request: withPolicy(() => ({ deleteGraceMs: 0 })) },
  },
  {
    name: 'there is no limit per round',
    breaks: ['G4'],
    mutations: { request: withLimits({ deletesPerRound: 100, deletesShare: 1 }) },
  },
  {
    name: 'deletes are not counted over a restart',
    breaks: ['G4'],
    mutations: { journal: dropping('delete_begun') },
  },
  {
    name: 'protect is ignored',
    breaks: ['G2'],
    mutations: {
      request: withEntries((app) => ({ ...app, protect: false })),
    },
  },
  {
    name: 'everything in the account is pruned',
    breaks: ['G2'],
    mutations: { request: withPolicy(() => ({ prune: 'all' })) },
  },
  {
    name: 'a file that cannot be read counts as an empty one',
    breaks: ['G8', 'G3'],
    mutations: {
      configurations: (configurations) => {
        let last: Awaited<ReturnType<typeof configurations.load>> | undefined;
        return {
          ...configurations,
          async load() {
            const loaded = await configurations.load();
            if (loaded.ok) last = loaded;
            if (loaded.ok || !last?.ok) return loaded;
            const { configuration } = last;
            return {
              ...last,
              configuration: { ...configuration, desired: { digest: 'empty', apps: new Map() } },
            };
          },
          judge: () => undefined,
        };
      },
    },
  },
  {
    name: 'the files are looked at once a round',
    breaks: ['G3', 'G8'],
    mutations: { rounds: lookingOnce },
  },
  {
    name: 'a standstill is not noticed',
    breaks: ['G3'],
    mutations: {
      standstill: (guard) => ({ begin: () => ({ ...guard.begin(), find: () => undefined }) }),
    },
  },
  {
    name: 'the settle time passes by the wall clock',
    breaks: ['G1'],
    mutations: { request: byWallClock('settleMs') },
  },
  {
    name: 'the grace period passes by the wall clock',
    breaks: ['G3'],
    mutations: { request: byWallClock('deleteGraceMs') },
  },
  {
    name: 'the sixth superseded round hears of no new file',
    breaks: ['G3', 'G8'],
    mutations: { rounds: deafAfterFive },
  },
  {
    name: 'one failing entry ends the round',
    breaks: ['G9', 'G11'],
    mutations: {
      applier: (applier) => ({
        async apply(work, options) {
          const stop = new AbortController();
          const outcomes = [];
          for (const change of work.plan.changes) {
            const signal = AbortSignal.any([options.signal, stop.signal]);
            const done = await applier.apply(
              { ...work, plan: { ...work.plan, changes: [change] } },
              { signal },
            );
            outcomes.push(...done);
            if (done.some((outcome) => outcome.result === 'failed')) stop.abort();
          }
          return outcomes;
        },
      }),
    },
  },
  {
    name: 'a plan writes while it looks',
    breaks: ['G6', 'G10'],
    mutations: {
      lister: (lister) => ({
        ...lister,
        async listApps(token, context) {
          const page = await lister.listApps(token, context);
          const [first] = page.items;
          const name = { name: `${first?.name} seen` };
          if (first !== undefined) await (lister as unknown as AppWriter).updateApp(first.id, name, context);
          return page;
        },
      }),
    },
  },
  {
    name: 'a state that could not be written is not opened again',
    breaks: ['G11'],
    mutations: {
      journal: (journal) => ({
        state: journal.state,
        commit: (changes) => journal.commit(changes),
        recover: async () => {},
      }),
    },
  },
  {
    name: 'a backoff never ends',
    breaks: ['G11'],
    mutations: {
      journal: rewriting((change) =>
        change.type === 'backoff_set'
          ? { ...change, backoff: { ...change.backoff, until: change.backoff.until + 1e10 } }
          : change,
      ),
    },
  },
  { name: 'a deleted app stays owned', breaks: ['G11'], mutations: { journal: dropping('app_unbound') } },
  {
    name: 'the callback URLs of the account are not read',
    breaks: ['G10', 'G11', 'G1'],
    mutations: {
      lister: (lister) => ({
        ...lister,
        async listApps(token, context) {
          const page = await lister.listApps(token, context);
          return { ...page, items: page.items.map(({ callbackUrl: _, ...app }) => app) };
        },
      }),
    },
  },
  {
    name: 'a create that a crash cut off never ends',
    breaks: ['G11'],
    mutations: { journal: dropping('intent_ended') },
  },
  {
    name: 'a verify_token is not delivered',
    breaks: ['G11'],
    mutations: { disk: inSink(() => ({ replace: async () => {} })) },
  },
  {
    name: 'the verify_token of a deleted app stays in the sink',
    breaks: ['G11'],
    mutations: { disk: inSink(() => ({ remove: async () => false })) },
  },
  {
    name: 'a verify_token that a reboot took stays lost',
    breaks: ['G11'],
    mutations: { journal: rewriting((change) => (takesBackToken(change) ? undefined : change)) },
  },
  {
    name: 'the last good configuration is not kept',
    breaks: ['G8'],
    mutations: {
      configurations: (configurations) => ({
        ...configurations,
        keep: async () => {},
      }),
    },
  },
  {
    name: 'the state directory is not locked',
    breaks: ['G12', 'G5'],
    mutations: { disk: (disk) => ({ ...disk, list: async () => [] }) },
  },
  {
    name: 'the log tells a verify_token',
    breaks: ['G7'],
    mutations: {
      writer: (writer) => ({
        ...writer,
        async createApp(app, context) {
          const created = await writer.createApp(app, context);
          context.report?.({
            operation: 'create_app',
            method: 'POST',
            path: `/v1/api_apps?verify_token=${created.verifyToken.reveal()}`,
            at: 0,
            durationMs: 0,
            attempt: 1,
          });
          return created;
        },
      }),
    },
  },
];
