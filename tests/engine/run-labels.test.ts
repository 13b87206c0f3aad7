/** Engine, rule 31: labels. */
import { describe, expect, test } from 'vitest';
import type { PrintStep } from '#procedure/label/label-uses.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { aMeasurement, aPhase, aProcedure, measure, range, set, wait } from './a-procedure.ts';
import { tryRun, type TryOptions } from './try-run.ts';

const label = (text: string, more: Partial<PrintStep> = {}): PrintStep => ({
  kind: 'print',
  plug: 'printer',
  language: 'zpl',
  source: { text },
  copies: 1,
  line: 5,
  ...more,
});
const UNIT = { serial_number: 'SN-000123', part_number: 'PWR-A', 'sub_units.board': 'B-7', 'metadata.firmware': '1.2' };
const field = (name: string) => `^FD{{${name}}}^FS`;
const logs = ({ record }: Awaited<ReturnType<typeof tryRun>>) => record.logs.map(({ message }) => message);
const run = (procedure: Procedure, options: TryOptions = {}) => tryRun(procedure, { unit: UNIT, ...options });

describe('rule 31: what a label says', () => {
  test('the unit, its measurements with their units, the moment in UTC, the station and the run', async () => {
    const names = [
      'serial_number',
      'part_number',
      'batch_number',
      'sub_units.board',
      'metadata.firmware',
      'measurement.rail',
      'measurement.Note',
      'measurement.never',
      'outcome',
      'station',
      'run_id',
    ];
    const procedure = aProcedure([
      aPhase('Rails', [measure('rail'), set('note', 'ok')], {
        measurements: [aMeasurement('rail', [range(3, 4)], { unit: 'V' }), aMeasurement('note')],
      }),
      aPhase('Label', [label(names.map(field).join(''))]),
    ]);
    const labels = { files: new Map<string, string>(), station: 'hall-2-001', runId: 'r-1' };
    const tried = await run(procedure, { answers: { 'rail?': '3.3000000000000003' }, labels });
    expect(tried.bench.printed).toEqual([
      '^FDSN-000123^FS^FDPWR-A^FS^FD-^FS^FDB-7^FS^FD1.2^FS^FD3.3 V^FS^FDok^FS^FD-^FS^FDPASS^FS^FDhall-2-001^FS^FDr-1^FS',
    ]);
    expect(tried.record.outcome).toBe('PASS');
    expect(logs(tried)).toContain('printer: printed a label (PASS)');
    const moment = await run(aProcedure([aPhase('Label', [label(`${field('date')}${field('time')}`)])]));
    expect(moment.bench.printed[0]).toMatch(/^\^FD\d{4}-\d\d-\d\d\^FS\^FD\d\d:\d\d:\d\d\^FS$/);
  });

  test('a file of the release, in so many copies; one that is not there breaks the phase', async () => {
    const procedure = aProcedure([aPhase('Label', [label('', { source: { file: 'a.zpl' }, copies: 3 })])]);
    const labels = { files: new Map([['a.zpl', '^XA^XZ\n']]), station: 's', runId: 'r' };
    const tried = await run(procedure, { labels });
    expect(tried.bench.printed).toEqual(['^XA^XZ\n^XA^XZ\n^XA^XZ\n']);
    expect(logs(tried)).toContain('printer: printed a.zpl, 3 copies (PASS)');
    const missing = await run(procedure);
    expect(missing.record).toMatchObject({ outcome: 'ERROR', reason: expect.stringContaining('a.zpl is not there') });
    expect(missing.bench.printed).toEqual([]);
  });

  test('a value that could be a command to a printer that speaks no ZPL breaks the phase, and nothing is printed', async () => {
    const procedure = aProcedure([aPhase('Label', [label('"{{metadata.firmware}}"', { language: 'raw' })])]);
    const tried = await run(procedure, { unit: { ...UNIT, 'metadata.firmware': 'a"\nP9' } });
    expect(tried.record.outcome).toBe('ERROR');
    expect(tried.bench.printed).toEqual([]);
  });
});

describe('rule 31: a unit that has not passed has no label that says so', () => {
  const both = [label(field('outcome'), { only: 'pass' }), label('^FDREJECT^FS', { only: 'fail' })];
  const teardown = aPhase('Label', both, {}, 'teardown');
  const rails = aPhase('Rails', [measure('rail')], { measurements: [aMeasurement('rail', [range(3, 4)])] });
  const slow = aPhase('Slow', [wait(500)], { timeoutMs: 100 });

  test.each([
    ['it passed', [rails], {}, ['^FDPASS^FS']],
    ['it failed', [rails], { answers: { 'rail?': '9' } }, ['^FDREJECT^FS']],
    ['it was silent', [rails], { answers: { 'rail?': { kind: 'silent' } } }, ['^FDREJECT^FS']],
    ['it ran out of time', [slow], {}, ['^FDREJECT^FS']],
    ['a person stopped it', [aPhase('Wait', [wait(500)])], { stopAtMs: 100 }, ['^FDREJECT^FS']],
    ['nothing was tested', [aPhase('Off', [], { skip: 'off' })], {}, ['^FDREJECT^FS']],
    ['a phase was not reached', [aPhase('A', [], { next: { pass: 'stop' } }), rails], {}, ['^FDREJECT^FS']],
    ['the emergency stop cut everything', [aPhase('Wait', [wait(500)])], { emergencyAtMs: 100 }, []],
  ] as const)('%s', async (_, main, options, printed) => {
    const good = { 'rail?': '3.3' };
    const tried = await run(aProcedure([...main, teardown]), { answers: good, ...options } as TryOptions);
    expect(tried.bench.printed).toEqual(printed);
  });

  test('at the end of main: what its own phase has measured counts, and what it lacks', async () => {
    const end = (steps: Parameters<typeof aPhase>[1]) =>
      aProcedure([aPhase('End', [...steps, ...both], { measurements: [aMeasurement('rail', [range(3, 4)])] })]);
    const printed = async (procedure: Procedure) => (await run(procedure)).bench.printed;
    expect(await printed(end([set('rail', 3.3)]))).toEqual(['^FDPASS^FS']);
    expect(await printed(end([set('rail', 9)]))).toEqual(['^FDREJECT^FS']);
    expect(await printed(end([]))).toEqual(['^FDREJECT^FS']);
    expect(await printed(end([set('rail', 9), set('rail', 3.3)]))).toEqual(['^FDPASS^FS']);
  });

  test('why there is no label is a line of the log', async () => {
    const tried = await run(aProcedure([rails, teardown]), { answers: { 'rail?': '9' } });
    expect(logs(tried)).toContain('printer: a label is only for units that pass; this one is FAIL');
  });

  test('a printer that cannot print breaks the phase: a unit without its label does not pass', async () => {
    const procedure = aProcedure([aPhase('Label', [label('^FDx^FS')], { timeoutMs: 5000 })]);
    // Its own limit is the printer's, not the phase's.
    const silent = await run(procedure, { behave: () => ({ kind: 'silent' }) });
    expect(silent.record.outcome).toBe('ERROR');
    const tried = await run(procedure, { behave: () => ({ kind: 'lost' }) });
    expect(tried.record.outcome).toBe('ERROR');
    expect(tried.bench.printed).toEqual([]);
  });
});
