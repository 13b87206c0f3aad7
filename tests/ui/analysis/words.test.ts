import { describe, expect, test } from 'vitest';
import { capabilityOf } from '#analysis/charts/capability.ts';
import { trendOf } from '#analysis/statistics/trend.ts';
import { conditionsOf, sidesWords, whyNone } from '#ui/analysis/capability-words.ts';
import { csvOf } from '#ui/analysis/csv.ts';
import { driftWords } from '#ui/analysis/drift-words.ts';
import { gaugeWords } from '#ui/analysis/gauge-words.ts';
import { indexText, meanText, shareText } from '#ui/analysis/number-words.ts';
import { HEAT_FLOW } from '../../analysis/statistics/heat-flow.ts';

const LIMITS = { low: 9.15, high: 9.37 };
const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('what a capability needs', () => {
  const conditions = (values: readonly number[], limits = LIMITS as { low: number | null; high: number | null }) =>
    conditionsOf(capabilityOf(values, limits)!, new Set(values).size);

  test('all of it is there', () => {
    expect(conditions(HEAT_FLOW).map(({ isMet }) => isMet)).toEqual([true, true, true]);
  });

  test('too few values, and too few to tell whether they are normal', () => {
    const [count, stable, normal] = conditions([9.2, 9.3, 9.25]);
    expect(count).toEqual({ isMet: false, text: '3 values: fewer than 30, so the figures are rough.' });
    expect(stable!.isMet).toBe(true);
    expect(normal!.text).toContain('fewer than eight');
  });

  test('a process that is not stable, with the rule, how often, and how often by chance', () => {
    const found = conditions(HEAT_FLOW.map((value, at) => (at % 60 === 30 ? value + 0.2 : value)));
    expect(found[1]!.isMet).toBe(false);
    expect(found[1]!.text).toMatch(
      /^Cpk needs a stable process: rule 1 \(beyond three sigma\) is broken at \d+ of 195 points; chance alone gives 0\.5\.$/,
    );
  });

  test('values that are not normal; coarse ones, whose steps are what is found', () => {
    const coarse = HEAT_FLOW.map((value) => Math.round(value * 20) / 20);
    expect(conditions(coarse).at(-1)!.text).toMatch(/only \d different values: the resolution is too coarse/);
  });

  test('no limits, no spread, one side', () => {
    const none = { low: null, high: null };
    expect(whyNone(capabilityOf([1, 2], none)!)).toContain('no numeric limits');
    expect(whyNone(capabilityOf([9.2, 9.2], LIMITS)!)).toContain('All values are the same');
    expect(whyNone(capabilityOf([9.2, 9.3], LIMITS)!)).toBeNull();
    expect(sidesWords(capabilityOf([1, 2], { low: null, high: 3 })!)).toContain('the upper');
    expect(sidesWords(capabilityOf([1, 2], { low: 0, high: 3 })!)).toBeNull();
  });
});

describe('a drift', () => {
  const x = [0, 10, 20, 30];
  test('is told with its rate, how sure, and when it meets a limit', () => {
    const words = plain(driftWords(trendOf(x, [5, 5.1, 5.2, 5.31]), { unit: 'V', daysLeft: 41.2 }));
    expect(words).toMatch(
      /^Rises by 309 mV in 30 days, give or take [\d.]+ mV \(95 % sure, 4 values\)\. At this rate the middle meets the upper limit in 41 days\.$/,
    );
    expect(driftWords(trendOf(x, [5, 5.1, 5.2, 5.31]), { unit: 'V', daysLeft: 5000 })).not.toContain('At this rate');
    expect(driftWords(trendOf(x, [5, 4.9, 4.8, 4.69]), { unit: 'V', daysLeft: 3 })).toMatch(
      /^Falls .* lower limit in 3 days\.$/,
    );
  });

  test('is not called one when the interval holds zero, or there is nothing to tell it by', () => {
    expect(driftWords(trendOf(x, [5, 6, 5, 6]), { unit: 'V', daysLeft: 3 })).toMatch(/^No drift can be told/);
    expect(driftWords(trendOf(x, [5, 5, 5, 5]), { unit: 'V', daysLeft: null })).toMatch(/^No drift can be told/);
    expect(driftWords(null, { unit: 'V', daysLeft: null })).toContain('fewer than three values');
  });
});

describe('a gauge', () => {
  const result = { method: 'anova', ev: 1, av: 1, interaction: 0, grr: 1.4, pv: 9.9, tv: 10, ndc: 9 } as const;
  const tones = (...asked: Parameters<typeof gaugeWords>) => gaugeWords(...asked).map(({ tone }) => tone);

  test('by the tolerance first, then by the study, then by categories', () => {
    expect(tones(result, 200)).toEqual(['good', 'limited', 'good']);
    expect(tones(result, 20)).toEqual(['poor', 'limited', 'good']);
    expect(tones({ ...result, ndc: 4 }, null)).toEqual(['limited', 'limited']);
  });

  test('one operator, an interaction, and readings that never differ are said', () => {
    expect(gaugeWords({ ...result, av: null, interaction: null }, null).at(-1)!.text).toContain('One operator only');
    expect(gaugeWords({ ...result, interaction: 1 }, null).at(-1)!.text).toContain('some parts differently');
    expect(gaugeWords({ ...result, grr: 0, ndc: null }, null).at(-1)!.text).toContain('resolution');
  });
});

test('CSV: quoted where it must be, numbers whole, and no text becomes a formula', () => {
  const rows = [
    ['a,b', 0.1 + 0.2, null],
    ['say "x"', NaN, '=HYPERLINK("x")'],
    ['-1', -1, '\tx'],
  ];
  expect(new TextDecoder().decode(csvOf(['Name', 'Value', 'Note'], rows))).toBe(
    'Name,Value,Note\r\n"a,b",0.30000000000000004,\r\n"say ""x""",,"\'=HYPERLINK(""x"")"\r\n\'-1,-1,\'\tx\r\n',
  );
});

test('figures: nothing is a dash, nothing is rounded up to a hundred, a mean is as fine as its spread', () => {
  expect([indexText(null), indexText(NaN), indexText(1.333), indexText(-0.5), indexText(12345)]).toEqual([
    '–',
    '–',
    '1.33',
    '-0.50',
    '1.2e+4',
  ]);
  expect([shareText(NaN), plain(shareText(0.9999)), plain(shareText(1))]).toEqual(['–', '99.9 %', '100 %']);
  expect(plain(meanText(3.301234567, 0.02, 'V'))).toBe('3.3012 V');
  expect(plain(meanText(123_456.7, 900, 'Hz'))).toBe('123.457 kHz');
  expect(plain(meanText(5, 0, 'V'))).toBe('5 V');
});
