/** A plan saved with `plan --out`: read back strictly, and fitted to the account as it is now. */

import { AppFailure } from '../../app/failure.ts';
import { sealOf } from '../../documents/plan-json.ts';
import { printable } from '../../lib/printable.ts';
import { type Message, message, recorded } from '../../messages/message.ts';
import type { Change, Plan, Step, Withheld } from '../../model/plan.ts';
import type { Digest } from '../../plan/plan-input.ts';
import { type RefusedItem, refitPlan, type ThreeWayField } from '../../plan/refit-plan.ts';

export type ParsedPlan =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problem: Message };

/**
 * Says where a value is not what it should be; undefined when it is. `path` is empty for the whole document.
 */
type Check = (value: unknown, path: string) => Message | undefined;

const ACTIONS = ['create', 'update', 'replace', 'delete', 'adopt', 'rebind', 'forget'] as const;

const text: Check = (value, path) =>
  typeof value === 'string' ? undefined : message('cli.saved_no_text', { path });
/** A text that is shown as it is: without anything that moves a cursor or hides. */
const word: Check = (value, path) =>
  text(value, path) ??
  (printable(value as string) === value ? undefined : message('cli.saved_unprintable', { path }));
const flag: Check = (value, path) =>
  typeof value === 'boolean' ? undefined : message('cli.saved_no_flag', { path });
const count: Check = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : message('cli.saved_no_count', { path });
const instant: Check = (value, path) =>
  typeof value === 'string' && Number.isFinite(Date.parse(value))
    ? undefined
    : message('cli.saved_no_instant', { path });

const texts = listOf(text);
const fieldValue: Check = (value, path) =>
  value === null || typeof value === 'string' ? undefined : texts(value, path);

const position = shapeOf({ file: text, line: count, column: count });
const field = shapeOf({
  path: oneOf(['name', 'callback_url', 'events', 'app_type', 'connector_id']),
  before: fieldValue,
  after: fieldValue,
  last_applied: fieldValue,
  changed_by: oneOf(['file', 'account', 'both', 'new']),
});
const verdict = shapeOf({ ok: flag }, { stage: text, message: text });
const step = shapeOf(
  {
    do: oneOf([
      ...[
        'create_app',
        'bind',
        'deliver_token',
        'promote_token',
        'retire_token',
        'check_receiver',
        'update_app',
      ],
      ...['subscribe', 'unsubscribe', 'delete_app', 'unbind'],
    ]),
  },
  {
    ...{
      app_type: text,
      name: text,
      connector_id: text,
      mark: text,
      look_alikes: texts,
      id: text,
      how: text,
    },
    ...{ as: text, url: text, mode: text, callback_url: text, events: texts, verdict },
  },
);
const change = shapeOf(
  {
    ...{ action: oneOf(ACTIONS), key: orNull(word), id: orNull(word), app_type: word, name: orNull(text) },
    ...{ connector_id: orNull(word), reason: word, fields: listOf(field), steps: listOf(step) },
    ...{ destroys: texts, protect: flag, entry_digest: text, observed_digest: text },
  },
  { from: word, position },
);
const withheld = shapeOf(
  {
    ...{ action: oneOf(ACTIONS), key: orNull(word), id: orNull(word), app_type: orNull(word) },
    ...{ name: orNull(text), reason: word, needs_decision: flag, message: text, release: text },
    ...{ fields: listOf(field), candidates: texts },
  },
  { until: instant, position },
);
const summary = shapeOf({
  ...Object.fromEntries(ACTIONS.map((action) => [action, count])),
  ...{ unchanged: count, withheld: count, unmanaged: count },
});
const state = shapeOf({ lineage: text, serial: count });
const stateCheck: Check = (value, path) => (value === 'absent' ? undefined : state(value, path));
const document = shapeOf(
  {
    ...{ format_version: count, digest: word, created_at: instant, expires_at: instant, endpoint: word },
    ...{ evidence: oneOf(['complete', 'confirmed', 'disagrees']), source_digest: text, summary },
    ...{ state: stateCheck },
    ...{ changes: listOf(change), withheld: listOf(withheld) },
    ...{ unmanaged: listOf(shapeOf({ id: text, app_type: text, name: orNull(text) }, { mark: text })) },
  },
  { unseen: texts, held: shapeOf({ digest: word, subjects: texts }) },
);

const INSTANTS = new Set(['created_at', 'expires_at', 'until']);

export function parsePlan(source: string): ParsedPlan {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    return refuse(
      message('cli.saved_no_json', { error: error instanceof Error ? error.message : String(error) }),
    );
  }
  const version = isObject(value) ? value['format_version'] : undefined;
  if (version !== 1)
    return refuse(message('cli.saved_version', { version: String(JSON.stringify(version)) }));
  const { seal, ...sealed } = value as Record<string, unknown>;
  const problem = document(sealed, '');
  if (problem !== undefined) return refuse(problem);
  if (seal === undefined) return refuse(message('cli.saved_missing', { path: 'seal' }));
  return seal === sealOf(sealed) ? { ok: true, plan: toPlan(sealed) } : refuse(message('cli.saved_changed'));
}

