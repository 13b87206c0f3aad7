import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Choice, chooseRuns, firstRuns, releasesOf } from '#analysis/runs/choose-runs.ts';
import { type GroupBy, groupRuns, overTime, stepFor } from '#analysis/runs/grouped.ts';
import { brokenRuns, paretoOf } from '#analysis/runs/pareto.ts';
import { intervalOfShare, rolledYield, shareOf, yieldsOf } from '#analysis/runs/yields.ts';
import { USUAL_SHIFTS } from '#analysis/runs/shifts.ts';
import type { RunOutcome } from '#record/run-record.ts';
import { detail, facts } from '../a-run.ts';

const OUTCOMES: readonly RunOutcome[] = ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'];
const someRuns = fc
  .array(
    fc.tuple(fc.constantFrom('A', 'B', 'C', 'D', 'E'), fc.constantFrom(...OUTCOMES), fc.integer({ min: 0, max: 40 })),
  )
  .map((list) =>
    list.map(([unit, outcome, day], at) =>
      facts(at + 1, unit, outcome, {
        startedMs: new Date(2026, 10, 2 + day, day % 24).getTime(),
        detail:
          day % 7 === 0
            ? null
            : detail({ slot: String(day % 3), operator: day % 2 ? 'ana' : '', failedPhase: day % 2 }),
      }),
    ),
  );

describe('rule 1: yield', () => {
  test('first pass asks the first run of a unit, final yield the last', () => {
    const found = yieldsOf([
      facts(1, 'A', 'PASS'),
      facts(2, 'B', 'FAIL'),
      facts(3, 'B', 'PASS'),
      facts(4, 'C', 'ERROR'),
      facts(5, 'C', 'PASS'),
      facts(6, 'D', 'FAIL'),
    ]);
    expect(found).toEqual({
      runs: 6,
      outcomes: { PASS: 3, FAIL: 2, ERROR: 1, TIMEOUT: 0, ABORTED: 0 },
      firstPass: { of: 4, passed: 1, share: 0.25 },
      final: { of: 4, passed: 3, share: 0.75 },
      retested: 2,
    });
  });

  test('rule 12: of no run there is no yield', () => {
    const { firstPass, final } = yieldsOf([]);
    expect([firstPass.share, final.share]).toEqual([NaN, NaN]);
    expect(rolledYield([]).share).toBeNaN();
    expect(intervalOfShare(shareOf(0, 0))).toEqual([0, 1]);
  });

  test('the interval, worked out by hand: 8 of 10 lie between 49.0 % and 94.3 %', () => {
    // Wilson 1927: (0.8 + 3.8416/20 ± 1.96 √(0.016 + 3.8416/400)) / (1 + 3.8416/10)
    const [low, high] = intervalOfShare(shareOf(8, 10));
    expect([low.toFixed(3), high.toFixed(3)]).toEqual(['0.490', '0.943']);
    expect(intervalOfShare(shareOf(5, 5))[1]).toBe(1);
  });

  test.each(['hour', 'shift', 'fixture', 'operator', 'release', 'slot'] as const)(
    'groups by %s add up',
    (by: GroupBy) => {
      fc.assert(
        fc.property(someRuns, (runs) => {
          const { firstPass } = yieldsOf(runs);
          const groups = groupRuns(runs, by, USUAL_SHIFTS);
          const sum = (figure: (group: (typeof groups)[number]) => number) =>
            groups.reduce((total, group) => total + figure(group), 0);
          expect(sum(({ runs: count }) => count)).toBe(runs.length);
          expect(sum((group) => group.firstPass.of)).toBe(firstPass.of);
          expect(sum((group) => group.firstPass.passed)).toBe(firstPass.passed);
          expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
        }),
      );
    },
  );

  test.each(['hour', 'day', 'week'] as const)('%ss add up, in order, each begun at its start', (step) => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const buckets = overTime(runs, step);
        expect(buckets.reduce((total, { runs: count }) => total + count, 0)).toBe(runs.length);
        expect(buckets.map(({ startMs }) => startMs)).toEqual(
          buckets.map(({ startMs }) => startMs).toSorted((a, b) => a - b),
        );
        for (const { startMs } of buckets) {
          const start = new Date(startMs);
          expect([start.getMinutes(), start.getSeconds()]).toEqual([0, 0]);
          if (step === 'week') expect([start.getDay(), start.getHours()]).toEqual([1, 0]);
        }
      }),
    );
  });

  test('hours for two days, days for a season, weeks beyond', () => {
    const over = (days: number) => [
      facts(1, 'A', 'PASS', { startedMs: 0 }),
      facts(2, 'B', 'PASS', { startedMs: days * 864e5 }),
    ];
    expect([over(1), over(30), over(400), []].map(stepFor)).toEqual(['hour', 'day', 'week', 'hour']);
  });

  test('final yield is at least as good as first pass where no unit gets worse', () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const better = runs.map((run, at) =>
          runs.slice(0, at).some(({ unit, outcome }) => unit === run.unit && outcome === 'PASS')
            ? { ...run, outcome: 'PASS' as const }
            : run,
        );
        const { firstPass, final } = yieldsOf(better);
        expect(final.passed).toBeGreaterThanOrEqual(firstPass.passed);
      }),
    );
  });
});

