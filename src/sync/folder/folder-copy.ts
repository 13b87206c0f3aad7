/**
 * Keeps a copy of each sealed run in the folder that a person picked: one signed transfer file a run.
 *
 * What is to do follows from the names in the folder and the rows in the store, so nothing is remembered between lives.
 * A run that is not delivered is marked before its file exists: whoever has the folder may deliver it (outbox, rule 15).
 * Above it: a door, which decides when. Knows nothing of verdicts, and nothing here is waited for by one.
 */
import type { RunRow } from '#record/run-row.ts';
import { transition } from '#sync/outbox/transition.ts';
import { copyName, type CopyName, PART, readCopyName } from '#sync/folder/copy-name.ts';
import type { CopiedRuns, CopyFolder } from '#sync/folder/folder-ports.ts';
import type { Signer } from '#sync/transfer/bag.ts';
import { type BundledFile, plainHash } from '#sync/transfer/bundled-files.ts';
import { fileName, makeRunBundle } from '#sync/transfer/run-bundle.ts';
import { readRun } from '#sync/transfer/run-shape.ts';

export interface FolderCopyOptions {
  readonly folder: CopyFolder;
  readonly runs: CopiedRuns;
  readonly signer: () => Promise<Signer>;
  /** Does `work` under the outbox's lock. @returns false when the lock was not to be had: a long drain is under way */
  readonly underLock: (work: () => Promise<void>) => Promise<boolean>;
  readonly nowMs: () => number;
  /** Runs delivered up to this number are not copied. */
  readonly sinceSeq: number;
  /** Delivered runs stay in the folder when retention has reduced them here. */
  readonly keepsDelivered: boolean;
  /** A large file is packed only when no run is under way. */
  readonly isBusy: () => boolean;
  /** Rows were marked: what a drain has left alone because of that may go now. */
  readonly onMarked: () => void;
}

/** Runs of one look at the store; a person who pulls the drive out waits for no more. */
const BATCH = 50;
/** Packing more takes the worker as long as an instrument's answer: 10 ms. */
const LARGE_BYTES = 4 * 1024 * 1024;
const AT_ONCE = { nowMs: 0, chance: 0, today: '', ambiguousWaitMs: 0 };

export class FolderCopy {
  readonly #options: FolderCopyOptions;
  readonly #there = new Map<string, CopyName>();
  #isListed = false;
  readonly #pending = new Set<string>();
  #unknown: readonly string[] = [];

  constructor(options: FolderCopyOptions) {
    this.#options = options;
  }

  /** Runs that have a file in the folder, of any station; null before the first look. */
  get count(): number | null {
    return this.#isListed ? this.#there.size : null;
  }

  get waiting(): number {
    return this.#pending.size;
  }

  /** Copies of runs of this station that its store does not know: it was lost since. */
  unknownOf(station: string): number {
    return this.#unknown.filter((id) => this.#there.get(id)?.station === fileName(station)).length;
  }

  /** A run was sealed or corrected. */
  add(id: string): void {
    this.#pending.add(id);
  }

