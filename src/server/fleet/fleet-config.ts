/**
 * `fleet.yaml` as the server goes by it: the fleet's settings, refused with line and column of whatever is wrong.
 *
 * An absent file means every default. What its keys are is #fleet/config's. Knows nothing of procedures.
 */
import { readTier } from '#fleet/config/read-tier.ts';
import { DEFAULT_SETTINGS, type FleetSettings } from '#fleet/distribution/manifest.ts';
import { serverFault } from '#server/server-fault.ts';

/** @throws {Fault} `fleet-invalid`, naming file, line, column and key */
export function readFleetConfig(text: string, file: string): FleetSettings {
  const { data, problems } = readTier({ tier: 'fleet', name: '', file, text });
  const [wrong] = problems;
  if (!data || wrong)
    throw serverFault(
      'fleet-invalid',
      `${file}, line ${wrong?.line}, column ${wrong?.column}: ${wrong?.message}.`,
      'Correct it; docs name every setting.',
    );
  // What only documents of stations bring is none of the manifest's.
  const { product: _, locked: __, parameters: ___, ...settings } = data;
  return { ...DEFAULT_SETTINGS, ...settings, sync: { ...DEFAULT_SETTINGS.sync, ...settings.sync } };
}
