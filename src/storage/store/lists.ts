/**
 * What screens ask: lists and counts over the small rows.
 *
 * Everything here goes by an index and reads no more than it returns (a full read of 100,000 rows takes 1.7 s).
 * A run under way is in none of these lists: it is shown live, and has no result yet.
 */
import Dexie from 'dexie';
import type { RunRow, UploadState } from '#record/run-row.ts';
import type { StateCounts } from '#storage/store/state-counts.ts';
import type { Tables } from '#storage/store/tables.ts';

const WAITING: readonly UploadState[] = ['QUEUED', 'CREATING', 'AMBIGUOUS', 'ATTACHING'];

/** Up to this many matches are sorted in memory; more are so dense that walking back from the newest finds them soon. */
const FEW_MATCHES = 1000;

/** Runs that a usual duration is taken from: enough for a median, few enough to follow a changed fixture. */
const USUAL_SAMPLE = 20;

export interface HistoryQuery {
  readonly beforeSeq?: number;
  readonly limit: number;
  readonly search?: string;
}

export async function history({ runs }: Tables, { beforeSeq, limit, search }: HistoryQuery): Promise<RunRow[]> {
  const before = beforeSeq ?? Infinity;
  const prefix = search?.trim().toUpperCase() ?? '';
  const finished = (row: RunRow) => row.state !== 'RUNNING' && row.serial_key.startsWith(prefix);
  if (prefix !== '') {
    const ids = await runs
      .where('[serial_key+seq]')
      .between([prefix, Dexie.minKey], [`${prefix}\uffff`, Dexie.maxKey])
      .limit(FEW_MATCHES + 1)
      .primaryKeys();
    if (ids.length <= FEW_MATCHES) {
      const rows = (await runs.bulkGet(ids)).filter((row) => row !== undefined && row.seq < before && finished(row));
      return (rows as RunRow[]).sort((a, b) => b.seq - a.seq).slice(0, limit);
    }
  }
  return runs.where('seq').below(before).reverse().filter(finished).limit(limit).toArray();
}

/** How many runs of a unit with a procedure were begun since then; one under way counts. */
export function runsOfUnit({ runs }: Tables, serial: string, procedureId: string, since: string): Promise<number> {
  const key = serial.toUpperCase();
  return runs
    .where('[serial_key+seq]')
    .between([key, Dexie.minKey], [key, Dexie.maxKey])
    .filter((row) => row.procedure_id === procedureId && row.started_at >= since)
    .count();
}

export async function queue({ runs }: Tables, limit: number): Promise<RunRow[]> {
  const bySeq = (state: UploadState) =>
    runs.where('[state+seq]').between([state, Dexie.minKey], [state, Dexie.maxKey]).limit(limit).toArray();
  const waiting = (await Promise.all(WAITING.map(bySeq))).flat().sort((a, b) => a.seq - b.seq);
  return [...(await bySeq('PARKED')), ...waiting].slice(0, limit);
}

export async function counts(
  { runs }: Tables,
  states: StateCounts,
  day: string,
): Promise<{ waiting: number; parked: number; uploadedToday: number }> {
  const [byState, uploadedToday] = await Promise.all([states.get(), runs.where('delivered_day').equals(day).count()]);
  const waiting = WAITING.reduce((sum, state) => sum + byState[state], 0);
  return { waiting, parked: byState.PARKED, uploadedToday };
}

export async function usualMs({ runs }: Tables, procedureId: string): Promise<number> {
  const rows = await runs
    .where('[procedure_id+outcome+seq]')
    .between([procedureId, 'PASS', Dexie.minKey], [procedureId, 'PASS', Dexie.maxKey])
    .reverse()
    .limit(USUAL_SAMPLE)
    .toArray();
  const durations = rows.map((row) => row.duration_ms).sort((a, b) => a - b);
  const middle = durations.length >> 1;
  if (durations.length === 0) return 0;
  return durations.length % 2 === 1 ? durations[middle]! : (durations[middle - 1]! + durations[middle]!) / 2;
}
