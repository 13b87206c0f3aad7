/**
 * Takes every undelivered run of this station along in one file, and marks each before the file exists.
 *
 * Marked first, because a file may be used the moment it exists: from then on each of these runs is looked up before
 * it is posted. It stays undelivered until its own delivery or a receipt. The caller holds the outbox's lock:
 * no upload is under way whose end the file could not know.
 */
import type { Attachment } from '#record/attachment.ts';
import type { RunRow } from '#record/run-row.ts';
import { transition } from '#sync/outbox/transition.ts';
import type { Signer } from '#sync/transfer/bag.ts';
import { type BundledFile, plainHash } from '#sync/transfer/bundled-files.ts';
import { type BundledRun, makeRunBundle, type TransferFile } from '#sync/transfer/run-bundle.ts';
import { transferFault } from '#sync/transfer/transfer-fault.ts';
import type { OwnRuns } from '#sync/transfer/transfer-ports.ts';

export interface ExportedRuns extends TransferFile {
  /** Those that no earlier file held: should this one not be kept, their mark can be taken back. */
  readonly firstTime: readonly string[];
  /** Undelivered runs that did not fit: another file takes them. */
  readonly left: number;
}

/** How a file will travel, and what it may hold because of it. */
export type ExportedAs = 'file' | 'codes';

/** What one file holds at most, unless a single run is larger: it is made and opened in memory. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Before it is deflated, which makes a tenth to a third of it: a few dozen codes, shown in half a minute. */
const MOST_CODE_BYTES = 40 * 1024;

/** @throws {Fault} `nothing`, `no-small-run` */
export async function exportRuns(
  own: OwnRuns,
  station: string,
  signer: Signer,
  at: string,
  as: ExportedAs = 'file',
): Promise<ExportedRuns> {
  const runs: BundledRun[] = [];
  const marked: RunRow[] = [];
  let bytes = 0;
  let left = 0;
  // First those that no file has yet, so that whoever exports until nothing is left has them all.
  for (const row of (await own.undelivered()).toSorted((a, b) => Number(isExported(a)) - Number(isExported(b)))) {
    const sealed = await own.sealed(row.id);
    if (!sealed) continue;
    const attached = row.attachments ? await own.attachments(row.id) : [];
    const size = sealed.body.length + attached.reduce((sum, each) => sum + each.size, 0);
    if (
      as === 'codes'
        ? attached.length > 0 || bytes + size > MOST_CODE_BYTES
        : runs.length > 0 && bytes + size > MOST_BYTES
    ) {
      if (!isExported(row)) left += 1;
      continue;
    }
    bytes += size;
    runs.push({ id: row.id, seq: row.seq, body: sealed.body, files: await filesOf(own, attached) });
    marked.push(row);
  }
  if (runs.length === 0 && left > 0)
    throw transferFault('no-small-run', 'Each run that waits has files, or is too large for QR codes.');
  if (runs.length === 0) throw transferFault('nothing', 'There is no run to export: every one has been delivered.');
  const firstTime = marked.filter((row) => !isExported(row)).map(({ id }) => id);
  try {
    for (const row of marked) await mark(own, row, { kind: 'exported', at });
    return { ...(await makeRunBundle(station, runs, signer, at)), firstTime, left };
  } catch (thrown) {
    await forgetExport(own, firstTime);
    throw thrown;
  }
}

function isExported({ exported_at }: RunRow): boolean {
  return exported_at !== undefined;
}

/** Without one that cannot be read here: the run is worth more, and its row says what it lacks. */
async function filesOf(own: OwnRuns, attached: readonly Attachment[]): Promise<BundledFile[]> {
  const files: BundledFile[] = [];
  for (const { id, name, content_type, size, sha256 } of attached) {
    const bytes = await own.attachmentBytes(id);
    if (bytes) files.push({ name, content_type, size, sha256: plainHash(sha256), bytes });
  }
  return files;
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
