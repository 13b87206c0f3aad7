/**
 * Writing a file so that it is there whole or not at all: beside its place first, on the disk, then in its place.
 *
 * Whoever reads it meanwhile, a web server too, finds the old one or the new one. Knows nothing of what is in it.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cannotWrite } from './release-fault.ts';

/** @throws {Fault} `cannot-write`; then nothing is left beside it */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(content);
      // A power cut must not leave the name without the content.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (thrown) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw cannotWrite(path, thrown);
  }
}
