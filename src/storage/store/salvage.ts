/**
 * A database that opens and cannot be read: what can be read is taken out, and a new database is made of it.
 *
 * Undelivered runs are in the second copy, so what is at stake here is history and settings. What cannot be read is
 * named in the quarantine. Above it: open.ts. Knows nothing of the meaning of rows.
 */
import type { Table } from 'dexie';
import type { Quarantined } from '#storage/store/shadow.ts';
import { META, type Tables } from '#storage/store/tables.ts';

export interface Salvage {
  readonly rows: ReadonlyMap<string, readonly unknown[]>;
  readonly unreadable: readonly Quarantined[];
}

export async function salvage(tables: Tables, at: string): Promise<Salvage> {
  const rows = new Map<string, unknown[]>();
  const unreadable: Quarantined[] = [];
  for (const table of tables.tables) {
    const found = await table.toArray().catch(() => oneByOne(table, at, unreadable));
    rows.set(
      table.name,
      // The ballast is made again; whatever stands in a table without its key cannot go into another.
      found.filter((row) => isRow(row) && !(table.name === 'meta' && (row as { key: unknown }).key === META.ballast)),
    );
  }
  return { rows, unreadable };
}

async function oneByOne(table: Table, at: string, unreadable: Quarantined[]): Promise<unknown[]> {
  const lost = (key: string, thrown: unknown) =>
    unreadable.push({ at, table: table.name, key, reason: thrown instanceof Error ? thrown.message : String(thrown) });
  const found: unknown[] = [];
  try {
    for (const key of await table.toCollection().primaryKeys())
      try {
        const row: unknown = await table.get(key);
        if (row !== undefined) found.push(row);
      } catch (thrown) {
        lost(JSON.stringify(key), thrown);
      }
  } catch (thrown) {
    lost('*', thrown);
  }
  return found;
}

/** Each row on its own: one that breaks a rule of the new database must not keep the others out. */
export async function putAll(tables: Tables, { rows }: Salvage): Promise<void> {
  for (const table of tables.tables) {
    const found = rows.get(table.name) ?? [];
    await tables.transaction('rw', table, () => table.bulkPut(found).catch(() => undefined));
  }
}

function isRow(row: unknown): row is object {
  return typeof row === 'object' && row !== null;
}
