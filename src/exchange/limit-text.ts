/**
 * Limits as OpenHTF writes them: one line of text each, such as `3.2 <= x <= 3.4`.
 *
 * OpenHTF keeps no operator and no limit as data, only what its validators print. What it prints itself is written and
 * read the same way here; the operators that it has not are written in the same manner. Knows nothing of measurements.
 */
import type { Expected, Operator } from '#measure/validator.ts';
import type { ValidatorRecord } from '#record/run-record.ts';

/** A limit read back. Text that is none of ours stays text. */
export type ReadLimit =
  | { readonly operator: Operator; readonly expected: Expected; readonly isDecisive: boolean }
  | { readonly text: string; readonly isDecisive: boolean };

/** OpenHTF knows no limit that only warns: a reader that knows no better must not take it for a limit. */
const WARNS = 'warns only: ';

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
/** OpenHTF prints where a passing value would be close to its limit inside the same line. */
const MARGINAL = `(?:Marginal:${NUMBER} <= )?`;
const RANGE = new RegExp(`^(?:(${NUMBER}) <= ${MARGINAL})?x(?: <= Marginal:${NUMBER})?(?: <= (${NUMBER}))?$`);
const COMPARED = new RegExp(`^x (==|!=|<|>) (${NUMBER}|True|False)$`);
const LISTED = /^x (in|not in) (\[.*\])$/s;
const OTHER_TEXT = /^x != (".*")$/s;
const SAME_TEXT = /^'x' is equal to '(.*)'$/s;
const MATCHED = /^'x' matches \/(.*)\/$/s;

export function limitText(validator: ValidatorRecord): string {
  return (validator.is_decisive ? '' : WARNS) + bare(validator);
}

function bare({ operator, expected_value: expected, expression }: ValidatorRecord): string {
  if (Array.isArray(expected)) {
    const [low, high] = expected as readonly unknown[];
    if (operator === 'in' || operator === 'not in') return `x ${operator} ${JSON.stringify(expected)}`;
    if ((operator === 'range' || operator === 'within') && typeof low === 'number' && typeof high === 'number')
      return range(low, high);
  } else if (typeof expected === 'number') {
    if (operator === '>=') return `${expected} <= x`;
    if (operator === '<=') return `x <= ${expected}`;
    if (['==', '!=', '<', '>'].includes(operator)) return `x ${operator} ${expected}`;
  } else if (typeof expected === 'boolean') {
    if (operator === '==' || operator === '!=') return `x ${operator} ${expected ? 'True' : 'False'}`;
  } else if (typeof expected === 'string') {
    if (operator === '==') return `'x' is equal to '${expected}'`;
    if (operator === '!=') return `x != ${JSON.stringify(expected)}`;
    if (operator === 'matches') return `'x' matches /${expected}/`;
  }
  return operator === '' ? (expression ?? '') : `${operator} ${JSON.stringify(expected)}`;
}

/** An end that is open is left out. */
function range(low: number, high: number): string {
  const ends = [Number.isFinite(low) ? `${low} <= ` : '', Number.isFinite(high) ? ` <= ${high}` : ''];
  return `${ends[0]}x${ends[1]}`;
}

export function readLimit(text: string): ReadLimit {
  const isDecisive = !text.startsWith(WARNS);
  const line = isDecisive ? text : text.slice(WARNS.length);
  return { ...(parsed(line) ?? { text: line }), isDecisive };
}

function parsed(line: string): { readonly operator: Operator; readonly expected: Expected } | null {
  const [, low, high] = RANGE.exec(line) ?? [];
  if (low !== undefined && high !== undefined) return { operator: 'range', expected: [Number(low), Number(high)] };
  if (low !== undefined) return { operator: '>=', expected: Number(low) };
  if (high !== undefined) return { operator: '<=', expected: Number(high) };
  const [, sign, value] = COMPARED.exec(line) ?? [];
  if (sign !== undefined && value !== undefined)
    return { operator: sign as Operator, expected: /^[TF]/.test(value) ? value === 'True' : Number(value) };
  const [, word, list] = LISTED.exec(line) ?? [];
  const values = list === undefined ? null : scalars(list);
  if (values) return { operator: word as Operator, expected: values };
  const [, other] = OTHER_TEXT.exec(line) ?? [];
  const [unwanted] = other === undefined ? [] : (scalars(`[${other}]`) ?? []);
  if (unwanted !== undefined) return { operator: '!=', expected: unwanted };
  const [, same] = SAME_TEXT.exec(line) ?? [];
  if (same !== undefined) return { operator: '==', expected: same };
  const [, pattern] = MATCHED.exec(line) ?? [];
  return pattern === undefined ? null : { operator: 'matches', expected: pattern };
}

function scalars(list: string): (string | number | boolean)[] | null {
  try {
    const values = JSON.parse(list) as unknown[];
    const isPlain = (one: unknown) => ['string', 'number', 'boolean'].includes(typeof one);
    return values.length > 0 && values.every(isPlain) ? (values as (string | number | boolean)[]) : null;
  } catch {
    return null;
  }
}
