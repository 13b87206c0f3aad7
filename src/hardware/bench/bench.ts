/**
 * The bench as the engine sees it: plugs by key, ready or not, and the instruments behind them.
 *
 * Implemented by the resource manager beside this file (real and simulated alike: only the transports differ).
 * Knows nothing of phases, runs or screens.
 */
import type { Instrument } from '#hardware/instrument/instrument.ts';

/**
 * ready: bound, identity checked, safe state reached. missing: no such device is plugged in or permitted.
 * wrong: a device answers, but it is not this fixture. lost: it was ready and is gone or silent.
 * permission: the browser has no access to devices of this kind at all, or refuses it.
 */
export type PlugState = 'ready' | 'missing' | 'wrong' | 'lost' | 'permission';

export interface PlugStatus {
  readonly key: string;
  readonly name: string;
  readonly state: PlugState;
  readonly simulated: boolean;
  /** Answer to the identity query; empty before the first. */
  readonly identity: string;
  /** USB ids that may carry it (`0403:6001`, `2a8d:*`), for the browser's device chooser; absent: any device. */
  readonly usb?: readonly string[];
  /** Which of the browser's choosers finds it: for serial ports or for USB devices; absent: it is simulated. */
  readonly reach?: 'serial' | 'usb';
  /** USB serial number of the device that it is bound to, where the browser shows it. */
  readonly serialNumber?: string;
  /** What is wrong and what to do; empty when ready. */
  readonly message: string;
  readonly remedy: string;
}

export interface Bench {
  readonly plugs: readonly PlugStatus[];
  onChange(listener: (plugs: readonly PlugStatus[]) => void): () => void;
  /**
   * Asks every plug that states an identity for it again, just before a run.
   * @returns the plugs that cannot be used; empty when the run may start
   */
  check(signal: AbortSignal): Promise<readonly PlugStatus[]>;
  /** @throws {HardwareFault} `lost` when the plug is not ready */
  instrument(key: string): Instrument;
  /**
   * Sends every plug its safe state; after `cutOff` when the wires are open again. A plug that could not be reached becomes `lost`, and `ready` again only after
   * its safe state was sent on re-binding.
   * @returns the plugs whose safe state was not reached; empty when all is safe
   */
  makeSafe(signal: AbortSignal): Promise<readonly PlugStatus[]>;
  /**
   * Emergency stop: ends every wire before it returns, whatever is in flight; then opens them again, where possible, to
   * send the safe state. A plug stays `lost` until its device has confirmed it. Asked again meanwhile, it is the same one.
   * @returns the plugs whose safe state was not confirmed in time
   */
  cutOff(): Promise<readonly PlugStatus[]>;
  /** Re-reads which devices are there and permitted; called when one comes or goes. */
  refresh(): void;
  /** Safe state, then every port closed. */
  close(): Promise<void>;
}
