/**
 * Files of undelivered runs between store and second copy, in both directions, a few chunks at a time.
 *
 * What is taken back begins its way anew: the outbox asks the run what it has before it links anything (sync/outbox, rule 22).
 * Above it: mend.ts and second-copy.ts. Knows nothing of why something was lost.
 */
import type { Attachment } from '#record/attachment.ts';
import { CHUNK_BYTES, attachmentsOf, chunkReader } from '#storage/store/attachments.ts';
import type { ShadowFiles } from '#storage/store/shadow-files.ts';
import type { FileTables } from '#storage/store/tables.ts';

/** Of one transaction, and so of memory. */
const BATCH_CHUNKS = 16;

/** From the second copy into the store; what is whole here stays as it is. @returns how many came back */
export async function restoreFiles(tables: FileTables, shadow: ShadowFiles, run: string): Promise<number> {
  let count = 0;
  const here = new Set((await attachmentsOf(tables, run)).map(({ id }) => id));
  for (const file of (await shadow.of(run)).filter(({ id }) => !here.has(id)))
    if (await restoreChunks(tables, shadow, file)) {
      await tables.attachments.put({ ...file, state: 'STAGED', remote_id: '', attempts: 0, reason: '' });
      count += 1;
    }
  return count;
}

/** The bytes alone: the file itself is known here. @returns false when the second copy has them no more than the store */
export async function restoreChunks(tables: FileTables, shadow: ShadowFiles, file: Attachment): Promise<boolean> {
  const count = Math.ceil(file.size / CHUNK_BYTES);
  for (let from = 0; from < count; from += BATCH_CHUNKS) {
    const batch = [];
    for (let n = from; n < Math.min(count, from + BATCH_CHUNKS); n++) {
      const bytes = await shadow.chunk(file.id, n);
      if (!bytes) return false;
      batch.push({ id: file.id, n, bytes });
    }
    await tables.chunks.bulkPut(batch);
  }
  return true;
}

/** From the store into the second copy, as far as it can be read. */
export async function copyFiles(tables: FileTables, shadow: ShadowFiles, run: string): Promise<void> {
  const there = new Set((await shadow.of(run)).map(({ id }) => id));
  for (const file of await attachmentsOf(tables, run))
    if (!there.has(file.id)) await shadow.keep(file, chunkReader(tables, file.id));
}
