/**
 * A stored run as TofuPilot gives it back: the list's item and the whole run.
 *
 * Pure. A unit is shown as it is now, not as it was when the run was posted: TofuPilot re-files units. Knows nothing
 * of filters or pages.
 */
import type { Attachment } from '#server/sandbox/attachments.ts';
import { uuidFor } from '#server/sandbox/caller.ts';
import { PEOPLE } from '#server/sandbox/people.ts';
import type { MeasurementBody, PhaseBody } from '#server/sandbox/run-body.ts';
import type { StoredRun, Unit } from '#server/sandbox/runs.ts';
import { durationOf } from '#server/sandbox/timestamp.ts';

export function durationMs({ started_at, ended_at }: { started_at: string; ended_at: string }): number {
  return Date.parse(ended_at) - Date.parse(started_at);
}

/** The operator, if the address is a member's: TofuPilot drops any other silently. */
export function operatorOf(run: StoredRun) {
  return PEOPLE.find(({ email }) => email === run.body.operated_by?.toLowerCase()) ?? null;
}

export function summaryOf(run: StoredRun, withMetadata: boolean) {
  const { id, body, caller, procedureName, arrivedMs } = run;
  const by = { id: caller.id, name: caller.name };
  const operator = operatorOf(run);
  return {
    id,
    created_at: new Date(arrivedMs).toISOString(),
    started_at: body.started_at,
    ended_at: body.ended_at,
    duration: durationOf(durationMs(body)),
    outcome: body.outcome,
    docstring: body.docstring ?? null,
    created_by_user: caller.kind === 'user' ? { ...by, email: PEOPLE[0].email } : null,
    created_by_station: caller.kind === 'station' ? by : null,
    operated_by: operator && { id: operator.id, name: operator.name, email: operator.email },
    procedure: {
      id: body.procedure_id,
      name: procedureName,
      version: body.procedure_version
        ? {
            id: uuidFor(`version ${body.procedure_id} ${body.procedure_version.toUpperCase()}`),
            tag: body.procedure_version,
          }
        : null,
    },
    unit: unitOf(run.unit),
    ...(withMetadata ? { metadata: run.metadata } : {}),
  };
}

export function wholeRun(run: StoredRun, attachments: readonly Attachment[], addressOf: (id: string) => string) {
  const { id, body, unit } = run;
  return {
    ...summaryOf(run, true),
    phases: (body.phases ?? []).toSorted(byTime).map((phase, index) => phaseOf(phase, `${id} ${index}`)),
    logs: (body.logs ?? []).map((entry, index) => ({ id: uuidFor(`log ${id} ${index}`), ...entry })),
    sub_units: [...unit.sub_units].map((serial) => ({
      id: uuidFor(`unit ${serial.toUpperCase()}`),
      serial_number: serial,
    })),
    attachments: attachments.map(({ id: file, name, size, contentType, content }) => ({
      id: file,
      name,
      size: size ?? null,
      content_type: contentType ?? null,
      is_report: false,
      download_url: content ? addressOf(file) : null,
    })),
  };
}

function unitOf(unit: Unit) {
  const { part_number: part, revision_number: revision, batch_number: batch } = unit;
  const key = part.toUpperCase();
  return {
    id: uuidFor(`unit ${unit.serial_number.toUpperCase()}`),
    serial_number: unit.serial_number,
    sample: null,
    part: {
      id: uuidFor(`part ${key}`),
      number: part,
      name: part,
      revision: { id: uuidFor(`revision ${key} ${revision.toUpperCase()}`), number: revision },
    },
    batch: batch === undefined ? null : { id: uuidFor(`batch ${batch.toUpperCase()}`), number: batch },
  };
}

function byTime(a: PhaseBody, b: PhaseBody): number {
  return (
    Date.parse(a.started_at) - Date.parse(b.started_at) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
    (a.retry_count ?? 0) - (b.retry_count ?? 0)
  );
}

function phaseOf(phase: PhaseBody, key: string) {
  const measurements = (phase.measurements ?? []).map((measurement, index) =>
    measurementOf(measurement, `${key} ${index}`),
  );
  return {
    ...phase,
    id: uuidFor(`phase ${key}`),
    retry_count: phase.retry_count ?? 0,
    docstring: phase.docstring ?? null,
    duration: durationOf(durationMs(phase)),
    measurements,
  };
}

function measurementOf({ x_axis, y_axis, lower_limit, upper_limit, ...measurement }: MeasurementBody, key: string) {
  const axes = [...(x_axis ? [x_axis] : []), ...(y_axis ?? [])];
  const limits = [
    ...(lower_limit === undefined ? [] : [{ operator: '>=', expected_value: lower_limit }]),
    ...(upper_limit === undefined ? [] : [{ operator: '<=', expected_value: upper_limit }]),
  ];
  return {
    ...measurement,
    id: uuidFor(`measurement ${key}`),
    validators: [...(measurement.validators ?? []), ...limits],
    ...(axes.length ? { data_series: axes } : {}),
  };
}
