/**
 * The container: a ZIP whose entries are stored, not compressed, so that any tool on any machine can look inside.
 *
 * The only file that knows fflate, which is loaded when a file is made or opened. What it reads comes from strangers:
 * sizes and counts are judged before anything is copied. Knows nothing of what the entries mean.
 */
import type { Unzipped } from 'fflate';
import { transferFault } from '#sync/transfer/transfer-fault.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface Zip {
  readonly entries: ReadonlyMap<string, Bytes>;
  /** Names that stand in it more than once; readers disagree which one counts. */
  readonly doubled: readonly string[];
}

/** 70,000 runs of 7 kB; a tab that unpacks more may be ended by the browser. */
export const MOST_BYTES = 512 * 1024 * 1024;
/** Of an entry in the central directory, APPNOTE 4.3.12: no file has more entries than fit into it. */
const LEAST_ENTRY_BYTES = 46;
const STORED = 0;
/** What a ZIP can say, a day from its edges: a machine with an empty battery begins in 1970, and still has runs to save. */
const [EARLIEST_MS, LATEST_MS] = [Date.UTC(1980, 0, 2), Date.UTC(2099, 11, 30)];
/** Local file header, APPNOTE 4.3.7: what every file of ours begins with. */
const BEGIN = [0x50, 0x4b, 0x03, 0x04];

export async function writeZip(entries: ReadonlyMap<string, Bytes>, madeAt: Date): Promise<Bytes> {
  const { zipSync } = await import('fflate');
  const mtime = new Date(Math.min(LATEST_MS, Math.max(EARLIEST_MS, madeAt.getTime())));
  return zipSync(Object.fromEntries(entries), { level: STORED, mtime }) as Bytes;
}

/** @throws {Fault} `unreadable`, `cut`, `too-large` */
export async function readZip(bytes: Bytes): Promise<Zip> {
  if (bytes.length > MOST_BYTES) throw transferFault('too-large', 'This file is larger than any station can open.');
  if (BEGIN.some((byte, at) => bytes[at] !== byte))
    throw transferFault('unreadable', 'This is not a file that a station has made.');
  const { unzipSync } = await import('fflate');
  const seen = new Set<string>();
  const doubled = new Set<string>();
  let count = 0;
  let sum = 0;
  let packedAnew = '';
  let unpacked: Unzipped;
  try {
    unpacked = unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        count += 1;
        sum += size;
        if (count > bytes.length / LEAST_ENTRY_BYTES || sum > bytes.length)
          throw new Error('it names more than it has');
        if (compression !== STORED || size !== originalSize) packedAnew = name;
        if (packedAnew !== '') return false;
        if (seen.has(name)) doubled.add(name);
        seen.add(name);
        return true;
      },
    });
  } catch (thrown) {
    throw transferFault('cut', 'This file is not whole: its end is missing or its contents cannot be found.', thrown);
  }
  if (packedAnew !== '')
    throw transferFault('unreadable', `Another program has packed this file anew: ${packedAnew} is compressed.`);
  return { entries: new Map(Object.entries(unpacked) as [string, Bytes][]), doubled: [...doubled] };
}
