/**
 * The tiers of a fleet's configuration, from the widest to the closest, and the file that each one is for a station.
 *
 * Names only. RULES.md says what each may say. Knows nothing of YAML, merging and signatures.
 */
import { stationPlace } from '#fleet/identity/station-name.ts';

/** Each goes before all that stand before it. `built-in` is the app's own, and no file. */
export const TIERS = ['built-in', 'fleet', 'site', 'line', 'product', 'station'] as const;
export type Tier = (typeof TIERS)[number];
/** What a file can be. */
export type FileTier = Exclude<Tier, 'built-in'>;

export const FLEET_FILE = 'fleet.yaml';
/** In the fleet's folder: every tier but the fleet's own file. */
export const CONFIG_FOLDER = 'config';
const FOLDERS = { site: 'sites', line: 'lines', product: 'products', station: 'stations' } as const;
const ENDING = '.yaml';
/** What is built: a word in the name of a file. */
export const PRODUCT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/;

export function tierFile(tier: FileTier, name: string): string {
  return tier === 'fleet' ? FLEET_FILE : `${CONFIG_FOLDER}/${FOLDERS[tier]}/${name}${ENDING}`;
}

/** A tier's name for a station; of a product it is stated in the files. */
export function placesOf(station: string): Readonly<Record<'fleet' | 'site' | 'line' | 'station', string>> {
  const { site, line } = stationPlace(station);
  return { fleet: '', site, line: `${site}-${line}`, station };
}

/** @returns null for a path that is no tier's */
export function tierOfPath(path: string): { readonly tier: FileTier; readonly name: string } | null {
  if (path === FLEET_FILE) return { tier: 'fleet', name: '' };
  const [room, folder, file = '', ...more] = path.split('/');
  const found = Object.entries(FOLDERS).find(([, name]) => name === folder);
  if (room !== CONFIG_FOLDER || !found || more.length > 0 || !file.endsWith(ENDING)) return null;
  return { tier: found[0] as FileTier, name: file.slice(0, -ENDING.length) };
}
