/** Engine, rule 18: files of a run. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { RunFiles } from '#engine/run-files.ts';
import type { Step } from '#procedure/procedure.ts';
import { LONGEST_FILE_BYTES, MOST_FILES } from '#record/attachment.ts';
import { aMeasurement, aPhase, aProcedure, measure, range } from './a-procedure.ts';
import { KeptFiles } from './kept-files.ts';
import { tryRun } from './try-run.ts';

const attach = (name: string, source: Extract<Step, { kind: 'attach' }>['source'], timeoutMs?: number): Step => ({
  kind: 'attach',
  name,
  contentType: 'text/csv',
  source,
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
  line: 7,
});
const curve = { plug: 'fixture', query: 'CURV?' };
const file = (name: string, bytes = new Uint8Array(1)) => ({ name, contentType: 'text/csv', bytes });

describe('rule 18: files of a run', () => {
  test('an answer is kept as it came, a text as it stands, and both are told when they are kept', async () => {
    const steps = [attach('trace.csv', curve), attach('note.txt', { text: 'Zeile 1\nµ = 2 Ω' })];
    const tried = await tryRun(aProcedure([aPhase('Trace', steps)]), { answers: { 'CURV?': ' 1,2,3 ' } });
    expect(tried.kept.texts).toEqual({ 'trace.csv': ' 1,2,3 ', 'note.txt': 'Zeile 1\nµ = 2 Ω' });
    expect(tried.events.map(({ kind }) => kind)).toEqual([
      'phase-started',
      'attachment',
      'attachment',
      'phase-ended',
      'run-ended',
    ]);
    expect(tried.record.phases[0]?.files).toMatchObject([
      { name: 'trace.csv', content_type: 'text/csv', size: 7, sha256: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      { name: 'note.txt', size: 17 },
    ]);
    expect(tried.record.outcome).toBe('PASS');
  });

  test('two attempts of a phase keep both, each under a name of its own', async () => {
    const phase = aPhase('Trace', [attach('Trace.csv', curve), measure('rail')], {
      retry: { limit: 1, delayMs: 0 },
      measurements: [aMeasurement('rail', [range(3, 4)])],
    });
    const other = aPhase('Again', [attach('trace.csv', curve)]);
    const tried = await tryRun(aProcedure([phase, other], 'continue'), { answers: { 'rail?': '9', 'CURV?': '1' } });
    expect(tried.record.phases.map(({ files }) => files?.map(({ name }) => name))).toEqual([
      ['Trace.csv'],
      ['Trace-2.csv'],
      ['trace-3.csv'],
    ]);
  });

  test('silence, and a disk that cannot keep the file, break the phase: a run without its file does not pass', async () => {
    const silent = await tryRun(aProcedure([aPhase('Trace', [attach('a.csv', curve, 300)])]), {
      answers: { 'CURV?': { kind: 'silent' } },
    });
    expect(silent.record.outcome).toBe('ERROR');
    expect(silent.bench.limits).toEqual([300]);
    expect(silent.kept.files).toEqual([]);

    const full = () => Promise.reject(new Fault('full', 'The disk is full.', 'Free some space.'));
    const tried = await tryRun(aProcedure([aPhase('Trace', [attach('a.csv', curve)])]), { keepFile: full });
    expect(tried.record).toMatchObject({ outcome: 'ERROR', reason: expect.stringContaining('The disk is full.') });
    expect(tried.record.phases[0]?.files).toBeUndefined();
  });

  test('a phase that is cut while a file is being kept says nothing of it afterwards', async () => {
    const phase = aPhase('Trace', [attach('a.csv', { text: 'x' })], { timeoutMs: 100 });
    const kept = new KeptFiles();
    const tried = await tryRun(
      aProcedure([phase, aPhase('Hold', [{ kind: 'wait', durationMs: 900, line: 1 }])], 'continue'),
      {
        keepFile: async (given, clock) => {
          await clock.sleep(500);
          return kept.keep(given);
        },
      },
    );
    expect(tried.record.outcome).toBe('TIMEOUT');
    expect(kept.files).toHaveLength(1);
    expect(tried.events.filter(({ kind }) => kind === 'attachment')).toEqual([]);
  });

  test('too many and too large are refused with what to do', async () => {
    const kept = new KeptFiles();
    const files = new RunFiles(kept.keep);
    const large = { length: LONGEST_FILE_BYTES + 1 } as Uint8Array<ArrayBuffer>;
    await expect(files.add(file('a.csv', large))).rejects.toMatchObject({ code: 'file-too-large' });
    for (let n = 0; n < MOST_FILES; n++) await files.add(file('a.csv'));
    await expect(files.add(file('b.csv'))).rejects.toMatchObject({ code: 'too-many-files' });
    expect(new Set(kept.files.map(({ name }) => name)).size).toBe(MOST_FILES);
  });
});
