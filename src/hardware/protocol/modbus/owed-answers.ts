/**
 * Which answers a Modbus unit still owes: requests that were given up on (pitfall 32).
 *
 * A unit answers a request once or never. Kept by unit: one that is dead does not hold up the others on its line.
 * Knows nothing of wires.
 */
import { decodeAnswer, type ModbusRequest } from '#hardware/protocol/modbus/modbus-pdu.ts';

/** A device that answers too late mostly does so within as long again as it was given, and nobody waits longer than this. */
const LONGEST_WAIT_MS = 1000;

export class OwedAnswers {
  readonly #owed = new Map<number, ModbusRequest[]>();
  readonly #untilMs = new Map<number, number>();

  /** A request to this unit was given up at this time, after so long. */
  add(unitId: number, request: ModbusRequest, nowMs: number, timeoutMs: number): void {
    this.#owed.set(unitId, [...(this.#owed.get(unitId) ?? []), request]);
    const untilMs = nowMs + Math.min(timeoutMs, LONGEST_WAIT_MS);
    this.#untilMs.set(unitId, Math.max(this.#untilMs.get(unitId) ?? -Infinity, untilMs));
  }

  of(unitId: number): readonly ModbusRequest[] {
    return this.#owed.get(unitId) ?? [];
  }

  /** Until when it is worth waiting for them; in the past when none is owed. */
  untilMs(unitId: number): number {
    return this.of(unitId).length === 0 ? -Infinity : (this.#untilMs.get(unitId) ?? -Infinity);
  }

  /** A frame came that nobody waits for. @param frame unit id and answer */
  take(frame: Uint8Array): void {
    const unitId = frame[0]!;
    const owed = this.of(unitId);
    const at = owed.findIndex((request) => decodeAnswer(request, frame.subarray(1)).kind !== 'other');
    if (at >= 0) this.#owed.set(unitId, owed.toSpliced(at, 1));
  }

  /** The unit has answered a later question: what it owed will not come any more. */
  settle(unitId: number): void {
    this.#owed.delete(unitId);
    this.#untilMs.delete(unitId);
  }
}
