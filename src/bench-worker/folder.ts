/**
 * The folder for copies at this station: kept over restarts, filled beside the work, and said when it cannot be.
 *
 * One loop: look, copy what is missing, rest until a run is sealed. Nothing waits for it. Joins storage, sync/folder and
 * the view. Knows nothing of what is in a file.
 */
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import type { FolderHandle } from '#engine/link/folder-link.ts';
import type { LocalStore } from '#storage/store/open.ts';
import type { FolderKeeper, KeptFolder } from '#storage/vault/kept-folder.ts';
import { FolderCopy } from '#sync/folder/folder-copy.ts';
import { asFolderFault, type FolderCode } from '#sync/folder/folder-fault.ts';
import { PickedFolder } from '#sync/folder/picked-folder.ts';
import type { WithLock } from '#sync/outbox/web-lock.ts';
import type { Signer } from '#sync/transfer/bag.ts';
import type { View } from './view.ts';

/** An upload that succeeds at once needs no look-up: the copy is made after it. */
const SETTLE_MS = 2_000;
/** A drive that was pulled out comes back when a person puts it in; nobody should have to press anything then. */
const RETRY_MS = 30_000;
/** Retention goes on slowly; what was missed is found by the next look. */
const LOOK_MS = 30 * 60_000;
/** A drain of a long backlog holds the lock for minutes. */
const LOCK_WAIT_MS = 10_000;

const CODES: readonly FolderCode[] = ['folder-permission', 'folder-missing', 'folder-full', 'folder-failed'];

export interface FolderOptions {
  readonly store: Promise<LocalStore>;
  readonly keeper: FolderKeeper;
  readonly view: View;
  readonly clock: Clock;
  readonly signer: () => Promise<Signer>;
  readonly withLock: WithLock;
  /** Rows were marked: those that a drain has left alone may go now. */
  readonly onMarked: () => void;
}

export class Folder {
  readonly #options: FolderOptions;
  #kept: KeptFolder | undefined;
  #copy: FolderCopy | null = null;
  #needsLook = true;
  #said: FolderCode | null = null;
  #wake: (() => void) | undefined;
  #woken = false;

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  async pick(handle: FolderHandle): Promise<void> {
    const since = await (await this.#options.store).outside.lastSeq();
    await this.#keep({ handle, since_seq: since, keeps_delivered: this.#kept?.keeps_delivered ?? false });
  }

  handle(): FolderHandle | null {
    return (this.#kept?.handle as FolderHandle | undefined) ?? null;
  }

  async keepDelivered(keeps: boolean): Promise<void> {
    if (this.#kept) await this.#keep({ ...this.#kept, keeps_delivered: keeps });
  }

  forget(): Promise<void> {
    return this.#keep(undefined);
  }

  /** Something has changed that makes a look worth while. */
  lookAgain(): void {
    this.#needsLook = true;
    this.#stir();
  }

  /** A run was sealed or corrected. */
  add(id: string): void {
    this.#copy?.add(id);
    this.#stir();
  }

  /** Runs until `signal` aborts; no failure ends it. */
  async run(signal: AbortSignal): Promise<void> {
    const { keeper, clock } = this.#options;
    await this.#take(await keeper.get().catch(() => undefined));
    for (let lookedMs = -Infinity; !signal.aborted;) {
      let pauseMs = LOOK_MS;
      this.#woken = false;
      const copy = this.#copy;
      if (copy) {
        if (clock.monotonicMs() - lookedMs >= LOOK_MS) this.#needsLook = true;
        await clock.sleep(SETTLE_MS, signal).catch(() => undefined);
        if (signal.aborted) return;
        if (this.#needsLook) lookedMs = clock.monotonicMs();
        pauseMs = await this.#once(copy, signal);
      }
      if (!this.#woken) await this.#rest(pauseMs, signal);
    }
  }

  async #once(copy: FolderCopy, signal: AbortSignal): Promise<number> {
    let problem: Fault<FolderCode> | null = null;
    let isDone = false;
    try {
      await new PickedFolder(this.#kept?.handle as FileSystemDirectoryHandle).demandPermission();
      if (this.#needsLook) {
        this.#needsLook = false;
        await copy.look();
        this.#show(copy, null);
      }
      isDone = await copy.work(signal);
    } catch (thrown) {
      if (signal.aborted) return 0;
      problem = asFolderFault(thrown, this.handle()?.name ?? '');
      // Whatever was done meanwhile, by whomever, is found by a new look; a full disk has only stayed as it was.
      this.#needsLook ||= problem.code !== 'folder-full';
      if (problem.code === 'folder-failed') console.warn('copying into the folder failed', messageOf(thrown));
    }
    // Another folder was picked meanwhile.
    if (copy !== this.#copy) return 0;
    this.#show(copy, problem);
    return problem || !isDone ? RETRY_MS : LOOK_MS;
  }

  async #keep(kept: KeptFolder | undefined): Promise<void> {
    await this.#options.keeper.set(kept);
    await this.#take(kept);
    this.lookAgain();
  }

  async #take(kept: KeptFolder | undefined): Promise<void> {
    const { store, signer, withLock, clock, view, onMarked } = this.#options;
    this.#kept = kept;
    if (!kept) {
      this.#copy = null;
      view.change({ folder: null });
      this.#say(null);
      return;
    }
    this.#copy = new FolderCopy({
      folder: new PickedFolder(kept.handle as FileSystemDirectoryHandle),
      runs: await store,
      signer,
      underLock: (work) => underLock(withLock, work),
      nowMs: () => clock.nowMs(),
      sinceSeq: kept.since_seq,
      keepsDelivered: kept.keeps_delivered,
      isBusy: () => view.current.running,
      onMarked,
    });
    this.#show(this.#copy, null);
  }

  #show(copy: FolderCopy, problem: Fault<FolderCode> | null): void {
    const { view } = this.#options;
    view.change({
      folder: {
        name: this.handle()?.name ?? '',
        runs: copy.count,
        waiting: copy.waiting,
        unknown: copy.unknownOf(view.current.station),
        keepsDelivered: this.#kept?.keeps_delivered ?? false,
        problem: problem && { code: problem.code, message: problem.message, remedy: problem.remedy },
      },
    });
    this.#say(problem);
  }

  /** Once, until it is something else: a person who has put it away has read it. */
  #say(problem: Fault<FolderCode> | null): void {
    const { view } = this.#options;
    if (this.#said === (problem?.code ?? null)) return;
    this.#said = problem?.code ?? null;
    for (const code of CODES) view.dismiss(code);
    if (problem) view.notice({ code: problem.code, tone: 'warning', message: problem.message, remedy: problem.remedy });
  }

  #stir(): void {
    this.#woken = true;
    this.#wake?.();
  }

  async #rest(pauseMs: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await this.#options.clock.sleep(pauseMs, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    this.#wake = undefined;
  }
}

async function underLock(withLock: WithLock, work: () => Promise<void>): Promise<boolean> {
  try {
    await withLock(AbortSignal.timeout(LOCK_WAIT_MS), work);
    return true;
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return false;
    throw thrown;
  }
}
