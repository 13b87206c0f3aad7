/**
 * What is kept of runs that TofuPilot has: everything for a while, then only the row, for ever.
 *
 * Never touches a run that is not delivered. The rows stay, so that numbers have no gap and the chain can be checked.
 * Knows nothing of who asks and when.
 */
import Dexie from 'dexie';
import type { Retention } from '#storage/default-retention.ts';
import { dropAttachments } from '#storage/store/attachments.ts';
import type { Tables } from '#storage/store/tables.ts';

const DAY_MS = 86_400_000;
/** Short transactions: a run may begin between two. */
const BATCH = 100;

/** @returns ids of the runs that were reduced */
export async function reduce(tables: Tables, { keepRuns, keepDays }: Retention, nowMs: number): Promise<string[]> {
  const { runs, bodies, journal, attachments, chunks } = tables;
  const whole = new Set(await bodies.toCollection().primaryKeys());
  const oldest = new Date(nowMs - keepDays * DAY_MS).toISOString();
  const delivered = runs.where('[state+seq]').between(['DELIVERED', Dexie.minKey], ['DELIVERED', Dexie.maxKey]);
  const ids = (await delivered.primaryKeys()).filter((id) => whole.has(id));
  const tooMany = new Set(ids.slice(0, Math.max(0, ids.length - keepRuns)));
  const reduced: string[] = [];
  for (let at = 0; at < ids.length; at += BATCH) {
    const batch = await runs.bulkGet(ids.slice(at, at + BATCH));
    const due = batch.filter((row) => row && (tooMany.has(row.id) || row.started_at < oldest)).map((row) => row!.id);
    if (due.length > 0)
      await tables.transaction('rw', [runs, bodies, journal, attachments, chunks], async () => {
        for (const row of await runs.bulkGet(due)) {
          if (row?.state !== 'DELIVERED') continue;
          await bodies.delete(row.id);
          await journal.where('[run+n]').between([row.id, Dexie.minKey], [row.id, Dexie.maxKey]).delete();
          if (row.attachments) await dropAttachments(tables, [row.id]);
          reduced.push(row.id);
        }
      });
  }
  return reduced;
}
