/**
 * After every opening: undelivered runs that the store has lost come back from the second copy, and the reverse.
 *
 * A run that comes back may have been sent by the store that is gone, so it comes back as doubtful and the outbox
 * looks it up before it posts. Nothing here deletes a run. Above it: open.ts. Knows nothing of why something was lost.
 */
import Dexie from 'dexie';
import { hashOf } from '#storage/store/chain.ts';
import { eventsOf } from '#storage/store/events-of.ts';
import { Journal } from '#storage/store/journal.ts';
import { copyFiles, restoreFiles } from '#storage/store/mend-files.ts';
import type { RunRow } from '#record/run-row.ts';
import { UNDELIVERED } from '#storage/store/outbox-rows.ts';
import type { Quarantined, Shadow, ShadowRun } from '#storage/store/shadow.ts';
import type { Tables } from '#storage/store/tables.ts';

/** Runs in memory at once: a body may have a megabyte. */
const BATCH = 50;

export interface Restored {
  readonly runs: number;
  readonly quarantined: number;
}

export async function undeliveredIds({ runs }: Tables): Promise<string[]> {
  const keys = UNDELIVERED.map((state) =>
    runs.where('[state+seq]').between([state, Dexie.minKey], [state, Dexie.maxKey]).primaryKeys(),
  );
  return (await Promise.all(keys)).flat();
}

/** From the second copy into the store. */
export async function restore(tables: Tables, shadow: Shadow, nowMs: number): Promise<Restored> {
  // The second copy first: it follows the store, so a store read later must have whatever it has.
  const copied = await shadow.ids();
  const known = new Set(await undeliveredIds(tables));
  const doubtful = copied.filter((id) => !known.has(id));
  const rows = await tables.runs.bulkGet(doubtful);
  // Delivered by a service worker, or just before a power cut.
  const delivered = doubtful.filter((_, index) => rows[index]?.state === 'DELIVERED');
  if (delivered.length > 0) await shadow.drop(delivered);
  const lost = doubtful.filter((_, index) => rows[index] === undefined || rows[index].state === 'RUNNING');

  const bad: Quarantined[] = [];
  let count = 0;
  for (const id of lost) {
    const run = await shadow.run(id).catch(() => undefined);
    const problem = await putBack(tables, shadow, run, nowMs).catch((thrown: unknown) => String(thrown));
    if (problem === null) count += 1;
    else bad.push({ at: new Date(nowMs).toISOString(), table: 'shadow', key: id, reason: problem, value: run });
  }
  if (bad.length > 0) {
    await shadow.quarantine(bad);
    // Kept apart now: otherwise it would be told again at every start.
    await shadow.drop(bad.map(({ key }) => key));
  }
  return { runs: count, quarantined: bad.length };
}

/** @returns why it cannot be put back; null when it was */
async function putBack(
  tables: Tables,
  shadow: Shadow,
  run: ShadowRun | undefined,
  nowMs: number,
): Promise<string | null> {
  if (!run) return 'The second copy of this run cannot be read.';
  const { row, body, record } = run;
  if (row.chain && (await hashOf(body)) !== row.chain.body) return 'The second copy of this run is damaged.';
  // Before the run: once it is here, nothing looks for its files any more.
  if (row.attachments) await restoreFiles(tables, shadow.files, row.id);
  const { runs, bodies, journal } = tables;
  return tables.transaction('rw', [runs, bodies, journal], async () => {
    const there = await runs.get(row.id);
    if (there && there.state !== 'RUNNING') return null;
    const holder = await runs.where('seq').equals(row.seq).first();
    if (holder && holder.id !== row.id) return `Its number ${row.seq} belongs to another run.`;
    const why = 'It came back from the second copy, and is looked up before it is sent.';
    await runs.put({ ...row, ...doubt(row.attempts, nowMs, why), ...(row.attachments ? { came_back: true } : {}) });
    await bodies.put({ id: row.id, body });
    await journal.where('[run+n]').between([row.id, Dexie.minKey], [row.id, Dexie.maxKey]).delete();
    await journal.add({ run: row.id, n: 0, events: eventsOf(record) });
    return null;
  });
}

/** `sent_at_ms` is now: nobody knows when it was sent, and the server may still be busy with it. */
export function doubt(attempts: number, nowMs: number, reason: string) {
  return {
    state: 'AMBIGUOUS',
    attempts: Math.max(1, attempts),
    sent_at_ms: nowMs,
    next_at_ms: 0,
    upload_reason: reason,
  } as const;
}

/** @returns whether a run had been sealed before the store was opened */
export async function stragglers({ runs }: Tables, lastSeq: number): Promise<(row: RunRow) => boolean> {
  const open = new Set(await runs.where('[state+seq]').between(['RUNNING', 0], ['RUNNING', Infinity]).primaryKeys());
  return ({ id, seq }) => seq <= lastSeq && !open.has(id);
}

export interface Copying {
  /**
   * The second copy is new, so its silence says nothing; otherwise a run that it does not know may have been delivered
   * by a store that was put back since, and is looked up first.
   */
  readonly trusted: boolean;
  /** Whether a run was sealed before the store was opened; a younger one is being copied by whoever seals it. */
  readonly isOld: (row: RunRow) => boolean;
  readonly nowMs: number;
}

/** From the store into the second copy: whatever is undelivered and not there yet. */
export async function copyMissing(tables: Tables, shadow: Shadow, { trusted, isOld, nowMs }: Copying): Promise<number> {
  const known = new Set(await shadow.ids());
  const missing = (await undeliveredIds(tables)).filter((id) => !known.has(id));
  const journal = new Journal(tables);
  let count = 0;
  for (let from = 0; from < missing.length; from += BATCH)
    for (const id of missing.slice(from, from + BATCH)) {
      const found = await tables.runs.get(id);
      if (!found || !isOld(found)) continue;
      if (!trusted) await doubtQueued(tables, id, nowMs);
      const [row, stored, record] = await Promise.all([tables.runs.get(id), tables.bodies.get(id), journal.record(id)]);
      if (!row || row.state === 'DELIVERED' || !stored || !record) continue;
      await shadow.keep({ row, body: stored.body, record });
      if (row.attachments) await copyFiles(tables, shadow.files, id);
      count += 1;
      // Delivered meanwhile: its copy must not come back.
      if ((await tables.runs.get(id))?.state === 'DELIVERED') await shadow.drop([id]);
    }
  return count;
}

function doubtQueued(tables: Tables, id: string, nowMs: number): Promise<void> {
  return tables.transaction('rw', tables.runs, async () => {
    const row = await tables.runs.get(id);
    if (row?.state !== 'QUEUED') return;
    const why = 'The second copy does not know it: it is looked up before it is sent.';
    await tables.runs.put({ ...row, ...doubt(row.attempts, nowMs, why) });
  });
}