/** Whether the text is a plan of any version, whole or changed. */
export function isPlanText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return (
      isObject(value) &&
      ['format_version', 'digest', 'changes', 'withheld'].every((key) => Object.hasOwn(value, key))
    );
  } catch {
    return false;
  }
}

/** A saved plan holds its sentences in English; they are shown as they were saved. */
function toPlan(value: unknown): Plan {
  const { unseen: _, ...plan } = toCamelCase(value) as Omit<Plan, 'state' | 'changes' | 'withheld'> & {
    readonly state: Plan['state'] | 'absent';
    readonly unseen?: unknown;
    readonly changes: readonly (Omit<Change, 'destroys' | 'steps'> & {
      readonly destroys: readonly string[];
      readonly steps: readonly SavedStep[];
    })[];
    readonly withheld: readonly (Omit<Withheld, 'message' | 'release'> & {
      readonly message: string;
      readonly release: string;
    })[];
  };
  return {
    ...plan,
    state: plan.state === 'absent' ? { lineage: '', serial: 0 } : plan.state,
    changes: plan.changes.map((item) => ({
      ...item,
      destroys: item.destroys.map((loss) => recorded(loss)),
      steps: item.steps.map(toStep),
    })),
    withheld: plan.withheld.map((item) => ({
      ...item,
      message: recorded(item.message),
      release: recorded(item.release),
    })),
  };
}

type SavedStep = Step & { readonly verdict?: { readonly ok: boolean; readonly message?: string } };

function toStep(step: SavedStep): Step {
  const said = step.verdict?.message;
  return said === undefined
    ? step
    : ({ ...step, verdict: { ...step.verdict, message: recorded(said) } } as Step);
}

function refuse(because: Message): ParsedPlan {
  return { ok: false, problem: message('cli.saved_foreign', { because }) };
}

function toCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCamelCase);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      INSTANTS.has(key) ? Date.parse(part as string) : toCamelCase(part),
    ]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function orNull(check: Check): Check {
  return (value, path) => (value === null ? undefined : check(value, path));
}

function oneOf(words: readonly string[]): Check {
  return (value, path) =>
    words.includes(value as string) ? undefined : message('cli.saved_none_of', { path, words: [...words] });
}

function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return message('cli.saved_no_list', { path });
    for (const [index, item] of value.entries()) {
      const problem = check(item, `${path}[${index}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function shapeOf(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  return (value, path) => {
    if (!isObject(value)) {
      return path === '' ? message('cli.saved_no_document') : message('cli.saved_no_object', { path });
    }
    const at = (key: string) => (path === '' ? key : `${path}.${key}`);
    for (const [key, check] of Object.entries(required)) {
      if (!Object.hasOwn(value, key)) return message('cli.saved_missing', { path: at(key) });
      const problem = check(value[key], at(key));
      if (problem !== undefined) return problem;
    }
    for (const [key, part] of Object.entries(value)) {
      if (Object.hasOwn(required, key)) continue;
      const check = Object.hasOwn(optional, key) ? optional[key] : undefined;
      const problem =
        check === undefined ? message('cli.saved_unknown', { path: at(key) }) : check(part, at(key));
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

export interface FittedPlan {
  readonly plan: Plan;
  readonly refused: number;
  /** What to tell the person, one line each; empty when everything fits. */
  readonly problems: readonly Message[];
}

/** `text` is the file's content. Throws an AppFailure when the plan is refused as a whole. */
export function fitSavedPlan(
  text: string,
  fresh: Plan,
  options: { readonly now: number; readonly digest: Digest; readonly file: string },
): FittedPlan {
  const saved = parsePlan(text);
  if (!saved.ok) throw refuseSaved(options.file, saved.problem);
  const fitted = refitPlan(saved.plan, fresh, options);
  if (!fitted.ok) throw refuseSaved(options.file, fitted.message);
  const { plan, refused, further } = fitted;
  const problems = refused.flatMap(describeRefused);
  if (further > 0) problems.push(message('cli.saved_further', { count: further }));
  return { plan, refused: refused.length, problems };
}

function refuseSaved(file: string, because: Message): AppFailure {
  return new AppFailure('failed', message('cli.saved_refused', { file, because }), [
    message('cli.saved_refused_advice'),
  ]);
}

function describeRefused({ change, message: because, fields }: RefusedItem): Message[] {
  const { action, key, id } = change;
  return [
    message('cli.saved_item', { action, who: key ?? String(id), because }),
    ...fields.map(({ path, planned, now }) =>
      message('cli.saved_field', { path, planned: describeSides(planned), now: describeSides(now) }),
    ),
  ];
}

function describeSides(sides: ThreeWayField['now']): string | Message {
  if (sides === null) return message('cli.saved_no_change');
  return `${JSON.stringify(sides.before)} -> ${JSON.stringify(sides.after)}`;
}
