/**
 * The outcome of one axis of a multi-point measurement from its validators.
 *
 * As measure-outcome.ts, with points in place of a value. Pure.
 */
import { axisTrouble, judgeAxis, type AxisScene } from '#measure/judge-axis.ts';
import { outcomeOf, type Limits, type MeasuredOutcome } from '#measure/measure-outcome.ts';

export function axisOutcome(
  data: Float64Array,
  { validators, marginal, unit }: Limits,
  x: Pick<AxisScene, 'x' | 'xUnit'>,
): MeasuredOutcome {
  const scene = { ...x, ...(unit === undefined ? {} : { unit }) };
  return outcomeOf(validators, marginal, axisTrouble(data), (validator) => judgeAxis(data, validator, scene));
}
