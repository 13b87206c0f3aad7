/** Where an engine test's files go: a list in memory. */
import { createHash } from 'node:crypto';
import type { KeepFile } from '#engine/run-files.ts';
import type { NewAttachment } from '#record/attachment.ts';

/** At once: a fake clock knows nothing of threads. */
const hashOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export class KeptFiles {
  readonly files: NewAttachment[] = [];

  readonly keep: KeepFile = async (file) => {
    this.files.push(file);
    const { name, contentType, bytes } = file;
    return { name, content_type: contentType, size: bytes.length, sha256: hashOf(bytes) };
  };

  /** Their texts by name. */
  get texts(): Record<string, string> {
    return Object.fromEntries(this.files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]));
  }
}
