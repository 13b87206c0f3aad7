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

export class RunFiles {
  readonly #keep: KeepFile;
  /** Without case: some disks know none. */
  readonly #names = new Set<string>();

  constructor(keep: KeepFile) {
    this.#keep = keep;
  }

  /** @throws {Fault} `file-too-large`, `too-many-files`, and whatever keeping throws */
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
    const { name, content_type, size, sha256 } = await this.#keep({ ...file, name: this.#free(file.name) });
    return { name, content_type, size, sha256 };
  }

  /** `trace.csv`, then `trace-2.csv`: a second attempt must not hide the first. */
  #free(wanted: string): string {
    const dot = wanted.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ''];
    let name = wanted;
    for (let n = 2; this.#names.has(name.toLowerCase()); n++) name = `${stem}-${n}${ending}`;
    this.#names.add(name.toLowerCase());
    return name;
  }
}
