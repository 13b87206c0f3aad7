import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CSV_COLUMNS, writeCsv } from '#exchange/csv/write-csv.ts';
import type { RunRecord } from '#record/run-record.ts';
import { anyRun, measured, phase, run, text } from './a-run.ts';

/** RFC 4180, read by its grammar and nothing else. */
function table(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < csv.length;) {
    let cell = '';
    if (csv[at] === '"') {
      for (at += 1; csv[at] !== '"' || csv[at + 1] === '"'; at += 1) {
        if (csv[at] === '"') at += 1;
        cell += csv[at];
        if (at >= csv.length) throw new Error('a quoted cell has no end');
      }
      at += 1;
    } else {
      const end = csv.slice(at).search(/,|\r\n/) + at;
      cell = csv.slice(at, end);
      if (/["\r\n]/.test(cell)) throw new Error(`unquoted: ${JSON.stringify(cell)}`);
      at = end;
    }
    row.push(cell);
    if (csv[at] === ',') at += 1;
    else if (csv.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`neither comma nor line end at ${at}`);
  }
  return rows;
}

const STARTS_FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const unguarded = (cell: string) => (/^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell);

function rowsOf(...records: RunRecord[]): Record<string, string>[] {
  const [head = [], ...rows] = table(writeCsv(records));
  expect(head).toEqual(CSV_COLUMNS);
  for (const row of rows) expect(row).toHaveLength(head.length);
  return rows.map((row) => Object.fromEntries(row.map((cell, index) => [head[index]!, cell])));
}

describe('CSV out', () => {
  test('1, 2: a row for each measurement of each attempt, with the run’s identity', () => {
    const rows = rowsOf(run);
    expect(rows).toHaveLength(10);
    expect(rows[0]).toMatchObject({
      client_run_id: run.id,
      station_seq: '7',
      serial_number: 'SN-000123',
      run_outcome: 'FAIL',
      run_ended_at: '2026-11-20T08:00:04.200Z',
      phase: 'Rails',
      attempt: '0',
      phase_started_at: '2026-11-20T08:00:00.100Z',
      measurement: 'rail_3v3',
      outcome: 'FAIL',
      value: '3.05',
      value_type: 'number',
      units: 'V',
      limit_low: '3.2',
      limit_high: '3.4',
      limits: '3.2 <= x <= 3.4',
      marginal: 'false',
    });
    expect(rows[1]).toMatchObject({ attempt: '1', outcome: 'PASS' });
    expect(rows.find(({ measurement }) => measurement === 'idle')).toMatchObject({
      limit_low: '',
      limit_high: '',
      limits: 'x > 30; warns only: x <= 40',
    });
    expect(rows.find(({ measurement }) => measurement === 'silent')).toMatchObject({ outcome: 'FAIL', value: '' });
  });

  test('4: a phase without measurements and a run without phases have a row', () => {
    expect(rowsOf(run).filter(({ measurement }) => measurement === '')).toMatchObject([
      { phase: 'Later', phase_outcome: 'SKIP' },
      { phase: 'Off', phase_outcome: 'ERROR' },
    ]);
    expect(rowsOf({ ...run, phases: [] }, run)).toHaveLength(11);
    expect(rowsOf({ ...run, phases: [] })[0]).toMatchObject({ serial_number: 'SN-000123', phase: '' });
  });

  test('3: what is no number, and what has no end, never passes', () => {
    const value = { key: 'v', name: 'v', outcome: 'PASS', measured_value: Infinity, validators: [] } as const;
    const [row] = rowsOf({ ...run, outcome: null, phases: [phase('P', [value])] });
    expect(row).toMatchObject({ run_outcome: 'ERROR', outcome: 'FAIL', value: '' });
  });

  test('7: numbers stay numbers, and no text is a formula', () => {
    const cells = (value: string | number) =>
      rowsOf({ ...run, phases: [phase('P', [measured('v', value)])] })[0]!['value'];
    expect([-5, 1e-7, '-5', '+3.3E-3'].map(cells)).toEqual(['-5', '1e-7', '-5', '+3.3E-3']);
    expect(['=1+1', '-x', '@A', '+1+1', "'=1", '\t=1', '＝1'].map(cells)).toEqual([
      "'=1+1",
      "'-x",
      "'@A",
      "'+1+1",
      "''=1",
      "'\t=1",
      "'＝1",
    ]);
  });

  test('7: every text arrives as it was, in every column', () => {
    fc.assert(
      fc.property(text, text, (value, reason) => {
        const record = { ...run, reason, phases: [phase('P', [measured('v', value)], { reason: value })] };
        const [row] = rowsOf(record);
        expect([row!['value'], row!['phase_reason'], row!['run_reason']].map((cell) => unguarded(cell!))).toEqual([
          value,
          value,
          reason,
        ]);
      }),
      { numRuns: 300 },
    );
  });

  test('7: any run is a table of equal rows without formulas, outcomes as they were', () => {
    fc.assert(
      fc.property(anyRun, (record) => {
        const rows = rowsOf(record);
        for (const row of rows)
          for (const cell of Object.values(row))
            expect(STARTS_FORMULA.test(cell) && Number.isNaN(Number(cell))).toBe(false);
        const measurements = record.phases.flatMap((one) => one.measurements);
        expect(rows.flatMap((row) => row['outcome'] || [])).toEqual(measurements.map(({ outcome }) => outcome));
      }),
      { numRuns: 100 },
    );
  });
});
