/**
 * What went over a wire in a run, as lines for people; out of the file that went with it.
 *
 * Above: main.ts. Knows nothing of screens.
 */
import type { WireLogView } from '#engine/link/fixture-link.ts';
import { readRecording, wireLine } from '#hardware/transport/wire-recording.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { fileOf } from './file-of.ts';

/** More than a person reads, and less than a page takes a moment for; the end is what explains a failure. */
const MOST_LINES = 5_000;

/** @throws {Fault} `nothing` when it is not on this machine any more, `not-a-wire-log` */
export async function wireLogOf(
  store: Pick<LocalStore, 'attachments' | 'attachmentBytes'>,
  run: string,
  name: string,
): Promise<WireLogView> {
  const { bytes } = await fileOf(store, run, name);
  const { entries, forgottenBytes } = readRecording(new TextDecoder().decode(bytes));
  const firstMs = entries[0]?.atMs ?? 0;
  const lines = entries.slice(-MOST_LINES).map((entry) => {
    const line = wireLine(entry);
    return { ...line, atMs: line.atMs - firstMs };
  });
  return { lines, entries: entries.length, forgottenBytes };
}
