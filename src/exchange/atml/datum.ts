/**
 * Values and limits in the words of IEEE 1671's common schema.
 *
 * Knows nothing of runs and phases.
 */
import type { Scalar, ValidatorRecord } from '#record/run-record.ts';
import { element, textElement } from '#exchange/atml/xml.ts';

const COMPARATORS: Readonly<Record<string, string>> = { '>': 'GT', '>=': 'GE', '<': 'LT', '<=': 'LE' };
const EQUALITIES: Readonly<Record<string, string>> = { '==': 'EQ', '!=': 'NE' };

export function datum(value: Scalar, units?: string): string {
  // A free text is not a unit of IEEE 260.1, even where it looks like one.
  const unit = { nonStandardUnit: units === '' ? undefined : units };
  if (typeof value === 'number') return element('c:Datum', { 'xsi:type': 'c:double', value: double(value), ...unit });
  if (typeof value === 'boolean') return element('c:Datum', { 'xsi:type': 'c:boolean', value, ...unit });
  return element('c:Datum', { 'xsi:type': 'c:string', ...unit }, textElement('c:Value', value));
}

/** XML Schema's words for what is no number. */
function double(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'INF' : '-INF';
}

/** @returns the limit as `tr:Limits`, or null for what the schema has no words for */
export function limit({ operator, expected_value: expected }: ValidatorRecord, units?: string): string | null {
  if (operator === 'range' || operator === 'within') return pair(expected, units);
  if (Array.isArray(expected)) return null;
  const value = expected as Scalar;
  const comparator = COMPARATORS[operator];
  if (comparator !== undefined)
    return typeof value === 'number' ? limits(element('c:SingleLimit', { comparator }, datum(value, units))) : null;
  const equality = EQUALITIES[operator];
  return equality === undefined ? null : limits(element('c:Expected', { comparator: equality }, datum(value, units)));
}

function pair(expected: Scalar | readonly Scalar[], units?: string): string | null {
  const [low, high, ...rest] = Array.isArray(expected) ? (expected as readonly Scalar[]) : [];
  if (typeof low !== 'number' || typeof high !== 'number' || rest.length > 0) return null;
  const end = (comparator: string, value: number) => element('c:Limit', { comparator }, datum(value, units));
  return limits(element('c:LimitPair', { operator: 'AND' }, end('GE', low), end('LE', high)));
}

function limits(content: string): string {
  return element('tr:Limits', {}, content);
}
