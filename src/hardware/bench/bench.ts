/**
 * The bench as the engine sees it: plugs by key, ready or not, and the instruments behind them.
 *
 * Implemented by the resource manager beside this file (real and simulated alike: only the transports differ).
 * Knows nothing of phases, runs or screens.
 */
import type { Visit } from '#hardware/bench/visit.ts';
import type { VisitWay } from '#hardware/bench/visit-way.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import type { WireRecording } from '#hardware/transport/wire-recording.ts';

export type { Visit, Visited } from '#hardware/bench/visit.ts';
export type { VisitWay } from '#hardware/bench/visit-way.ts';
export type { WireLine } from '#hardware/transport/wire-recording.ts';

/**
 * ready: bound, identity checked, safe state reached. missing: no such device is plugged in or permitted.
 * wrong: a device answers, but it is not this fixture. lost: it was ready and is gone or silent.
 * permission: the browser has no access to devices of this kind at all, or refuses it.
 * rebooting: it is away, as the procedure expects it.
 */
export type PlugState = 'ready' | 'missing' | 'wrong' | 'lost' | 'permission' | 'rebooting';

export interface PlugStatus {
  readonly key: string;
  /** With the slot's name where each slot has one. */
  readonly name: string;
  /** Key of the slot whose plug it is; absent: everybody's. */
  readonly slot?: string;
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

/** What went over one wire of a plug. */
export interface PlugWire {
  /** The plug's key. */
  readonly plug: string;
  readonly recording: WireRecording;
}

/** What a device becomes by a reboot, where it does not come back as it was. */
export interface RebootForm {
  /** USB ids that it may have then; absent: those of the plug. */
  readonly usb?: readonly string[];
  /** Pattern of what it answers then; absent: the plug's. */
  readonly identity?: string;
}

export interface ExpectedReboot {
  /** From the first moment on, what makes it reboot included. */
  readonly withinMs: number;
  /** Absent: it comes back as it was, with the same answer. */
  readonly as?: RebootForm;
  /** Of a console: pattern in what it prints, which says that it is back. */
  readonly until?: string;
}

/** What one run sees of the bench: the plugs of its slot, and those that all slots share. */
export interface SlotBench {
  readonly plugs: readonly PlugStatus[];
  /**
   * Asks every plug that states an identity for it again, just before a run.
   * @param inUse keys of plugs that another run is using: they were asked when that one began, and are left alone
   * @returns the plugs that cannot be used; empty when the run may start
   */
  check(signal: AbortSignal, inUse?: ReadonlySet<string>): Promise<readonly PlugStatus[]>;
  /** @throws {HardwareFault} `lost` when the plug is not ready, or is not what was checked */
  instrument(key: string): Instrument;
  /**
   * Lets a plug's device leave and come back, and resolves when it has.
   * @param cause what makes it reboot; begun as soon as it may leave
   * @throws {HardwareFault} `lost` when the plug was not ready, or did not come back; `timeout` when it never left;
   * `identity-mismatch` when it came back as another; `aborted`; and whatever `cause` throws
   */
  reboot(key: string, expected: ExpectedReboot, cause: () => Promise<void>, signal: AbortSignal): Promise<void>;
  /**
   * Sends every plug its safe state; after `cutOff` when the wires are open again. A plug that could not be reached becomes `lost`, and `ready` again only after
   * its safe state was sent on re-binding.
   * @param keep keys of plugs that stay as they are, since another run is using them
   * @returns the plugs whose safe state was not reached; empty when all is safe
   */
  makeSafe(signal: AbortSignal, keep?: ReadonlySet<string>): Promise<readonly PlugStatus[]>;
  /** Every byte since a monotonic time, and how its wires were opened; of simulated plugs nothing. */
  wires(sinceMs: number): readonly PlugWire[];
}

/** A device as a list of them shows it. */
export interface DevicePlace {
  readonly reach: 'serial' | 'usb';
  /** `0403:6001` */
  readonly usb: string;
  /** Empty where none is shown. */
  readonly serialNumber: string;
  /** Of several that look alike: which, from 0. */
  readonly at: number;
}

/** The station's: all plugs of all slots. */
export interface Bench extends SlotBench {
  onChange(listener: (plugs: readonly PlugStatus[]) => void): () => void;
  /**
   * As one run sees it, from its check to its end.
   * @param slot its key; absent: only what all slots share
   */
  inSlot(slot?: string): SlotBench;
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

/** One whose devices a person can speak to, whether or not a procedure knows them. */
export interface VisitableBench extends Bench {
  /**
   * Opens a device that no plug has, so that a person can speak to it; one at a time, another ends the one before.
   * @param way in which it is asked who it is; null: in all usual ones
   * @throws {HardwareFault} `busy` where a plug has it, `lost`, `unsupported`, `permission-needed`, `aborted`
   */
  visit(place: DevicePlace, way: VisitWay | null, signal: AbortSignal): Promise<Visit>;
  /** The visited device is free again. */
  endVisit(): Promise<void>;
}
