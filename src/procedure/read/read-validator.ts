/**
 * Validators as written: operator, expected value, tolerance.
 *
 * A limit that could never be evaluated (a text after `<`, a pattern that is none) does not load: TofuPilot would take
 * it and let every unit pass. Above: read-measurement.ts. Knows nothing of values that were measured.
 */
import { messageOf } from '#base/fault.ts';
import { compilePattern } from '#measure/pattern.ts';
import { OPERATORS, type Expected, type Operator, type Validator } from '#measure/validator.ts';
import { describe, type Located, type LocatedScalar } from '#procedure/located.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { readCurve } from '#procedure/read/read-curve.ts';

export const VALIDATOR_KEYS = [
  'operator',
  'expected_value',
  'expression',
  'outcome',
  'is_decisive',
  'tolerance',
  'every',
  'curve',
];
const OUTCOMES = ['PASS', 'FAIL', 'UNSET'] as const;

/**
 * @param unit of the measurement, to compare with a parameter's
 * @param of what it judges: an axis knows `every: point` and limit curves
 */
export function readValidator(
  context: Context,
  node: Located,
  what: string,
  unit: string | undefined,
  of: 'value' | 'axis' = 'value',
): Validator | undefined {
  const fields = new Fields(context, node, what, VALIDATOR_KEYS);
  if (node.kind !== 'map') return undefined;
  const operator = fields.oneOf<(typeof OPERATORS)[number]>('operator', OPERATORS);
  const isDecisive = fields.flag('is_decisive') ?? true;
  const expression = fields.text('expression', { parameters: 'literal', mayBeEmpty: true });
  fields.oneOf('outcome', OUTCOMES);
  const every = fields.oneOf('every', ['point'] as const);
  if (fields.has('outcome'))
    context.problems.obstacle(
      'unsupported',
      fields.keyPlace('outcome'),
      `${what}: “outcome” cannot be evaluated; leave it out`,
    );
  const [misplaced] = of === 'value' ? ['every', 'curve'].filter((one) => fields.has(one)) : [];
  if (misplaced !== undefined) {
    const message = `${what}: “${misplaced}” cannot be evaluated on a single value; it belongs on an axis`;
    context.problems.obstacle('unsupported', fields.keyPlace(misplaced), message);
    return undefined;
  }
  const said = { isDecisive, ...(expression === undefined ? {} : { expression }) };
  if (fields.has('curve')) return readLimitCurve(fields, said);
  for (const key of ['operator', 'expected_value'].filter((one) => !fields.has(one)))
    context.problems.obstacle('unsupported', fields.place, `${what} has no “${key}” and could never be evaluated`);
  const expected = readExpected(fields, unit);
  const tolerance = readTolerance(fields, operator);
  if (operator === undefined || expected === undefined) return undefined;
  const trouble = limitTrouble(operator, expected);
  if (trouble) return fields.refuse('validator', 'expected_value', trouble);
  if (of === 'axis' && every === undefined && operator !== '==' && operator !== '!=')
    context.problems.obstacle(
      'unsupported',
      fields.keyPlace('operator'),
      `${what}: “${operator}” cannot judge a list as a whole; add “every: point”`,
    );
  return { operator, expected, ...(tolerance ? { tolerance } : {}), ...(every ? { every } : {}), ...said };
}

function readLimitCurve(fields: Fields, said: Pick<Validator, 'isDecisive' | 'expression'>): Validator | undefined {
  const [other] = ['operator', 'expected_value', 'tolerance', 'every'].filter((key) => fields.has(key));
  if (other !== undefined) return fields.refuse('conflict', other, 'and “curve” exclude each other');
  const curve = readCurve(fields);
  return curve && { operator: 'curve', expected: [], curve, ...said };
}

