/**
 * A scenario: everything about a simulated world that is fixed before it runs. Plain data, so that it can be
 * printed, replayed and shrunk. Times are milliseconds since the start of the world.
 */

import type { ManagedField } from '../model/desired.ts';
import type { AppType } from '../model/identity.ts';
import type { Fault } from '../sandbox/faults.ts';
import type { Switches } from '../sandbox/switches.ts';

/** One entry of `apps:`, in the words of the YAML. */
export interface Entry {
  readonly key: string;
  readonly appType: AppType;
  readonly name?: string;
  readonly connectorId?: string;
  readonly callbackUrl?: string;
  readonly events?: readonly string[];
  readonly protect?: boolean;
  readonly replace?: 'allow';
  readonly was?: string;
  /** A pin. */
  readonly id?: string;
  readonly ignore?: readonly ManagedField[];
  readonly acceptDuplicates?: readonly string[];
  /** For the whole run. */
  readonly isPaused?: boolean;
}

/** The settings of the operator's file. */
export interface Rules {
  readonly adopt: 'never' | 'identical' | 'by_name';
  readonly prune: 'never' | 'owned' | 'all';
  readonly deleteGraceMs: number;
  readonly settleMs: number;
  readonly deletesPerRound: number;
  readonly deletesPerDay: number;
  readonly deletesShare: number;
  readonly missingShare: number;
  readonly preflight: 'off' | 'warn' | 'block';
  readonly deliversTokens: boolean;
  readonly scheduleMinutes: number;
  readonly eventsResyncMinutes: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** `auto` where absent. */
  readonly creates?: 'auto' | 'marked' | 'plain';
  /** Instead of `scheduleMinutes`. */
  readonly schedule?: { readonly cron: string; readonly timezone: string };
  /** Defaults where absent. */
  readonly maxRequestsPerSecond?: number;
  readonly contested?: { readonly reversals: number; readonly windowMs: number };
  readonly debounce?: { readonly quietMs: number; readonly maxWaitMs: number };
}

/** An app that exists before callbackd starts. */
export interface FoundApp {
  /** For a pin; assigned by the platform when absent. */
  readonly id?: string;
  readonly appType: AppType;
  readonly name?: string;
  readonly connectorId?: string;
  readonly callbackUrl?: string;
  readonly events?: readonly string[];
}

/** What happens to one exchange on the network. */
export type NetworkFault =
  /** Refused: nothing was sent. */
  | 'not_sent'
  /** Nothing arrived; the client times out. */
  | 'request_lost'
  /** It was processed; the client times out. */
  | 'reply_lost'
  /** It was processed; the connection was reset before the reply. */
  | 'reset'
  /** It was processed after the client gave up. */
  | 'processed_late'
  /** The same for a create, long after everybody had stopped waiting. */
  | 'processed_very_late'
  /** The reply was truncated. */
  | 'truncated'
  /** The reply came just before the timeout. */
  | 'slow'
  /** A proxy delivered it twice. */
  | 'duplicated';

/** A change of the operator's file. */
export type FileEdit =
  | { readonly do: 'add'; readonly entry: Entry }
  | { readonly do: 'remove'; readonly key: string }
  | { readonly do: 'change'; readonly key: string; readonly to: Partial<Omit<Entry, 'key'>> }
  | { readonly do: 'rename'; readonly key: string; readonly to: string; readonly saysWas: boolean }
  /** The file becomes invalid until `repair`. */
  | { readonly do: 'break'; readonly how: 'syntax' | 'empty' | 'half' | 'absent' }
  | { readonly do: 'repair' }
  /** Every entry that was removed is there again. */
  | { readonly do: 'restore' };

/** An edit of the account in the web console. `which` is an index into its apps, modulo their number. */
export type ConsoleEdit =
  | { readonly do: 'rename'; readonly which: number; readonly name: string }
  | { readonly do: 'set_url'; readonly which: number; readonly url: string }
  | { readonly do: 'clear_url'; readonly which: number }
  | { readonly do: 'subscribe' | 'unsubscribe'; readonly which: number; readonly event: string }
  | { readonly do: 'remove'; readonly which: number }
  | { readonly do: 'create'; readonly app: FoundApp };

/** `isSuspended`: with its host, so that its monotonic clock stands still too. `inLook`: as it looks at the files. */
export interface PlannedPause {
  readonly forMs: number;
  readonly isSuspended: boolean;
  readonly inLook?: boolean;
}

/**
 * One fault, crash or edit. Requests, listing pages, disk operations and steps are counted over the whole
 * world.
 */
export type PlannedFault =
  | { readonly kind: 'network'; readonly request: number; readonly fault: NetworkFault }
  | { readonly kind: 'platform'; readonly request: number; readonly fault: Fault }
  /** `times` consecutive requests for listing pages, from number `page` on. */
  | { readonly kind: 'listing'; readonly page: number; readonly times: number; readonly fault: Fault }
  | { readonly kind: 'rival'; readonly at: number; readonly edit: ConsoleEdit }
  /** The create number `create`, if it carries a mark, is processed that long after it was given up. */
  | { readonly kind: 'late_create'; readonly create: number; readonly afterMs: number }
  /** Another lineage creates an app of that name under its mark; without `finishedMs` it dies then. */
  | {
      readonly kind: 'other_writer';
      readonly at: number;
      readonly name: string;
      readonly nonce: string;
      readonly finishedMs?: number;
      readonly url?: string;
    }
  | { readonly kind: 'file'; readonly at: number; readonly edit: FileEdit }
  | { readonly kind: 'token'; readonly at: number; readonly forMs: number }
  | {
      readonly kind: 'disk';
      readonly operation: number;
      readonly fault: 'EIO' | 'ENOSPC';
      readonly times: number;
    }
  /** The process ends at that step of the world; with `power`, unsynced data is lost too. */
  | { readonly kind: 'crash'; readonly step: number; readonly how: 'kill' | 'power' }
  | { readonly kind: 'stop'; readonly at: number }
  /** The receiver of that entry refuses the challenge. */
  | {
      readonly kind: 'receiver';
      readonly at: number;
      readonly key: string;
      readonly forMs: number;
      /** Where the key is no folder of its URL. */
      readonly url?: string;
    }
  /** The daemon stands still when something arrives at that step of the world, as after SIGSTOP. */
  | { readonly kind: 'pause'; readonly step: number; readonly pause: PlannedPause }
  /** The wall clock is set. */
  | { readonly kind: 'clock'; readonly at: number; readonly byMs: number }
  /** What happens when the daemon has sent that many deletes of apps: in the middle of a round. */
  | {
      readonly kind: 'amid_deletes';
      readonly deletes: number;
      readonly edit?: FileEdit;
      readonly pause?: PlannedPause;
    }
  /** Somebody saves the file whenever a listing begins, which then takes long: one edit after the other. */
  | { readonly kind: 'restless'; readonly at: number; readonly edits: readonly FileEdit[] }
  /** A `plan` beside the daemon. */
  | { readonly kind: 'plan'; readonly at: number }
  /** A second daemon on the same state directory. */
  | { readonly kind: 'second'; readonly at: number };

export interface Scenario {
  readonly seed: number;
  readonly rules: Rules;
  readonly switches: Partial<Switches>;
  readonly entries: readonly Entry[];
  readonly found: readonly FoundApp[];
  readonly faultPlan: readonly PlannedFault[];
  /** No fault is injected after this. */
  readonly faultsEndAt: number;
  /** How long the world may take to converge after that; six hours when absent. */
  readonly convergeWithinMs?: number;
}
