/**
 * What is wrong with what is being written, asked anew with every change, and what completion may know of it.
 *
 * A later question makes an earlier answer void. Above: workshop-desk.svelte.ts. Knows nothing of files and runs.
 */
import type { CheckedFolder, DriverWords, EditedFolder, PackedFile, WrittenNames } from '#engine/link/editing-link.ts';
import type { EditingPort, StationPort } from '#ui/station-port.ts';

export class FolderCheck {
  readonly #port: Pick<StationPort, 'openWorkshop'>;
  #editing: Promise<EditingPort> | undefined;
  #said = $state.raw<CheckedFolder | null>(null);
  #isUnderWay = $state(false);
  #names = $state.raw<WrittenNames | null>(null);
  #drivers = $state.raw<readonly DriverWords[]>([]);
  #question = 0;

  constructor(port: Pick<StationPort, 'openWorkshop'>) {
    this.#port = port;
  }

  /** The last answer; null before the first. */
  get said(): CheckedFolder | null {
    return this.#said;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Of the last text that loaded. */
  get names(): WrittenNames | null {
    return this.#names;
  }

  get drivers(): readonly DriverWords[] {
    return this.#drivers;
  }

  async begin(): Promise<void> {
    if (this.#drivers.length === 0) this.#drivers = await (await this.#worker()).call.drivers();
  }

  async ask(folder: EditedFolder): Promise<void> {
    const question = ++this.#question;
    this.#isUnderWay = true;
    try {
      const said = await (await this.#worker()).call.check(folder);
      if (question !== this.#question) return;
      this.#said = said;
      this.#names = said.names ?? this.#names;
    } finally {
      if (question === this.#question) this.#isUnderWay = false;
    }
  }

  async pack(
    folder: EditedFolder,
    others: readonly (readonly [path: string, bytes: Uint8Array<ArrayBuffer>])[],
  ): Promise<PackedFile> {
    return (await this.#worker()).call.pack(folder, others);
  }

  /** Another folder: nothing that was said holds for it. */
  forget(): void {
    this.#question += 1;
    this.#said = this.#names = null;
    this.#isUnderWay = false;
  }

  async #worker(): Promise<EditingPort> {
    this.#editing ??= this.#port.openWorkshop();
    this.#editing.catch(() => (this.#editing = undefined));
    return this.#editing;
  }
}
