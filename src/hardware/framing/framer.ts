/**
 * What every framer is: bytes in, whole frames out, however the bytes were cut into chunks.
 *
 * Pure, synchronous, incremental, with bounded memory. Above it: protocol sessions. Knows nothing of what a frame means.
 */
export interface Framer {
  readonly counters: FrameCounters;
  /** True while a frame has begun and not ended, and while it is not known where the next one begins. */
  readonly midFrame: boolean;
  /** @returns the frames that ended in these bytes, without what marks their ends */
  push(bytes: Uint8Array): Uint8Array[];
  /** Forgets the frame that has begun; the next byte begins a new one. */
  reset(): void;
}

export interface FrameCounters {
  /** Frames handed out. */
  frames: number;
  /** Frames thrown away because they were longer than allowed. */
  oversizeFrames: number;
  /** Frames thrown away because they were not well formed. */
  badFrames: number;
  /** Bytes thrown away with them, and by `reset`. */
  discardedBytes: number;
}

export function newCounters(): FrameCounters {
  return { frames: 0, oversizeFrames: 0, badFrames: 0, discardedBytes: 0 };
}
