/**
 * What a manifest says of every station, as values of the fleet's tier: for a fleet that has one file and no documents.
 *
 * A value that is the built-in one is not told apart from it. Knows nothing of documents.
 */
import type { MergedValue } from '#fleet/config/merge.ts';
import { SETTINGS } from '#fleet/config/settings-table.ts';
import { FLEET_FILE } from '#fleet/config/tiers.ts';
import { valuesOf } from '#fleet/config/values-of.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';

export function manifestValues(settings: FleetSettings): readonly MergedValue[] {
  return valuesOf(settings as unknown as Readonly<Record<string, unknown>>)
    .filter(({ path, value }) => {
      const known = SETTINGS.find(({ key }) => key === path.join('.'));
      return known?.byServer !== 'alone' && known?.builtIn !== value;
    })
    .map(({ path, value }) => ({ path, value, tier: 'fleet', from: FLEET_FILE }));
}
