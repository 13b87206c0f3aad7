/**
 * The verdict that one value earns against one validator.
 *
 * Pure. A miss is a result, so it is returned, not thrown; and what cannot be evaluated has missed, with the reason:
 * a unit never passes because a limit was written wrongly. Units are not converted: value and limit share one.
 * Knows nothing of measurements, phases or instruments.
 */
import { messageOf } from '#base/fault.ts';
import { compilePattern } from '#measure/pattern.ts';
import type { Expected, Judgement, Validator, Value } from '#measure/validator.ts';

const PASS: Judgement = { verdict: 'PASS' };
const fail = (reason: string): Judgement => ({ verdict: 'FAIL', reason });
const unusable = (reason: string): Judgement => ({ verdict: 'FAIL', reason, unusable: true });

/** @param unit only for the words of the reason */
export function judge(value: Value, validator: Validator, unit = ''): Judgement {
  const trouble = valueTrouble(value) ?? expectedTrouble(validator);
  if (trouble) return unusable(trouble);
  const show = (one: Value) => showValue(one, unit);
  const { operator, expected } = validator;
  switch (operator) {
    case '==':
      return equality(value, expected, show);
    case '!=':
      return inequality(value, expected, show);
    case '>':
      return compare(value, expected, (a, b) => a > b, 'is not above', show);
    case '>=':
      return compare(value, expected, (a, b) => a >= b, 'is below', show);
    case '<':
      return compare(value, expected, (a, b) => a < b, 'is not below', show);
    case '<=':
      return compare(value, expected, (a, b) => a <= b, 'is above', show);
    case 'in':
      return membership(value, expected, true, show);
    case 'not in':
      return membership(value, expected, false, show);
    case 'matches':
      return matching(value, expected);
    case 'range':
      return between(value, rangeOf(expected), show);
    case 'within':
      return between(value, bandOf(validator), show);
    default:
      return unusable(`there is no operator ${JSON.stringify(operator)}`);
  }
}

/** Why a value can be compared with nothing at all. */
export function valueTrouble(value: Value): string | null {
  if (value === null || value === undefined) return 'there is no value';
  for (const one of Array.isArray(value) ? value : [value]) {
    if (typeof one === 'number' && Number.isNaN(one)) return 'the value is not a number (NaN)';
    if (typeof one === 'number' && !Number.isFinite(one)) return 'the value is infinite or an overload';
  }
  return null;
}

function expectedTrouble({ expected }: Validator): string | null {
  if (expected === null || expected === undefined) return 'there is no expected value';
  const bad = (Array.isArray(expected) ? expected : [expected]).some(
    (one) => typeof one === 'number' && !Number.isFinite(one),
  );
  return bad ? 'the expected value is not a finite number' : null;
}

/** A list of one counts as the one, as TofuPilot has it. */
function unwrap(expected: Expected): Expected {
  return Array.isArray(expected) && expected.length === 1 ? expected[0]! : expected;
}

function equality(value: Value, expected: Expected, show: (one: Value) => string): Judgement {
  const wanted = Array.isArray(value) ? expected : unwrap(expected);
  if (!sameKind(value, wanted)) return unusable(wrongKind(value, wanted));
  return same(value, wanted) ? PASS : fail(`${show(value)} is not ${show(wanted)}`);
}

function inequality(value: Value, expected: Expected, show: (one: Value) => string): Judgement {
  const unwanted = Array.isArray(value) ? expected : unwrap(expected);
  if (!sameKind(value, unwanted)) return unusable(wrongKind(value, unwanted));
  return same(value, unwanted) ? fail(`${show(value)} is the one value that is not allowed`) : PASS;
}

function compare(
  value: Value,
  expected: Expected,
  holds: (a: number, b: number) => boolean,
  miss: string,
  show: (one: Value) => string,
): Judgement {
  const limit = unwrap(expected);
  if (typeof limit !== 'number') return unusable(`the limit is not a number: ${showValue(limit)}`);
  if (typeof value !== 'number') return unusable(`not a number: ${showValue(value)}`);
  return holds(value, limit) ? PASS : fail(`${show(value)} ${miss} ${show(limit)}`);
}

