/**
 * What a transport is: bytes out, and one ordered sequence of what came in.
 *
 * Implementations: serial/ (Web Serial), usb/ (WebUSB: bulk, serial adapters, USBTMC), simulated/ (a function), replay/
 * (a recorded wire). Above it: protocol sessions. It knows nothing of frames, commands or instruments, has no time-outs
 * of its own (sessions do), and never reconnects: once `lost`, an instance stays lost and the resource manager makes
 * another.
 */
import type { Listener } from '#base/emitter.ts';
import type { Fault } from '#base/fault.ts';

export type TransportState = 'closed' | 'opening' | 'open' | 'closing' | 'lost';

export type TransportEvent =
  /** `end`: the device ended its message with these bytes; only a wire of messages says so. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array; readonly atMs: number; readonly end?: boolean }
  /** Bytes were damaged or dropped about here (its position is approximate on Windows). */
  | { readonly kind: 'line-error'; readonly error: LineError; readonly atMs: number }
  | { readonly kind: 'lost'; readonly cause: string; readonly atMs: number };

export type LineError = 'overrun' | 'framing' | 'parity' | 'break' | 'unknown';

export type HardwareCode =
  | 'unsupported'
  | 'permission-needed'
  | 'picker-dismissed'
  | 'busy'
  | 'not-open'
  | 'lost'
  | 'timeout'
  | 'aborted'
  | 'line-error'
  | 'frame-error'
  | 'protocol-error'
  | 'instrument-error'
  | 'identity-mismatch'
  | 'internal';

export type HardwareFault = Fault<HardwareCode>;

/** What IEEE 488 has beside messages. Each of them waits for its turn among the writes. */
export interface Ieee488 {
  /** Serial poll: read beside the messages, so it disturbs no answer. @throws {HardwareFault} `unsupported`, `lost`, `aborted` */
  statusByte(signal: AbortSignal): Promise<number>;
  /** Device clear: what was told and not done, and what was asked and not answered, is forgotten on both sides. */
  clear(signal: AbortSignal): Promise<void>;
  /** Group execute trigger. @throws {HardwareFault} `unsupported`, `lost`, `aborted` */
  trigger(signal: AbortSignal): Promise<void>;
  /** Gives the front panel back to the person before it, until the next message. */
  goToLocal(signal: AbortSignal): Promise<void>;
  /** Told with the status byte when the device asks for service. */
  onServiceRequest(listener: Listener<number>): () => void;
}

export interface Transport {
  /** stream: where an answer ends is for framing to find. message: the wire says it, by `end`. */
  readonly kind: 'stream' | 'message';
  readonly state: TransportState;
  /** For people and logs, e.g. `serial 0403:6001`. */
  readonly label: string;
  /** Events arrive in the order in which they happened; a listener added late hears only what comes later. */
  onEvent(listener: Listener<TransportEvent>): () => void;
  /** @throws {HardwareFault} `busy`, `permission-needed`, `lost`, `aborted` */
  open(signal: AbortSignal): Promise<void>;
  /**
   * Hands the bytes over in order; resolved does not mean that they are on the wire.
   * @param asks an answer is expected: a wire of messages fetches it, and gives up one that it still waits for; on a stream it comes by itself
   * @throws {HardwareFault} `not-open`, `lost`, `aborted`, `line-error` when the device refused them
   */
  write(bytes: Uint8Array, signal: AbortSignal, asks?: boolean): Promise<void>;
  /** Ends an open wire at once: what waits to be sent never is, and `lost` is told before this returns. Then `close`, as ever. */
  cut(cause: string): void;
  /** Never throws, may be called twice and while lost; afterwards the device is free for others. */
  close(): Promise<void>;
  /** Only on a wire that has it. */
  readonly ieee488?: Ieee488;
}
