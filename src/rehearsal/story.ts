/**
 * A story: everything about a simulated world that is not left to the running of it. Plain data, so that it can be
 * printed, told again and made smaller. Times are milliseconds since the world began.
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
  /** Without an end: it lasts for the whole world. */
  readonly isPaused?: boolean;
}

/** What the operator's file says apart from its entries. */
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
  /** Instead of `scheduleMinutes`. */
  readonly schedule?: { readonly cron: string; readonly timezone: string };
  /** Absent fields are left to the defaults, or to what suits a made-up world. */
  readonly maxRequestsPerSecond?: number;
  readonly contested?: { readonly reversals: number; readonly windowMs: number };
  readonly debounce?: { readonly quietMs: number; readonly maxWaitMs: number };
}

/** An app that was in the account before callbackd. */
export interface FoundApp {
  /** Where the account's own id matters, as for a pin; else it gets one. */
  readonly id?: string;
  readonly appType: AppType;
  readonly name?: string;
  readonly connectorId?: string;
  readonly callbackUrl?: string;
  readonly events?: readonly string[];
}

/** What happens to one request between the two ends. */
export type NetworkTrouble =
  /** Refused: nothing was sent. */
  | 'not_sent'
  /** Nothing arrived; the client waits in vain. */
  | 'request_lost'
  /** It was processed; the client waits in vain. */
  | 'reply_lost'
  /** It was processed; the connection was reset before the reply. */
  | 'reset'
  /** The client gave up, and then it was processed. */
  | 'processed_late'
  /** The reply broke off. */
  | 'truncated'
  /** The reply came just in time. */
  | 'slow'
  /** A proxy delivered it twice. */
  | 'duplicated';

/** A change of the operator's file. */
export type FileEdit =
  | { readonly do: 'add'; readonly entry: Entry }
  | { readonly do: 'remove'; readonly key: string }
  | { readonly do: 'change'; readonly key: string; readonly to: Partial<Omit<Entry, 'key'>> }
  | { readonly do: 'rename'; readonly key: string; readonly to: string; readonly saysWas: boolean }
  /** The file becomes unreadable in one of the usual ways, until it is repaired. */
  | { readonly do: 'break'; readonly how: 'syntax' | 'empty' | 'half' | 'absent' }
  | { readonly do: 'repair' };

/** What somebody else does to the account. `which` picks an app by its place in the account. */
export type RivalDeed =
  | { readonly do: 'rename'; readonly which: number; readonly name: string }
  | { readonly do: 'set_url'; readonly which: number; readonly url: string }
  | { readonly do: 'clear_url'; readonly which: number }
  | { readonly do: 'subscribe' | 'unsubscribe'; readonly which: number; readonly event: string }
  | { readonly do: 'remove'; readonly which: number }
  | { readonly do: 'create'; readonly app: FoundApp };

export type Incident =
  | { readonly kind: 'network'; readonly request: number; readonly trouble: NetworkTrouble }
  | { readonly kind: 'platform'; readonly request: number; readonly fault: Fault }
  /** So many requests for a page of the listing in a row, from that one on. */
  | { readonly kind: 'listing'; readonly page: number; readonly times: number; readonly fault: Fault }
  | { readonly kind: 'rival'; readonly at: number; readonly deed: RivalDeed }
  | { readonly kind: 'file'; readonly at: number; readonly edit: FileEdit }
  | { readonly kind: 'token'; readonly at: number; readonly forMs: number }
  | {
      readonly kind: 'disk';
      readonly operation: number;
      readonly fault: 'EIO' | 'ENOSPC';
      readonly times: number;
    }
  /** The process ends at that step of the world. `power`: unsynced bytes are lost too. */
  | { readonly kind: 'crash'; readonly step: number; readonly how: 'kill' | 'power' }
  | { readonly kind: 'stop'; readonly at: number }
  /** Receivers of that entry refuse the challenge. */
  | {
      readonly kind: 'receiver';
      readonly at: number;
      readonly key: string;
      readonly forMs: number;
      /** Where its URL does not hold the key as a folder. */
      readonly url?: string;
    }
  /** Somebody runs `plan` beside the daemon. */
  | { readonly kind: 'plan'; readonly at: number }
  /** Somebody starts a second daemon on the same state directory. */
  | { readonly kind: 'second'; readonly at: number };

export interface Story {
  readonly seed: number;
  readonly rules: Rules;
  readonly switches: Partial<Switches>;
  readonly entries: readonly Entry[];
  readonly found: readonly FoundApp[];
  readonly incidents: readonly Incident[];
  /** No incident happens after this. */
  readonly troubleEndsAt: number;
  /** How long after that the world may take to converge, where six hours are not enough. */
  readonly patienceMs?: number;
}
