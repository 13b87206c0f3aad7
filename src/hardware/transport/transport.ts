/**
 * What a transport is: bytes out, and one ordered sequence of what came in.
 *
 * Implementations: serial/ (Web Serial), simulated/ (a function). Above it: protocol sessions. It knows nothing of
 * frames, commands or instruments, has no time-outs of its own (sessions do), and never reconnects: once `lost`, an
 * instance stays lost and the resource manager makes another.
 */
import type { Listener } from '#base/emitter.ts';
import type { Fault } from '#base/fault.ts';

export type TransportState = 'closed' | 'opening' | 'open' | 'closing' | 'lost';

export type TransportEvent =
  | { readonly kind: 'data'; readonly bytes: Uint8Array; readonly atMs: number }
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

export interface Transport {
  readonly state: TransportState;
  /** For people and logs, e.g. `serial 0403:6001`. */
  readonly label: string;
  /** Events arrive in the order in which they happened; a listener added late hears only what comes later. */
  onEvent(listener: Listener<TransportEvent>): () => void;
  /** @throws {HardwareFault} `busy`, `permission-needed`, `lost`, `aborted` */
  open(signal: AbortSignal): Promise<void>;
  /** Hands the bytes over in order; resolved does not mean that they are on the wire. @throws {HardwareFault} `not-open`, `lost`, `aborted` */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Ends an open wire at once: what waits to be sent never is, and `lost` is told before this returns. Then `close`, as ever. */
  cut(cause: string): void;
  /** Never throws, may be called twice and while lost; afterwards the device is free for others. */
  close(): Promise<void>;
}
