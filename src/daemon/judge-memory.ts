/** Whether the apps of a configuration fit into the memory that the process may use; past that, Node ends it. Pure. */

/**
 * Of the heap, while a round adopts all of them. Measured with MemoryMax: 50,000 apps are adopted in the 259 MB that Node takes
 * of 512 MB, and 100,000 in 524 MB of 1 GB; in 259 MB these end the process.
 */
const HEAP_BYTES_PER_APP = 5_000;
const MB = 1_000_000;
/** The advice is a round figure. */
const ADVICE_STEP = 500 * MB;

/** What is to be done about it; undefined where they fit. `heapBytesMax` as V8 reports it (`heap_size_limit`). */
export function explainShortMemory(apps: number, heapBytesMax: number): string | undefined {
  const needed = apps * HEAP_BYTES_PER_APP;
  if (needed <= heapBytesMax) return undefined;
  // Node takes half of what a unit, a container or the host has.
  const wanted = (Math.ceil((2 * needed) / ADVICE_STEP) * ADVICE_STEP) / MB;
  return (
    `${apps} apps may need ${Math.round(needed / MB)} MB of heap, and this process gets ${Math.round(heapBytesMax / MB)} MB, half of the ` +
    `memory of its unit, container or host: allow ${wanted} MB (MemoryMax= of the unit, limits of the container)`
  );
}
