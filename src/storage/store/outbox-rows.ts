/**
 * What the outbox asks of the store: the shape that sync/outbox/ports.ts calls `OutboxStore`.
 *
 * The walls keep storage from importing sync, so the shape is met, not named. Knows nothing of servers or retries.
 */
import Dexie from 'dexie';
import type { RunRow, UploadState } from '#record/run-row.ts';
import { META, type Tables } from '#storage/store/tables.ts';

export const UNDELIVERED: readonly UploadState[] = ['QUEUED', 'CREATING', 'AMBIGUOUS', 'ATTACHING', 'PARKED'];

export async function undelivered({ runs }: Tables): Promise<RunRow[]> {
  const lists = await Promise.all(
    UNDELIVERED.map((state) =>
      runs.where('[state+seq]').between([state, Dexie.minKey], [state, Dexie.maxKey]).toArray(),
    ),
  );
  return lists.flat().sort((a, b) => a.seq - b.seq);
}

/** Of each state the first so many: what a drain comes to first. */
export async function firstUndelivered({ runs }: Tables, limit: number): Promise<void> {
  await Promise.all(
    UNDELIVERED.map((state) =>
      runs.where('[state+seq]').between([state, Dexie.minKey], [state, Dexie.maxKey]).limit(limit).toArray(),
    ),
  );
}

/** Runs without an end, by `seq`. */
export function running({ runs }: Tables): Promise<RunRow[]> {
  return runs.where('[state+seq]').between(['RUNNING', Dexie.minKey], ['RUNNING', Dexie.maxKey]).toArray();
}

export interface Move {
  readonly from: Pick<RunRow, 'id' | 'state' | 'attempts'>;
  readonly to: Partial<RunRow>;
}

/** Compare and replace in one transaction, so that two drains can never both win. */
export async function move(tables: Tables, from: Move['from'], to: Move['to']): Promise<boolean> {
  return (await moveAll(tables, [{ from, to }]))[0]!;
}

/** Each by itself, all in one transaction. @returns for each whether its row was as `from` says, and was written */
export function moveAll(tables: Tables, moves: readonly Move[]): Promise<boolean[]> {
  return tables.transaction('rw', tables.runs, async () => {
    const rows = new Map<string, RunRow>();
    for (const row of await tables.runs.bulkGet(moves.map(({ from }) => from.id))) if (row) rows.set(row.id, row);
    const changed = new Set<string>();
    const moved = moves.map(({ from, to }) => {
      const row = rows.get(from.id);
      if (row?.state !== from.state || row.attempts !== from.attempts) return false;
      // Identity never changes, and the server's id is written once.
      const remoteId = row.remote_id === '' ? (to.remote_id ?? '') : row.remote_id;
      rows.set(row.id, { ...row, ...to, id: row.id, seq: row.seq, remote_id: remoteId });
      changed.add(row.id);
      return true;
    });
    await tables.runs.bulkPut([...changed].map((id) => rows.get(id)!));
    return moved;
  });
}

/** Why nothing may be sent; the field names are those of sync/outbox/ports.ts. */
export interface StoredHold {
  readonly code: 'unauthorised' | 'payment';
  readonly message: string;
  readonly since_ms: number;
}

export async function hold({ meta }: Tables): Promise<StoredHold | undefined> {
  return (await meta.get(META.hold))?.value as StoredHold | undefined;
}

export async function setHold({ meta }: Tables, value: StoredHold | undefined): Promise<void> {
  if (value) await meta.put({ key: META.hold, value });
  else await meta.delete(META.hold);
}

export async function notBefore({ meta }: Tables): Promise<number> {
  return ((await meta.get(META.notBefore))?.value as number | undefined) ?? 0;
}

export async function setNotBefore({ meta }: Tables, atMs: number): Promise<void> {
  await meta.put({ key: META.notBefore, value: atMs });
}
