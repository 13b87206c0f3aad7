import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRuns } from '#exchange/read-runs.ts';
import { toRunBody } from '#sync/tofupilot/run-body.ts';
import { runIssues } from '../support/tofupilot-schema.ts';
import { anyRun, run } from './a-run.ts';

const body = toRunBody(run);

describe('Fieldbench in', () => {
  test('2: a body says the same again', async () => {
    const text = JSON.stringify(body);
    const [read] = await readRuns(text, 0);
    expect(read!.body).toBe(text);
    expect(read!.differences).toEqual([]);
    expect(toRunBody(read!.record)).toEqual(body);
  });

  test('2: any body says the same again', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (record) => {
        const posted = JSON.parse(JSON.stringify(toRunBody(record)));
        const [read] = await readRuns(JSON.stringify(posted), 0);
        expect(JSON.parse(JSON.stringify(toRunBody(read!.record)))).toEqual(posted);
      }),
      { numRuns: 200 },
    );
  });

  test('1: the lines of fieldbench run --json, and lists of runs', async () => {
    const lines = [
      JSON.stringify({ event: 'run-started', header: {} }),
      JSON.stringify({ event: 'run', outcome: 'FAIL', run: body }),
      '',
    ].join('\n');
    expect((await readRuns(lines, 0)).map(({ record }) => record.id)).toEqual([run.id]);
    expect(await readRuns(JSON.stringify({ event: 'run', outcome: 'FAIL', run: body }), 0)).toHaveLength(1);
    expect(await readRuns(`\ufeff${JSON.stringify([body, body], null, 2)}`, 0)).toHaveLength(2);
    expect(await readRuns(`${JSON.stringify(body)}\r\n${JSON.stringify(body)}\r\n`, 0)).toHaveLength(2);
  });

  test('5: a refusal holds no run, and a broken line is named', async () => {
    const refusal = JSON.stringify({ event: 'refusal', code: 'serial-empty', message: '' });
    await expect(readRuns(refusal, 0)).rejects.toMatchObject({ code: 'unknown-format' });
    await expect(readRuns(`${refusal}\n{"event":`, 0)).rejects.toMatchObject({
      code: 'not-json',
      message: 'Line 2 is not JSON.',
    });
    const wrong = { ...body, phases: [{ ...body.phases[0], retry_count: '1' }] };
    await expect(readRuns(JSON.stringify(wrong), 0)).rejects.toMatchObject({
      code: 'shape',
      message: 'phases[0].retry_count is "1"; it should be a number.',
    });
  });

  test('4: what a later version says of a run is not lost in silence', async () => {
    const later = { ...body, metadata: { ...body.metadata, humidity: 40 } };
    const [read] = await readRuns(JSON.stringify(later), 0);
    expect(read!.differences).toEqual(['metadata.humidity is left out: a run has no place for it.']);
    expect(read!.body).toContain('"humidity":40');
  });

  test('1: a run of another program makes a body that TofuPilot would take', async () => {
    const procedure_id = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
    const file = {
      procedure_id,
      unit_under_test: { serial_number: 'S1' },
      run_passed: true,
      steps: [{ name: 'a', status: 'PASS' }],
    };
    const [read] = await readRuns(JSON.stringify(file), Date.parse('2026-11-21T10:00:00Z'));
    const made = toRunBody(read!.record);
    // Its metadata cannot be whole: no station of ours recorded it.
    expect(runIssues(made).filter(({ path }) => path[0] !== 'metadata')).toEqual([]);
    expect(made.metadata).not.toHaveProperty('station_seq');
    expect(made.metadata['client_run_id']).toBe(read!.record.id);
  });
});
