/**
 * Writes the receipt for one station's runs that were delivered from here, and remembers that it was written.
 *
 * Written again, it names the same runs and those delivered since. Knows nothing of screens.
 */
import type { Signer } from '#sync/transfer/bag.ts';
import { makeReceipt, type ReceiptEntry } from '#sync/transfer/receipt.ts';
import { plainHash } from '#sync/transfer/bundled-files.ts';
import type { TransferFile } from '#sync/transfer/run-bundle.ts';
import type { CarriedRuns } from '#sync/transfer/transfer-ports.ts';

/** @throws {Fault} `nothing` */
export async function writeReceipt(
  carried: CarriedRuns,
  origin: string,
  station: string,
  signer: Signer,
  at: string,
): Promise<TransferFile> {
  const rows = await carried.delivered(origin);
  const runs: ReceiptEntry[] = [];
  for (const { id, seq, sha256, remote_id, attachments } of rows) {
    const files = (attachments ? await carried.attachments(id) : []).filter(({ state }) => state === 'LINKED');
    const named = files.map((file) => ({ name: file.name, sha256: plainHash(file.sha256) }));
    const entry = { client_run_id: id, station_seq: seq, sha256, run_id: remote_id };
    runs.push(named.length === 0 ? entry : { ...entry, files: named });
  }
  const file = await makeReceipt(station, { origin, runs }, signer, at);
  await carried.markReceipted(
    rows.map(({ id }) => id),
    at,
  );
  return file;
}
