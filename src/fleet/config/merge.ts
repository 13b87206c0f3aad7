/**
 * One station's values out of its tiers, each from exactly one of them (RULES.md 1 to 6).
 *
 * Pure. Below: read-tier.ts. Knows nothing of files, signatures and stations that are already running.
 */
import type { ConfigProblem, TierFile } from '#fleet/config/read-tier.ts';
import { SETTINGS, settingOf } from '#fleet/config/settings-table.ts';
import { type Tier, TIERS } from '#fleet/config/tiers.ts';
import type { Path } from '#fleet/config/values-of.ts';

export interface MergedValue {
  readonly path: Path;
  readonly value: unknown;
  readonly tier: Tier;
  /** File and line; empty of what is built in. */
  readonly from: string;
  /** File and line that have locked it; absent: it is not. */
  readonly locked?: string;
}

export interface Merged {
  /** By path. What is built in is left out, unless it is locked. */
  readonly values: readonly MergedValue[];
  readonly problems: readonly ConfigProblem[];
}

/** @param files of one station, each tier at most once, in any order */
export function merge(files: readonly TierFile[]): Merged {
  const inOrder = files.toSorted((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier));
  const values = new Map<string, MergedValue>();
  const locks = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const { tier, file, values: stated, locked } of inOrder) {
    for (const { path, value, place } of stated) {
      if (settingOf(path.join('.'))?.byServer === 'alone') continue;
      const by = lockOf(locks, path);
      if (by === undefined) values.set(keyOf(path), { path, value, tier, from: `${file}:${place.line}` });
      else problems.push({ code: 'locked', ...place, file, message: `${path.join('.')}: ${by} has locked it` });
    }
    // After its own values: a tier may state what it locks.
    for (const { key, place } of locked) if (!locks.has(key)) locks.set(key, `${file}:${place.line}`);
  }
  return { values: lockedIn(values, locks), problems };
}

/** What is locked without being stated stays as it is built in. */
function lockedIn(values: ReadonlyMap<string, MergedValue>, locks: ReadonlyMap<string, string>): MergedValue[] {
  const all = new Map(values);
  for (const { key, builtIn, byServer } of SETTINGS) {
    const path = key.split('.');
    if (builtIn !== null && byServer !== 'alone' && lockOf(locks, path) !== undefined && !all.has(keyOf(path)))
      all.set(keyOf(path), { path, value: builtIn, tier: 'built-in', from: '' });
  }
  return [...all.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => {
      const by = lockOf(locks, one.path);
      return by === undefined ? one : { ...one, locked: by };
    });
}

/** Serial numbers and names of people are one however they are typed. */
function keyOf(path: Path): string {
  return JSON.stringify(
    path.map((part) => (path[0] === 'operators' || path[0] === 'instruments' ? part.toLowerCase() : part)),
  );
}

/** A lock of a section holds for all that stands in it. */
function lockOf(locks: ReadonlyMap<string, string>, path: Path): string | undefined {
  for (let length = 1; length <= path.length; length += 1) {
    const by = locks.get(path.slice(0, length).join('.'));
    if (by !== undefined) return by;
  }
  return undefined;
}
