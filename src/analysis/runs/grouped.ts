/**
 * First-pass yield by something else: hour, shift, day, fixture, operator, release, slot.
 *
 * A unit counts where its first run was, so that the groups add up to the whole. Pure.
 */
import type { RunFacts } from '#record/run-facts.ts';
import { keptByQuarter, minuteOfDay } from './local-time.ts';
import { type Shifts, shiftName, shiftOf } from './shifts.ts';
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
  if (by === 'hour' || by === 'shift') {
    const minuteOf = minuteOfDay();
    const isHour = by === 'hour';
    const groups = gather(runs, ({ startedMs }) => {
      const minute = minuteOf(startedMs);
      return isHour ? Math.floor(minute / 60) : shiftOf(minute, shifts);
    });
    return groups
      .map(({ key, ...group }) => ({ ...group, name: isHour ? nameOfHour(key) : shiftName(key, shifts), order: key }))
      .sort((a, b) => a.order - b.order);
  }
  return gather(runs, (run) => nameBy(run, by))
    .map(({ key, ...group }) => ({ ...group, name: key, order: 0 }))
    .sort((a, b) => b.runs - a.runs || (a.name < b.name ? -1 : 1));
}

export type Step = 'hour' | 'day' | 'week';

export interface Bucket extends Group {
  readonly startMs: number;
}

/** By the calendar. Stretches in which nothing ran are left out. @param runs oldest first */
export function overTime(runs: readonly RunFacts[], step: Step): Bucket[] {
  const start = keptByQuarter((epochMs) => startOf(epochMs, step));
  return gather(runs, ({ startedMs }) => start(startedMs))
    .map(({ key, ...group }) => ({ ...group, name: String(key), order: key, startMs: key }))
    .sort((a, b) => a.order - b.order);
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

function nameOfHour(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

function nameBy({ detail }: RunFacts, by: Exclude<GroupBy, 'hour' | 'shift'>): string {
  if (by === 'release') return detail ? nameOfRelease(detail) : '';
  return detail?.[by] ?? '';
}

/** Hash without its kind, as short as Git's. */
export function nameOfRelease({ version, release }: { readonly version: string; readonly release: string }): string {
  return `${version} ${release.replace('sha256:', '').slice(0, 7)}`.trim();
}

type Gathered<K> = Pick<Group, 'runs' | 'firstPass'> & { readonly key: K };

/** Every run by its key, a number or a name: whatever else is said of a group is said once a group, and not once a run. */
function gather<K>(runs: readonly RunFacts[], keyOf: (run: RunFacts) => K): Gathered<K>[] {
  const seen = new Set<string>();
  const groups = new Map<K, { runs: number; of: number; passed: number }>();
  for (const run of runs) {
    const key = keyOf(run);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { runs: 0, of: 0, passed: 0 }));
    group.runs += 1;
    if (seen.size === seen.add(run.unit).size) continue;
    group.of += 1;
    if (run.outcome === 'PASS') group.passed += 1;
  }
  return [...groups].map(([key, { runs: count, of, passed }]) => ({
    key,
    runs: count,
    firstPass: shareOf(passed, of),
  }));
}
