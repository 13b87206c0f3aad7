import { describe, expect, test } from 'vitest';
import { runProcedure } from '#engine/run-procedure.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { aMeasurement, aPhase, aProcedure, ask, measure, range, wait, write } from './a-procedure.ts';
import { FakeBench } from './fake-bench.ts';
import { outcomes, tryRun } from './try-run.ts';
import { KeptFiles } from './kept-files.ts';

const { keep: keepFile } = new KeptFiles();

const rail = (low = 3.2, high = 3.4) => ({ measurements: [aMeasurement('rail', [range(low, high)], { unit: 'V' })] });
const powerOff = aPhase('Power off', [write('OUTP OFF')], {}, 'teardown');

describe('rule 3: phases', () => {
  test('a lost instrument is an error at once, and the phase keeps what it measured', async () => {
    const phase = aPhase('Rails', [measure('rail'), ask('BOOM?'), wait(5000)], { ...rail(), timeoutMs: 60_000 });
    const tried = await tryRun(aProcedure([phase]), { answers: { 'rail?': '3.3', 'BOOM?': { kind: 'lost' } } });
    expect(tried.tookMs).toBe(0);
    expect(tried.record).toMatchObject({ outcome: 'ERROR', reason: 'Rails: fixture is gone.' });
    expect(tried.record.phases[0]!.measurements).toHaveLength(1);
    expect(tried.record.phases[0]!.timed_out).toBeUndefined();
  });

  test('the phase’s deadline makes ERROR and TIMEOUT, and keeps what was measured', async () => {
    const phase = aPhase('Rails', [measure('rail'), wait(5000)], { ...rail(), timeoutMs: 300 });
    const tried = await tryRun(aProcedure([phase]), { answers: { 'rail?': '3.3' } });
    expect(tried.tookMs).toBe(300);
    expect(tried.record).toMatchObject({ outcome: 'TIMEOUT', reason: 'Rails: ran out of time (0.3 s)' });
    expect(tried.record.phases[0]).toMatchObject({ outcome: 'ERROR', timed_out: true });
    expect(tried.record.phases[0]!.measurements).toHaveLength(1);
  });

  test('an instrument that heeds no signal cannot outlast the deadline', async () => {
    const phase = aPhase('Rails', [ask('DEAF?')], { timeoutMs: 300 });
    const tried = await tryRun(aProcedure([phase, powerOff]), { answers: { 'DEAF?': { kind: 'deaf' } } });
    expect(tried.tookMs).toBe(300);
    expect(tried.bench.sent.slice(-2)).toEqual(['fixture: OUTP OFF', 'safe']);
  });

  test('an answer that comes after the cut is not added', async () => {
    const late = aPhase('Rails', [measure('rail')], { ...rail(), timeoutMs: 100 });
    const clock = new FakeClock();
    const bench = new FakeBench(clock, () => ({ kind: 'answer', text: '' }));
    const events: string[] = [];
    const asking = bench.instrument('fixture');
    bench.instrument = () => ({ ...asking, query: () => clock.sleep(500).then(() => '3.3') });
    const run = runProcedure({
      procedure: aProcedure([late, aPhase('Hold', [wait(2000)], {}, 'teardown')]),
      bench,
      clock,
      signal: new AbortController().signal,
      keepFile,
      emit: (event) => events.push(event.kind),
    });
    expect((await clock.run(run)).outcome).toBe('TIMEOUT');
    expect(events).not.toContain('measurement');
  });

  test('a query without its own limit waits for what the phase has left, and then the phase is late', async () => {
    const phase = aPhase('Rails', [wait(400), ask('DEAD?')], { timeoutMs: 5000 });
    const tried = await tryRun(aProcedure([phase]), { answers: { 'DEAD?': { kind: 'silent' } } });
    expect(tried.bench.limits).toEqual([4600]);
    expect(tried.record.outcome).toBe('TIMEOUT');
    expect(tried.tookMs).toBe(5000);
  });

  test('a query that gives up by its own limit or the driver’s is an ERROR', async () => {
    const own = await tryRun(aProcedure([aPhase('Rails', [ask('DEAD?', 50)], { timeoutMs: 5000 })]), {
      answers: { 'DEAD?': { kind: 'silent' } },
    });
    expect([own.record.outcome, own.tookMs]).toEqual(['ERROR', 50]);
    const drivers = await tryRun(aProcedure([aPhase('Rails', [ask('DEAD?')])]), {
      answers: { 'DEAD?': { kind: 'silent' } },
    });
    expect([drivers.record.outcome, drivers.tookMs, drivers.bench.limits]).toEqual(['ERROR', 2000, [undefined]]);
  });

  test('a failed phase is tried again up to its limit, each attempt kept and numbered', async () => {
    const answers = ['1', '2', '3.3'];
    const phase = aPhase('Rails', [measure('rail')], { ...rail(), retry: { limit: 2, delayMs: 500 } });
    const tried = await tryRun(aProcedure([phase]), { behave: () => ({ kind: 'answer', text: answers.shift()! }) });
    expect(tried.record.outcome).toBe('PASS');
    expect(tried.record.phases.map(({ retry_count, outcome }) => [retry_count, outcome])).toEqual([
      [0, 'FAIL'],
      [1, 'FAIL'],
      [2, 'PASS'],
    ]);
    expect(tried.tookMs).toBe(1000);
  });

  test('a retry that is used up is FAIL, never a retry', async () => {
    const phase = aPhase('Rails', [measure('rail')], { ...rail(), retry: { limit: 2, delayMs: 0 } });
    const tried = await tryRun(aProcedure([phase], 'continue'), { answers: { 'rail?': '1' } });
    expect(outcomes(tried)).toEqual(['Rails FAIL', 'Rails FAIL', 'Rails FAIL']);
    expect(tried.record.outcome).toBe('FAIL');
  });

  test('fails, fails, then breaks: the last attempt decides, so ERROR (a rival’s false pass)', async () => {
    let calls = 0;
    const phase = aPhase('Rails', [measure('rail')], { ...rail(), retry: { limit: 2, delayMs: 0 } });
    const tried = await tryRun(aProcedure([phase, powerOff], 'continue'), {
      behave: (_, command) =>
        command === 'OUTP OFF' || (calls += 1) < 3 ? { kind: 'answer', text: '1' } : { kind: 'lost' },
    });
    expect(tried.record.outcome).toBe('ERROR');
  });

  test('an error is tried again only where `then` says so', async () => {
    const erring = (next: object) =>
      tryRun(aProcedure([aPhase('Rails', [ask('BAD?')], { retry: { limit: 1, delayMs: 0 }, next })]), {
        answers: { 'BAD?': { kind: 'broken' } },
      });
    expect(outcomes(await erring({}))).toHaveLength(1);
    expect(outcomes(await erring({ error: 'retry' }))).toHaveLength(2);
  });

  test('`then: retry` without a block means three further attempts, for that outcome only', async () => {
    const phase = aPhase('Rails', [measure('rail')], { ...rail(), next: { fail: 'retry' } });
    expect(outcomes(await tryRun(aProcedure([phase]), { answers: { 'rail?': '1' } }))).toHaveLength(4);
    const other = { ...phase, next: { error: 'retry' as const } };
    expect(outcomes(await tryRun(aProcedure([other]), { answers: { 'rail?': '1' } }))).toHaveLength(1);
  });
});
