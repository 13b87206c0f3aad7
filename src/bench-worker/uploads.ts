/**
 * The open page's part of delivery: when to drain, and what the header says about it.
 *
 * One loop: wait until something is due or someone wakes it, drain under the Web Lock that the service worker takes
 * too, tell the page. The drain itself is sync/outbox. Knows nothing of runs under way.
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

export interface UploadsOptions {
  readonly store: OutboxStore;
  readonly carrier: RunCarrier;
  readonly clock: Clock;
  readonly settings: () => FleetSettings['sync'];
  readonly withLock: (signal: AbortSignal, work: () => Promise<void>) => Promise<void>;
  readonly onConnection: (connection: Connection) => void;
  readonly onProgress: () => void;
}

export class Uploads {
  readonly #options: UploadsOptions;
  #wake: (() => void) | undefined;
  #woken = false;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** Something may have changed: look now rather than at the next heartbeat. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Runs until `signal` aborts; no failure ends it. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#woken = false;
      const pauseMs = await this.#once(signal).catch((thrown: unknown) => {
        console.error('upload round failed', thrown);
        return HEARTBEAT_MS;
      });
      if (!this.#woken) await this.#pause(pauseMs, signal);
    }
  }

  async #once(signal: AbortSignal): Promise<number> {
    const { store, carrier, clock, settings, withLock, onConnection, onProgress } = this.#options;
    const { ambiguous_wait_s, concurrency, rate_per_s } = settings();
    const look = await carrier.reach(AbortSignal.any([signal, AbortSignal.timeout(LOOK_LIMIT_MS)]));
    onConnection(connectionOf(look));
    if (look.kind === 'offline') return HEARTBEAT_MS;
    let nextAtMs: number | null = null;
    await withLock(signal, async () => {
      const result = await drain({
        store,
        carrier: startingWith(look, carrier),
        clock,
        random: Math.random,
        settings: { ambiguousWaitMs: ambiguous_wait_s * 1000, concurrency, ratePerS: rate_per_s },
        signal,
        today: () => localDay(clock.nowMs()),
        onProgress,
      });
      nextAtMs = result.nextAtMs;
    });
    onProgress();
    return nextAtMs === null ? HEARTBEAT_MS : Math.min(HEARTBEAT_MS, Math.max(0, nextAtMs - clock.nowMs()));
  }

  #pause(pauseMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, pauseMs);
      this.#wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
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
