/**
 * Files of the air gap at the queue screen: what was asked for, what came of it, and what is carried for others.
 *
 * One thing at a time. Knows nothing of how a file is made or checked: the station does that.
 */
import type { OpenedFile, TransferState } from '#engine/link/transfer-link.ts';
import { Loaded, wordOf } from '#ui/parts/loaded.svelte.ts';
import type { Save } from '#ui/queue/save-file.ts';
import {
  type Said,
  saidOfExport,
  saidOfFault,
  saidOfNotKept,
  saidOfOpened,
  saidOfReceipt,
} from '#ui/queue/transfer-words.ts';
import type { StationPort } from '#ui/station-port.ts';

/** A file that waits for a person's word about its key. */
export interface KeyQuestion {
  readonly file: File;
  readonly station: string;
  readonly fingerprint: string;
}

export class TransferDesk {
  readonly #call: StationPort['call'];
  readonly #state = new Loaded<TransferState>();
  #said = $state.raw<readonly Said[]>([]);
  #questions = $state.raw<readonly KeyQuestion[]>([]);
  #isBusy = $state(false);

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

  get isBusy(): boolean {
    return this.#isBusy;
  }

  refresh(): Promise<void> {
    return this.#state.ask(() => this.#call.transfers());
  }

  export(save: Save): Promise<void> {
    return this.#alone(async () => {
      const file = await this.#call.exportRuns();
      const isKept = await save(file).catch(async (thrown: unknown) => {
        await this.#call.forgetExport(file.firstTime);
        throw thrown;
      });
      if (!isKept) await this.#call.forgetExport(file.firstTime);
      return [isKept ? saidOfExport(file) : saidOfNotKept()];
    });
  }

  open(files: readonly File[]): Promise<void> {
    return this.#alone(async () => {
      this.#questions = [];
      const said: Said[] = [];
      for (const file of files) said.push(await this.#open(file));
      return said;
    });
  }

  /** The person has compared the fingerprints. */
  accept({ file, fingerprint }: KeyQuestion): Promise<void> {
    return this.#alone(async () => {
      this.#questions = this.#questions.filter((question) => question.file !== file);
      return [await this.#open(file, fingerprint)];
    });
  }

  receipt(origin: string, save: Save): Promise<void> {
    return this.#alone(async () => {
      const file = await this.#call.writeReceipt(origin);
      return [(await save(file)) ? saidOfReceipt(origin, file) : saidOfNotKept()];
    });
  }

  async #open(file: File, acceptedKey?: string): Promise<Said> {
    let opened: OpenedFile;
    try {
      opened = await this.#call.openTransfer(new Uint8Array(await file.arrayBuffer()), acceptedKey);
    } catch (thrown) {
      return saidOfFault(wordOf(thrown), file.name);
    }
    const { refusal, station, fingerprint } = opened;
    if (refusal?.code === 'other-key') this.#questions = [...this.#questions, { file, station, fingerprint }];
    return saidOfOpened(file.name, opened);
  }

  async #alone(work: () => Promise<readonly Said[]>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      this.#said = await work();
    } catch (thrown) {
      this.#said = [saidOfFault(wordOf(thrown))];
    } finally {
      this.#isBusy = false;
      await this.refresh();
    }
  }
}
