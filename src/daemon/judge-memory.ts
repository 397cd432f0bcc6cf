/** Whether the apps of a configuration fit into the memory that the process may use; past that it is ended. Pure. */

/** What the process may use, in bytes. */
export interface MemoryBounds {
  /** As V8 reports it (`heap_size_limit`). */
  readonly heap: number;
  /** What its unit or container allows, or what the host has. */
  readonly all: number;
}

const MIB = 1_048_576;
/**
 * While a round adopts all of them. Measured in a memory cgroup: 50,000 apps are adopted in a heap of 259 MiB with 326 MiB resident,
 * 100,000 in 524 MiB with 628; in 259 MiB these end the process.
 */
const HEAP_PER_APP = 5_000;
const ALL_PER_APP = 5_700;
const ALL_WITHOUT_APPS = 80 * MIB;
/** Node gives the heap half of the memory there is, but no more than this where there is less than 16 GiB (measured, Node 20). */
const HEAP_BY_ITSELF_MAX = 2_000 * MIB;
/** The advice is a round figure. */
const STEP = 100 * MIB;

/** What is to be done about it; undefined where they fit. */
export function explainShortMemory(apps: number, bounds: MemoryBounds): string | undefined {
  const heap = apps * HEAP_PER_APP;
  const all = ALL_WITHOUT_APPS + apps * ALL_PER_APP;
  if (heap <= bounds.heap && all <= bounds.all) return undefined;
  const wanted = Math.max(2 * heap, all);
  const isShort = bounds.all < wanted;
  const cures = [
    ...(isShort ? [`allow ${roundUp(wanted)} MiB (MemoryMax= of the unit, the limit of the container)`] : []),
    ...(!isShort || heap > HEAP_BY_ITSELF_MAX
      ? [`set NODE_OPTIONS=--max-old-space-size=${roundUp(heap)}`]
      : []),
  ];
  const has = `has ${inMiB(bounds.all)} MiB, ${inMiB(bounds.heap)} of them for the heap`;
  return `${apps} apps may need ${inMiB(all)} MiB, and this process ${has}: ${cures.join(' and ')}`;
}

function roundUp(bytes: number): number {
  return inMiB(Math.ceil(bytes / STEP) * STEP);
}

function inMiB(bytes: number): number {
  return Math.round(bytes / MIB);
}