function readExpected(fields: Fields, unit: string | undefined): Expected | undefined {
  const node = fields.node('expected_value');
  if (!node) return undefined;
  if (node.kind === 'scalar') return readOne(fields, node, unit);
  if (node.kind === 'map') {
    const message = `${fields.what} expects a map, which no step can record; compare its values one by one`;
    fields.context.problems.obstacle('unsupported', node.place, message);
    return undefined;
  }
  const items = node.items.map((item) => {
    if (item.kind === 'scalar' && item.value !== null) return readOne(fields, item, unit);
    if (item.kind === 'scalar') {
      const message = `${fields.what} expects nothing (null) in a list, and no step records nothing; leave it out`;
      fields.context.problems.obstacle('unsupported', item.place, message);
      return undefined;
    }
    return fields.refuse('type', 'expected_value', `has an entry that is ${describe(item)}`, item.place);
  });
  const list: (number | string | boolean)[] = [];
  for (const item of items) {
    if (item === undefined) return undefined;
    if (typeof item === 'object') return fields.refuse('parameter', 'expected_value', 'has a range inside a list');
    list.push(item);
  }
  return list;
}

function readOne(fields: Fields, node: LocatedScalar, unit: string | undefined): Expected | undefined {
  const parameter = fields.context.parameters.whole(node);
  if (parameter === null) return undefined;
  if (parameter?.type === 'duration')
    return fields.refuse('parameter', 'expected_value', `cannot be a duration (${node.text})`, node.place);
  if (parameter?.unit !== undefined && unit !== undefined && parameter.unit !== unit)
    return fields.refuse(
      'parameter',
      'expected_value',
      `is in ${parameter.unit} (${node.text}), the measurement in ${unit}`,
      node.place,
    );
  if (parameter) return parameter.value;
  if (typeof node.value !== 'number' || Number.isFinite(node.value)) return node.value!;
  return fields.refuse('validator', 'expected_value', 'must be finite', node.place);
}

/** `0.1` in the measurement's unit, or `5%` of the expected value. */
function readTolerance(fields: Fields, operator: Operator | undefined): Validator['tolerance'] {
  const node = fields.scalar('tolerance');
  if (!node)
    return operator === 'within' ? fields.refuse('missing-key', 'tolerance', 'is needed by “within”') : undefined;
  if (operator !== undefined && operator !== 'within')
    return fields.refuse('conflict', 'tolerance', 'belongs to “within” only');
  const percent = typeof node.value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(node.value)?.[1] : undefined;
  if (percent !== undefined) return { fraction: Number(percent) / 100 };
  const absolute = fields.number('tolerance', 0);
  return absolute === undefined ? undefined : { absolute };
}

/** Why no value could ever be judged against this. */
function limitTrouble(operator: Operator, expected: Expected): string | null {
  const single = Array.isArray(expected) && expected.length === 1 ? expected[0] : expected;
  switch (operator) {
    case '==':
    case '!=':
      return null;
    case 'in':
    case 'not in':
      return Array.isArray(expected) && expected.length > 0
        ? null
        : `must be a list with at least one value for “${operator}”`;
    case 'range':
      return rangeTrouble(expected);
    case 'matches':
      return typeof single === 'string' ? patternTrouble(single) : 'must be a pattern (a text) for “matches”';
    default:
      return typeof single === 'number' ? null : `must be a number for “${operator}”, not ${JSON.stringify(expected)}`;
  }
}

function rangeTrouble(expected: Expected): string | null {
  const [low, high] = Array.isArray(expected) && expected.length === 2 ? (expected as readonly unknown[]) : [];
  if (typeof low !== 'number' || typeof high !== 'number') return 'must be [low, high] for “range”';
  return low <= high ? null : `has its ends the wrong way round: [${low}, ${high}]`;
}

/** Why a pattern is refused; null when it is good. */
export function patternTrouble(pattern: string): string | null {
  try {
    compilePattern(pattern);
    return null;
  } catch (thrown) {
    return `is not a pattern that can be used: ${messageOf(thrown)}`;
  }
}
