/**
 * Patterns on a control chart that chance alone hardly makes: Nelson's eight tests, among them the four of Western
 * Electric.
 *
 * A rule is broken at the point that completes its pattern, so that the same list tells what an operator would have seen
 * at that moment. Points exactly on a line count as inside. Knows nothing of what the points are.
 *
 * @see Nelson 1984, Journal of Quality Technology 16(4), pp. 237–239; Western Electric Statistical Quality Control Handbook
 *   1956; NIST/SEMATECH e-Handbook, 6.3.2
 */
import type { ControlChart } from './control-chart.ts';

export interface RunRule {
  /** As Nelson numbers them. */
  readonly number: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  readonly words: string;
  /** One of Western Electric's four as well; there the second asks for eight in a row. */
  readonly isWesternElectric: boolean;
  /** Share of points at which chance alone breaks it, normal and independent; see tests. */
  readonly chance: number;
}

/** In Nelson's order. The chances: 2 Q(3), 2 (1/2)^9, 2/6!, and so on, worked out in tests/analysis. */
export const NELSON_RULES: readonly RunRule[] = [
  { number: 1, words: 'beyond three sigma', isWesternElectric: true, chance: 0.0027 },
  { number: 2, words: 'nine in a row on one side of the centre', isWesternElectric: true, chance: 0.0039 },
  { number: 3, words: 'six in a row rising or falling', isWesternElectric: false, chance: 0.0028 },
  { number: 4, words: 'fourteen in a row up and down in turn', isWesternElectric: false, chance: 0.0046 },
  { number: 5, words: 'two of three beyond two sigma on one side', isWesternElectric: true, chance: 0.002 },
  { number: 6, words: 'four of five beyond one sigma on one side', isWesternElectric: true, chance: 0.0045 },
  { number: 7, words: 'fifteen in a row within one sigma', isWesternElectric: false, chance: 0.0033 },
  { number: 8, words: 'eight in a row beyond one sigma, on either side', isWesternElectric: false, chance: 0.0001 },
];

export interface BrokenRule {
  readonly rule: RunRule;
  /** Indexes of the points that complete the pattern, ascending. */
  readonly at: readonly number[];
}

/** How far a point is from the centre, in sigmas; 0 where there is no spread. */
type Zs = Float64Array;

const TESTS: Readonly<Record<RunRule['number'], (z: Zs, at: number) => boolean>> = {
  1: (z, at) => Math.abs(z[at]!) > 3,
  2: (z, at) => onOneSide(z, at, 9, 9, 0),
  3: (z, at) => steps(z, at, 6, (step, first) => step * first > 0),
  4: (z, at) => steps(z, at, 14, (step, first, index) => step * first * (index % 2 === 0 ? 1 : -1) > 0),
  5: (z, at) => onOneSide(z, at, 3, 2, 2),
  6: (z, at) => onOneSide(z, at, 5, 4, 1),
  7: (z, at) => every(z, at, 15, (one) => Math.abs(one) < 1),
  8: (z, at) => every(z, at, 8, (one) => Math.abs(one) > 1),
};

/** @returns only the rules that are broken, in their order */
export function brokenRules({ points, centre, sigma }: ControlChart): BrokenRule[] {
  // Values that are all the same have no sigma, and break nothing.
  if (!(sigma > 0)) return [];
  const z = points.map((point) => (point - centre) / sigma);
  return NELSON_RULES.flatMap((rule) => {
    const test = TESTS[rule.number];
    const at: number[] = [];
    for (let index = 0; index < z.length; index += 1) if (test(z, index)) at.push(index);
    return at.length > 0 ? [{ rule, at }] : [];
  });
}

/** Of the last `window` points up to `at`, this one among them, `wanted` are further out than `beyond` on its side. */
function onOneSide(z: Zs, at: number, window: number, wanted: number, beyond: number): boolean {
  if (at < window - 1) return false;
  const side = Math.sign(z[at]!);
  if (!(z[at]! * side > beyond)) return false;
  let out = 0;
  // Asked of each of a hundred thousand points: nothing is made for it.
  for (let index = at - window + 1; index <= at; index += 1) if (z[index]! * side > beyond) out += 1;
  return out >= wanted;
}

/** The steps between the last `window` points all keep to the first of them. */
function steps(
  z: Zs,
  at: number,
  window: number,
  keeps: (step: number, first: number, index: number) => boolean,
): boolean {
  if (at < window - 1) return false;
  const from = at - window + 1;
  const first = z[from + 1]! - z[from]!;
  for (let index = 0; index < window - 1; index += 1)
    if (!keeps(z[from + index + 1]! - z[from + index]!, first, index)) return false;
  return true;
}

function every(z: Zs, at: number, window: number, keeps: (one: number) => boolean): boolean {
  if (at < window - 1) return false;
  for (let index = at; index > at - window; index -= 1) if (!keeps(z[index]!)) return false;
  return true;
}
