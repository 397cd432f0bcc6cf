/**
 * Groups things under a key in linear time, keeping their order. Keys of `undefined` or `null` are left out.
 */
export function groupBy<Key, Thing>(
  things: Iterable<Thing>,
  keyOf: (thing: Thing) => Key | null | undefined,
): Map<Key | null | undefined, Thing[]> {
  const groups = new Map<Key | null | undefined, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    if (key === null || key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}
