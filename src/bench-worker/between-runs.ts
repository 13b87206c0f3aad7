/**
 * What changes between two runs and never during one: the configuration first, then procedure, release and bench.
 *
 * Above: station.ts. Knows nothing of what made it necessary.
 */
import type { Turns } from '#base/turns.ts';
import type { People } from './people.ts';
import type { Parts } from './station-parts.ts';

type Changed = Pick<Parts, 'fixture' | 'procedures' | 'calibrations' | 'stationClock'>;

export async function applyBetweenRuns(turns: Turns, parts: Changed | undefined, people: People): Promise<void> {
  if (!parts) return;
  const { fixture, procedures, calibrations, stationClock } = parts;
  const { configuration } = procedures;
  // Nothing waits for runs that are long when there is nothing to be changed.
  if (!configuration.isDue && !(await fixture.isStale())) return;
  await turns.take(async () => {
    const isConfigured = await configuration.apply();
    await fixture.apply();
    if (!isConfigured) return;
    // Whoever keeps words of its own about a setting says them anew.
    await people.reload();
    calibrations.show();
    stationClock.show();
  });
}
