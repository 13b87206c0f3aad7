/**
 * The verdict that a list of points earns against one validator.
 *
 * Three ways of judging, chosen by the validator: every point by itself, along a limit curve, or the list as a whole.
 * Pure; reads typed arrays in place. Knows nothing of measurements, phases or instruments.
 */
import { judge } from '#measure/judge.ts';
import { curveTrouble, limitsAt, type LimitPoint } from '#measure/limit-curve.ts';
import type { Judgement, Validator } from '#measure/validator.ts';

export interface AxisScene {
  readonly unit?: string | undefined;
  /** Where each point stands; null when there is no x axis. */
  readonly x: Float64Array | null;
  readonly xUnit?: string | undefined;
}

const PASS: Judgement = { verdict: 'PASS' };
const unusable = (reason: string): Judgement => ({ verdict: 'FAIL', reason, unusable: true });

/** Why a list cannot be judged at all. */
export function axisTrouble(data: Float64Array): string | null {
  if (data.length === 0) return 'there are no points';
  const bad = data.findIndex((one) => !Number.isFinite(one));
  if (bad === -1) return null;
  const what = Number.isNaN(data[bad]) ? 'not a number (NaN)' : 'infinite or an overload';
  return `point ${bad + 1} of ${data.length} is ${what}`;
}

export function judgeAxis(data: Float64Array, validator: Validator, scene: AxisScene): Judgement {
  const trouble = axisTrouble(data);
  if (trouble) return unusable(trouble);
  if (validator.operator === 'curve') return alongCurve(data, validator.curve, scene);
  if (validator.every === 'point') return everyPoint(data, scene, (value) => judge(value, validator, scene.unit));
  return asWhole(data, validator);
}

/** @param at the verdict on one point */
function everyPoint(data: Float64Array, scene: AxisScene, at: (value: number, index: number) => Judgement): Judgement {
  let misses = 0;
  let first: { readonly index: number; readonly judgement: Judgement } | undefined;
  for (let index = 0; index < data.length; index += 1) {
    const judgement = at(data[index]!, index);
    if (judgement.verdict === 'PASS') continue;
    // A limit that cannot be evaluated for one point cannot be for any.
    if (judgement.unusable) return judgement;
    first ??= { index, judgement };
    misses += 1;
  }
  if (!first) return PASS;
  const { x, xUnit } = scene;
  const place = x ? ` at ${x[first.index]}${xUnit ? ` ${xUnit}` : ''}` : '';
  const others = misses === 1 ? '' : ` (and ${misses - 1} more of ${data.length} points)`;
  return { verdict: 'FAIL', reason: `point ${first.index + 1}${place}: ${first.judgement.reason}${others}` };
}

function alongCurve(data: Float64Array, points: readonly LimitPoint[] | undefined, scene: AxisScene): Judgement {
  const { x, unit = '' } = scene;
  const trouble = curveTrouble(points);
  if (trouble || !points) return unusable(trouble ?? 'there is no limit curve');
  if (!x) return unusable('a limit curve needs an x axis');
  if (x.length !== data.length) return unusable(`there are ${x.length} points of x and ${data.length} of y`);
  const said = (value: number) => (unit === '' ? String(value) : `${value} ${unit}`);
  return everyPoint(data, scene, (value, index) => {
    const limits = limitsAt(points, x[index]!);
    if (!limits) return missed(`outside the limit curve, which goes from ${points[0]!.x} to ${points.at(-1)!.x}`);
    if (value < limits.low) return missed(`${said(value)} is below ${said(limits.low)}`);
    return value > limits.high ? missed(`${said(value)} is above ${said(limits.high)}`) : PASS;
  });
}

function missed(reason: string): Judgement {
  return { verdict: 'FAIL', reason };
}

/** As TofuPilot has it: without `every: point` the list is one value, and lists can only be equal or not. */
function asWhole(data: Float64Array, { operator, expected }: Validator): Judgement {
  if (operator !== '==' && operator !== '!=')
    return unusable(`“${operator}” cannot judge a list as a whole; “every: point” judges each of its points`);
  if (!Array.isArray(expected) || !expected.every((one) => typeof one === 'number'))
    return unusable('the expected value is not a list of numbers');
  const wanted: readonly number[] = expected;
  const isSame = wanted.length === data.length && wanted.every((one, index) => one === data[index]);
  if (isSame === (operator === '==')) return PASS;
  return missed(
    isSame ? 'these points are the ones that are not allowed' : 'the points are not the ones that are expected',
  );
}
