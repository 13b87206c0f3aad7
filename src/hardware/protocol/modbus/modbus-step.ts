/**
 * Getting in step with a Modbus unit that owes an answer: wait for it, then for silence, then ask what only now can be answered so.
 *
 * While it listens, the session passes every frame here. The test question is an echo (function 08) with a token; a unit
 * that does not know it refuses by exception, which proves as much. One that ignores it is asked for so many registers
 * as no owed answer has. Above it: modbus-session.ts. Rules: RULES.md. Knows nothing of requests in the queue.
 */
import type { Clock } from '#base/clock.ts';
import { unitOutOfStepFault } from '#hardware/protocol/modbus/modbus-faults.ts';
import type { ModbusLine } from '#hardware/protocol/modbus/modbus-line.ts';
import { decodeAnswer, type ModbusRequest } from '#hardware/protocol/modbus/modbus-pdu.ts';
import type { OwedAnswers } from '#hardware/protocol/modbus/owed-answers.ts';
import { abortedQuery, chatterFault } from '#hardware/protocol/session-faults.ts';
import { after } from '#hardware/waiting.ts';

/** Longer than the 16 ms by which an FTDI adapter holds bytes back (38), and than 3.5 characters at 1200 baud. */
const QUIET_MS = 50;
/** A line that is not silent for that long within this time has somebody else on it. */
const QUIET_LIMIT_MS = 500;
/** Time in which a unit that works answers the test question. */
const PROBE_LIMIT_MS = 500;

export interface ModbusStepOptions {
  readonly line: ModbusLine;
  readonly clock: Clock;
  readonly owed: OwedAnswers;
}

export class ModbusStep {
  readonly #options: ModbusStepOptions;
  #listener: ((frame: Uint8Array) => void) | null = null;
  /** Somebody spoke unasked: silence is waited for before anyone is asked. */
  #isDisturbed = false;
  #token = 0x5a5a;

  constructor(options: ModbusStepOptions) {
    this.#options = options;
  }

  isInStep(unitId: number): boolean {
    return !this.#isDisturbed && this.#options.owed.of(unitId).length === 0;
  }

  /** @returns true when the frame was for this */
  hears(frame: Uint8Array): boolean {
    const listener = this.#listener;
    listener?.(frame);
    return listener !== null;
  }

  /** A frame came that answers nothing that is asked. */
  strange(frame: Uint8Array): void {
    this.#options.owed.take(frame);
    this.#isDisturbed = true;
  }

  /** @throws {HardwareFault} `timeout`, `protocol-error`, `lost`, `aborted`; then nothing that comes is to be believed */
  async regain(unitId: number, stop: AbortSignal): Promise<void> {
    const { line, clock, owed } = this.#options;
    line.listenFor(unitId, null);
    const drop = (frame: Uint8Array) => owed.take(frame);
    await this.#listen(() => owed.untilMs(unitId), drop, stop);
    const limitMs = clock.monotonicMs() + QUIET_LIMIT_MS;
    await this.#listen(() => Math.min(limitMs, line.heardAtMs + QUIET_MS), drop, stop);
    if (line.heardAtMs + QUIET_MS > clock.monotonicMs()) throw chatterFault(line.label);
    this.#isDisturbed = false;
    if (owed.of(unitId).length === 0) return;
    this.#token = (this.#token + 1) & 0xffff;
    const isProven =
      (await this.#probe(unitId, { kind: 'echo', token: this.#token }, stop)) ||
      (await this.#probe(unitId, unlike(owed.of(unitId)), stop));
    if (!isProven) throw unitOutOfStepFault(line.label, unitId);
    owed.settle(unitId);
  }

  async #probe(unitId: number, request: ModbusRequest, stop: AbortSignal): Promise<boolean> {
    const { line, clock, owed } = this.#options;
    const isEcho = request.kind === 'echo';
    let isProven = false;
    let untilMs = clock.monotonicMs() + PROBE_LIMIT_MS;
    const heard = this.#listen(
      () => untilMs,
      (frame) => {
        const { kind } = frame[0] === unitId ? decodeAnswer(request, frame.subarray(1)) : { kind: 'other' };
        // An exception may be that of an owed request, unless only the echo has its function code.
        if (kind === 'values' || (kind === 'exception' && isEcho)) isProven = true;
        else owed.take(frame);
        if (isProven || (isEcho && owed.of(unitId).length === 0)) untilMs = -Infinity;
      },
      stop,
    );
    await Promise.race([heard, line.send(unitId, request, stop).then(() => heard)]);
    if (isProven) return true;
    // Its answer may come late as well. That of an echo is like no other's, and harms nobody.
    if (!isEcho) owed.add(unitId, request, clock.monotonicMs(), PROBE_LIMIT_MS);
    return owed.of(unitId).length === 0;
  }

  /** Passes frames to `takes` until `untilMs` (monotonic; asked again after every frame). */
  #listen(untilMs: () => number, takes: (frame: Uint8Array) => void, stop: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      if (stop.aborted) return reject(abortedQuery('the test question', stop.reason));
      let stopTimer = () => {};
      const end = (settle: () => void) => {
        stopTimer();
        stop.removeEventListener('abort', onStop);
        this.#listener = null;
        settle();
      };
      const onStop = () => end(() => reject(abortedQuery('the test question', stop.reason)));
      const wait = () => {
        stopTimer();
        const leftMs = untilMs() - clock.monotonicMs();
        if (leftMs > 0) stopTimer = after(clock, leftMs, wait);
        else end(resolve);
      };
      this.#listener = (frame) => {
        takes(frame);
        wait();
      };
      stop.addEventListener('abort', onStop, { once: true });
      wait();
    });
  }
}

/** A read of holding registers whose answer has another length than any that is owed. */
function unlike(owed: readonly ModbusRequest[]): ModbusRequest {
  const counts = owed.flatMap((request) =>
    request.kind === 'read' && request.table === 'holding' ? [request.count] : [],
  );
  const count = [1, 2, 3, 4, 5, 6, 7, 8].find((one) => !counts.includes(one)) ?? Math.max(...counts) + 1;
  return { kind: 'read', table: 'holding', address: 0, count };
}
