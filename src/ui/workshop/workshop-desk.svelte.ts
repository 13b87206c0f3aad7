/**
 * The workshop's mind: what is open, what is wrong with it, saving, packing, and the draft that outlives a crash.
 *
 * One a page, so that another screen of the app loses nothing. Below: work-book.svelte.ts, trial.svelte.ts. Knows nothing
 * of elements.
 */
import { Fault } from '#base/fault.ts';
import type { PackedFile } from '#engine/link/editing-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { WorkshopBench, WorkshopDraft, WorkshopPace } from '#engine/link/workshop-link.ts';
import { STARTER_BENCH, starterProcedure } from '#procedure/starter.ts';
import { allowFolder, pickFolder } from '#ui/parts/folder-picker.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';
import { FolderCheck } from '#ui/workshop/folder-check.svelte.ts';
import { filesIn, filesOf } from '#ui/workshop/folder-files.ts';
import { Trial } from '#ui/workshop/trial.svelte.ts';
import { WorkBook } from '#ui/workshop/work-book.svelte.ts';

/** After the last key: shorter than a look up from the keyboard. */
const CHECK_AFTER_MS = 250;
/** A crash costs at most what was typed in this time. */
const DRAFT_AFTER_MS = 1_000;

export class WorkshopDesk {
  readonly trial: Trial;
  readonly check: FolderCheck;
  serial = $state('');
  bench = $state<WorkshopBench>('simulated');
  readonly #port: StationPort;
  readonly #now: () => Date;
  #book = $state.raw<WorkBook | null>(null);
  #path = $state.raw('procedure.yaml');
  #draft = $state.raw<WorkshopDraft | null>(null);
  #problem = $state.raw<Word | null>(null);
  #said = $state.raw('');
  /** Files that somebody else has changed: nothing was saved. */
  #foreign = $state.raw<readonly string[]>([]);
  #ranText = $state.raw<string | null>(null);
  /** Where they lie, when that is not the book’s own folder yet. */
  #wanted: FileSystemDirectoryHandle | null = null;
  #timers: Partial<Record<'check' | 'draft', ReturnType<typeof setTimeout>>> = {};

  constructor(port: StationPort, now: () => Date) {
    this.#port = port;
    this.#now = now;
    this.check = new FolderCheck(port);
    this.trial = new Trial(port, async (path) => (await this.#book?.bytesOf(path)) ?? null);
  }

  get book(): WorkBook | null {
    return this.#book;
  }

  /** The text in the editor. */
  get path(): string {
    return this.#path;
  }

  /** From before a crash or a reload; null once it was taken up or put away. */
  get draft(): WorkshopDraft | null {
    return this.#draft;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  /** What was done last, for a screen reader too. */
  get said(): string {
    return this.#said;
  }

  /** The procedure as it was tried last: what is marked in it belongs to this text. */
  get ranText(): string | null {
    return this.#ranText;
  }

  get foreign(): readonly string[] {
    return this.#foreign;
  }

  /** The screen is there. */
  async begin(): Promise<void> {
    await this.#guarded(async () => {
      await this.check.begin();
      if (!this.#book) this.#draft = await this.#port.call.draft();
    });
  }

  /** In a click. */
  async openFolder(): Promise<void> {
    await this.#guarded(async () => {
      const handle = await pickFolder('readwrite');
      const folder = handle as FileSystemDirectoryHandle | null;
      if (folder) this.#take(await WorkBook.open(folder.name, await filesIn(folder), folder));
    });
  }

  async openFiles(files: Iterable<File>): Promise<void> {
    await this.#guarded(async () => this.#take(await WorkBook.open('these files', filesOf(files), null)));
  }

  openTemplate(): void {
    const files = { 'procedure.yaml': starterProcedure('Board'), 'bench.yaml': STARTER_BENCH };
    this.#take(WorkBook.made('board', files));
  }