  /** Compares the folder with the store: what is missing is to be copied, what retention has reduced goes. */
  async look(): Promise<void> {
    const { folder, runs, sinceSeq, keepsDelivered } = this.#options;
    await this.#list(await folder.names());
    this.#isListed = true;
    const rows = await runs.undelivered();
    const delivered = await runs.outside.deliveredSince(sinceSeq);
    for (const row of rows) if (row.copied_at === undefined || !(await this.#isThere(row))) this.#pending.add(row.id);
    for (const id of delivered) if (!this.#there.has(id)) this.#pending.add(id);
    const own = new Set([...rows.map(({ id }) => id), ...delivered]);
    const rest = [...this.#there.keys()].filter((id) => !own.has(id));
    const known = new Set((await runs.outside.rows(rest)).map(({ id }) => id));
    this.#unknown = rest.filter((id) => !known.has(id));
    if (!keepsDelivered) for (const id of await runs.outside.reduced(rest)) await this.#drop(id);
  }

  /**
   * Copies what is pending.
   * @returns false when something is left for later
   * @throws {Fault} of folder-fault.ts: then the folder cannot be used now, and nothing is forgotten
   */
  async work(signal: AbortSignal): Promise<boolean> {
    const later = new Set<string>();
    for (;;) {
      const ids = [...this.#pending].filter((id) => !later.has(id)).slice(0, BATCH);
      if (ids.length === 0) return later.size === 0;
      for (const row of await this.#marked(ids)) {
        signal.throwIfAborted();
        if (!this.#mayCopy(row) || !(await this.#copied(row))) later.add(row.id);
        else this.#pending.delete(row.id);
        ids.splice(ids.indexOf(row.id), 1);
      }
      // They are not here any more.
      for (const id of ids) this.#pending.delete(id);
    }
  }

  async #list(names: readonly string[]): Promise<void> {
    const { folder } = this.#options;
    this.#there.clear();
    for (const name of names) {
      const copy = readCopyName(name);
      if (!copy) {
        if (name.endsWith(PART) && readCopyName(name.slice(0, -PART.length))) await folder.remove(name);
        continue;
      }
      const other = this.#there.get(copy.id);
      if (!other || other.corrections < copy.corrections) this.#there.set(copy.id, copy);
      if (other) await folder.remove(copyName(other.corrections < copy.corrections ? other : copy));
    }
  }

  /** A power cut may have left an empty file under its name. */
  async #isThere({ id, corrections = [] }: RunRow): Promise<boolean> {
    const copy = this.#there.get(id);
    return copy?.corrections === corrections.length && (await this.#options.folder.size(copyName(copy))) > 0;
  }

  /** The rows as they are now, each undelivered one marked where that can be done now. */
  async #marked(ids: readonly string[]): Promise<RunRow[]> {
    const { runs, underLock, nowMs, onMarked } = this.#options;
    const at = new Date(nowMs()).toISOString();
    let hasMarked = false;
    const mark = async (may: (row: RunRow) => boolean) => {
      for (const row of (await runs.outside.rows(ids)).filter((row) => isUnmarked(row) && may(row))) {
        const change = transition(row, { kind: 'copied', at }, AT_ONCE);
        if (change && (await runs.move(row, change))) hasMarked = true;
      }
    };
    if (!(await runs.outside.rows(ids)).some(isUnmarked)) return runs.outside.rows(ids);
    // A drain under way holds rows in memory and would not see the mark; what it has not touched it leaves alone
    // when its state has changed (outbox, rule 12).
    if (!(await underLock(() => mark(() => true)))) await mark(({ state }) => state === 'QUEUED');
    if (hasMarked) onMarked();
    return runs.outside.rows(ids);
  }

  #mayCopy(row: RunRow): boolean {
    return row.state !== 'RUNNING' && !isUnmarked(row);
  }

  /** @returns false when it has to wait for a better moment */
  async #copied(row: RunRow): Promise<boolean> {
    const { folder, runs, signer, isBusy, nowMs } = this.#options;
    const corrections = row.corrections?.length ?? 0;
    if (await this.#isThere(row).catch(() => false)) return true;
    const attached = row.attachments ? await runs.attachments(row.id) : [];
    const bytes = attached.reduce((sum, { size }) => sum + size, 0);
    if (bytes > LARGE_BYTES && isBusy()) return false;
    const sealed = await runs.sealed(row.id);
    const read = sealed && readRun(new TextEncoder().encode(sealed.body));
    // Its own row says so, and no copy of it could be used.
    if (!sealed || !read || typeof read === 'string') return true;
    const files: BundledFile[] = [];
    for (const { id, name, content_type, size, sha256 } of attached) {
      const content = await runs.attachmentBytes(id);
      if (content) files.push({ name, content_type, size, sha256: plainHash(sha256), bytes: content });
    }
    // The name under which it ran, which may not be the one of today.
    const { station } = read.facts;
    const run = { id: row.id, seq: row.seq, body: sealed.body, files };
    const madeAt = new Date(nowMs()).toISOString();
    const copy = { station: fileName(station), seq: row.seq, id: row.id, corrections };
    await folder.write(copyName(copy), (await makeRunBundle(station, [run], await signer(), madeAt)).bytes);
    const before = this.#there.get(row.id);
    this.#there.set(row.id, copy);
    if (before && before.corrections !== corrections) await folder.remove(copyName(before));
    return true;
  }

  async #drop(id: string): Promise<void> {
    await this.#options.folder.remove(copyName(this.#there.get(id)!));
    this.#there.delete(id);
  }
}

function isUnmarked({ state, copied_at }: RunRow): boolean {
  return state !== 'RUNNING' && state !== 'DELIVERED' && copied_at === undefined;
}
