/**
 * What a measurement is held against, as a span to draw and as words.
 *
 * Reads the validators that the record carries; never judges again: the outcome is the record's. Knows nothing of
 * components.
 */
import type { MeasurementRecord, Scalar, ValidatorRecord } from '#record/run-record.ts';
import { type Span, spanOf } from '#record/validator-span.ts';
import { formatQuantity } from '#ui/parts/quantity.ts';
import { counted } from '#ui/parts/words.ts';

/** Where things stand on a scale from 0 to 1. */
export interface ScalePlaces {
  readonly low: number;
  readonly high: number;
  readonly value: number;
}

/** Limits stand a fifth from the ends, so that a value outside has room to be seen outside. */
const EDGE = 0.2;
/** A value far outside stays on the scale, at its very end. */
const INSET = 0.02;

export function placesOf(value: number, { low, high }: Span): ScalePlaces {
  const clamp = (place: number) => Math.min(1 - INSET, Math.max(INSET, place));
  if (low !== null && high !== null) {
    if (low === high) return { low: 0.48, high: 0.52, value: clamp(value === low ? 0.5 : value < low ? 0.2 : 0.8) };
    return { low: EDGE, high: 1 - EDGE, value: clamp(EDGE + ((value - low) / (high - low)) * (1 - 2 * EDGE)) };
  }
  const limit = (low ?? high) as number;
  // One-sided: the distance from zero to the limit is the only size that the limit itself gives.
  const offset = ((value - limit) / (Math.abs(limit) || 1)) * (1 - EDGE);
  if (low !== null) return { low: EDGE, high: 1, value: clamp(EDGE + offset) };
  return { low: 0, high: 1 - EDGE, value: clamp(1 - EDGE + offset) };
}

export function limitsOf({ validators }: MeasurementRecord): number[] {
  const span = spanOf(validators);
  return [span?.low, span?.high].filter((end) => typeof end === 'number');
}

export function valueText(measurement: MeasurementRecord): string {
  const { measured_value: value, units: unit, y_axis: curves } = measurement;
  if (curves) return counted(Math.max(0, ...curves.map(({ data }) => data.length)), 'point');
  if (value === null) return 'no value';
  if (typeof value === 'number') return formatQuantity(value, { unit, limits: limitsOf(measurement) });
  return typeof value === 'boolean' ? yesOrNo(value) : value;
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** Every limit of a measurement in one short line: `3.2 V to 3.4 V`, `at most 60 mA`. */
export function limitText({ validators, units }: Pick<MeasurementRecord, 'validators' | 'units'>): string {
  return validators.map((validator) => validatorText(validator, units)).join(', ');
}

const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  '==': 'exactly',
  '!=': 'anything but',
  '>': 'over',
  '>=': 'at least',
  '<': 'under',
  '<=': 'at most',
  in: 'one of',
  'not in': 'none of',
  matches: 'matching',
};

function validatorText(
  { operator, expected_value: expected, expression }: ValidatorRecord,
  unit: string | undefined,
): string {
  const text = (value: Scalar) =>
    typeof value === 'number' ? formatQuantity(value, { unit }) : typeof value === 'boolean' ? yesOrNo(value) : value;
  if (operator === 'curve') return expression ?? 'inside its limit curve';
  if (operator === '==' && typeof expected === 'boolean') return text(expected);
  if (!Array.isArray(expected)) return `${OPERATOR_WORDS[operator] ?? operator} ${text(expected as Scalar)}`;
  const list = (expected as readonly Scalar[]).map(text);
  if (spanOf([{ operator, expected_value: expected, outcome: 'PASS', is_decisive: true }])) return list.join(' to ');
  return expression ?? `${OPERATOR_WORDS[operator] ?? operator} ${list.join(', ')}`;
}
