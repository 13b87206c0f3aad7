/**
 * A session as a driver sees it: commands out, answers back.
 *
 * Implemented by scpi-session.ts; tests hand in others. Knows nothing of wires.
 */
export interface CommandSession {
  /** @throws {HardwareFault} `lost`, `aborted`, `timeout`, `protocol-error` */
  write(command: string, signal: AbortSignal): Promise<void>;
  /** @throws {HardwareFault} `timeout`, `lost`, `aborted`, `frame-error`, `line-error`, `protocol-error` */
  query(command: string, signal: AbortSignal, timeoutMs?: number): Promise<string>;
}
