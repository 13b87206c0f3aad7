import { describe, expect, test } from 'vitest';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunHeader } from '#record/run-record.ts';

const header = { id: 'r1', seq: 1, serial_number: 'SN-000123', plan: [] } as unknown as RunHeader;
const started = (attempt: number): RunEvent => ({
  kind: 'phase-started',
  at_ms: attempt * 10,
  key: 'rails',
  name: 'Rails',
  section: 'main',
  attempt,
});
const measured = (value: number): RunEvent => ({
  kind: 'measurement',
  at_ms: 1,
  phase: 'rails',
  measurement: { key: 'v', name: 'v', outcome: 'PASS', measured_value: value, validators: [] },
});
const ended = (outcome: 'PASS' | 'FAIL'): RunEvent => ({ kind: 'phase-ended', at_ms: 5, phase: 'rails', outcome });

function replay(...events: RunEvent[]) {
  const record = recordOf(header);
  for (const event of events) applyEvent(record, event);
  return record;
}

describe('record from events', () => {
  test('every attempt is kept with its own measurements', () => {
    const { phases } = replay(started(0), measured(3.05), ended('FAIL'), started(1), measured(3.3), ended('PASS'));
    expect(
      phases.map(({ retry_count, outcome, measurements }) => [retry_count, outcome, measurements[0]?.measured_value]),
    ).toEqual([
      [0, 'FAIL', 3.05],
      [1, 'PASS', 3.3],
    ]);
  });
  test('a journal cut anywhere gives the record as far as it came', () => {
    const events = [started(0), measured(1), measured(2), ended('PASS')];
    const counts = events.map((_, cut) => replay(...events.slice(0, cut + 1)).phases[0]?.measurements.length);
    expect(counts).toEqual([0, 1, 2, 2]);
    expect(replay(started(0), measured(1)).phases[0]).toMatchObject({ outcome: null, ended_ms: null });
  });
  test('a measurement without an open phase goes nowhere', () => {
    expect(replay(measured(1), started(0), ended('PASS'), measured(2)).phases[0]?.measurements).toEqual([]);
  });
});