  /** Of the station. */
  async openReleased(folder: string): Promise<void> {
    await this.#guarded(async () =>
      this.#take(WorkBook.made(folder, Object.fromEntries(await this.#port.call.releasedTexts(folder)))),
    );
  }

  /** In a click: the browser asks again for the folder. */
  async takeUpDraft(): Promise<void> {
    await this.#guarded(async () => {
      const draft = this.#draft;
      if (!draft) return;
      const folder = draft.folder as FileSystemDirectoryHandle | null;
      const found = folder && (await allowFolder(folder)) ? await filesIn(folder) : [];
      // A folder that may not be written any more is one to save into anew.
      this.#take(WorkBook.ofDraft(found.length > 0 ? draft : { ...draft, folder: null }, found));
    });
  }

  async forgetDraft(): Promise<void> {
    this.#draft = null;
    await this.#port.call.keepDraft(null);
  }

  show(path: string): void {
    this.#path = path;
  }

  /** Somebody has typed. */
  typed(path: string, text: string): void {
    const one = this.#book?.at(path);
    if (!one || one.text === text) return;
    one.text = text;
    this.#said = '';
    this.#later('check', CHECK_AFTER_MS, () => void this.#checkNow());
    this.#later('draft', DRAFT_AFTER_MS, () => void this.#keepDraft());
  }

  async run(pace: WorkshopPace): Promise<void> {
    const book = this.#book;
    if (!book || this.trial.isUnderWay) return;
    await this.#checkNow();
    const { file, texts } = book.edited;
    this.#ranText = book.main.text;
    const scripts = this.check.said?.scripts ?? [];
    await this.trial.start({ file, texts, scripts, serial: this.serial, bench: this.bench }, pace);
  }

  /**
   * Back into its folder; where there is none, into one that is picked. In a click, or a press.
   * @returns texts to be downloaded, where the browser has no folders
   */
  async save(mayReplace: readonly string[] = []): Promise<readonly { readonly path: string; readonly text: string }[]> {
    const book = this.#book;
    if (!book) return [];
    this.#foreign = [];
    let loose: readonly { readonly path: string; readonly text: string }[] = [];
    await this.#guarded(async () => {
      const wanted = mayReplace.length > 0 ? this.#wanted : null;
      const picked = () => pickFolder('readwrite') as Promise<FileSystemDirectoryHandle | null>;
      const folder = book.folder ?? wanted ?? (await picked());
      if (folder) {
        if (book.folder && !(await mayWrite(folder)))
          throw new Fault(
            'folder-permission',
            `The browser does not let this page write into “${folder.name}”.`,
            'Save again, and allow it.',
          );
        this.#wanted = folder;
        this.#foreign = await book.saveInto(folder, mayReplace);
        if (this.#foreign.length > 0) return;
        this.#said = `Saved in “${folder.name}”.`;
      } else if (!('showDirectoryPicker' in globalThis)) {
        loose = book.texts.filter(({ isChanged }) => isChanged).map(({ path, text }) => ({ path, text }));
        for (const one of book.texts) one.wasSaved(one.text, null);
        this.#said = 'Saved as downloads.';
      } else return;
      await this.#keepDraft();
    });
    return loose;
  }

  /** Leaves the file on the disk as somebody else has written it, and shows that. */
  async takeTheirs(): Promise<void> {
    await this.#guarded(async () => {
      const folder = this.#book?.folder ?? this.#wanted;
      if (folder) this.#take(await WorkBook.open(folder.name, await filesIn(folder), folder));
    });
  }

  keepMine(): void {
    this.#foreign = [];
  }

  /** @returns null when it cannot be packed, which is said */
  async pack(): Promise<PackedFile | null> {
    const book = this.#book;
    if (!book) return null;
    let packed: PackedFile | null = null;
    await this.#guarded(async () => {
      const others: [string, Uint8Array<ArrayBuffer>][] = [];
      for (const { path, file } of book.others) others.push([path, new Uint8Array(await file.arrayBuffer())]);
      packed = await this.check.pack(book.edited, others);
    });
    return packed;
  }

  sayPacked({ name, release }: PackedFile): void {
    this.#said = `Packed as ${name}, release ${release.slice(0, 'sha256:'.length + 12)}.`;
  }

  /** What is not saved is gone then: a person was asked. */
  close(): void {
    this.trial.stop();
    this.#book = null;
    this.check.forget();
    this.#foreign = [];
    this.#said = '';
    clearTimeout(this.#timers.check);
    clearTimeout(this.#timers.draft);
    void this.#port.call.keepDraft(null);
  }

  #take(book: WorkBook): void {
    this.#book = book;
    this.#path = book.file;
    this.#draft = null;
    this.check.forget();
    this.#foreign = [];
    void this.#checkNow();
    void this.#keepDraft();
  }

  /** What is saved needs none. */
  async #keepDraft(): Promise<void> {
    const book = this.#book;
    const draft = book?.isChanged ? book.draft(this.#now().toISOString()) : null;
    await this.#port.call.keepDraft(draft).catch((thrown: unknown) => (this.#problem = wordOf(thrown)));
  }

  async #checkNow(): Promise<void> {
    const book = this.#book;
    clearTimeout(this.#timers.check);
    if (book) await this.check.ask(book.edited).catch((thrown: unknown) => (this.#problem = wordOf(thrown)));
  }

  #later(name: 'check' | 'draft', delayMs: number, act: () => void): void {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(act, delayMs);
  }

  async #guarded(work: () => Promise<unknown>): Promise<void> {
    this.#problem = null;
    try {
      await work();
    } catch (thrown) {
      this.#problem = wordOf(thrown);
    }
  }
}

async function mayWrite(folder: FileSystemDirectoryHandle): Promise<boolean> {
  const asked = folder as { requestPermission?: unknown };
  return typeof asked.requestPermission !== 'function' || allowFolder(folder);
}

const desks = new WeakMap<object, WorkshopDesk>();

/** One for a station, however often the screen is opened. */
export function deskOf(port: StationPort): WorkshopDesk {
  const known = desks.get(port);
  if (known) return known;
  const desk = new WorkshopDesk(port, () => new Date());
  desks.set(port, desk);
  return desk;
}
