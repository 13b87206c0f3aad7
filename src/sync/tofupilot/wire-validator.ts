/**
 * A validator as TofuPilot takes it.
 *
 * The API knows numbers, texts, booleans and lists of one kind; what it cannot say as operator and value goes as
 * display text, with the outcome that the station reached. The server judges nothing. Knows nothing of phases.
 */
import type { LimitPoint } from '#measure/limit-curve.ts';
import type { Scalar, ValidatorRecord } from '#record/run-record.ts';
import { clean } from '#sync/tofupilot/wire-text.ts';
import type { ExpectedValue, WireValidator } from '#sync/tofupilot/wire.ts';

type Claim = Pick<WireValidator, 'operator' | 'expected_value' | 'expression'>;

export function wireValidator(record: ValidatorRecord): WireValidator {
  const claim = record.curve ? curveClaim(record.curve) : claimOf(record.operator, record.expected_value);
  // The server knows no `every`: the operator is said, and that it holds for each point is said in words.
  const each = record.every ? `every point ${wordsOf(claim)}` : undefined;
  const expression = record.expression ?? claim.expression ?? each;
  return {
    outcome: record.outcome,
    ...claim,
    ...(expression === undefined ? {} : { expression: clean(expression) }),
    is_decisive: record.is_decisive,
  };
}

/** Corner points of a limit curve as people read them; more than a few are counted. */
const MOST_CORNERS = 8;

function curveClaim(points: readonly LimitPoint[]): Claim {
  const corner = ({ x, low, high }: LimitPoint) => `${x}: ${low ?? 'any'} to ${high ?? 'any'}`;
  const shown = points.slice(0, MOST_CORNERS).map(corner).join(', ');
  const more = points.length > MOST_CORNERS ? ` and ${points.length - MOST_CORNERS} more corners` : '';
  return { expression: `limit curve ${shown}${more}` };
}

function wordsOf({ operator = '', expected_value }: Claim): string {
  return Array.isArray(expected_value)
    ? `${operator} ${expected_value.join(', ')}`
    : `${operator} ${String(expected_value)}`;
}

function claimOf(operator: string, expected: Scalar | readonly Scalar[]): Claim {
  // A limit that is known by its text only.
  if (operator === '') return {};
  if (operator === 'range' || operator === 'within') return rangeClaim(operator, expected);
  if (Array.isArray(expected)) return { operator, expected_value: listOf(expected) };
  const scalar = expected as Scalar;
  if (typeof scalar === 'number' && !Number.isFinite(scalar)) return { expression: `${operator} ${scalar}` };
  return { operator, expected_value: typeof scalar === 'string' ? clean(scalar) : scalar };
}

/** `within` has been worked out to its two ends; an open end becomes one comparison. */
function rangeClaim(operator: string, expected: Scalar | readonly Scalar[]): Claim {
  const [low, high, ...rest] = Array.isArray(expected) ? (expected as readonly Scalar[]) : [];
  if (typeof low !== 'number' || typeof high !== 'number' || rest.length > 0)
    return { expression: `${operator} ${String(expected)}` };
  if (Number.isFinite(low) && Number.isFinite(high)) return { operator: 'range', expected_value: [low, high] };
  if (Number.isFinite(low)) return { operator: '>=', expected_value: low };
  if (Number.isFinite(high)) return { operator: '<=', expected_value: high };
  return { expression: `${operator} ${low} to ${high}` };
}

/** A list of two kinds, or of booleans, becomes a list of texts. */
function listOf(values: readonly Scalar[]): ExpectedValue {
  return values.every((value): value is number => typeof value === 'number' && Number.isFinite(value))
    ? values
    : values.map((value) => clean(String(value)));
}
