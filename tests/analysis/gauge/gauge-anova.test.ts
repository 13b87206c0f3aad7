/** Gauge studies by analysis of variance, against tables A 4 and A 5 of the AIAG manual. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gaugeAnova } from '#analysis/gauge/gauge-anova.ts';
import { ofStudy } from '#analysis/gauge/gauge-result.ts';
import { AIAG_STUDY } from './aiag-study.ts';

describe('rule 11: analysis of variance', () => {
  test('AIAG MSA, table A 4: degrees, squares, mean squares and F, every printed digit', () => {
    const rows = gaugeAnova(AIAG_STUDY)!.rows.map(({ source, degrees, squares, meanSquare, f }) => [
      source,
      degrees,
      squares.toFixed(4),
      meanSquare?.toFixed(5),
      f?.toFixed(2),
    ]);
    expect(rows).toEqual([
      ['operator', 2, '3.1673', '1.58363', '34.44'],
      ['part', 9, '88.3619', '9.81799', '213.52'],
      ['interaction', 18, '0.3590', '0.01994', '0.43'],
      ['repeatability', 60, '2.7589', '0.04598', undefined],
      ['total', 89, '94.6471', undefined, undefined],
    ]);
  });

  test('the interaction of the example: F 0.434, p 0.974, taken into the repeatability', () => {
    const { rows, isPooled, interaction } = gaugeAnova(AIAG_STUDY)!;
    expect(rows[2]!.f!.toFixed(3)).toBe('0.434');
    expect(rows[2]!.p!.toFixed(3)).toBe('0.974');
    expect({ isPooled, interaction }).toEqual({ isPooled: true, interaction: 0 });
  });

  test('AIAG MSA, table A 5: standard deviations and shares', () => {
    const found = gaugeAnova(AIAG_STUDY)!;
    expect(found.ev.toFixed(6)).toBe('0.199933');
    expect(found.av!.toFixed(6)).toBe('0.226838');
    // The table prints 0.302373; the root of the squares of its own two figures above is 0.302372.
    expect(found.grr.toFixed(5)).toBe('0.30237');
    expect(found.pv.toFixed(6)).toBe('1.042327');
    expect(found.ndc).toBe(4);
    const percent = (deviation: number) => (100 * ofStudy(deviation, found)!).toFixed(1);
    expect([found.ev, found.av!, found.grr, found.pv].map(percent)).toEqual(['18.4', '20.9', '27.9', '96.0']);
    // Shares of the variance, as other programs print them for these readings: 7.76 % and 92.24 %.
    expect((100 * (found.grr / found.tv) ** 2).toFixed(2)).toBe('7.76');
    expect((100 * (found.pv / found.tv) ** 2).toFixed(2)).toBe('92.24');
  });

  test('operators who disagree about one part are an interaction, and it counts', () => {
    const readings = AIAG_STUDY.readings.map((row, operator) =>
      row.map((cell, part) => cell.map((value) => value + (operator === 2 && part === 3 ? 3 : 0))),
    );
    const found = gaugeAnova({ readings })!;
    expect(found.isPooled).toBe(false);
    expect(found.interaction!).toBeGreaterThan(0.2);
    expect(found.grr).toBeCloseTo(Math.hypot(found.ev, found.av!, found.interaction!), 12);
  });

  test('one operator: parts and repeatability only', () => {
    const found = gaugeAnova({ readings: AIAG_STUDY.readings.slice(0, 1) })!;
    expect(found.rows.map(({ source }) => source)).toEqual(['part', 'repeatability', 'total']);
    expect({ av: found.av, interaction: found.interaction }).toEqual({ av: null, interaction: null });
  });

  test('rule 12: readings that are all the same have no F, and no categories', () => {
    const readings = Array.from({ length: 3 }, () => Array.from({ length: 5 }, () => [7, 7, 7]));
    const found = gaugeAnova({ readings })!;
    expect(found).toMatchObject({ ev: 0, av: 0, pv: 0, grr: 0, tv: 0, ndc: null });
    expect(found.rows.every(({ f, p }) => f === null && p === null)).toBe(true);
  });

  const reading = fc.integer({ min: -50, max: 50 });
  const study = fc.tuple(
    fc.integer({ min: 2, max: 4 }),
    fc.integer({ min: 2, max: 6 }),
    fc.integer({ min: 2, max: 4 }),
  );
  const table = study.chain(([k, n, r]) =>
    fc.array(fc.array(fc.array(reading, { minLength: r, maxLength: r }), { minLength: n, maxLength: n }), {
      minLength: k,
      maxLength: k,
    }),
  );

  test('the squares add up to the total, whatever the readings', () => {
    fc.assert(
      fc.property(table, (readings) => {
        const rows = gaugeAnova({ readings })!.rows;
        const total = rows.at(-1)!;
        const parts = rows.slice(0, -1);
        expect(parts.reduce((sum, { squares }) => sum + squares, 0)).toBeCloseTo(total.squares, 6);
        expect(parts.reduce((sum, { degrees }) => sum + degrees, 0)).toBe(total.degrees);
      }),
    );
  });

  test('neither the order of operators nor that of parts matters', () => {
    fc.assert(
      fc.property(table, (readings) => {
        const one = gaugeAnova({ readings })!;
        const other = gaugeAnova({ readings: readings.toReversed().map((row) => row.toReversed()) })!;
        for (const key of ['ev', 'grr', 'pv', 'tv'] as const) expect(other[key]).toBeCloseTo(one[key], 6);
      }),
    );
  });
});
