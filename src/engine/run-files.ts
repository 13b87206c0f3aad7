/**
 * The files of one run: each name once, neither too many nor too large, and on disk before anybody hears of them.
 *
 * Above: run-attempt.ts. Where the bytes go is handed in by the door. Knows nothing of storage.
 */
import { Fault } from '#base/fault.ts';
import { LONGEST_FILE_BYTES, MOST_FILES, type NewAttachment } from '#record/attachment.ts';
import type { FileRecord } from '#record/run-record.ts';

/** Resolves when the file is safe, as a whole. */
export type KeepFile = (file: NewAttachment) => Promise<FileRecord>;

/** Takes the files of a phase. */
export interface TakesFiles {
  /** @throws {Fault} `file-too-large`, `too-many-files`, and whatever keeping throws */
  add(file: NewAttachment): Promise<FileRecord>;
}

/** Keeps a file with each of several runs, under one name that is free in all of them. */
export async function addToAll(all: readonly RunFiles[], file: NewAttachment): Promise<FileRecord> {
  const name = freeName(file.name, (one) => all.every((files) => files.isFree(one)));
  const records: FileRecord[] = [];
  for (const files of all) records.push(await files.add({ ...file, name }));
  const [record] = records;
  if (!record) throw new Fault('aborted', 'Every run was stopped before the file came.', 'Test the units again.');
  return record;
}

export class RunFiles implements TakesFiles {
  readonly #keep: KeepFile;
  /** Without case: some disks know none. */
  readonly #names = new Set<string>();

  constructor(keep: KeepFile) {
    this.#keep = keep;
  }

  isFree(name: string): boolean {
    return !this.#names.has(name.toLowerCase());
  }

  async add(file: NewAttachment): Promise<FileRecord> {
    const { length } = file.bytes;
    if (length > LONGEST_FILE_BYTES)
      throw new Fault(
        'file-too-large',
        `${file.name} has ${Math.ceil(length / 2 ** 20)} MiB; a file may have ${LONGEST_FILE_BYTES / 2 ** 20}.`,
        'Let the instrument send less, or attach it in parts.',
      );
    if (this.#names.size >= MOST_FILES)
      throw new Fault(
        'too-many-files',
        `${file.name} would be file ${MOST_FILES + 1} of this run; ${MOST_FILES} are allowed.`,
        'Gather what belongs together into one file.',
      );
    const free = freeName(file.name, (one) => this.isFree(one));
    this.#names.add(free.toLowerCase());
    const { name, content_type, size, sha256 } = await this.#keep({ ...file, name: free });
    return { name, content_type, size, sha256 };
  }
}

/** `trace.csv`, then `trace-2.csv`: a second attempt must not hide the first. */
function freeName(wanted: string, isFree: (name: string) => boolean): string {
  const dot = wanted.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ''];
  let name = wanted;
  for (let n = 2; !isFree(name); n++) name = `${stem}-${n}${ending}`;
  return name;
}
