/**
 * Limit curves as written: a list of corners, each with `x`, `low` and `high`.
 *
 * Above: read-validator.ts. Below: measure/limit-curve.ts, which says what a limit curve is.
 */
import { curveTrouble, type LimitPoint } from '#measure/limit-curve.ts';
import { Fields } from '#procedure/read/fields.ts';

/** @returns undefined when it is none; that was said then */
export function readCurve(validator: Fields): LimitPoint[] | undefined {
  const nodes = validator.list('curve') ?? [];
  const points = nodes.map((node) => {
    const corner = new Fields(validator.context, node, `${validator.what}, a point of “curve”`, ['x', 'low', 'high']);
    if (node.kind === 'map') corner.require('x');
    const [x, low, high] = [corner.number('x'), corner.number('low'), corner.number('high')];
    if (x === undefined) return undefined;
    return { x, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
  });
  if (points.some((point) => point === undefined)) return undefined;
  const whole = points.filter((point) => point !== undefined);
  const trouble = curveTrouble(whole);
  return trouble ? validator.refuse('validator', 'curve', `cannot be a limit: ${trouble}`) : whole;
}