describe('rule 2: rolled throughput yield', () => {
  const run = (seq: number, unit: string, ...firstTry: number[]) =>
    facts(seq, unit, 'PASS', {
      detail: detail({ phases: Int32Array.from(firstTry, (_, at) => at), firstTry: Uint8Array.from(firstTry) }),
    });

  test('the product over the phases of first attempts that passed, in first runs', () => {
    const found = rolledYield([
      run(1, 'A', 1, 1),
      run(2, 'B', 0, 1),
      run(3, 'C', 1, 2),
      run(4, 'D', 1, 0),
      run(5, 'B', 1, 1),
    ]);
    // Phase 0: 3 of 4; phase 1: 2 of 3, one skipped it.
    expect(found.share).toBeCloseTo((3 / 4) * (2 / 3), 12);
    expect(found.phases.map(({ firstTry: { passed, of } }) => [passed, of])).toEqual([
      [3, 4],
      [2, 3],
    ]);
  });

  test('a phase that everybody skipped does not count', () => {
    expect(rolledYield([run(1, 'A', 1, 2)]).share).toBe(1);
  });
});

describe('rule 3: Pareto', () => {
  const failed = (seq: number, unit: string, phase: number, series: number) =>
    facts(seq, unit, 'FAIL', { detail: detail({ failedPhase: phase, failedSeries: series }) });

  test('the most frequent first, with the share so far; units that fail twice are one', () => {
    const runs = [
      failed(1, 'A', 0, 7),
      failed(2, 'A', 0, 7),
      failed(3, 'B', 1, 8),
      failed(4, 'C', 0, 9),
      failed(5, 'D', 0, 7),
    ];
    const { rows, runs: count } = paretoOf(runs, 'measurement');
    expect(count).toBe(5);
    expect(rows).toEqual([
      { phase: 0, series: 7, runs: 3, units: 2, share: 0.6, cumulative: 0.6 },
      { phase: 0, series: 9, runs: 1, units: 1, share: 0.2, cumulative: 0.8 },
      { phase: 1, series: 8, runs: 1, units: 1, share: 0.2, cumulative: 1 },
    ]);
    expect(paretoOf(runs, 'phase').rows.map(({ phase, runs: n }) => [phase, n])).toEqual([
      [0, 4],
      [1, 1],
    ]);
  });

  test('what is cleared away is counted, and decides nothing', () => {
    expect(paretoOf([facts(1, 'A', 'FAIL')], 'phase')).toEqual({ rows: [], runs: 0, unknown: 1 });
  });

  test('shares add up to the whole, and errors are counted apart', () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const { rows, runs: known, unknown } = paretoOf(runs, 'phase');
        const { outcomes } = yieldsOf(runs);
        expect(known + unknown).toBe(outcomes.FAIL);
        expect(rows.reduce((sum, row) => sum + row.runs, 0)).toBe(known);
        if (rows.length > 0) expect(rows.at(-1)!.cumulative).toBeCloseTo(1, 12);
        const apart = brokenRuns(runs).reduce((sum, one) => sum + one.runs, 0);
        expect(apart).toBe(outcomes.ERROR + outcomes.TIMEOUT + outcomes.ABORTED);
      }),
    );
  });
});

describe('which runs', () => {
  test('of a period and a release, real or simulated, oldest first', () => {
    const runs = [
      facts(4, 'D', 'PASS', { detail: detail({ release: 'other' }) }),
      facts(3, 'C', 'PASS', { simulated: true }),
      facts(2, 'B', 'PASS', { detail: detail() }),
      facts(1, 'A', 'PASS'),
    ];
    const all: Choice = { release: null, sinceMs: -Infinity, simulated: false };
    const seqs = (choice: Partial<Choice>) => chooseRuns(runs, { ...all, ...choice }).map(({ seq }) => seq);
    expect(seqs({})).toEqual([1, 2, 4]);
    expect(seqs({ release: 'other' })).toEqual([4]);
    expect(seqs({ simulated: true })).toEqual([3]);
    expect(seqs({ sinceMs: runs[2]!.startedMs })).toEqual([2, 4]);
    expect(releasesOf(runs).map(({ release }) => release)).toEqual(['other', detail().release]);
    expect(firstRuns([runs[3]!, runs[3]!, runs[2]!])).toHaveLength(2);
  });
});
