/** Records and counts what the sandbox answered, for assertions, the demo and the benchmarks. No secrets. */

import type { Operation } from '../model/calls.ts';

/** One request as the platform saw it. */
export interface RequestRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly operation: Operation | 'unknown_route';
  /** `''` where the path has none. */
  readonly appId: string;
  /** What the client got to see: an HTTP status, or how the connection ended. */
  readonly result: number | 'closed' | 'reset' | 'hang';
  readonly logid: string;
  /** Whether it reached the account, whatever became of the reply. */
  readonly isProcessed: boolean;
  /** Whether the rate limiter turned it away. */
  readonly isLimited: boolean;
  readonly faults: readonly string[];
}

interface OperationCount {
  readonly received: number;
  readonly processed: number;
  /** Turned away by the rate limiter. */
  readonly limited: number;
}

export interface RequestRecords {
  add(record: RequestRecord): void;
  /** The latest records, oldest first. */
  list(): readonly RequestRecord[];
  counts(): Readonly<Partial<Record<RequestRecord['operation'], OperationCount>>>;
  /** All requests ever received. */
  readonly total: number;
  clear(): void;
}

/** Keeps the latest `capacity` records (none for 0); counts are never reset. */
export function createRequestRecords(capacity: number): RequestRecords {
  let ring: RequestRecord[] = [];
  let next = 0;
  let total = 0;
  const counts = new Map<
    RequestRecord['operation'],
    { received: number; processed: number; limited: number }
  >();
  const countOf = (operation: RequestRecord['operation']) => {
    const count = counts.get(operation) ?? { received: 0, processed: 0, limited: 0 };
    counts.set(operation, count);
    return count;
  };
  return {
    add(record) {
      const count = countOf(record.operation);
      total += 1;
      count.received += 1;
      if (record.isProcessed) count.processed += 1;
      if (record.isLimited) count.limited += 1;
      if (ring.length < capacity) ring.push(record);
      else if (capacity > 0) {
        ring[next] = record;
        next = (next + 1) % capacity;
      }
    },
    list: () => [...ring.slice(next), ...ring.slice(0, next)],
    counts: () => Object.fromEntries([...counts].map(([name, count]) => [name, { ...count }])),
    get total() {
      return total;
    },
    clear() {
      ring = [];
      next = 0;
      total = 0;
      counts.clear();
    },
  };
}
