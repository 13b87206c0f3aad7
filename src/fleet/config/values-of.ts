/**
 * A nested file as values by their path. Lists that are known by a name are values one by one; everything else is one at
 * its end. Pure.
 */
import { LISTS } from '#fleet/config/settings-table.ts';

/** `['sign_in', 'idle_min']`, `['parameters', 'power-board', 'settle']`, `['operators', 'Mei Chen']` */
export type Path = readonly string[];

export interface PathValue {
  readonly path: Path;
  readonly value: unknown;
  /** Where it stands in the file: an item of a list by its number. */
  readonly at: Path;
}

export function valuesOf(data: Readonly<Record<string, unknown>>): PathValue[] {
  return Object.entries(data).flatMap(([key, value]) => {
    const list = LISTS.find((one) => one.key === key);
    if (!list || !Array.isArray(value)) return leaves([key], value).map((one) => ({ ...one, at: one.path }));
    return (value as readonly Record<string, unknown>[]).map((item, index) => ({
      path: [key, String(item[list.by])],
      value: item,
      at: [key, String(index)],
    }));
  });
}

function leaves(path: Path, value: unknown): { path: Path; value: unknown }[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves([...path, key], inner));
}
