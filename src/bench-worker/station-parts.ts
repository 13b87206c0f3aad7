/** The parts of a station that has started. Types only. */
import type { LocalStore } from '#storage/store/open.ts';
import type { Calibrations } from './calibrations.ts';
import type { Fixture } from './fixture.ts';
import type { FrontDesk } from './front-desk.ts';
import type { HandDesk } from './hand-desk.ts';
import type { Procedures } from './procedures.ts';
import type { RunDesk } from './run-desk.ts';
import type { Scanners } from './scanners.ts';
import type { StationClock } from './station-clock.ts';
import type { Uploads } from './uploads.ts';
import type { WorkshopDesk } from './workshop/workshop-desk.ts';

export interface Parts {
  readonly store: LocalStore;
  readonly procedures: Procedures;
  readonly fixture: Fixture;
  readonly uploads: Uploads;
  readonly desk: RunDesk;
  readonly front: FrontDesk;
  readonly hand: HandDesk;
  readonly calibrations: Calibrations;
  readonly scanners: Scanners;
  readonly stationClock: StationClock;
  readonly workshop: WorkshopDesk;
}
