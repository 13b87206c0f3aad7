/**
 * How long something lives: as long as a slot, a run of all slots, or the station. TofuPilot's older words still count.
 */
import { Fields } from '#procedure/read/fields.ts';

/** Older word, and what it is called now. */
const OLD: Readonly<Record<string, string>> = { each: 'slot', all: 'execution', run: 'execution' };
export const PHASE_SCOPES = ['slot', 'execution', 'each', 'all', 'run'] as const;
export const PLUG_SCOPES = [...PHASE_SCOPES, 'station'] as const;

/** @returns undefined for `slot`, which is what holds when nothing is stated */
export function readScope<T extends (typeof PLUG_SCOPES)[number]>(
  fields: Fields,
  scopes: readonly T[],
): Extract<T, 'execution' | 'station'> | undefined {
  const stated = fields.oneOf('scope', scopes);
  if (stated === undefined) return undefined;
  const now = OLD[stated];
  if (now !== undefined)
    fields.context.problems.oldSpelling(fields.node('scope')!.place, fields.what, 'scope', { old: stated, now });
  const scope = now ?? stated;
  return scope === 'slot' ? undefined : (scope as Extract<T, 'execution' | 'station'>);
}
