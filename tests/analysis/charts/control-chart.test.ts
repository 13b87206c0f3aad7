import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupChart, groupLimits, groupsOf, individualsChart } from '#analysis/charts/control-chart.ts';

/** NIST/SEMATECH e-Handbook 6.3.2.2: https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc322.htm */
const FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];

describe('rule 7: control limits', () => {
  test('NIST/SEMATECH e-Handbook 6.3.2.2, individuals: every printed digit', () => {
    const { location, spread } = individualsChart(FLOW)!;
    expect(location.centre.toFixed(2)).toBe('50.81');
    expect(spread.centre.toFixed(4)).toBe('1.8778');
    expect(location.upper.toFixed(4)).toBe('55.8041');
    expect(location.lower.toFixed(4)).toBe('45.8159');
  });

  // Montgomery, Introduction to Statistical Quality Control, example 6.1 (hard-bake process), from its printed means.
  test('Montgomery, X̄ and R of groups of five: every printed digit', () => {
    const { location, spread } = groupLimits(1.5056, 0.32521, { size: 5, spread: 'range' });
    expect(location.upper.toFixed(5)).toBe('1.69325');
    expect(location.lower.toFixed(5)).toBe('1.31795');
    expect(spread.upper.toFixed(5)).toBe('0.68749');
    expect(spread.lower).toBe(0);
  });

  // The same, example 6.3 (piston rings).
  test('Montgomery, X̄ and S of groups of five: every printed digit', () => {
    const { location, spread } = groupLimits(74.001, 0.0094, { size: 5, spread: 'deviation' });
    expect(location.upper.toFixed(3)).toBe('74.014');
    expect(location.lower.toFixed(3)).toBe('73.988');
    expect(spread.upper.toFixed(4)).toBe('0.0196');
  });

  test('groups: means, ranges and deviations of neighbours; what is left over is no group', () => {
    const groups = groupsOf([1, 2, 3, 5, 5, 5, 9], 3);
    expect(groups).toEqual([Float64Array.of(1, 2, 3), Float64Array.of(5, 5, 5)]);
    const byRange = groupChart(groups, 'range')!;
    expect([...byRange.location.points]).toEqual([2, 5]);
    expect([...byRange.spread.points]).toEqual([2, 0]);
    expect(byRange.sigma).toBeCloseTo(1 / 1.693, 12);
    const byDeviation = groupChart(groups, 'deviation')!;
    expect([...byDeviation.spread.points]).toEqual([1, 0]);
    expect(byDeviation.sigma).toBeCloseTo(0.5 / 0.8862, 12);
  });

  test('rule 12: one value, one group, groups of one or of different sizes have no chart', () => {
    expect(individualsChart([1])).toBeNull();
    expect(groupChart([[1, 2]], 'range')).toBeNull();
    expect(groupChart([[1], [2]], 'range')).toBeNull();
    expect(
      groupChart(
        [
          [1, 2],
          [1, 2, 3],
        ],
        'deviation',
      ),
    ).toBeNull();
    expect(
      groupChart(
        groupsOf(
          Array.from({ length: 60 }, (_, at) => at),
          26,
        ),
        'range',
      ),
    ).toBeNull();
  });

  test('the limits move with the values and scale with them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        (list, scale) => {
          const one = individualsChart(list)!;
          const other = individualsChart(list.map((value) => value * scale + 7))!;
          expect(other.location.upper).toBeCloseTo(one.location.upper * scale + 7, 6);
          expect(other.location.lower).toBeCloseTo(one.location.lower * scale + 7, 6);
          expect(other.spread.upper).toBeCloseTo(one.spread.upper * scale, 6);
        },
      ),
    );
  });
});
