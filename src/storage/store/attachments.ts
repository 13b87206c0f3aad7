/**
 * Files of runs: their bytes as small arrays, because blobs and fresh private files lost theirs in simulated power cuts.
 *
 * A file is on disk as a whole or not at all, and only before its run is sealed. What is read is checked against its
 * SHA-256. Knows nothing of where files go.
 */
import Dexie from 'dexie';
import { Fault } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import type { Attachment, NewAttachment } from '#record/attachment.ts';
import type { AttachmentChunk, FileTables, Tables } from '#storage/store/tables.ts';

/** Small enough that one put blocks nothing, large enough that a photograph is a dozen rows. */
export const CHUNK_BYTES = 256 * 1024;
const LONGEST_NAME = 255;

export async function addAttachment(tables: Tables, run: string, file: NewAttachment): Promise<Attachment> {
  const { name, contentType, bytes } = file;
  if (name === '' || name.length > LONGEST_NAME)
    throw new Fault('failed', `A file name has 1 to ${LONGEST_NAME} characters.`, 'Give the file a shorter name.');
  // Hashed before the transaction: awaiting anything else would end it.
  const hash = await sha256(bytes);
  const { runs, attachments, chunks } = tables;
  return tables.transaction('rw', [runs, attachments, chunks], async () => {
    const row = await runs.get(run);
    if (row?.state !== 'RUNNING')
      throw new Fault('failed', `Run ${run} is not open, so it takes no file.`, 'Add files before the run ends.');
    const n = row.attachments ?? 0;
    const attachment: Attachment = {
      id: `${run}/${n}`,
      run,
      n,
      name,
      content_type: contentType,
      size: bytes.length,
      sha256: hash,
      state: 'STAGED',
      remote_id: '',
      attempts: 0,
      reason: '',
    };
    await attachments.add(attachment);
    await chunks.bulkAdd(chunksOf(attachment.id, bytes));
    await runs.put({ ...row, attachments: n + 1 });
    return attachment;
  });
}

/** In the order in which they were added. */
export async function attachmentsOf({ attachments }: FileTables, run: string): Promise<Attachment[]> {
  return (await attachments.where('run').equals(run).toArray()).sort((a, b) => a.n - b.n);
}

/** @returns undefined when the bytes are not all there, or are others than were stored */
export async function attachmentBytes(
  { attachments, chunks }: FileTables,
  id: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const attachment = await attachments.get(id);
  if (!attachment) return undefined;
  const parts = await chunks.where('[id+n]').between([id, Dexie.minKey], [id, Dexie.maxKey]).toArray();
  if (parts.reduce((sum, part) => sum + part.bytes.length, 0) !== attachment.size) return undefined;
  const bytes = new Uint8Array(attachment.size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
  return (await sha256(bytes)) === attachment.sha256 ? bytes : undefined;
}

/** One chunk by its number; undefined when it cannot be had. */
export type ReadChunk = (n: number) => Promise<Uint8Array<ArrayBuffer> | undefined>;

export function chunkReader({ chunks }: Pick<FileTables, 'chunks'>, id: string): ReadChunk {
  return async (n) => (await chunks.get([id, n]).catch(() => undefined))?.bytes;
}

/** Copies: a view would be stored with all that it was cut from. */
export function chunksIn(bytes: Uint8Array<ArrayBuffer>): ReadChunk {
  return async (n) => bytes.slice(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES);
}

/** Compare and replace in one transaction, as rows are moved. What the file is never changes. */
export function moveAttachment(
  { attachments }: FileTables,
  from: Pick<Attachment, 'id' | 'state' | 'attempts'>,
  to: Partial<Pick<Attachment, 'state' | 'remote_id' | 'attempts' | 'reason'>>,
): Promise<boolean> {
  return attachments.db.transaction('rw', attachments, async () => {
    const now = await attachments.get(from.id);
    if (now?.state !== from.state || now.attempts !== from.attempts) return false;
    await attachments.put({ ...now, ...to });
    return true;
  });
}

/** Takes the files of these runs off the disk, inside the caller's transaction; asked only for delivered runs. */
export async function dropAttachments({ attachments, chunks }: FileTables, runs: readonly string[]): Promise<void> {
  const ids = await attachments.where('run').anyOf(runs).primaryKeys();
  await dropChunks({ chunks }, ids);
  await attachments.bulkDelete(ids);
}

/** The bytes of these files alone, inside the caller's transaction. */
export async function dropChunks({ chunks }: Pick<FileTables, 'chunks'>, ids: readonly string[]): Promise<void> {
  for (const id of ids) await chunks.where('[id+n]').between([id, Dexie.minKey], [id, Dexie.maxKey]).delete();
}

/** Copies: a view would be stored with all that it was cut from. */
export function chunksOf(id: string, bytes: Uint8Array<ArrayBuffer>): AttachmentChunk[] {
  return Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, n) => ({
    id,
    n,
    bytes: bytes.slice(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES),
  }));
}
