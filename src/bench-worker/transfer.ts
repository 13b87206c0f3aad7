/**
 * The air gap at this station: files out, files in, receipts, and the carried runs beside the station's own.
 *
 * Joins storage, vault and sync/transfer. Without a store for carried runs (a full disk, a broken database) the
 * station's own runs are delivered as ever. Knows nothing of what is inside a file.
 */
import { systemClock } from '#base/clock.ts';
import { localDay } from '#base/local-day.ts';
import type { FolderHandle, OpenedFolder } from '#engine/link/folder-link.ts';
import type { ExportedFile, OpenedFile, TakenFrame, TransferFile, TransferState } from '#engine/link/transfer-link.ts';
import type { RunRow } from '#record/run-row.ts';
import { type CarriedStore, openCarriedRuns } from '#storage/store/carried-runs.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { FolderKeeper } from '#storage/vault/kept-folder.ts';
import { openSigningKey, type SigningKey } from '#storage/vault/signing-key.ts';
import { PickedFolder } from '#sync/folder/picked-folder.ts';
import { takeInFolder } from '#sync/folder/take-in-folder.ts';
import { OUTBOX_LOCK, webLock } from '#sync/outbox/web-lock.ts';
import { fingerprintOf } from '#sync/transfer/bag.ts';
import { bothQueues } from '#sync/transfer/both-queues.ts';
import { type ExportedAs, exportRuns, forgetExport } from '#sync/transfer/export-runs.ts';
import { FrameSeries } from '#sync/transfer/frame-series.ts';
import { takeIn, type TakeInOptions } from '#sync/transfer/take-in.ts';
import { transferFault } from '#sync/transfer/transfer-fault.ts';
import { writeReceipt } from '#sync/transfer/write-receipt.ts';
import { Folder } from './folder.ts';
import type { View } from './view.ts';

/** Longer than a request may take, so that an upload under way can end; a person waits no longer than this. */
const LOCK_WAIT_MS = 40_000;

export interface TransferOptions {
  readonly store: Promise<LocalStore>;
  readonly view: View;
  /** Something came in that may be sent. */
  readonly onTaken: () => void;
}

type Counts = Awaited<ReturnType<LocalStore['counts']>>;

export class Transfer {
  readonly #options: TransferOptions;
  readonly #carried: Promise<CarriedStore>;
  /** The folder that a person picked for copies. */
  readonly folder: Folder;
  /** QR codes that were read, until they are a file. */
  #frames = new FrameSeries();
  #key: Promise<SigningKey> | undefined;

  constructor(options: TransferOptions) {
    this.#options = options;
    this.#carried = openCarriedRuns();
    this.#carried.catch((thrown: unknown) => console.error('carried runs cannot be kept here', thrown));
    this.folder = new Folder({
      ...options,
      keeper: new FolderKeeper(),
      clock: systemClock,
      signer: () => this.#signer(),
      withLock: webLock(OUTBOX_LOCK),
      onMarked: options.onTaken,
    });
  }

  /** The station's store, with the carried runs among those that wait. */
  async outbox(): Promise<LocalStore> {
    const store = await this.#options.store;
    const carried = await this.#carriedOrNone();
    return carried ? bothQueues(store, carried) : store;
  }

  async onChange(listener: () => void): Promise<void> {
    (await this.#carriedOrNone())?.onChange(listener);
  }

  async counts(day: string): Promise<Counts> {
    const store = await this.#options.store;
    const [own, carried] = await Promise.all([
      store.counts(day),
      this.#carriedOrNone().then((runs) => runs?.counts(day)),
    ]);
    if (!carried) return own;
    return {
      ...own,
      waiting: own.waiting + carried.waiting,
      parked: own.parked + carried.parked,
      uploadedToday: own.uploadedToday + carried.uploadedToday,
    };
  }

  /** Parked ones first; then in the order in which they are sent, carried runs after the station's own. */
  async queue(limit: number): Promise<RunRow[]> {
    const store = await this.#options.store;
    const [own, carried] = await Promise.all([
      store.queue(limit),
      this.#carriedOrNone().then((runs) => runs?.undelivered() ?? []),
    ]);
    const isParked = ({ state }: RunRow) => state === 'PARKED';
    const rows = [...own, ...carried.sort((a, b) => a.seq - b.seq)];
    return [...rows.filter(isParked), ...rows.filter((row) => !isParked(row))].slice(0, limit);
  }

  async exportRuns(as: ExportedAs): Promise<ExportedFile> {
    const [station, store, key] = [await this.#station(), await this.#options.store, await this.#signer()];
    const withLock = webLock(OUTBOX_LOCK);
    try {
      return await withLock(AbortSignal.timeout(LOCK_WAIT_MS), () => exportRuns(store, station, key, now(), as));
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'TimeoutError')
        throw transferFault('busy', 'Runs are being uploaded at this moment, so no file was made.', thrown);
      throw thrown;
    }
  }

  async forgetExport(ids: readonly string[]): Promise<void> {
    await forgetExport(await this.#options.store, ids);
  }

  async open(bytes: Uint8Array<ArrayBuffer>, acceptedKey?: string): Promise<OpenedFile> {
    const acceptedKeys = new Set(acceptedKey === undefined ? [] : [acceptedKey]);
    const opened = await takeIn(bytes, await this.#home(acceptedKeys));
    this.#options.onTaken();
    return opened;
  }

  async openFolder(handle: FolderHandle, acceptedKeys: readonly string[]): Promise<OpenedFolder> {
    const folder = new PickedFolder(handle as unknown as FileSystemDirectoryHandle);
    const opened = await takeInFolder(folder, await this.#home(new Set(acceptedKeys)));
    this.#options.onTaken();
    // Copies that this browser did not know it knows now.
    this.folder.lookAgain();
    return opened;
  }

  async takeFrame(text: string): Promise<TakenFrame> {
    const taken = this.#frames.take(text);
    return { ...taken, file: await this.#frames.file() };
  }

  forgetFrames(): void {
    this.#frames = new FrameSeries();
  }

  async writeReceipt(origin: string): Promise<TransferFile> {
    return writeReceipt(await this.#carried, origin, await this.#station(), await this.#signer(), now());
  }

  async state(): Promise<TransferState> {
    const carried = await this.#carriedOrNone().then((runs) => runs?.stations() ?? []);
    const fingerprint = await this.#signer().then(
      (key) => fingerprintOf(key.publicKey),
      () => '',
    );
    return { carried, fingerprint };
  }

  /** Where a file that is opened here may find its runs, and where what is new goes. */
  async #home(acceptedKeys: ReadonlySet<string>): Promise<TakeInOptions> {
    const [own, carried] = [await this.#options.store, await this.#carried];
    const nowMs = systemClock.nowMs();
    const station = (await own.get<string>('station')) ?? '';
    const { fingerprint: ownKey } = await this.state();
    return { own, lost: own.outside, carried, station, ownKey, nowMs, today: localDay(nowMs), acceptedKeys };
  }

  #carriedOrNone(): Promise<CarriedStore | null> {
    return this.#carried.catch(() => null);
  }

  #signer(): Promise<SigningKey> {
    // A failure is not kept: the disk may have room again the next time.
    this.#key ??= openSigningKey().catch((thrown: unknown) => {
      this.#key = undefined;
      throw thrown;
    });
    return this.#key;
  }

  async #station(): Promise<string> {
    const station = await (await this.#options.store).get<string>('station');
    if (!station) throw transferFault('no-station', 'This browser is not a station yet.');
    return station;
  }
}

function now(): string {
  return new Date(systemClock.nowMs()).toISOString();
}
