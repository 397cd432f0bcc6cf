/**
 * What is kept of each change, as it stands in `history.ndjson` and in `-o json`: one object per applied or
 * failed change. Field names are snake_case because people read the file with their own tools. It holds no
 * secret.
 */

import type { FailureKind, Operation } from './calls.ts';
import type { Action, ChangedBy, ChangeReason, FieldChange, FieldValue } from './plan.ts';
import type { Outcome } from './round.ts';

export interface HistoryRequest {
  readonly operation: Operation;
  /** `null` where no response arrived. */
  readonly status: number | null;
  readonly code: number | null;
  readonly logid: string | null;
  /** Counts from 1. */
  readonly attempt: number;
  readonly duration_ms: number;
  readonly failure: FailureKind | null;
}

export interface HistoryFailure {
  readonly kind: NonNullable<Outcome['failure']>['kind'];
  readonly message: string;
  readonly status: number | null;
  readonly code: number | null;
  readonly logid: string | null;
}

export interface HistoryField {
  readonly path: FieldChange['path'];
  readonly before: FieldValue;
  readonly after: FieldValue;
  readonly changed_by: ChangedBy;
}

export interface HistoryEntry {
  /** When the change ended, as ISO 8601 in UTC. */
  readonly time: string;
  /** The round's number in the process that made it; numbers begin again with each process. */
  readonly round: number;
  readonly action: Action;
  /** `null` for an unmanaged app. */
  readonly key: string | null;
  /** `null` for a create that failed. */
  readonly id: string | null;
  readonly app_type: string;
  readonly name: string | null;
  readonly reason: ChangeReason;
  readonly fields: readonly HistoryField[];
  readonly result: 'applied' | 'failed';
  /** `null` for an applied change. */
  readonly failure: HistoryFailure | null;
  readonly warnings: readonly string[];
  /** Every attempt of every request made for the change, in order. */
  readonly requests: readonly HistoryRequest[];
}
