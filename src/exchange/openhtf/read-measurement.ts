/**
 * One measurement of an OpenHTF record: its value, its limits read from their lines, and an outcome that they bear out.
 *
 * Above: read-openhtf.ts. Below: limit-text.ts, and the judge that also judges live readings.
 */
import { judge, valueTrouble } from '#measure/judge.ts';
import type { MeasurementOutcome, MeasurementRecord, Scalar, ValidatorRecord } from '#record/run-record.ts';
import { given } from '#exchange/given.ts';
import { readLimit } from '#exchange/limit-text.ts';
import type { Located } from '#exchange/located-json.ts';

const OUTCOMES = ['PASS', 'FAIL', 'UNSET', 'PARTIALLY_SET', 'SKIPPED'] as const;

export interface ReadMeasurement {
  readonly measurement: MeasurementRecord;
  /** Why it cannot have passed, though the file says so. */
  readonly contradiction: string | undefined;
}

/** @param isOwn written by Fieldbench: then the docstring is the reason */
export function readMeasurement(
  at: Located,
  key: string,
  isOwn: boolean,
  differ: (words: string) => void,
): ReadMeasurement {
  const name = at.get('name').optionalText() ?? key;
  const told = at.get('outcome').oneOf(OUTCOMES);
  if (told === 'PARTIALLY_SET' || told === 'SKIPPED') differ(`${at.place} is ${told}: it is kept as UNSET.`);
  const claimed: MeasurementOutcome = told === 'PASS' || told === 'FAIL' ? told : 'UNSET';
  const { value, isWhole } = valueOf(at.get('measured_value'), differ);
  const limits = at.get('validators').items();
  const validators = limits.map((line) => limitOf(line.text(), value, isWhole, claimed));
  const missed = validators.find((one) => one.outcome === 'FAIL' && one.is_decisive);
  const trouble = valueTrouble(value) ?? missed?.reason;
  const contradiction = claimed === 'PASS' && trouble !== undefined ? `${name}: ${trouble}` : undefined;
  if (contradiction !== undefined) differ(`${at.place} says PASS, and ${trouble}. It is taken as FAIL.`);
  const stated = isOwn ? at.get('docstring').optionalText() : undefined;
  const reason = contradiction === undefined ? (stated ?? (claimed === 'FAIL' ? trouble : undefined)) : trouble;
  const measurement: MeasurementRecord = {
    key: name,
    name,
    outcome: contradiction === undefined ? claimed : 'FAIL',
    measured_value: value,
    ...given('units', unitsOf(at.get('units'))),
    validators,
    ...given('reason', reason),
  };
  return { measurement, contradiction };
}

function limitOf(line: string, value: Scalar | null, isWhole: boolean, claimed: MeasurementOutcome): ValidatorRecord {
  const limit = readLimit(line);
  const told = claimed === 'PASS' ? 'PASS' : 'FAIL';
  const asText: ValidatorRecord = {
    operator: '',
    expected_value: '',
    expression: 'text' in limit ? limit.text : line,
    outcome: told,
    is_decisive: limit.isDecisive,
  };
  if ('text' in limit || !isWhole) return asText;
  const { operator, expected, isDecisive } = limit;
  const { verdict, reason, unusable } = judge(value, { operator, expected, isDecisive });
  // Another program may compare what this one does not; its word is taken, and its limit stays a text.
  if (unusable && claimed === 'PASS' && value !== null) return asText;
  // Python's patterns are not quite these.
  const outcome =
    operator === 'matches' && isDecisive && claimed === 'PASS' ? 'PASS' : verdict === 'PASS' ? 'PASS' : 'FAIL';
  return {
    operator,
    expected_value: expected,
    outcome,
    is_decisive: isDecisive,
    ...(outcome === 'PASS' || reason === undefined ? {} : { reason }),
  };
}

function valueOf(at: Located, differ: (words: string) => void): { value: Scalar | null; isWhole: boolean } {
  const { value } = at;
  if (value === undefined || value === null) return { value: null, isWhole: true };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { value, isWhole: true };
  differ(`${at.place} has several values: they are kept as one text.`);
  return { value: JSON.stringify(value), isWhole: false };
}

/** A unit's description, or the text that older versions wrote. */
function unitsOf(at: Located): string | undefined {
  if (at.isAbsent) return undefined;
  if (typeof at.value === 'string') return at.optionalText();
  return at.get('suffix').optionalText() ?? at.get('name').optionalText();
}
