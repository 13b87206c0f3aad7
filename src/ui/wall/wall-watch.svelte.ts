/**
 * The wall's end: asks for what the station shows, and knows when nobody answers any more.
 *
 * An answer that is too old is none: a verdict that stands on a wall after its station has gone would be another unit's.
 */
import { ASK_EVERY_MS, SILENT_AFTER_MS, WALL_CHANNEL, type WallChannel, type WallWord } from '#ui/wall/wall-channel.ts';
import type { WallView } from '#ui/wall/wall-view.ts';

export interface Heard {
  readonly view: WallView;
  /** On this page's monotonic clock. */
  readonly atMs: number;
}

export class WallWatch {
  readonly #channel: WallChannel;
  readonly #monotonicMs: () => number;
  readonly #timer: ReturnType<typeof setInterval>;
  #heard = $state.raw<Heard | null>(null);
  /** Asked, and had the time to answer. */
  #hasWaited = $state.raw(false);
  #waitedFromMs: number;

  constructor(channel: WallChannel = new BroadcastChannel(WALL_CHANNEL), monotonicMs = () => performance.now()) {
    this.#channel = channel;
    this.#monotonicMs = monotonicMs;
    this.#waitedFromMs = monotonicMs();
    channel.addEventListener('message', ({ data }: MessageEvent<WallWord>) => {
      if (data.kind !== 'wall') return;
      this.#heard = { view: data.view, atMs: monotonicMs() };
      this.#waitedFromMs = monotonicMs();
      this.#hasWaited = false;
    });
    this.#ask();
    this.#timer = setInterval(() => this.#ask(), ASK_EVERY_MS);
  }

  /** null while nothing is known, or nothing any more. */
  get heard(): Heard | null {
    return this.#heard;
  }

  /** No station in this browser answers. */
  get isSilent(): boolean {
    return this.#hasWaited;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#channel.close();
  }

  #ask(): void {
    if (this.#monotonicMs() - this.#waitedFromMs >= SILENT_AFTER_MS) {
      this.#heard = null;
      this.#hasWaited = true;
    }
    this.#channel.postMessage({ kind: 'look' } satisfies WallWord);
  }
}
