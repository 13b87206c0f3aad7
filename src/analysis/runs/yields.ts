/**
 * Yield: how many units came through.
 *
 * A unit is a serial number, without case, within one procedure and the chosen runs. First-pass yield asks its first run,
 * final yield its last one; a run without a verdict (ERROR, TIMEOUT, ABORTED) is no pass, because the unit had to be tested
 * again. Rolled throughput yield multiplies, over the phases, the share of first runs in which the first attempt of the
 * phase passed, among those that reached it. Pure.
 *
 * @see Six Sigma: Harry and Schroeder 2000 (rolled throughput yield); NIST/SEMATECH e-Handbook, 7.2.4.1 (interval)
 */
import type { RunOutcome } from '#record/run-record.ts';
import { firstRuns } from './choose-runs.ts';
import { FIRST_TRY, type RunFacts } from '#record/run-facts.ts';

export interface Share {
  readonly of: number;
  readonly passed: number;
  /** NaN of none. */
  readonly share: number;
}

export interface Yields {
  readonly runs: number;
  readonly outcomes: Readonly<Record<RunOutcome, number>>;
  /** Of units. */
  readonly firstPass: Share;
  readonly final: Share;
  /** Units that were tested more than once. */
  readonly retested: number;
}

export interface PhaseYield {
  /** Place of the phase. */
  readonly phase: number;
  readonly firstTry: Share;
}

export interface RolledYield {
  /** Product of the shares below; NaN where no phase was reached. */
  readonly share: number;
  /** In the order in which they run. */
  readonly phases: readonly PhaseYield[];
}

/** @param runs oldest first */
export function yieldsOf(runs: readonly RunFacts[]): Yields {
  const outcomes = { PASS: 0, FAIL: 0, ERROR: 0, TIMEOUT: 0, ABORTED: 0 };
  const units = new Map<string, { readonly first: RunOutcome; last: RunOutcome; isRetested: boolean }>();
  for (const { unit, outcome } of runs) {
    outcomes[outcome] += 1;
    const known = units.get(unit);
    if (!known) units.set(unit, { first: outcome, last: outcome, isRetested: false });
    else [known.last, known.isRetested] = [outcome, true];
  }
  let [first, final, retested] = [0, 0, 0];
  for (const unit of units.values()) {
    if (unit.first === 'PASS') first += 1;
    if (unit.last === 'PASS') final += 1;
    if (unit.isRetested) retested += 1;
  }
  const of = units.size;
  return { runs: runs.length, outcomes, firstPass: shareOf(first, of), final: shareOf(final, of), retested };
}

/** @param runs oldest first; those of which only the line is left tell nothing of phases */
export function rolledYield(runs: readonly RunFacts[]): RolledYield {
  const counts = new Map<number, { of: number; passed: number }>();
  for (const { detail } of firstRuns(runs)) {
    for (const [at, phase] of detail?.phases.entries() ?? []) {
      const count = counts.get(phase) ?? { of: 0, passed: 0 };
      counts.set(phase, count);
      const ended = detail!.firstTry[at];
      if (ended === FIRST_TRY.skipped) continue;
      count.of += 1;
      if (ended === FIRST_TRY.passed) count.passed += 1;
    }
  }
  const phases = [...counts].map(([phase, { of, passed }]) => ({ phase, firstTry: shareOf(passed, of) }));
  const reached = phases.filter(({ firstTry }) => firstTry.of > 0);
  const share = reached.length === 0 ? NaN : reached.reduce((product, { firstTry }) => product * firstTry.share, 1);
  return { share, phases };
}

export function shareOf(passed: number, of: number): Share {
  return { of, passed, share: of === 0 ? NaN : passed / of };
}

/** 97.5 % point of the normal distribution. */
const Z_95 = 1.959963984540054;

/** Wilson's 95 % interval of a share: right for few and for none, where the usual one is not. */
export function intervalOfShare({ passed, of }: Share): readonly [low: number, high: number] {
  if (of === 0) return [0, 1];
  const [p, z2] = [passed / of, Z_95 ** 2];
  const middle = (p + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z_95 * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of ** 2))) / (1 + z2 / of);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
