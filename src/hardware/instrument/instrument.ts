/**
 * What a driver offers to a phase: commands as text, readings and settings by name.
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
  /**
   * The points of a reading that is a curve, e.g. `waveform_1`, in SI base units.
   * @throws {HardwareFault} `unsupported` when this driver has no such curve
   */
  curve(reading: string, signal: AbortSignal, timeoutMs?: number): Promise<Float64Array<ArrayBuffer>>;
  /**
   * Brings one setting to a value, e.g. `voltage` to 3.3. Resolves when the instrument has taken it, where it can say so.
   * @throws {HardwareFault} `unsupported` for a setting or a value that this driver has not; `instrument-error`
   */
  set(setting: string, value: number | string | boolean, signal: AbortSignal): Promise<void>;
  /**
   * Prints a label, as it stands. Absent: it is no printer.
   * @throws {HardwareFault} `instrument-error` when the printer says that it cannot
   */
  print?(label: Uint8Array, signal: AbortSignal): Promise<void>;
  /** What the device said that nobody asked for, each line once; absent: its driver keeps no such lines. */
  takeLines?(): readonly string[];
}
