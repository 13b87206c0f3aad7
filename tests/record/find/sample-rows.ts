/** Rows as a station has them, for searches. */
import type { RunFacts } from '#record/searched-facts.ts';
import type { RunRow } from '#record/run-row.ts';

export const FACTS: RunFacts = {
  part: 'PWR-BOARD',
  revision: 'B',
  batch: '2026-W47',
  version: '3.2.0',
  release: 'sha256:4f2a9c0d',
  operator: 'ana@example.com',
  fixture: 'fixture=ACME,FX-1,FX0001,1.0',
};

export function rowOf(seq: number, change: Partial<RunRow> = {}): RunRow {
  const serial = change.serial_number ?? `SN-${String(seq).padStart(6, '0')}`;
  return {
    id: `run-${seq}`,
    seq,
    serial_number: serial,
    serial_key: serial.toUpperCase(),
    procedure_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    procedure_name: 'Power board',
    outcome: 'PASS',
    reason: '',
    started_at: new Date(2026, 10, 20, 8, 0, seq).toISOString(),
    duration_ms: 4200,
    simulated: false,
    interrupted: false,
    facts: FACTS,
    state: 'DELIVERED',
    next_at_ms: 0,
    attempts: 1,
    sent_at_ms: 0,
    remote_id: '',
    upload_reason: '',
    delivered_day: '2026-11-20',
    ...change,
  };
}
