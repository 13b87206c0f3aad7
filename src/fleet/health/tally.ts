/**
 * What a station has made with each release: how many runs ended how, first tests of units, and how long passing runs took.
 *
 * Only grows, like every other count of a station, so that any server reads it right. Durations are counted in steps, so
 * that two releases can be compared by rank without a single run's time. Pure. Knows nothing of rollouts.
 */
import type { RunOutcome } from '#record/run-record.ts';

export interface ReleaseTally {
  readonly release: string;
  /** Of the rollout under which they were made; 0: none. */
  readonly attempt: number;
  readonly runs: Readonly<Record<RunOutcome, number>>;
  /** First tests of a unit on its day that ended as PASS or FAIL, and those that passed. */
  readonly first: { readonly tested: number; readonly passed: number };
  /** Of passing runs: how many took how long, by step. */
  readonly durations: readonly (readonly [step: number, count: number])[];
}

/** As many releases as a station keeps, and one that has just gone. */
export const MOST_TALLIES = 6;
/** Sixteen steps are a factor of ten: two neighbours are 15 % apart, less than what anybody would halt a release for. */
const STEPS_PER_DECADE = 16;
/** 10^(160/16) ms are four months. */
export const HIGHEST_STEP = 160;
/** A procedure's passing runs are seldom spread over more than a decade. */
export const MOST_STEPS = 40;

export interface EndedRun {
  readonly release: string;
  readonly attempt: number;
  readonly outcome: RunOutcome;
  readonly durationMs: number;
  /** The unit was tested before on this day. */
  readonly isRetest: boolean;
}

export function stepOf(durationMs: number): number {
  return Math.min(HIGHEST_STEP, Math.max(0, Math.round(Math.log10(Math.max(1, durationMs)) * STEPS_PER_DECADE)));
}

/** In the middle of a step. */
export function stepMs(step: number): number {
  return 10 ** (step / STEPS_PER_DECADE);
}

const NOTHING: Omit<ReleaseTally, 'release' | 'attempt'> = {
  runs: { PASS: 0, FAIL: 0, ERROR: 0, TIMEOUT: 0, ABORTED: 0 },
  first: { tested: 0, passed: 0 },
  durations: [],
};

/** The release that was used last comes first; of too many the one that was not used for longest is forgotten. */
export function tallied(tallies: readonly ReleaseTally[], run: EndedRun): readonly ReleaseTally[] {
  const { release, attempt, outcome, isRetest } = run;
  const isMine = (one: ReleaseTally) => one.release === release && one.attempt === attempt;
  const mine = tallies.find(isMine) ?? { release, attempt, ...NOTHING };
  const isFirst = !isRetest && (outcome === 'PASS' || outcome === 'FAIL');
  const { tested, passed } = mine.first;
  const next: ReleaseTally = {
    ...mine,
    runs: { ...mine.runs, [outcome]: mine.runs[outcome] + 1 },
    first: isFirst ? { tested: tested + 1, passed: passed + (outcome === 'PASS' ? 1 : 0) } : mine.first,
    durations: outcome === 'PASS' ? counted(mine.durations, stepOf(run.durationMs)) : mine.durations,
  };
  return [next, ...tallies.filter((one) => !isMine(one))].slice(0, MOST_TALLIES);
}

/** The tallies of several stations as one. */
export function summed(tallies: readonly ReleaseTally[]): Omit<ReleaseTally, 'release' | 'attempt'> {
  const runs = { ...NOTHING.runs };
  const first = { tested: 0, passed: 0 };
  const durations = new Map<number, number>();
  for (const tally of tallies) {
    for (const outcome of Object.keys(runs) as RunOutcome[]) runs[outcome] += tally.runs[outcome];
    first.tested += tally.first.tested;
    first.passed += tally.first.passed;
    for (const [step, count] of tally.durations) durations.set(step, (durations.get(step) ?? 0) + count);
  }
  return { runs, first, durations: [...durations].toSorted(([a], [b]) => a - b) };
}

/** A step that is one too many is not counted any more: what is left tells the middle all the same. */
function counted(durations: ReleaseTally['durations'], step: number): ReleaseTally['durations'] {
  const known = durations.find(([one]) => one === step);
  if (!known && durations.length >= MOST_STEPS) return durations;
  const others = durations.filter(([one]) => one !== step);
  return [...others, [step, (known?.[1] ?? 0) + 1] as const].toSorted(([a], [b]) => a - b);
}
