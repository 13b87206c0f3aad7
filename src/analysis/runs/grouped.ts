/**
 * First-pass yield by something else: hour, shift, day, fixture, operator, release, slot.
 *
 * A unit counts where its first run was, so that the groups add up to the whole. Pure.
 */
import type { RunFacts } from '#record/run-facts.ts';
import { type Shifts, shiftAt, shiftName } from './shifts.ts';
import { type Share, shareOf } from './yields.ts';

export interface Group {
  /** What the runs share; empty where they do not tell. */
  readonly name: string;
  /** Groups are in this order. */
  readonly order: number;
  readonly runs: number;
  /** Of units whose first run is here. */
  readonly firstPass: Share;
}

export type GroupBy = 'hour' | 'shift' | 'fixture' | 'operator' | 'release' | 'slot';

/** @param runs oldest first @returns times in the order of the day, everything else by the number of runs */
export function groupRuns(runs: readonly RunFacts[], by: GroupBy, shifts: Shifts): Group[] {
  const groups = gather(runs, (run) => keyOf(run, by, shifts));
  return by === 'hour' || by === 'shift'
    ? groups.sort((a, b) => a.order - b.order)
    : groups.sort((a, b) => b.runs - a.runs || (a.name < b.name ? -1 : 1));
}

export type Step = 'hour' | 'day' | 'week';

export interface Bucket extends Group {
  readonly startMs: number;
}

/** By the calendar. Stretches in which nothing ran are left out. @param runs oldest first */
export function overTime(runs: readonly RunFacts[], step: Step): Bucket[] {
  const groups = gather(runs, ({ startedMs }) => {
    const startMs = startOf(startedMs, step);
    return { name: String(startMs), order: startMs };
  });
  return groups.sort((a, b) => a.order - b.order).map((group) => ({ ...group, startMs: group.order }));
}

const DAY_MS = 86_400_000;

/** So that there are a handful of points and no more than about a hundred. */
export function stepFor(runs: readonly RunFacts[]): Step {
  const days = runs.length === 0 ? 0 : (runs.at(-1)!.startedMs - runs[0]!.startedMs) / DAY_MS;
  if (days <= 2) return 'hour';
  return days <= 120 ? 'day' : 'week';
}

function startOf(epochMs: number, step: Step): number {
  const date = new Date(epochMs);
  if (step === 'hour') date.setMinutes(0, 0, 0);
  else date.setHours(0, 0, 0, 0);
  // ISO 8601: a week begins on Monday.
  if (step === 'week') date.setDate(date.getDate() - ((date.getDay() + 6) % 7));
  return date.getTime();
}

interface Key {
  readonly name: string;
  readonly order: number;
}

function keyOf({ startedMs, detail }: RunFacts, by: GroupBy, shifts: Shifts): Key {
  if (by === 'hour') {
    const hour = new Date(startedMs).getHours();
    return { name: `${String(hour).padStart(2, '0')}:00`, order: hour };
  }
  if (by === 'shift') {
    const shift = shiftAt(startedMs, shifts);
    return { name: shiftName(shift, shifts), order: shift };
  }
  if (by === 'release') return { name: detail ? nameOfRelease(detail) : '', order: 0 };
  return { name: detail?.[by] ?? '', order: 0 };
}

/** Hash without its kind, as short as Git's. */
export function nameOfRelease({ version, release }: { readonly version: string; readonly release: string }): string {
  return `${version} ${release.replace('sha256:', '').slice(0, 7)}`.trim();
}

function gather(runs: readonly RunFacts[], keyed: (run: RunFacts) => Key): Group[] {
  const seen = new Set<string>();
  const groups = new Map<string, Key & { runs: number; of: number; passed: number }>();
  for (const run of runs) {
    const key = keyed(run);
    let group = groups.get(key.name);
    if (!group) groups.set(key.name, (group = { ...key, runs: 0, of: 0, passed: 0 }));
    group.runs += 1;
    if (seen.size === seen.add(run.unit).size) continue;
    group.of += 1;
    if (run.outcome === 'PASS') group.passed += 1;
  }
  return [...groups.values()].map(({ name, order, runs: count, of, passed }) => ({
    name,
    order,
    runs: count,
    firstPass: shareOf(passed, of),
  }));
}
