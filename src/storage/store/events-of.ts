/**
 * A finished record as the events that make it: for a run whose journal is lost while its record is not.
 *
 * The counterpart of `applyEvent`: applied to a new record, these events give the same record again. Times of single
 * measurements are not in a record, so they carry that of their phase. Pure.
 */
import type { RunEvent } from '#record/run-event.ts';
import type { PhaseRecord, RunHeader, RunRecord } from '#record/run-record.ts';

export function eventsOf(record: RunRecord): RunEvent[] {
  const { outcome, ended_ms, reason, interrupted, phases, logs, files = [], ...header } = record;
  return [
    { kind: 'run-started', header: header satisfies RunHeader },
    ...phases.flatMap(phaseEvents),
    ...logs.map((log): RunEvent => ({ kind: 'log', log })),
    ...files.map((file): RunEvent => ({ kind: 'attachment', at_ms: ended_ms ?? 0, file })),
    ...(outcome === null
      ? []
      : [
          {
            kind: 'run-ended',
            at_ms: ended_ms ?? 0,
            outcome,
            interrupted,
            ...(reason === undefined ? {} : { reason }),
          } as const,
        ]),
  ];
}

function phaseEvents(phase: PhaseRecord): RunEvent[] {
  const {
    key,
    name,
    section,
    retry_count,
    started_ms,
    ended_ms,
    outcome,
    reason,
    timed_out,
    measurements,
    files = [],
  } = phase;
  return [
    { kind: 'phase-started', at_ms: started_ms, key, name, section, attempt: retry_count },
    ...measurements.map((measurement): RunEvent => ({
      kind: 'measurement',
      at_ms: started_ms,
      phase: key,
      measurement,
    })),
    ...files.map((file): RunEvent => ({ kind: 'attachment', at_ms: started_ms, phase: key, file })),
    ...(ended_ms === null
      ? []
      : [
          {
            kind: 'phase-ended',
            at_ms: ended_ms,
            phase: key,
            // A phase that ended has an outcome; one without is no good phase.
            outcome: outcome ?? 'ERROR',
            ...(reason === undefined ? {} : { reason }),
            ...(timed_out ? { timed_out } : {}),
          } as const,
        ]),
  ];
}
