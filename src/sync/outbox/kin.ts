/**
 * Which runs are about the same unit: those with its serial number, and those of a unit that it is built into.
 *
 * The server takes a unit's parts only when it knows them, so the run in which a part was tested must be there first.
 * Pure. Above: drain.ts.
 */
import type { RunRow } from '#record/run-row.ts';

/** Serial numbers without case: the unit's own, then those of its parts. */
export function keysOf({ serial_key: own, sub_keys: parts = [] }: RunRow): readonly string[] {
  return [own, ...parts];
}

export function areKin(one: RunRow, other: RunRow): boolean {
  const keys = keysOf(other);
  return keysOf(one).some((key) => keys.includes(key));
}

/** By the first of all serial numbers that hang together through parts: one name for a unit and all that is in it. */
export function familyNames(rows: readonly RunRow[]): (row: RunRow) => string {
  const above = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next;
    return root;
  };
  for (const row of rows)
    for (const part of row.sub_keys ?? []) {
      const [root, own] = [rootOf(part), rootOf(row.serial_key)];
      if (root !== own) above.set(root, own);
    }
  return ({ serial_key: own }) => rootOf(own);
}
