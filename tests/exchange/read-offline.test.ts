import { describe, expect, test } from 'vitest';
import { readRuns } from '#exchange/read-runs.ts';

const NOW_MS = Date.parse('2026-11-21T10:00:00Z');
const read = async (value: unknown) => (await readRuns(JSON.stringify(value), NOW_MS))[0]!;

const step = (change: Record<string, unknown> = {}) => ({
  name: 'vcc_check',
  step_type: 'measurement',
  status: 'PASS',
  measurements: [{ name: 'vcc', value: 3.31, unit: 'V', limit_low: 3.2, limit_high: 3.4 }],
  ...change,
});
const file = (change: Record<string, unknown> = {}) => ({
  procedure_id: 'BOARD-FUNCTIONAL-V3',
  unit_under_test: { serial_number: 'UNIT-1', part_number: 'PCB-100', revision: 'B', batch_number: 'W47' },
  run_passed: true,
  steps: [step()],
  ...change,
});
const measuring = (change: Record<string, unknown>) =>
  file({ steps: [step({ measurements: [{ name: 'vcc', value: 3.31, ...change }] })] });

describe('offline guide in', () => {
  test('1: unit, steps, limits, outcome', async () => {
    const { record, differences } = await read(file());
    expect(record).toMatchObject({
      seq: 0,
      serial_number: 'UNIT-1',
      part_number: 'PCB-100',
      revision_number: 'B',
      batch_number: 'W47',
      procedure: { id: 'BOARD-FUNCTIONAL-V3' },
      outcome: 'PASS',
      started_at: '2026-11-21T10:00:00.000Z',
      ended_ms: 0,
      phases: [
        {
          name: 'vcc_check',
          outcome: 'PASS',
          retry_count: 0,
          measurements: [
            {
              name: 'vcc',
              outcome: 'PASS',
              measured_value: 3.31,
              units: 'V',
              validators: [{ operator: 'range', expected_value: [3.2, 3.4], outcome: 'PASS', is_decisive: true }],
            },
          ],
        },
      ],
    });
    expect(differences).toEqual([
      'The file does not say when the run was: the time at which it was written stands for it.',
    ]);
  });

  test('1: times where the file has them, steps after each other', async () => {
    const steps = [step({ duration: 'PT1.5S' }), step({ duration: 'PT1M' })];
    const { record, differences } = await read(file({ started_at: '2026-11-20T08:00:00Z', duration: 'PT2M', steps }));
    expect(record).toMatchObject({ started_at: '2026-11-20T08:00:00.000Z', ended_ms: 120_000 });
    expect(record.phases.map(({ started_ms, ended_ms, retry_count }) => [started_ms, ended_ms, retry_count])).toEqual([
      [0, 1500, 0],
      [1500, 61_500, 1],
    ]);
    expect(differences).toEqual([]);
  });

  test('1: the flat steps of the first version', async () => {
    const flat = {
      name: 'temp',
      step_passed: true,
      measurement_value: 75,
      measurement_unit: '°C',
      limit_low: 70,
      limit_high: null,
    };
    const { record } = await read(file({ steps: [flat, { name: 'connect', step_passed: true }] }));
    expect(record.phases).toMatchObject([
      {
        outcome: 'PASS',
        measurements: [
          { name: 'temp', outcome: 'PASS', units: '°C', validators: [{ operator: '>=', expected_value: 70 }] },
        ],
      },
      { name: 'connect', measurements: [] },
    ]);
  });

  test.each([
    [{ limit_low: 3.2 }, 'PASS'],
    [{ limit_high: 3.2 }, 'FAIL'],
    [{ limit_low: 3.4, limit_high: 3.2 }, 'FAIL'],
    [{}, 'UNSET'],
    [{ value: null }, 'FAIL'],
    [{ value: 'ERR', limit_low: 0 }, 'FAIL'],
    [{ value: 'EU' }, 'UNSET'],
    [{ value: false }, 'UNSET'],
  ])('3: %j earns %s', async (change, outcome) => {
    const { record } = await read(measuring(change));
    expect(record.phases[0]!.measurements[0]!.outcome).toBe(outcome);
    expect([record.phases[0]!.outcome, record.outcome]).toEqual(
      outcome === 'FAIL' ? ['FAIL', 'FAIL'] : ['PASS', 'PASS'],
    );
  });

  test.each([
    [file({ run_passed: false }), 'FAIL'],
    [file({ steps: [step({ status: 'failed' })] }), 'FAIL'],
    [file({ steps: [step({ status: 'ERROR' })] }), 'FAIL'],
    [file({ steps: [step({ status: 'FAIL' }), step()] }), 'PASS'],
    [file({ steps: [step({ status: 'SKIPPED' })] }), 'PASS'],
    [file({ steps: [] }), 'PASS'],
  ])('3: run %#', async (given, outcome) => {
    expect((await read(given)).record.outcome).toBe(outcome);
  });

  test('3, 4: a PASS that its limits contradict is said', async () => {
    const { record, differences } = await read(measuring({ limit_high: 3.2, unit: 'V' }));
    expect(record.reason).toBe('The file says PASS, and its phase vcc_check says FAIL: vcc: 3.31 V is above 3.2 V');
    expect(differences).toContain('steps[0] says PASS, and vcc: 3.31 V is above 3.2 V. It is taken as FAIL.');
  });

  test.each([
    [file({ steps: [step({ status: 'done' })] }), 'steps[0].status is "done"; it should be PASS, FAIL, SKIP or ERROR'],
    [file({ unit_under_test: {} }), 'unit_under_test.serial_number is missing'],
    [file({ started_at: 'yesterday' }), 'started_at is "yesterday"'],
    [file({ duration: '12' }), 'duration is "12"'],
    [measuring({ limit_low: '3' }), 'steps[0].measurements[0].limit_low is "3"; it should be a number'],
    [file({ steps: 7 }), 'steps is 7; it should be a list'],
  ])('5: one fault with its place %#', async (given, words) => {
    await expect(read(given)).rejects.toMatchObject({ code: 'shape', message: expect.stringContaining(words) });
  });

  test('6: the same file is the same run, whenever it is read', async () => {
    const text = JSON.stringify(file());
    const [[first], [later]] = [await readRuns(text, NOW_MS), await readRuns(` ${text}\n`, NOW_MS + 1)];
    expect(later!.record.id).toBe(first!.record.id);
  });
});
