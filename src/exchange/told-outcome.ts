/**
 * Outcomes as they leave this house: what a record cannot vouch for is never told as a PASS.
 *
 * A record that is still open, or a value that is no number, can stand in a store after a crash. Knows nothing of formats.
 */
import type { MeasurementRecord, PhaseRecord, RunOutcome, RunRecord, Scalar } from '#record/run-record.ts';

/** A run or phase without an end was cut off. */
export function runOutcome({ outcome }: RunRecord): RunOutcome {
  return outcome ?? 'ERROR';
}

export function phaseOutcome({ outcome, timed_out }: PhaseRecord): 'PASS' | 'FAIL' | 'SKIP' | 'ERROR' {
  return timed_out ? 'ERROR' : (outcome ?? 'ERROR');
}

export function toldMeasurement({ outcome, measured_value }: MeasurementRecord): {
  readonly outcome: 'PASS' | 'FAIL' | 'UNSET';
  readonly value: Scalar | null;
} {
  const isUnusable = typeof measured_value === 'number' && !Number.isFinite(measured_value);
  if (!isUnusable) return { outcome, value: measured_value };
  return { outcome: outcome === 'PASS' ? 'FAIL' : outcome, value: null };
}
