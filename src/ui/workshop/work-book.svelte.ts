/**
 * One procedure that is being written: its texts as they stand in the editor and as they were read, and the rest of its
 * folder.
 *
 * Saving writes what has changed, and nothing that somebody else has changed meanwhile. Knows nothing of editors.
 */
import { Fault } from '#base/fault.ts';
import type { EditedFolder } from '#engine/link/editing-link.ts';
import type { WorkshopDraft } from '#engine/link/workshop-link.ts';
import { fileAt, isText, stampOf, writeInto, type FoundFile, type Stamp } from '#ui/workshop/folder-files.ts';

const PROCEDURE_FILES = ['procedure.yaml', 'procedure.yml'];
/** In this order; then everything else by its name. */
const FIRST = [...PROCEDURE_FILES, 'bench.yaml'];

export class WorkText {
  readonly path: string;
  #text = $state.raw('');
  #saved = $state.raw<string | null>(null);
  /** Of the file on the disk; null: it is not there yet. */
  stamp: Stamp | null;

  /** @param saved null: it was never anywhere */
  constructor(path: string, text: string, saved: string | null, stamp: Stamp | null) {
    this.path = path;
    this.#text = text;
    this.#saved = saved;
    this.stamp = stamp;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
  }

  get saved(): string | null {
    return this.#saved;
  }

  get isChanged(): boolean {
    return this.#text !== this.#saved;
  }

  wasSaved(text: string, stamp: Stamp | null): void {
    this.#saved = text;
    this.stamp = stamp;
  }
}

export class WorkBook {
  readonly name: string;
  /** `procedure.yaml`, or `.yml`. */
  readonly file: string;
  readonly texts: readonly WorkText[];
  /** Files that are no texts. */
  readonly others: readonly FoundFile[];
  /** null: it came from nowhere that can be written. */
  #folder = $state.raw<FileSystemDirectoryHandle | null>(null);

  constructor(
    name: string,
    texts: readonly WorkText[],
    others: readonly FoundFile[],
    folder: FileSystemDirectoryHandle | null,
  ) {
    const rank = ({ path }: WorkText) => (FIRST.includes(path) ? FIRST.indexOf(path) : FIRST.length);
    this.name = name;
    this.texts = texts.toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
    this.others = others;
    this.file = this.texts.find(({ path }) => PROCEDURE_FILES.includes(path))?.path ?? 'procedure.yaml';
    this.#folder = folder;
  }

  /** @throws {Fault} `no-procedure` */
  static async open(name: string, found: readonly FoundFile[], folder: FileSystemDirectoryHandle | null) {
    if (!found.some(({ path }) => PROCEDURE_FILES.includes(path)))
      throw new Fault(
        'no-procedure',
        `There is no ${PROCEDURE_FILES[0]} in “${name}”.`,
        'Open the folder that holds it, or begin with a template.',
      );
    const texts: WorkText[] = [];
    const others: FoundFile[] = [];
    for (const one of found) {
      const text = isText(one) ? await textOf(one.file) : null;
      if (text === null) others.push(one);
      else texts.push(new WorkText(one.path, text, text, one.stamp));
    }
    return new WorkBook(name, texts, others, folder);
  }

  /** Of no folder yet. */
  static made(name: string, files: Readonly<Record<string, string>>): WorkBook {
    const texts = Object.entries(files).map(([path, text]) => new WorkText(path, text, null, null));
    return new WorkBook(name, texts, [], null);
  }

  get folder(): FileSystemDirectoryHandle | null {
    return this.#folder;
  }

  get isChanged(): boolean {
    return this.texts.some(({ isChanged }) => isChanged);
  }

  get main(): WorkText {
    return this.at(this.file)!;
  }

  at(path: string): WorkText | undefined {
    return this.texts.find((one) => one.path === path);
  }

  get edited(): EditedFolder {
    return {
      name: this.name,
      file: this.file,
      texts: this.texts.map(({ path, text }) => [path, text]),
      others: this.others.map(({ path, file }) => [path, file.size]),
    };
  }

  /** What a screen of it shows; null when there is no such file. */
  async bytesOf(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const text = this.at(path)?.text;
    if (text !== undefined) return new TextEncoder().encode(text);
    const other = this.others.find((one) => one.path === path);
    return other ? new Uint8Array(await other.file.arrayBuffer()) : null;
  }

  /**
   * Writes what has changed.
   * @param mayReplace paths that somebody else has changed and a person lets go
   * @returns paths that somebody else has changed since they were read: none of anything was written then
   */
  async saveInto(folder: FileSystemDirectoryHandle, mayReplace: readonly string[] = []): Promise<readonly string[]> {
    const isNew = folder !== this.#folder;
    const wanted = this.texts.filter(({ isChanged }) => isChanged || isNew);
    const foreign: string[] = [];
    for (const text of wanted) {
      const there = await fileAt(folder, text.path);
      if (there && !mayReplace.includes(text.path) && (await isForeign(text, there, isNew))) foreign.push(text.path);
    }
    if (foreign.length > 0) return foreign;
    for (const one of wanted) {
      const { path, text } = one;
      one.wasSaved(text, await writeInto(folder, path, text));
    }
    this.#folder = folder;
    return [];
  }

  draft(now: string): WorkshopDraft {
    const texts = this.texts.map(({ path, text, saved }) => ({ path, text, saved }));
    return { savedAt: now, name: this.name, file: this.file, texts, folder: this.#folder };
  }

  /** What was being written. Time has passed: what lies in the folder now is compared by its content when it is saved. */
  static ofDraft({ name, texts, folder }: WorkshopDraft, found: readonly FoundFile[]): WorkBook {
    const made = texts.map(({ path, text, saved }) => new WorkText(path, text, saved, null));
    const others = found.filter((one) => !isText(one));
    return new WorkBook(name, made, others, folder as FileSystemDirectoryHandle | null);
  }
}

/** With its mark of byte order, if it has one: what is not changed must stay the same bytes. @returns null: it is none */
async function textOf(file: File): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch (thrown) {
    if (thrown instanceof TypeError) return null;
    throw thrown;
  }
}

/** Time and size are quick to ask; where they differ, or say nothing, the content decides. */
async function isForeign({ saved, text, stamp }: WorkText, there: File, isNew: boolean): Promise<boolean> {
  const now = stampOf(there);
  if (!isNew && stamp && now.size === stamp.size && now.modifiedMs === stamp.modifiedMs) return false;
  const content = await textOf(there);
  return content !== saved && content !== text;
}