function membership(value: Value, expected: Expected, wanted: boolean, show: (one: Value) => string): Judgement {
  if (!Array.isArray(expected) || expected.length === 0) return unusable('the expected value is not a list of values');
  if (Array.isArray(value)) return unusable('a list cannot be looked up in a list');
  // A value of a kind that the list does not have at all is a reading gone wrong, not a value outside the list.
  if (!expected.some((one) => typeof one === typeof value)) return unusable(wrongKind(value, expected[0]));
  if (expected.includes(value as string) === wanted) return PASS;
  return fail(`${show(value)} is ${wanted ? 'none' : 'one'} of ${expected.map((one) => showValue(one)).join(', ')}`);
}

function matching(value: Value, expected: Expected): Judgement {
  const pattern = unwrap(expected);
  if (typeof pattern !== 'string') return unusable('the pattern is not a text');
  if (typeof value !== 'string') return unusable(`not a text: ${showValue(value)}`);
  try {
    return compilePattern(pattern).test(value) ? PASS : fail(`${showValue(value)} does not match ${pattern}`);
  } catch (thrown) {
    return unusable(`the pattern ${pattern} is invalid: ${messageOf(thrown)}`);
  }
}

export interface Band {
  readonly low: number;
  readonly high: number;
}

function rangeOf(expected: Expected): Band | string {
  if (!Array.isArray(expected) || expected.length !== 2) return 'a range needs [low, high]';
  const [low, high] = expected as readonly unknown[];
  if (typeof low !== 'number' || typeof high !== 'number') return 'the ends of a range must be numbers';
  return { low, high };
}

/** What `within` allows, as [low, high]; or why that cannot be said. */
export function bandOf({ expected, tolerance }: Validator): Band | string {
  const middle = unwrap(expected);
  if (typeof middle !== 'number') return `the expected value is not a number: ${showValue(middle)}`;
  if (!tolerance) return 'there is no tolerance';
  const half = 'absolute' in tolerance ? tolerance.absolute : Math.abs(middle) * tolerance.fraction;
  if (!Number.isFinite(half) || half < 0) return 'the tolerance is not a number of 0 or more';
  return { low: decimal(middle - half), high: decimal(middle + half) };
}

/**
 * 3.2 - 0.1 is 3.1 for the person who wrote it. Binary sums are off in the 17th digit; 15 digits are what a decimal
 * number keeps on its way through a double, so this restores the written limit and moves no other.
 */
function decimal(value: number): number {
  return Number(value.toPrecision(15));
}

function between(value: Value, band: Band | string, show: (one: Value) => string): Judgement {
  if (typeof band === 'string') return unusable(band);
  if (!(band.low <= band.high)) return unusable(`nothing lies between ${band.low} and ${band.high}`);
  if (typeof value !== 'number') return unusable(`not a number: ${showValue(value)}`);
  if (value < band.low) return fail(`${show(value)} is below ${show(band.low)}`);
  return value > band.high ? fail(`${show(value)} is above ${show(band.high)}`) : PASS;
}

function sameKind(a: Value, b: Value): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return !Array.isArray(a) && !Array.isArray(b) && typeof a === typeof b;
  if (a.length === 0 || b.length === 0) return true;
  return a.every((one) => b.some((other) => typeof other === typeof one));
}

function same(a: Value, b: Value): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function wrongKind(value: Value, expected: Value | undefined): string {
  const kind = Array.isArray(expected) ? 'list' : typeof expected === 'string' ? 'text' : typeof expected;
  return `not a ${kind}: ${showValue(value)}`;
}

function showValue(value: Value, unit = ''): string {
  if (Array.isArray(value)) return `[${value.map((one) => showValue(one as Value)).join(', ')}]`;
  // A fixture that babbles must not fill a screen.
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  return typeof value === 'number' && unit !== '' ? `${value} ${unit}` : String(value);
}
