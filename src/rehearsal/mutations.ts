/**
 * Wrappers around the parts of a simulated process, to break a guard on purpose. The simulator's own tests
 * break one guard each and expect a violation.
 */

import type { AppWriter } from '../apply/ports.ts';
import type { Configurations, Rounds } from '../daemon/ports.ts';
import type { Disk } from '../lib/disk.ts';
import type { ElapsedClock } from '../lib/elapsed-clock.ts';
import type { Transport } from '../lib/http-transport.ts';
import type { StandstillGuard } from '../lib/standstill.ts';
import type { AppLister } from '../observe/ports.ts';
import type { RoundRequest } from '../reconcile/plan-round.ts';
import type { AccountObserver, PlanApplier, StateJournal } from '../reconcile/ports.ts';

type Wrap<Part> = (part: Part) => Part;

export interface Mutations {
  readonly disk?: Wrap<Disk>;
  readonly transport?: Wrap<Transport>;
  readonly lister?: Wrap<AppLister>;
  readonly writer?: Wrap<AppWriter>;
  readonly observer?: Wrap<AccountObserver>;
  readonly journal?: Wrap<StateJournal>;
  readonly applier?: Wrap<PlanApplier>;
  readonly standstill?: Wrap<StandstillGuard>;
  readonly configurations?: Wrap<Configurations>;
  /** What the round is asked to do. */
  readonly request?: (request: RoundRequest, clock: ElapsedClock) => RoundRequest;
  readonly rounds?: Wrap<Rounds>;
  /** Lines written to the event log. */
  readonly logLine?: (line: string, secrets: readonly string[]) => string;
}
