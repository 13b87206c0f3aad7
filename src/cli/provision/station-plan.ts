/**
 * What is known of the station to be set up, before any file is made of it.
 *
 * A type. Made by provision.ts; every file of provision/ that makes a text takes it.
 */
import type { FixtureDevices } from './fixture-devices.ts';

export interface StationPlan {
  readonly station: string;
  /** Scheme, host and port, no slash at its end: `https://station.example`. */
  readonly origin: string;
  readonly devices: FixtureDevices;
  /** The browser of this computer is also used for other things: nothing is taken away from other sites. */
  readonly isShared: boolean;
  /** A technician may add devices with the browser's chooser. */
  readonly mayChoose: boolean;
  /** Folder of the one procedure that the station runs; absent: the fleet's default, or the person's choice. */
  readonly procedure?: string;
  /** The link that enrols the station, with its key or token in it; absent: it is enrolled by hand. */
  readonly enrolment?: string;
  /** What stands in the link: TofuPilot's key, or a token of the relay's. */
  readonly secret: 'key' | 'token';
}
