/**
 * Room that is kept back, so that a run which has begun can be finished on a disk that has become full.
 *
 * The browser's own estimate is not the limit (offline-sync, 3.3), so two facts decide whether a run may begin: the
 * ballast lies on disk, and a small record is written together with its first entry. The ballast is in the store's own
 * database: only there is the room that it frees surely of use. Knows nothing of runs.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { storageFault } from '#storage/fault.ts';
import { META, type Tables } from '#storage/store/tables.ts';

/** The largest run of a procedure with a thousand measurements takes 2 MB, in journal, body and second copy. */
const BALLAST_BYTES = 8 * 2 ** 20;
/** More than one journal entry, little enough to cost a millisecond. */
const PROBE_BYTES = 64 * 1024;
/** `getRandomValues` gives no more at once. */
const RANDOM_BYTES = 65_536;
const PROBE = 'probe';
/** The browser frees a deleted record's file a moment later, when it tidies its files; nobody says when. */
const TRIES = 8;
const FREEING_MS = 1_000;

export class Ballast {
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #bytes: number;
  #isThere: boolean | null = null;
  #writing: Promise<boolean> | null = null;

  constructor(tables: Tables, clock: Clock, bytes = BALLAST_BYTES) {
    this.#tables = tables;
    this.#clock = clock;
    this.#bytes = bytes;
  }

  /** Writes the ballast where it is missing. @returns false when there is no room for it */
  ensure(): Promise<boolean> {
    return (this.#writing ??= this.#ensure().finally(() => (this.#writing = null)));
  }

  /** Before a run takes a number. @throws {StorageFault} `full` */
  async demandRoom(): Promise<void> {
    // Not there for sure: whoever freed the disk is let in at once. Not known yet: the probe decides.
    if (this.#isThere === false && !(await this.ensure())) throw full();
  }

  /** Written with a run's first entry, so that both are there or neither, for one trip to the disk. */
  async probe(): Promise<void> {
    await this.#tables.meta.put({ key: PROBE, value: new Uint8Array(PROBE_BYTES) });
  }

  /** Does what a run that has begun needs; on a full disk the ballast is given back for it. */
  async withRoom<T>(work: () => Promise<T>): Promise<T> {
    let freed = false;
    for (let tries = 0; ; tries++)
      try {
        return await work();
      } catch (thrown) {
        if (storageFault(thrown).code !== 'full' || tries === TRIES) throw thrown;
        freed = (await this.#release()) || freed;
        if (!freed) throw thrown;
        if (tries > 0) await this.#clock.sleep(FREEING_MS);
      }
  }

  /** @returns true when there was something to give back */
  async #release(): Promise<boolean> {
    await this.#writing?.catch(() => undefined);
    this.#isThere = false;
    const { meta } = this.#tables;
    // Counted, not read: it is large.
    const count = await meta.where('key').anyOf(META.ballast, PROBE).count();
    if (count > 0) await meta.bulkDelete([META.ballast, PROBE]);
    return count > 0;
  }

  async #ensure(): Promise<boolean> {
    const { meta } = this.#tables;
    try {
      if ((await meta.where('key').equals(META.ballast).count()) === 0)
        await meta.put({ key: META.ballast, value: noise(this.#bytes) });
      this.#isThere = true;
    } catch (thrown) {
      if (storageFault(thrown).code !== 'full') throw thrown;
      this.#isThere = false;
    }
    return this.#isThere;
  }
}

/** Random, because browsers and disks compress. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += RANDOM_BYTES)
    crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + RANDOM_BYTES)));
  return bytes;
}

function full(): Fault<'full'> {
  return new Fault(
    'full',
    'The disk is full: a run could not be kept to its end.',
    'Free disk space on this computer, then scan again.',
  );
}
