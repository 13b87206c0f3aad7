/**
 * From one set of values to the next: what changed, and what nobody here may change. Pure.
 *
 * Above: configuration.ts. Knows nothing of where values come from.
 */
import { Fault } from '#base/fault.ts';
import type { ConfigurationChange } from '#engine/link/configuration-link.ts';
import type { MergedValue } from '#fleet/config/merge.ts';

const LISTS: readonly string[] = ['operators', 'instruments'];

export function changesOf(
  before: readonly MergedValue[],
  after: readonly MergedValue[],
  at: string,
  hash: string,
): ConfigurationChange[] {
  const [old, now] = [byKey(before), byKey(after)];
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const [beforeText, afterText] = [was ? textOf(was) : '', is ? textOf(is) : ''];
    if (was && is && JSON.stringify(was.value) === JSON.stringify(is.value)) return [];
    return [{ at, key, before: beforeText, after: afterText, tier: is?.tier ?? 'built-in', hash }];
  });
}

export function keyOf({ path }: Pick<MergedValue, 'path'>): string {
  return path.join('.');
}

/** As a person reads it. Of a listed person or instrument only what is no hash. */
export function textOf({ path, value }: Pick<MergedValue, 'path' | 'value'>): string {
  if (LISTS.includes(path[0]!)) {
    const { role, calibration_due: due } = value as { role?: string; calibration_due?: string };
    return role ?? `until ${due}`;
  }
  return plainText(value);
}

export function plainText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(' … ') : String(value);
}

export function lockedKeys(values: readonly MergedValue[]): readonly string[] {
  return values.filter(({ locked }) => locked !== undefined).map(keyOf);
}

function byKey(values: readonly MergedValue[]): ReadonlyMap<string, MergedValue> {
  return new Map(values.map((one) => [keyOf(one), one]));
}

/** Somebody at the station wanted to change what the fleet keeps. */
export function lockedFault(key: string): Fault<'config-locked'> {
  const message = `The fleet has locked “${key}” for this station.`;
  return new Fault('config-locked', message, 'Whoever keeps the fleet’s configuration can change it.');
}
