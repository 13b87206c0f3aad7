/**
 * What page and bench worker say to each other about a fixture that a person speaks to; part of station-link.ts.
 *
 * Plain data only. Knows nothing of how a command reaches its device.
 */
import type { DevicePlace, Visited, VisitWay, WireLine } from '#hardware/bench/bench.ts';

export type { DevicePlace, Visited, VisitWay };

/** One thing that happened on a wire, for people. */
export type TrafficLine = WireLine;

/** A wire log that went with a run, for people. */
export interface WireLogView {
  /** The last of them, at most 5,000; times in ms since the first of all. */
  readonly lines: readonly TrafficLine[];
  /** How many there are in the file. */
  readonly entries: number;
  /** Bytes that went before the first entry and are not kept. */
  readonly forgottenBytes: number;
}

/** A plug of the bench: its key, and its slot's where each slot has one. */
export interface PlugPlace {
  readonly plug: string;
  readonly slot?: string;
}

/** Until when the instrument at a plug is calibrated; days are written as `2027-03-01`, and empty where there is none. */
export interface PlugCalibration extends PlugPlace {
  /** The instrument's; empty: it tells none, so nothing can be known of it. */
  readonly serial: string;
  /** Its name in the fleet's list. */
  readonly instrument: string;
  /** The last day on which it holds. */
  readonly due: string;
  readonly calibrated: string;
  readonly certificate: string;
  /** Whose date holds; null: nobody's. */
  readonly from: 'fleet' | 'station' | null;
  /** What was entered at this station, whether or not it holds. */
  readonly entered: { readonly due: string; readonly certificate: string };
  /** soon: within two weeks. */
  readonly state: 'good' | 'soon' | 'overdue' | 'undated';
  /** To the last day; negative when it is over. */
  readonly daysLeft: number;
  /** No run begins unless it holds. */
  readonly isRequired: boolean;
}

/** Whether a kind of wire holds in this browser on this system. */
export interface WireHere {
  /** As a procedure states it. */
  readonly wire: 'serial' | 'usb_serial' | 'usbtmc' | 'usb';
  readonly name: string;
  /** if: on the condition that `why` says. */
  readonly holds: 'yes' | 'if' | 'no';
  readonly why: string;
}

/**
 * What people call a device, by what it says itself: its answer to the question who it is, or, of one that was not asked, its
 * USB id and serial number.
 */
export type DeviceNames = Readonly<Record<string, string>>;

export interface CalibrationWish {
  readonly serial: string;
  /** Empty takes the entry away. */
  readonly due: string;
  readonly certificate: string;
}

export interface FixtureCommands {
  /**
   * One command by hand, between runs; a question is one with a `?`. From then on until its safe state the fixture is
   * said to be on. Fails with a Fault: `busy` while a unit is under test, or the instrument's.
   * @returns the answer; null for a command that has none
   */
  say(place: PlugPlace, words: string): string | null;
  /**
   * Of the devices that fit a plug only the one with this answer is taken at this station from now on; null: any that fits.
   * Taken over between runs. Fails with a Fault when the right is lacking.
   */
  chooseDevice(place: PlugPlace, answer: string | null): void;
  wiresHere(): readonly WireHere[];
  deviceNames(): DeviceNames;
  /** An empty name takes it away. Fails with a Fault: `name-refused`, and when the right is lacking. */
  nameDevice(device: string, name: string): void;
  /** Every plug gets its safe state. Fails with a Fault: `busy`, `unsafe`. */
  makeSafe(): void;
  /** A device is about to be taken from this app: what was switched on by hand gets its safe state. Fails with a Fault: `busy`, `unsafe`, and when the right is lacking. */
  beforeForget(): void;
  /** What went over its wire after a monotonic time, at most 500 lines of it; of a simulated plug nothing. */
  traffic(place: PlugPlace, afterMs: number): readonly TrafficLine[];
  /**
   * A device that no plug has is opened, and asked who it is in the way that is stated, or in all usual ones; it stays open until
   * another is, `endVisit`, or the next unit. Fails with a Fault: `busy` under test or where a plug has it, and the device's.
   */
  visit(place: DevicePlace, way: VisitWay | null): Visited;
  /** As `say`, to the visited device, of which nobody knows a safe state. */
  sayToVisited(words: string): string | null;
  visitTraffic(afterMs: number): readonly TrafficLine[];
  endVisit(): void;
  /** Of each plug that is asked for a date: not of simulated ones, nor where the procedure says that there is none. */
  calibrations(): readonly PlugCalibration[];
  /** A date for an instrument, at this station. Fails with a Fault: `calibration-refused`, and when the right is lacking. */
  enterCalibration(wish: CalibrationWish): void;
}
