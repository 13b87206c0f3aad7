/** Each of Nelson's rules: broken at the point that completes it, and by nothing less. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brokenRules, NELSON_RULES } from '#analysis/charts/nelson-rules.ts';
import { normalBelow } from '#analysis/statistics/distributions.ts';

const broken = (...z: number[]) =>
  brokenRules({ points: Float64Array.from(z, (one) => 50 + one * 2), centre: 50, lower: 44, upper: 56, sigma: 2 }).map(
    ({ rule, at }) => [rule.number, ...at],
  );
const times = (n: number, ...z: number[]) => Array.from({ length: n }, () => z).flat();

describe('rule 8: Nelson', () => {
  test.each([
    ['1: beyond three sigma', [0, 3.01, -3.01, 0], [[1, 1, 2]]],
    ['1: on the line is inside', [0, 3, -3, 0], []],
    ['2: nine on one side', [-0.5, ...times(4, 0.3, 0.4), 0.3, 0.5], [[2, 9, 10]]],
    ['2: eight are not enough', [-0.5, ...times(4, 0.3, 0.4), -0.3], []],
    ['3: six rising', [0.4, -0.5, -0.3, -0.1, 0.1, 0.3, 0.5, 0.4], [[3, 6]]],
    ['3: six falling', [0.5, 0.3, 0.1, -0.1, -0.3, -0.5], [[3, 5]]],
    ['3: a step that is none breaks it', [-0.5, -0.3, -0.1, -0.1, 0.3, 0.5, 0.7], []],
    ['4: fourteen up and down', times(7, 0.5, -0.5), [[4, 13]]],
    ['4: thirteen are not enough', times(7, 0.5, -0.5).slice(1), []],
    ['5: two of three beyond two sigma', [2.1, 0, 2.2, 0], [[5, 2]]],
    ['5: on different sides they are not', [2.1, 0, -2.2, 0], []],
    ['6: four of five beyond one sigma', [1.1, 1.2, -0.5, 1.3, 1.4, 0], [[6, 4]]],
    ['6: three are not enough', [1.1, 1.2, -0.5, 0, 1.4, 0], []],
    ['7: fifteen within one sigma', [...times(5, 0.2, 0.4, -0.3), 0.1], [[7, 14, 15]]],
    ['8: eight beyond one sigma on either side', [1.1, -1.2, -1.1, 1.3, -1.2, 1.1, 1.2, -1.3], [[8, 7]]],
  ] as const)('%s', (_, z, expected) => {
    expect(broken(...z)).toEqual(expected);
  });

  test('values without spread break nothing', () => {
    expect(brokenRules({ points: Float64Array.of(5, 5, 5), centre: 5, lower: 5, upper: 5, sigma: 0 })).toEqual([]);
  });

  test('what is mirrored breaks the same', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { maxLength: 40 }), (z) => {
        // As it is measured, a difference may be lost in the last digit.
        const list = z.map((one) => Math.round(one * 64) / 64);
        expect(broken(...list.map((one) => -one))).toEqual(broken(...list));
      }),
    );
  });

  test('how often chance breaks each rule', () => {
    const beyond = (sigma: number) => normalBelow(-sigma);
    const [q1, q2] = [beyond(1), beyond(2)];
    // Alternating permutations of 14 (Euler's zigzag number, OEIS A000111) among all of them, both ways round.
    const zigzag = (2 * 199360981) / 87178291200;
    const chances = [
      2 * beyond(3),
      2 * 0.5 ** 9,
      2 / 720,
      zigzag,
      2 * q2 * (1 - (1 - q2) ** 2),
      2 * q1 * (4 * q1 ** 3 * (1 - q1) + q1 ** 4),
      (1 - 2 * q1) ** 15,
      (2 * q1) ** 8,
    ];
    expect(NELSON_RULES.map(({ chance }) => chance)).toEqual(chances.map((one) => Math.round(one * 1e4) / 1e4));
  });
});
