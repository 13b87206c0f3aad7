/**
 * Where the engine's events go, and what happens when they can go nowhere.
 *
 * A listener that throws (the disk is full) cuts the run: from then on nothing is emitted, since a journal with a hole
 * would tell another story than the run, and the run only makes the fixture safe before it passes the failure on.
 */
import type { Clock } from '#base/clock.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { LogRecord } from '#record/run-record.ts';

/** The name that a procedure has inside its release; a log must name a file. */
const SOURCE_FILE = 'procedure.yaml';

type Timeless = RunEvent extends infer E ? (E extends { readonly at_ms: number } ? Omit<E, 'at_ms'> : never) : never;

export class Tape {
  readonly #emit: (event: RunEvent) => void;
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #onBroken: () => void;
  #broken: { readonly thrown: unknown } | undefined;

  constructor(emit: (event: RunEvent) => void, clock: Clock, startedMs: number, onBroken: () => void) {
    this.#emit = emit;
    this.#clock = clock;
    this.#startedMs = startedMs;
    this.#onBroken = onBroken;
  }

  /** What a listener threw, first. */
  get broken(): { readonly thrown: unknown } | undefined {
    return this.#broken;
  }

  add(event: Timeless): void {
    this.#send({ ...event, at_ms: this.#nowMs() });
  }

  /** An event of another tape that began in the same moment, as it is. */
  relay(event: RunEvent): void {
    this.#send(event);
  }

  log(level: LogRecord['level'], message: string, lineNumber: number, sourceFile = SOURCE_FILE): void {
    const log = { level, at_ms: this.#nowMs(), message, source_file: sourceFile, line_number: lineNumber };
    this.#send({ kind: 'log', log });
  }

  #send(event: RunEvent): void {
    if (this.#broken) return;
    try {
      this.#emit(event);
    } catch (thrown) {
      this.#broken = { thrown };
      this.#onBroken();
    }
  }

  /** To the microsecond: what a browser's clock can tell, without digits that mean nothing. */
  #nowMs(): number {
    return Math.round((this.#clock.monotonicMs() - this.#startedMs) * 1000) / 1000;
  }
}
