/**
 * Files of the air gap at the queue screen: what was asked for, what came of it, and what is carried for others.
 *
 * One thing at a time. A file that was made waits here until the person says how it leaves. Knows nothing of how a file
 * is made or checked: the station does that.
 */
import type { FolderHandle, OpenedFolder } from '#engine/link/folder-link.ts';
import type { ExportedFile, OpenedFile, TakenFrame, TransferFile, TransferState } from '#engine/link/transfer-link.ts';
import { Loaded, wordOf } from '#ui/parts/loaded.svelte.ts';
import type { Save } from '#ui/queue/save-file.ts';
import * as words from '#ui/queue/transfer-words.ts';
import type { Said } from '#ui/queue/transfer-words.ts';
import type { StationPort } from '#ui/station-port.ts';

/** A file that is made and has not left yet. */
export interface Outgoing {
  readonly file: TransferFile;
  /** Whose runs a receipt is for; null for runs. */
  readonly origin: string | null;
  /** As texts for QR codes, once it is shown so. */
  readonly frames: readonly string[] | null;
}

/** A file, or the files of a folder, that wait for a person's word about a key. */
export interface KeyQuestion {
  readonly station: string;
  readonly fingerprint: string;
  readonly source: File | FolderHandle;
}

export class TransferDesk {
  readonly #call: StationPort['call'];
  readonly #state = new Loaded<TransferState>();
  #said = $state.raw<readonly Said[]>([]);
  #questions = $state.raw<readonly KeyQuestion[]>([]);
  #outgoing = $state.raw<Outgoing | null>(null);
  #isBusy = $state(false);
  /** What is under way, or was. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(call: StationPort['call']) {
    this.#call = call;
  }

  /** The last that was heard: the list of runs beside it says when the store cannot be read. */
  get state(): TransferState | undefined {
    return this.#state.value;
  }

  /** The last thing that was done, file by file. */
  get said(): readonly Said[] {
    return this.#said;
  }

  get questions(): readonly KeyQuestion[] {
    return this.#questions;
  }

  get outgoing(): Outgoing | null {
    return this.#outgoing;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  refresh(): Promise<void> {
    return this.#state.ask(() => this.#call.transfers());
  }

  /** Makes a file of what waits; or as much of it as a person would read as QR codes, and shows those. */
  export(as: 'file' | 'codes'): Promise<void> {
    return this.#alone(async () => {
      await this.#giveUp();
      const file = await this.#call.exportRuns(as);
      this.#outgoing = { file, origin: null, frames: null };
      if (as === 'codes') await this.#showFrames();
      return [];
    });
  }

  receipt(origin: string): Promise<void> {
    return this.#alone(async () => {
      await this.#giveUp();
      this.#outgoing = { file: await this.#call.writeReceipt(origin), origin, frames: null };
      return [];
    });
  }

  showCodes(): Promise<void> {
    return this.#alone(async () => (await this.#showFrames(), []));
  }

  /** Closed without a choice, the file stays for another way. */
  handOut(save: Save): Promise<void> {
    return this.#alone(async () => {
      const { file } = this.#outgoing!;
      return (await save(file)) ? this.#left(false) : this.#said;
    });
  }

  /** The codes were read. */
  codesRead(): Promise<void> {
    return this.#alone(async () => this.#left(true));
  }

  /** The file does not leave: its runs are as before. */
  keepBack(): Promise<void> {
    return this.#alone(async () => {
      await this.#giveUp();
      return [words.saidOfNotKept()];
    });
  }

  /** Another way than QR codes. */
  hideCodes(): void {
    if (this.#outgoing) this.#outgoing = { ...this.#outgoing, frames: null };
  }

  open(files: readonly File[]): Promise<void> {
    return this.#alone(async () => {
      this.#questions = [];
      const said: Said[] = [];
      for (const file of files) said.push(await this.#open(file));
      return said;
    });
  }

  /** Handed in from outside of this screen, and not again: whatever is under way here ends first. */
  async openNext(files: readonly File[]): Promise<void> {
    while (this.#isBusy) await this.#work;
    await this.open(files);
  }

  openFolder(handle: FolderHandle): Promise<void> {
    return this.#alone(async () => {
      this.#questions = [];
      return [await this.#openFolder(handle, [])];
    });
  }

  /** The person has compared the fingerprints. */
  accept({ source, fingerprint }: KeyQuestion): Promise<void> {
    return this.#alone(async () => {
      this.#questions = this.#questions.filter((each) => each.source !== source || each.fingerprint !== fingerprint);
      return [
        source instanceof File ? await this.#open(source, fingerprint) : await this.#openFolder(source, [fingerprint]),
      ];
    });
  }

  /** What a camera or a scanner has read. The last one that is missing opens the file. */
  async takeFrame(text: string): Promise<TakenFrame> {
    const taken = await this.#call.takeFrame(text);
    // The station has forgotten them by now.
    if (taken.file) await this.openNext([new File([taken.file], 'QR codes')]);
    return taken;
  }

  async forgetFrames(): Promise<void> {
    await this.#call.forgetFrames();
  }

  async #showFrames(): Promise<void> {
    const { file } = this.#outgoing!;
    this.#outgoing = { ...this.#outgoing!, frames: await this.#call.framesOf(file.bytes) };
  }

  #left(asCodes: boolean): readonly Said[] {
    const { file, origin } = this.#outgoing!;
    this.#outgoing = null;
    return [
      origin === null ? words.saidOfExport(file as ExportedFile, asCodes) : words.saidOfReceipt(origin, file, asCodes),
    ];
  }

  async #giveUp(): Promise<void> {
    const outgoing = this.#outgoing;
    this.#outgoing = null;
    if (outgoing?.origin === null) await this.#call.forgetExport((outgoing.file as ExportedFile).firstTime);
  }

  async #open(file: File, acceptedKey?: string): Promise<Said> {
    let opened: OpenedFile;
    try {
      opened = await this.#call.openTransfer(new Uint8Array(await file.arrayBuffer()), acceptedKey);
    } catch (thrown) {
      return words.saidOfFault(wordOf(thrown), file.name);
    }
    const { refusal, station, fingerprint } = opened;
    if (refusal?.code === 'other-key') this.#questions = [...this.#questions, { station, fingerprint, source: file }];
    return words.saidOfOpened(file.name, opened);
  }

  async #openFolder(handle: FolderHandle, acceptedKeys: readonly string[]): Promise<Said> {
    const opened: OpenedFolder = await this.#call.openFolder(handle, acceptedKeys);
    const asked = opened.questions.map((question) => ({ ...question, source: handle }));
    this.#questions = [...this.#questions.filter(({ source }) => source !== handle), ...asked];
    return words.saidOfFolder(opened);
  }

  #alone(work: () => Promise<readonly Said[]>): Promise<void> {
    if (this.#isBusy) return Promise.resolve();
    const done = this.#do(work);
    this.#work = done;
    return done;
  }

  async #do(work: () => Promise<readonly Said[]>): Promise<void> {
    this.#isBusy = true;
    try {
      this.#said = await work();
    } catch (thrown) {
      this.#said = [words.saidOfFault(wordOf(thrown))];
    } finally {
      this.#isBusy = false;
      await this.refresh();
    }
  }
}
