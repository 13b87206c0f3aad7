/**
 * The open page's part of delivery: when to drain, and what the header says about it.
 *
 * One loop: wait until something is due or someone wakes it, drain under the Web Lock that the service worker takes
 * too, tell the page. While nothing is due only the relay on this origin is asked, never TofuPilot. The drain itself is
 * sync/outbox. Knows nothing of runs under way.
 */
import type { Clock } from '#base/clock.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import type { Hold, OutboxStore, ReachAnswer, RunCarrier } from '#sync/outbox/ports.ts';
import { type Connection, connectionOf } from '#sync/tofupilot/client.ts';
import { drain } from '#sync/outbox/drain.ts';
import { localDay } from '#base/local-day.ts';

/** A server that is there answers a look within this; a cut cable answers nothing at all. */
const LOOK_LIMIT_MS = 5_000;
/** While nothing is due the connection is looked at this often: the header should not lie for longer. */
const HEARTBEAT_MS = 15_000;
/** However little is known to be due, what lies here is looked through this often: another tab may have changed it. */
const LONGEST_REST_MS = 60_000;

export interface UploadsOptions {
  readonly store: OutboxStore;
  readonly carrier: RunCarrier;
  /** Whether the relay on this origin reaches TofuPilot; costs TofuPilot nothing and says nothing of the key. */
  readonly relayLook: (signal: AbortSignal) => Promise<ReachAnswer>;
  /** A browser that is no station yet has no key that TofuPilot could be asked about. */
  readonly isEnrolled: () => boolean;
  readonly clock: Clock;
  readonly settings: () => FleetSettings['sync'];
  readonly withLock: (signal: AbortSignal, work: () => Promise<void>) => Promise<void>;
  readonly filesWait: () => boolean;
  readonly onConnection: (connection: Connection) => void;
  readonly onProgress: () => void;
}

export class Uploads {
  readonly #options: UploadsOptions;
  #wake: (() => void) | undefined;
  #woken = false;
  /** Monotonic clock, ms: nothing is to be sent before. */
  #dueMs = 0;
  /** What TofuPilot said to this key the last time that it was asked for nothing else, and when to ask again. */
  #keyWord: Connection = 'online';
  #keyDueMs = 0;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** Something may have changed: look now rather than at the next heartbeat. */
  wake(): void {
    this.#woken = true;
    this.#dueMs = 0;
    this.#wake?.();
  }

  /** There is another key: nobody knows yet what TofuPilot says to it. */
  keyChanged(): void {
    this.#keyDueMs = 0;
    this.wake();
  }

  /** Runs until `signal` aborts; no failure ends it. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#woken = false;
      const pauseMs = await this.#once(signal).catch((thrown: unknown) => {
        console.error('upload round failed', thrown);
        this.#dueMs = 0;
        return HEARTBEAT_MS;
      });
      if (!this.#woken) await this.#pause(pauseMs, signal);
    }
  }

  async #once(signal: AbortSignal): Promise<number> {
    const { store, carrier, relayLook, isEnrolled, clock, onConnection } = this.#options;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_LIMIT_MS)]);
    let look = await relayLook(limit);
    if (!isEnrolled()) {
      onConnection(look.kind === 'offline' ? 'offline' : 'online');
      return HEARTBEAT_MS;
    }
    const asksForKey = look.kind !== 'offline' && clock.monotonicMs() >= this.#keyDueMs;
    if (asksForKey) {
      // Before the answer: a key that comes meanwhile is tried in the next round.
      this.#keyDueMs = Infinity;
      look = await carrier.reach(limit);
      this.#keyWord = connectionOf(look);
      if (this.#keyWord !== 'online')
        this.#keyDueMs = Math.min(
          this.#keyDueMs,
          clock.monotonicMs() + (look.kind === 'offline' ? 0 : LONGEST_REST_MS),
        );
    }
    if (look.kind === 'offline') {
      onConnection('offline');
      // Whoever comes back has everything to look through.
      this.#dueMs = 0;
      return HEARTBEAT_MS;
    }
    if (asksForKey) onConnection(this.#keyWord);
    const isThere = clock.monotonicMs() < this.#dueMs || (await this.#drain(asksForKey ? look : null, signal));
    const isRefused = this.#keyWord === 'refused' || (await store.hold()) !== undefined;
    onConnection(!isThere ? 'offline' : isRefused ? 'refused' : 'online');
    return Math.min(HEARTBEAT_MS, Math.max(0, this.#dueMs - clock.monotonicMs()));
  }

  /** @returns whether TofuPilot was there, as far as it was asked */
  async #drain(seen: ReachAnswer | null, signal: AbortSignal): Promise<boolean> {
    const { store, carrier, clock, settings, withLock, filesWait, onProgress } = this.#options;
    const { ambiguous_wait_s, concurrency, rate_per_s } = settings();
    let isThere = true;
    // Before, not after: whoever wakes this loop meanwhile wants another look.
    this.#dueMs = Infinity;
    await withLock(signal, async () => {
      const { nextAtMs, reachable } = await drain({
        store,
        carrier: seen ? startingWith(seen, carrier) : carrier,
        clock,
        random: Math.random,
        settings: { ambiguousWaitMs: ambiguous_wait_s * 1000, concurrency, ratePerS: rate_per_s },
        signal,
        today: () => localDay(clock.nowMs()),
        filesWait,
        onProgress,
      });
      isThere = reachable;
      const restMs = nextAtMs === null ? LONGEST_REST_MS : Math.max(0, nextAtMs - clock.nowMs());
      this.#dueMs = Math.min(this.#dueMs, clock.monotonicMs() + Math.min(LONGEST_REST_MS, restMs));
    });
    onProgress();
    return isThere;
  }

  async #pause(pauseMs: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await this.#options.clock.sleep(pauseMs, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    this.#wake = undefined;
  }
}

/** The drain looks whether the server is there before it posts; what was seen a moment ago need not be asked again. */
function startingWith(look: ReachAnswer, carrier: RunCarrier): RunCarrier {
  let seen: ReachAnswer | null = look;
  return {
    ...carrier,
    reach: async (signal) => {
      const answer = seen ?? (await carrier.reach(signal));
      seen = null;
      return answer;
    },
  };
}

/** The hold as a person reads it. */
export function holdWord(hold: Hold | undefined): { code: string; message: string; remedy: string } | null {
  if (!hold) return null;
  const remedy =
    hold.code === 'payment'
      ? 'Ask whoever looks after the TofuPilot plan; runs go on and wait here.'
      : 'Enrol this station again with a valid key; runs go on and wait here.';
  return { code: hold.code, message: hold.message, remedy };
}
