/**
 * A transport as Modbus RTU frames: sent after the silence that the line needs, heard when their CRC is right.
 *
 * Below it: a transport and the framer. Above it: modbus-session.ts. Knows nothing of who waits for what.
 */
import type { Clock } from '#base/clock.ts';
import { answerLength, encodeAdu, ModbusRtuFramer, type LengthOf } from '#hardware/framing/modbus-rtu.ts';
import { lineFault, lostLinkFault } from '#hardware/protocol/link-faults.ts';
import { answerDataBytes, codeOf, encodeRequest, type ModbusRequest } from '#hardware/protocol/modbus/modbus-pdu.ts';
import type { HardwareFault, Transport } from '#hardware/transport/transport.ts';

export interface ModbusEar {
  /** Unit id, function code and data. */
  frame(frame: Uint8Array, atMs: number): void;
  damaged(fault: HardwareFault): void;
  lost(fault: HardwareFault): void;
}

/** Start, eight data, parity and stop bits, or two stop bits without parity: always eleven (Modbus over Serial Line V1.02, 2.5.1). */
const BITS_A_CHARACTER = 11;

/** Silence between two frames: 3.5 characters, and above 19200 baud 1.75 ms whatever the rate (2.5.1.1). */
export function silenceMs(baudRate: number): number {
  return baudRate > 19_200 ? 1.75 : (3.5 * BITS_A_CHARACTER * 1000) / baudRate;
}

export class ModbusLine {
  readonly label: string;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #stopListening: () => void;
  #framer = new ModbusRtuFramer(answerLength);
  #heardAtMs = -Infinity;

  constructor(transport: Transport, clock: Clock, baudRate: number, ear: ModbusEar) {
    this.label = transport.label;
    this.#transport = transport;
    this.#clock = clock;
    this.#silenceMs = silenceMs(baudRate);
    this.#stopListening = transport.onEvent((event) => {
      switch (event.kind) {
        case 'data':
          this.#heardAtMs = event.atMs;
          for (const frame of this.#framer.push(event.bytes)) ear.frame(frame, event.atMs);
          return;
        case 'line-error':
          return ear.damaged(lineFault(this.label, event.error));
        case 'lost':
          return ear.lost(lostLinkFault(this.label, event.cause));
      }
    });
  }

  /** Monotonic time of the last byte that came. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Hears only what can answer this request of this unit; null: any answer of anyone. */
  listenFor(unitId: number, request: ModbusRequest | null): void {
    this.#framer = new ModbusRtuFramer(request ? lengthFor(unitId, request) : answerLength);
  }

  /** Handed over before this returns, where the line was silent long enough. */
  async send(unitId: number, request: ModbusRequest, signal: AbortSignal): Promise<void> {
    const adu = encodeAdu(Uint8Array.from([unitId, ...encodeRequest(request)]));
    const waitMs = this.#heardAtMs + this.#silenceMs - this.#clock.monotonicMs();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
    await this.#transport.write(adu, signal);
  }

  detach(): void {
    this.#stopListening();
  }
}

/** The length is known from the question, so that noise in front is seen for what it is. */
function lengthFor(unitId: number, request: ModbusRequest): LengthOf {
  const code = codeOf(request);
  const data = answerDataBytes(request);
  const isCounted = request.kind === 'read' || request.kind === 'exchange';
  return ([unit, answered, count]) => {
    if (unit !== unitId) return null;
    if (answered === undefined || answered === (code | 0x80)) return answered && 5;
    if (answered !== code) return null;
    if (isCounted && count !== undefined && count !== data - 1) return null;
    return isCounted && count === undefined ? undefined : 2 + data + 2;
  };
}
