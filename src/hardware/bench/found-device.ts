/**
 * What the search hands to a plug: a device that answered, and one that answers as the plug's own does; and what the plug
 * makes of it.
 *
 * Types only. Stands between search.ts and plug-link.ts.
 */
import type { PlugWords } from '#hardware/bench/plug-words.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import type { DeviceSession } from '#hardware/instrument/open-device.ts';
import type { Transport } from '#hardware/transport/transport.ts';
import type { WireLog } from '#hardware/transport/wire-log.ts';

/** The port or device, as the search knows it. */
export interface Place {
  /** `0403:6001`; empty where none is known. */
  readonly usb: string;
  /** The device's own, where it can be seen; else empty. */
  readonly serialNumber: string;
}

/** A device that answered as this plug does, over an open wire. */
export interface FoundDevice {
  readonly candidate: Place;
  readonly transport: Transport;
  readonly session: DeviceSession;
  /** What went over the wire since it was opened; null where no real one is behind it. */
  readonly log: WireLog | null;
  readonly answer: string;
}

/** What a plug is bound to. */
export interface Connection {
  /** What a run has checked; over every reboot that it expected the same. */
  lineage: object;
  readonly candidate: Place;
  readonly transport: Transport;
  readonly session: DeviceSession;
  readonly instrument: Instrument;
}

/** What was seen of a plug's device since its reboot was expected. */
export interface Sighting {
  /** Of the connection that it had. */
  readonly lineage: object;
  hasLeft: boolean;
  /** What the search says of it while it is away. */
  words: PlugWords | null;
}

/** Another device that answers as this plug does. */
export interface Twin {
  readonly candidate: Place;
  readonly answer: string;
  /** USB serial numbers of both, where they are shown. */
  readonly serialNumbers: readonly string[];
}
