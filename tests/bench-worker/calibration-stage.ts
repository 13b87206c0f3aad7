/** Calibrations of a station on a store in memory: of what is on its bench, by a fleet's list. */
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { Calibrations } from '../../src/bench-worker/calibrations.ts';
import { View } from '../../src/bench-worker/view.ts';
import { MemorySettings } from './people-stage.ts';

export type FleetDates = { settings: Pick<FleetSettings, 'instruments' | 'calibration'> };

export interface CalibrationStage {
  readonly store: MemorySettings;
  readonly view: View;
  readonly fleet: FleetDates;
  readonly fixture: { procedure: Pick<Procedure, 'plugs'> | null };
  readonly clock: { ms: number; nowMs(): number };
  readonly calibrations: Calibrations;
}

/** @param now of the station's clock */
export function calibrationStage(
  settings: FleetDates['settings'] = {},
  now = '2027-01-10T12:00:00Z',
  view = new View(() => {}),
): CalibrationStage {
  const store = new MemorySettings();
  const fleet: FleetDates = { settings };
  const fixture = { procedure: { plugs: [] } };
  const clock = { ms: Date.parse(now), nowMs: () => clock.ms };
  const calibrations = new Calibrations({ store, view, clock, fleet, fixture });
  return { store, view, fleet, fixture, clock, calibrations };
}
