/**
 * What arrived, as the sandbox's page and `/sandbox/state` tell it. Knows nothing of HTML or HTTP.
 */
import type { MeasurementBody } from '#server/sandbox/run-body.ts';
import type { Runs, StoredRun } from '#server/sandbox/runs.ts';

export interface ArrivedMeasurement {
  readonly phase: string;
  readonly name: string;
  readonly outcome: MeasurementBody['outcome'];
  readonly measured_value: unknown;
  readonly units: string;
  /** The limits as text, e.g. `3.2 … 3.4`. */
  readonly limits: string;
}

export interface ArrivedRun {
  readonly id: string;
  readonly serial_number: string;
  readonly outcome: StoredRun['body']['outcome'];
  readonly procedure: string;
  /** `station_id` in the run's metadata, else the name behind the key. */
  readonly station: string;
  readonly client_run_id: string;
  readonly started_at: string;
  readonly arrived_at: string;
  readonly measurements: readonly ArrivedMeasurement[];
}

export function arrivedRun(run: StoredRun): ArrivedRun {
  const { id, body, metadata, caller, procedureName, arrivedMs } = run;
  return {
    id,
    serial_number: body.serial_number,
    outcome: body.outcome,
    procedure: procedureName,
    station: String(metadata['station_id'] ?? caller.name),
    client_run_id: String(metadata['client_run_id'] ?? ''),
    started_at: body.started_at,
    arrived_at: new Date(arrivedMs).toISOString(),
    measurements: (body.phases ?? []).flatMap((phase) =>
      (phase.measurements ?? []).map((measurement) => measured(phase.name, measurement)),
    ),
  };
}

/** Runs beyond the first with the same `client_run_id`: uploads of one run that should have been one. */
export function countDoubled(runs: Runs): number {
  const ids = runs.all().flatMap(({ metadata }) => metadata['client_run_id'] ?? []);
  return ids.length - new Set(ids).size;
}

function measured(
  phase: string,
  { name, outcome, measured_value, units, validators }: MeasurementBody,
): ArrivedMeasurement {
  return {
    phase,
    name,
    outcome,
    measured_value: measured_value ?? null,
    units: Array.isArray(units) ? units.join(', ') : (units ?? ''),
    limits: (validators ?? []).map(limitText).filter(Boolean).join(', '),
  };
}

type Validator = NonNullable<MeasurementBody['validators']>[number];

function limitText({ operator, expected_value: expected, expression }: Validator): string {
  if (expression) return expression;
  if (operator === 'range' && Array.isArray(expected)) return expected.join(' … ');
  return operator ? `${operator} ${Array.isArray(expected) ? expected.join(', ') : String(expected)}` : '';
}
