/** Which apps that are not ours carry a mark, whose it is, and which might be one that the platform changed. */

import type { AppId } from '../model/identity.ts';
import { foldName, parseFoldedMark, tagOf } from '../model/mark.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { State } from '../model/state.ts';

export interface MarkIndex {
  /** What our marks carry. */
  readonly tag: string;
  /** Whether a listing of this account, this one or an earlier one, showed a mark of ours as it was sent. */
  readonly isShown: boolean;
  /** By nonce: the app whose mark is ours; the first by id where a create was delivered twice. */
  readonly byNonce: ReadonlyMap<string, ObservedApp>;
  /** Marks of ours that no open create claims. Sorted by id. */
  readonly strays: readonly ObservedApp[];
  /** Marks of another lineage. Sorted by id. */
  readonly foreign: readonly ObservedApp[];
  /** Names as a platform may have cut or normalised them, for creates that are still open. */
  readonly byFoldedName: ReadonlyMap<string, readonly ObservedApp[]>;
}

/** `apps` sorted by id; `isOwned`: bound to an entry, or pinned by one. */
export function indexMarks(
  state: State,
  apps: Iterable<ObservedApp>,
  known: { readonly isOwned: (id: AppId) => boolean; readonly isPinned: (id: AppId) => boolean },
): MarkIndex {
  const tag = tagOf(state.lineage);
  const claimed = new Set([...state.intents.values()].map((intent) => intent.nonce));
  const byNonce = new Map<string, ObservedApp>();
  const byFoldedName = new Map<string, ObservedApp[]>();
  const [strays, foreign]: [ObservedApp[], ObservedApp[]] = [[], []];
  const looksAtNames = !state.marks.shown || claimed.size > 0;
  let isShown = state.marks.shown;
  for (const app of apps) {
    const isOurs = app.mark?.tag === tag;
    isShown ||= isOurs;
    if (known.isOwned(app.id) || app.appType !== 'normal') continue;
    if (app.mark === undefined) {
      if (looksAtNames) indexFolded(app, { tag, byNonce, byFoldedName });
    } else if (!isOurs) {
      if (!known.isPinned(app.id)) foreign.push(app);
    } else if (claimed.has(app.mark.nonce) && !byNonce.has(app.mark.nonce)) {
      byNonce.set(app.mark.nonce, app);
    } else if (!known.isPinned(app.id)) {
      strays.push(app);
    }
  }
  return { tag, isShown, byNonce, strays, foreign, byFoldedName };
}

function indexFolded(
  app: ObservedApp,
  index: {
    readonly tag: string;
    readonly byNonce: Map<string, ObservedApp>;
    readonly byFoldedName: Map<string, ObservedApp[]>;
  },
): void {
  const folded = foldName(app.name ?? '');
  const mark = parseFoldedMark(folded);
  if (mark?.tag === index.tag && !index.byNonce.has(mark.nonce)) index.byNonce.set(mark.nonce, app);
  const alike = index.byFoldedName.get(folded);
  if (alike === undefined) index.byFoldedName.set(folded, [app]);
  else alike.push(app);
}

/** Apps without a whole mark whose name may be the beginning of this marked one. Sorted by id. */
export function findBeginnings(index: MarkIndex, markedName: string): readonly ObservedApp[] {
  const folded = foldName(markedName);
  const found: ObservedApp[] = [];
  for (let length = 1; length <= folded.length; length += 1) {
    found.push(...(index.byFoldedName.get(folded.slice(0, length)) ?? []));
  }
  return found.sort((left, right) => (left.id < right.id ? -1 : 1));
}
