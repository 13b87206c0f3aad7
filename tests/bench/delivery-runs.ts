/**
 * The runs that are delivered in the benchmark: each of its own unit, with 30 measurements, a body of some 8 kB.
 *
 * Pure; the same for every contender. Knows nothing of stores and queues.
 */
import { recordOf, type RunEvent } from '#record/run-event.ts';
import { eventsOf } from '#storage/store/events-of.ts';
import type { RunHeader, RunRecord } from '#record/run-record.ts';

export const RUNS = 300;
const MEASUREMENTS = 30;
const DURATION_MS = 4_000;

export function headerOf(n: number, id: string): Omit<RunHeader, 'seq'> {
  return {
    id,
    station_id: 'bench',
    slot: '1',
    serial_number: `SN-${String(n).padStart(6, '0')}`,
    started_at: new Date().toISOString(),
    procedure: {
      id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      name: 'Power board',
      release: 'sha256:00',
      development: false,
    },
    parameters: {},
    app_version: '0',
    browser: '',
    fixture: '',
    operator: '',
    clock_offset_ms: 0,
    simulated: true,
    plan: [],
  };
}

export function passed(header: RunHeader): RunRecord {
  return {
    ...recordOf(header),
    outcome: 'PASS',
    ended_ms: DURATION_MS,
    phases: [
      {
        key: 'rails',
        name: 'Rails',
        section: 'main',
        retry_count: 0,
        started_ms: 0,
        ended_ms: DURATION_MS,
        outcome: 'PASS',
        measurements: Array.from({ length: MEASUREMENTS }, (_, n) => ({
          key: `rail_${n}`,
          name: `rail_${n}`,
          outcome: 'PASS',
          measured_value: 3.3,
          units: 'V',
          validators: [{ operator: 'range', expected_value: [3.2, 3.4], outcome: 'PASS', is_decisive: true }],
        })),
      },
    ],
  };
}

/** What the engine tells between the first event and the last. */
export function courseOf(record: RunRecord): { readonly course: RunEvent[]; readonly end: RunEvent } {
  const events = eventsOf(record);
  return { course: events.slice(1, -1), end: events.at(-1)! };
}
