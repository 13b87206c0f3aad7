/**
 * The shapes of everything that the format has and this version only reads: TofuPilot's (limits as in its schema), and
 * our own additions. Data for shape.ts.
 */
import { OPERATORS } from '#measure/validator.ts';
import type { Shape } from '#procedure/read/shape.ts';

type Fields = Readonly<Record<string, Shape>>;

const LONG_TEXT = 50_000;
const OUTCOME: Shape = { oneOf: ['PASS', 'FAIL', 'UNSET'] };

const VALIDATOR: Fields = {
  operator: { oneOf: OPERATORS },
  expected_value: 'any',
  tolerance: 'any',
  expression: LONG_TEXT,
  outcome: OUTCOME,
  is_decisive: 'flag',
  every: { oneOf: ['point'] },
  curve: 'any',
};

export const AGGREGATION: Fields = {
  'type!': LONG_TEXT,
  unit: 50,
  value: 'any',
  outcome: OUTCOME,
  validators: { list: { fields: VALIDATOR } },
};

export const AXIS: Fields = {
  data: { list: 'any' },
  unit: 50,
  legend: 100,
  key: 100,
  description: LONG_TEXT,
  validators: { list: { fields: VALIDATOR } },
  aggregations: { list: { fields: AGGREGATION } },
};
