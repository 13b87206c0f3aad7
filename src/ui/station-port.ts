/**
 * What the page's door hands to the screens: news from the station, calls to it, and what only a window can do.
 *
 * Types only, so that the screens can be mounted on anything that speaks like this; a test hands in its own.
 */
import type { EditingCommands } from '#engine/link/editing-link.ts';
import type { HistoryCommands, HistoryNews } from '#engine/link/history-link.ts';
import type { StationCommands, StationNews } from '#engine/link/station-link.ts';
import type { StationsReport } from '#fleet/health/stations-report.ts';

type Calls<C> = {
  readonly [K in keyof C]: C[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<R> : never;
};

/** As `navigator.usb.requestDevice` takes them. */
export interface DeviceFilter {
  readonly vendorId: number;
  readonly productId?: number;
}

/** A device that this browser lets this app use, by a person's choice or by policy. */
export interface GrantedDevice {
  readonly reach: 'serial' | 'usb';
  /** `0403:6001`; empty for a port that is not on USB. */
  readonly usb: string;
  /** As the device says; empty where nothing does, as for every serial port. */
  readonly name: string;
  readonly serialNumber: string;
  readonly isConnected: boolean;
  /** Takes the permission back. Fails with a Fault: those of `beforeForget`, and `policy` where a policy grants it. */
  forget(): Promise<void>;
}

/** The search over all runs on this disk, in a thread of its own. */
export interface HistoryPort {
  readonly call: Calls<HistoryCommands>;
  /** @returns a function that stops listening */
  on(listener: (news: HistoryNews) => void): () => void;
}

/** Reads what is being written, in a thread of its own. */
export interface EditingPort {
  readonly call: Calls<EditingCommands>;
}

export interface StationPort {
  /** @returns a function that stops listening. Attached before the first news can arrive. */
  on(listener: (news: StationNews) => void): () => void;
  readonly call: Calls<StationCommands>;
  /**
   * Opens the browser's chooser for serial ports or for USB devices; must be called inside a click. Closing it without a
   * choice is no error.
   * @returns the USB id of what was chosen, `0403:6001`, empty for a port that is not on USB; null without a choice
   */
  pairDevice(reach: 'serial' | 'usb', filters: readonly DeviceFilter[]): Promise<string | null>;
  /** Which chooser shows serial ports: on a tablet the one for USB devices. */
  readonly serialReach: 'serial' | 'usb';
  /** Fails with a Fault: `permission-needed`. */
  devices(): Promise<readonly GrantedDevice[]>;
  /** A device came or went. @returns a function that stops listening */
  onDevices(listener: () => void): () => void;
  /** Begins it, unless it is there. */
  openHistory(): Promise<HistoryPort>;
  /** Begins it, unless it is there. */
  openWorkshop(): Promise<EditingPort>;
  /** Every station that this page's server has heard. Fails with a Fault: `stations-unreachable`, `stations-unknown`. */
  stations(signal: AbortSignal): Promise<StationsReport>;
  /** To install the app; made where the browser can and it is not installed yet. */
  readonly installOffer: {
    isMade(): boolean;
    /** Asks the person in the browser's words; must be called inside a click. @returns whether it is installed */
    take(): Promise<boolean>;
    /** @returns a function that stops listening */
    on(listener: () => void): () => void;
  };
  /** Files that were opened with the installed app and are not taken yet: each is handed out once. */
  launchedFiles(): Promise<readonly File[]>;
  /** There are more of them. @returns a function that stops listening */
  onLaunchedFiles(listener: () => void): Promise<() => void>;
  reload(): void;
  /** Ends the worker, whatever it is doing, so that the browser closes its ports; then loads the page anew. */
  restart(): void;
}
