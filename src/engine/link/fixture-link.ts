/**
 * What page and bench worker say to each other about a fixture that a person speaks to; part of station-link.ts.
 *
 * Plain data only. Knows nothing of how a command reaches its device.
 */
import type { WireLine } from '#hardware/bench/bench.ts';

/** One thing that happened on a wire, for people. */
export type TrafficLine = WireLine;

/** A plug of the bench: its key, and its slot's where each slot has one. */
export interface PlugPlace {
  readonly plug: string;
  readonly slot?: string;
}

export interface FixtureCommands {
  /**
   * One command by hand, between runs; a question is one with a `?`. From then on until its safe state the fixture is
   * said to be on. Fails with a Fault: `busy` while a unit is under test, or the instrument's.
   * @returns the answer; null for a command that has none
   */
  say(place: PlugPlace, words: string): string | null;
  /** Every plug gets its safe state. Fails with a Fault: `busy`, `unsafe`. */
  makeSafe(): void;
  /** A device is about to be taken from this app: what was switched on by hand gets its safe state. Fails with a Fault: `busy`, `unsafe`, and when the right is lacking. */
  beforeForget(): void;
  /** What went over its wire after a monotonic time, at most 500 lines of it; of a simulated plug nothing. */
  traffic(place: PlugPlace, afterMs: number): readonly TrafficLine[];
}
