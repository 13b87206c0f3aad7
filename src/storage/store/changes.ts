/**
 * News that rows have changed, whichever tab or worker changed them.
 *
 * Stands on Dexie's `storagemutated`, which carries commits of other worlds over a BroadcastChannel. Knows nothing of
 * what changed: a listener reads again.
 */
import Dexie, { RangeSet, rangesOverlap } from 'dexie';
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { META } from '#storage/store/tables.ts';

/** Ten a second: more than an eye follows, little enough for a drain of hundreds of rows. */
const LEAST_GAP_MS = 100;

type Parts = Parameters<Parameters<typeof Dexie.on.storagemutated.subscribe>[0]>[0];

export class Changes {
  readonly #emitter = new Emitter<void>();
  readonly #onRuns = new Emitter<void>();
  readonly #clock: Clock;
  readonly #runs: string;
  readonly #meta: string;
  readonly #closed = new AbortController();
  #resting = false;
  #again = false;

  constructor(databaseName: string, clock: Clock) {
    this.#clock = clock;
    this.#runs = `idb://${databaseName}/runs/`;
    this.#meta = `idb://${databaseName}/meta/`;
    Dexie.on('storagemutated', this.#heard);
  }

  on(listener: Listener<void>): () => void {
    return this.#emitter.on(listener);
  }

  /** Every time and at once: before whoever has changed a run hears that it is done. */
  onRuns(listener: Listener<void>): () => void {
    return this.#onRuns.on(listener);
  }

  close(): void {
    this.#closed.abort();
    Dexie.on.storagemutated.unsubscribe(this.#heard);
  }

  readonly #heard = (parts: Parts) => {
    const holds = parts[this.#meta];
    if (parts[this.#runs]) this.#onRuns.emit();
    if (parts[this.#runs] || (holds && rangesOverlap(new RangeSet(META.hold), holds))) this.#tell();
  };

  #tell(): void {
    if (this.#resting) {
      this.#again = true;
      return;
    }
    this.#resting = true;
    this.#emitter.emit();
    this.#clock.sleep(LEAST_GAP_MS, this.#closed.signal).then(
      () => {
        this.#resting = false;
        if (!this.#again) return;
        this.#again = false;
        this.#tell();
      },
      () => undefined,
    );
  }
}
