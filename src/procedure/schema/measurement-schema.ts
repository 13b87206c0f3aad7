/**
 * The schema of measurements: limits, axes, aggregations.
 *
 * Operators come from #measure/validator.ts. Above: procedure-schema.ts.
 */
import { OPERATORS } from '#measure/validator.ts';
import {
  ANYTHING,
  choice,
  flag,
  listOf,
  map,
  neededText,
  number,
  ref,
  said,
  text,
} from '#procedure/schema/json-schema.ts';
import type { JsonSchema } from '#procedure/schema/json-schema.ts';

const outcome = choice(['PASS', 'FAIL', 'UNSET']);

export const MEASUREMENT_DEFS: Readonly<Record<string, JsonSchema>> = {
  validator: map({
    operator: choice(OPERATORS),
    expected_value: said('A value, a list, or [low, high] for range; or a ${parameter}.', ANYTHING),
    tolerance: said('Of “within”: 0.1 in the measurement’s unit, or 5%.', ANYTHING),
    is_decisive: said('false: a miss is only a warning.', flag),
    every: said('On an axis: each point by itself.', choice(['point'])),
    curve: said('On an axis: limits that change with x.', listOf(map({ 'x!': number, low: number, high: number }))),
    expression: said('Shown, never evaluated.', text()),
    outcome,
  }),
  aggregation: map({
    'type!': said('min, max, avg, sum, count, std, median, percentile_95, rms, peak_to_peak.', neededText(100)),
    unit: text(50),
    value: ANYTHING,
    outcome,
    validators: listOf(ref('validator')),
  }),
  axis: map({
    data: said('Points that the procedure states.', listOf(ANYTHING)),
    start: said('Points at equal distances: the first.', number),
    step: said('Points at equal distances: from one to the next.', number),
    unit: text(50),
    legend: text(100),
    key: ref('key'),
    description: text(50_000),
    validators: listOf(ref('validator')),
    marginal: ref('validator'),
    aggregations: listOf(ref('aggregation')),
  }),
  measurement: map({
    'name!': said('Identifies the measurement in TofuPilot; the same in every language.', neededText(100)),
    key: ref('key'),
    unit: said('Such as V, A, °C, %.', text(50)),
    title: ref('localText'),
    description: ref('localText'),
    validators: listOf(ref('validator')),
    marginal: said('A pass that misses this is close to its limit.', ref('validator')),
    aggregations: listOf(ref('aggregation')),
    x_axis: ref('axis'),
    y_axis: listOf(ref('axis')),
  }),
};
