/**
 * What a driver offers to a phase: commands as text, and readings by name.
 *
 * One folder a driver, its simulated twin beside it. Stands on a protocol session; never sees a transport.
 */
export interface Instrument {
  readonly key: string;
  /** Sends a command that has no answer. @throws {HardwareFault} `lost`, `aborted` */
  write(command: string, signal: AbortSignal): Promise<void>;
  /**
   * Sends a query and waits for its answer, without its terminator.
   * @param timeoutMs how long to wait; undefined: the driver's own limit
   * @throws {HardwareFault} `timeout`, `lost`, `aborted`, `frame-error`
   */
  query(command: string, signal: AbortSignal, timeoutMs?: number): Promise<string>;
  /**
   * One reading by its IVI-style name, e.g. `voltage_dc`, in SI base units.
   * @throws {HardwareFault} `unsupported` when this driver has no such reading
   */
  read(reading: string, signal: AbortSignal, timeoutMs?: number): Promise<string>;
}
