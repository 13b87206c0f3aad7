/**
 * Whether a new release is worse than the one before it, by three stated tests over what stations have counted.
 *
 * Pure. Above: rollouts.ts. Why these tests and these numbers: docs/decisions/0019-rings-and-halts.md.
 */
import { fisherGreater } from '#analysis/statistics/fisher-exact.ts';
import { medianStep, rankSumGreater, total } from '#analysis/statistics/rank-sum.ts';
import type { Comparison } from '#fleet/health/rollout-report.ts';
import { type ReleaseTally, stepMs, summed } from '#fleet/health/tally.ts';

/**
 * Looked at after every run, over a thousand runs of a release that is no worse, each test halts about one rollout in a
 * hundred (tests/server/rollouts.test.ts); a release that fails every unit is halted by its third where one in twenty
 * failed before.
 */
const ALPHA = 0.001;
/** The time that passing runs take is told apart at a percent; less than a quarter more is nothing to halt for. */
const LEAST_RATIO = 1.25;
/** From here on the normal approximation of the rank-sum test holds. */
const LEAST_DURATIONS = 8;

type Sum = Omit<ReleaseTally, 'release' | 'attempt'>;

export function judgeRelease(before: readonly ReleaseTally[], after: readonly ReleaseTally[]): readonly Comparison[] {
  const [old, fresh] = [summed(before), summed(after)];
  return [firstPassYield(old, fresh), errorRate(old, fresh), duration(old, fresh)];
}

function firstPassYield({ first: old }: Sum, { first: fresh }: Sum): Comparison {
  const failed = ({ tested, passed }: Sum['first']) => ({ hits: tested - passed, all: tested });
  const share = ({ tested, passed }: Sum['first']) => (tested > 0 ? passed / tested : null);
  return {
    what: 'first-pass-yield',
    unit: 'share',
    before: share(old),
    after: share(fresh),
    ...judged(old.tested, fresh.tested, () => fisherGreater(failed(old), failed(fresh))),
  };
}

/** Of all runs that a person did not stop. */
function errorRate(old: Sum, fresh: Sum): Comparison {
  const rate = ({ runs }: Sum) => {
    const hits = runs.ERROR + runs.TIMEOUT;
    return { hits, all: runs.PASS + runs.FAIL + hits };
  };
  const [was, is] = [rate(old), rate(fresh)];
  const share = ({ hits, all }: typeof was) => (all > 0 ? hits / all : null);
  return {
    what: 'error-rate',
    unit: 'share',
    before: share(was),
    after: share(is),
    ...judged(was.all, is.all, () => fisherGreater(was, is)),
  };
}

/** Of passing runs: one that fails may end early. */
function duration({ durations: old }: Sum, { durations: fresh }: Sum): Comparison {
  const [was, is] = [medianStep(old), medianStep(fresh)];
  const enough = total(old) >= LEAST_DURATIONS && total(fresh) >= LEAST_DURATIONS;
  const isLonger = was !== null && is !== null && stepMs(is) / stepMs(was) >= LEAST_RATIO;
  const found = judged(total(old), total(fresh), () => (enough ? rankSumGreater(old, fresh) : null));
  return {
    what: 'duration',
    unit: 'ms',
    before: was === null ? null : Math.round(stepMs(was)),
    after: is === null ? null : Math.round(stepMs(is)),
    ...found,
    isWorse: found.isWorse && isLonger,
  };
}

function judged(
  before: number,
  after: number,
  test: () => number | null,
): Pick<Comparison, 'counts' | 'p' | 'isWorse'> {
  const p = before > 0 && after > 0 ? test() : null;
  return { counts: { before, after }, p, isWorse: p !== null && p < ALPHA };
}
