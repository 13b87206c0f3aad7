import { describe, expect, test } from 'vitest';
import { planOf } from '#engine/plan-of.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { aMeasurement, aPhase, aProcedure, ask, measure, range, set, wait, write } from './a-procedure.ts';
import { FakeBench, unsafePlug } from './fake-bench.ts';
import { outcomes, tryRun } from './try-run.ts';
import { KeptFiles } from './kept-files.ts';

const { keep: keepFile } = new KeptFiles();

const rail = (low = 3.2, high = 3.4) => ({ measurements: [aMeasurement('rail', [range(low, high)], { unit: 'V' })] });
const powerOff = aPhase('Power off', [write('OUTP OFF')], {}, 'teardown');

describe('rule 4: the run', () => {
  const good = aPhase('Good', [write('A')]);
  const bad = aPhase('Bad', [set('rail', 1)], rail());

  test('stops at the first failure and stays FAIL; what was not reached is SKIP with the reason', async () => {
    const tried = await tryRun(aProcedure([bad, good, powerOff]));
    expect(outcomes(tried)).toEqual(['Bad FAIL', 'Good SKIP', 'Power off PASS']);
    expect(tried.record.phases[1]!.reason).toBe('not reached: “Bad” failed and ended the run');
    expect(tried.record.outcome).toBe('FAIL');
  });

  test('goes on where the procedure or the phase says so', async () => {
    expect(outcomes(await tryRun(aProcedure([bad, good], 'continue')))).toEqual(['Bad FAIL', 'Good PASS']);
    const lenient = { ...bad, next: { fail: 'continue' as const } };
    const tried = await tryRun(aProcedure([lenient, good]));
    expect(outcomes(tried)).toEqual(['Bad FAIL', 'Good PASS']);
    expect(tried.record.outcome).toBe('FAIL');
    const strict = { ...bad, next: { fail: 'stop' as const } };
    expect(outcomes(await tryRun(aProcedure([strict, good], 'continue')))).toEqual(['Bad FAIL', 'Good SKIP']);
  });

  test('setup that did not pass ends the run, even where failures may go on', async () => {
    const setup = { ...bad, section: 'setup' as const };
    expect(outcomes(await tryRun(aProcedure([setup, good], 'continue')))).toEqual(['Bad FAIL', 'Good SKIP']);
  });

  test('a stop cuts the phase at once, skips the rest, runs teardown: ABORTED', async () => {
    const tried = await tryRun(aProcedure([aPhase('Long', [wait(10_000)]), good, powerOff]), { stopAtMs: 70 });
    expect(outcomes(tried)).toEqual(['Long ERROR', 'Good SKIP', 'Power off PASS']);
    expect(tried.record).toMatchObject({ outcome: 'ABORTED', reason: 'A person stopped the run.' });
    expect(tried.record.phases[1]!.reason).toBe('not reached: a person stopped the run');
    expect(tried.tookMs).toBe(70);
    expect(tried.bench.sent).toEqual(['fixture: OUTP OFF', 'safe']);
  });

  test('a stop before the first phase touches nothing but teardown', async () => {
    const tried = await tryRun(aProcedure([good, powerOff]), { stopAtMs: -1 });
    expect(outcomes(tried)).toEqual(['Good SKIP', 'Power off PASS']);
    expect(tried.record.phases[0]!.reason).toBe('not reached: a person stopped the run');
    expect(tried.bench.sent).toEqual(['fixture: OUTP OFF', 'safe']);
  });

  test('a stop while waiting to try again ends the trying', async () => {
    const phase = { ...bad, retry: { limit: 5, delayMs: 1000 } };
    const tried = await tryRun(aProcedure([phase]), { stopAtMs: 1500 });
    expect(outcomes(tried)).toEqual(['Bad FAIL', 'Bad FAIL']);
    expect([tried.record.outcome, tried.tookMs]).toEqual(['ABORTED', 1500]);
  });

  test('an early end after a pass is no PASS', async () => {
    const tried = await tryRun(aProcedure([{ ...good, next: { pass: 'stop' } }, aPhase('Rest', [write('B')])]));
    expect(outcomes(tried)).toEqual(['Good PASS', 'Rest SKIP']);
    expect(tried.record.outcome).toBe('FAIL');
  });
});

describe('rule 5: PASS', () => {
  test('a phase that is switched off is SKIP and does not stand in the way', async () => {
    const off = aPhase('Off', [write('A')], { skip: 'switched off' });
    const tried = await tryRun(aProcedure([off, aPhase('On', [write('B')])]));
    expect(outcomes(tried)).toEqual(['Off SKIP', 'On PASS']);
    expect(tried.record.outcome).toBe('PASS');
    expect(tried.bench.sent).toEqual(['fixture: B', 'safe']);
  });

  test('nothing tested is nothing passed', async () => {
    const off = aPhase('Off', [write('A')], { skip: 'switched off' });
    expect((await tryRun(aProcedure([off]))).record.outcome).toBe('ERROR');
  });
});

