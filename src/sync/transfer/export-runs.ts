/**
 * Takes every undelivered run of this station along in one file, and marks each before the file exists.
 *
 * Marked first, because a file may be used the moment it exists: from then on each of these runs is looked up before
 * it is posted. It stays undelivered until its own delivery or a receipt. The caller holds the outbox's lock:
 * no upload is under way whose end the file could not know.
 */
import type { RunRow } from '#record/run-row.ts';
import { transition } from '#sync/outbox/transition.ts';
import type { Signer } from '#sync/transfer/bag.ts';
import { type BundledRun, makeRunBundle, type TransferFile } from '#sync/transfer/run-bundle.ts';
import { transferFault } from '#sync/transfer/transfer-fault.ts';
import type { OwnRuns } from '#sync/transfer/transfer-ports.ts';

export interface ExportedRuns extends TransferFile {
  /** Those that no earlier file held: should this one not be kept, their mark can be taken back. */
  readonly firstTime: readonly string[];
}

/** @throws {Fault} `nothing` */
export async function exportRuns(own: OwnRuns, station: string, signer: Signer, at: string): Promise<ExportedRuns> {
  const runs: BundledRun[] = [];
  const marked: RunRow[] = [];
  for (const row of await own.undelivered()) {
    const sealed = await own.sealed(row.id);
    if (!sealed) continue;
    runs.push({ id: row.id, seq: row.seq, body: sealed.body });
    marked.push(row);
  }
  if (runs.length === 0) throw transferFault('nothing', 'There is no run to export: every one has been delivered.');
  const firstTime = marked.filter((row) => row.exported_at === undefined).map(({ id }) => id);
  try {
    for (const row of marked) await mark(own, row, { kind: 'exported', at });
    return { ...(await makeRunBundle(station, runs, signer, at)), firstTime };
  } catch (thrown) {
    await forgetExport(own, firstTime);
    throw thrown;
  }
}

/** The file was not kept. What was QUEUED before stays AMBIGUOUS: one look too many harms nobody. */
export async function forgetExport(own: OwnRuns, ids: readonly string[]): Promise<void> {
  const forgotten = new Set(ids);
  for (const row of await own.undelivered())
    if (forgotten.has(row.id)) await mark(own, row, { kind: 'export-forgotten' });
}

async function mark(
  own: OwnRuns,
  row: RunRow,
  event: { readonly kind: 'exported'; readonly at: string } | { readonly kind: 'export-forgotten' },
): Promise<void> {
  const change = transition(row, event, { nowMs: 0, chance: 0, today: '', ambiguousWaitMs: 0 });
  if (change && !(await own.move(row, change)))
    throw transferFault('busy', `Run ${row.seq} is being uploaded at this moment.`);
}