describe('rule 7: teardown and safe state', () => {
  const good = aPhase('Good', [write('A')]);

  test('a stop does not cut teardown', async () => {
    const slow = aPhase('Discharge', [wait(2000), write('OUTP OFF')], {}, 'teardown');
    const tried = await tryRun(aProcedure([good, slow]), { stopAtMs: 500 });
    expect(outcomes(tried)).toEqual(['Good PASS', 'Discharge PASS']);
    expect(tried.tookMs).toBe(2000);
    expect(tried.record.outcome).toBe('ABORTED');
  });

  test('every teardown phase runs, whatever the one before it did, and an error in it is never a PASS', async () => {
    const broken = aPhase('Broken', [ask('BAD?')], {}, 'teardown');
    const tried = await tryRun(aProcedure([good, broken, powerOff]), { answers: { 'BAD?': { kind: 'broken' } } });
    expect(outcomes(tried)).toEqual(['Good PASS', 'Broken ERROR', 'Power off PASS']);
    expect(tried.record.outcome).toBe('ERROR');
    expect(tried.bench.sent.at(-1)).toBe('safe');
  });

  test('teardown phases share 30 s; what comes after still sends its first command', async () => {
    const hang = aPhase('Hang', [ask('DEAF?')], {}, 'teardown');
    const tried = await tryRun(aProcedure([good, hang, powerOff]), { answers: { 'DEAF?': { kind: 'deaf' } } });
    expect(tried.tookMs).toBe(30_000);
    expect(tried.bench.sent).toEqual(['fixture: A', 'fixture: DEAF?', 'fixture: OUTP OFF', 'safe']);
    expect(outcomes(tried)).toEqual(['Good PASS', 'Hang ERROR', 'Power off ERROR']);
    expect(tried.record.outcome).toBe('TIMEOUT');
  });

  test('a stated time-out holds instead', async () => {
    const long = aPhase('Cool down', [wait(100_000)], { timeoutMs: 200_000 }, 'teardown');
    const tried = await tryRun(aProcedure([good, long, powerOff]));
    expect([tried.record.outcome, tried.tookMs]).toEqual(['PASS', 100_000]);
  });

  test.each([
    ['says so', () => Promise.resolve([unsafePlug('Fixture')]), 'The safe state of Fixture was not reached: no answer'],
    ['throws', () => Promise.reject(new Error('no port')), 'The safe state was not reached: no port'],
    ['hangs', () => new Promise<never>(() => undefined), 'The safe state was not reached within 10 s.'],
  ])('a bench that cannot be made safe and %s makes a PASS an ERROR', async (_, safe, reason) => {
    const { record } = await tryRun(aProcedure([good]), { safe });
    expect(record).toMatchObject({ outcome: 'ERROR', reason });
    expect(record.logs).toMatchObject([{ level: 'ERROR', message: reason }]);
  });
});

describe('rules 8 to 10: events', () => {
  test('rule 9: when events cannot be kept, the fixture is made safe and the failure is passed on', async () => {
    const clock = new FakeClock();
    const bench = new FakeBench(clock, () => ({ kind: 'answer', text: '3.3' }));
    const kept: string[] = [];
    const emit = (event: { kind: string }) => {
      if (event.kind === 'measurement') throw new Error('disk full');
      kept.push(event.kind);
    };
    const procedure = aProcedure([aPhase('Rails', [measure('rail'), wait(60_000)], rail()), powerOff]);
    const run = runProcedure({ procedure, bench, clock, signal: new AbortController().signal, keepFile, emit });
    await expect(clock.run(run)).rejects.toThrow('disk full');
    expect(kept).toEqual(['phase-started']);
    expect(bench.sent.slice(-2)).toEqual(['fixture: OUTP OFF', 'safe']);
    expect(clock.monotonicMs()).toBe(0);
  });

  test('rule 10: order of events', async () => {
    const tried = await tryRun(aProcedure([aPhase('Rails', [measure('rail'), ask('STAT?')], rail()), powerOff]), {
      answers: { 'rail?': '3.3', 'STAT?': 'OK' },
    });
    expect(tried.events.map(({ kind }) => kind)).toEqual([
      'phase-started',
      'measurement',
      'log',
      'phase-ended',
      'phase-started',
      'phase-ended',
      'run-ended',
    ]);
    expect(tried.record.logs[0]).toMatchObject({ level: 'INFO', message: 'fixture: STAT? → OK' });
  });

  test('rule 8: times count from the start that the door states', async () => {
    const clock = new FakeClock();
    await clock.advance(700);
    const times: number[] = [];
    const bench = new FakeBench(clock, () => ({ kind: 'answer', text: '' }));
    await clock.run(
      runProcedure({
        procedure: aProcedure([aPhase('Wait', [wait(50)])]),
        bench,
        clock,
        signal: new AbortController().signal,
        keepFile,
        startedMonotonicMs: 600,
        emit: (event) => 'at_ms' in event && times.push(event.at_ms),
      }),
    );
    expect(times).toEqual([100, 150, 150]);
  });

  test('the plan names every phase and measurement', () => {
    expect(planOf(aProcedure([aPhase('Rails', [], rail())]))).toEqual([
      { key: 'rails', name: 'Rails', section: 'main', measurements: [{ key: 'rail', name: 'rail', units: 'V' }] },
    ]);
  });
});
