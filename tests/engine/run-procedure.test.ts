import { describe, expect, test } from 'vitest';
import { planOf } from '#engine/plan-of.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { aMeasurement, aPhase, aProcedure, ask, measure, range, set, wait, write } from './a-procedure.ts';
import { FakeBench, unsafePlug } from './fake-bench.ts';
import { outcomes, tryRun } from './try-run.ts';

const rail = (low = 3.2, high = 3.4) => ({ measurements: [aMeasurement('rail', [range(low, high)], { unit: 'V' })] });
const powerOff = aPhase('Power off', [write('OUTP OFF')], {}, 'teardown');

describe('rule 1: measurements', () => {
  test('a value inside passes, outside fails with value and limit in the reason', async () => {
    const procedure = aProcedure([aPhase('Rails', [measure('rail')], rail())]);
    expect((await tryRun(procedure, { answers: { 'rail?': '3.301' } })).record.outcome).toBe('PASS');
    const { record } = await tryRun(procedure, { answers: { 'rail?': '3.05' } });
    expect(record.outcome).toBe('FAIL');
    expect(record.reason).toBe('Rails: rail: 3.05 V is below 3.2 V');
    expect(record.phases[0]!.measurements[0]).toEqual({
      key: 'rail',
      name: 'rail',
      outcome: 'FAIL',
      measured_value: 3.05,
      units: 'V',
      validators: [
        {
          operator: 'range',
          expected_value: [3.2, 3.4],
          outcome: 'FAIL',
          is_decisive: true,
          reason: '3.05 V is below 3.2 V',
        },
      ],
      reason: '3.05 V is below 3.2 V',
    });
  });

  test.each([
    ['NAN', null, 'the value is not a number (NaN)'],
    ['9.91E37', null, 'the value is not a number (NaN)'],
    ['+9.9E+37', null, 'the value is infinite or an overload'],
    ['-INF', null, 'the value is infinite or an overload'],
    ['', null, 'the answer was empty'],
    ['ERR', 'ERR', 'not a number: "ERR"'],
    ['3.3 V', '3.3 V', 'not a number: "3.3 V"'],
  ])('the answer %j never passes a numeric limit', async (answer, value, reason) => {
    const limits = { measurements: [aMeasurement('rail', [{ operator: '>=', expected: 3.2, isDecisive: true }])] };
    const { record } = await tryRun(aProcedure([aPhase('Rails', [measure('rail')], limits)]), {
      answers: { 'rail?': answer },
    });
    expect(record.outcome).toBe('FAIL');
    expect(record.phases[0]!.measurements[0]).toMatchObject({ measured_value: value, outcome: 'FAIL', reason });
  });

  test('garbage fails even where the limit only warns', async () => {
    const limits = { measurements: [aMeasurement('rail', [{ ...range(3, 4), isDecisive: false }])] };
    const procedure = aProcedure([aPhase('Rails', [measure('rail')], limits)]);
    expect((await tryRun(procedure, { answers: { 'rail?': '??' } })).record.outcome).toBe('FAIL');
    const warned = await tryRun(procedure, { answers: { 'rail?': '5' } });
    expect(warned.record.outcome).toBe('PASS');
    expect(warned.record.logs).toMatchObject([{ level: 'WARNING', message: 'rail: 5 is above 4 (a warning only)' }]);
  });

  test('a text that looks like a number stays a text where a text is expected', async () => {
    const limits = { measurements: [aMeasurement('lot', [{ operator: '==', expected: '007', isDecisive: true }])] };
    const { record } = await tryRun(aProcedure([aPhase('Lot', [measure('lot')], limits)]), {
      answers: { 'lot?': '007' },
    });
    expect(record.phases[0]!.measurements[0]).toMatchObject({ measured_value: '007', outcome: 'PASS' });
  });

  test('a numeric answer that nothing judges is still a number', async () => {
    const phase = aPhase('Free', [measure('free')], { measurements: [aMeasurement('free')] });
    const { record } = await tryRun(aProcedure([phase]), { answers: { 'free?': '+5.0E0' } });
    expect(record.phases[0]!.measurements[0]).toMatchObject({ measured_value: 5, outcome: 'UNSET' });
  });

  test('nothing to judge is UNSET, close to a limit is marginal, within is recorded as its range', async () => {
    const measurements = [
      aMeasurement('free'),
      aMeasurement('close', [range(0, 10)], { marginal: range(1, 9) }),
      aMeasurement('near', [{ operator: 'within', expected: 3.2, tolerance: { absolute: 0.1 }, isDecisive: true }]),
    ];
    const steps = [set('free', 5), set('close', 9.5), set('near', 3.1)];
    const { record } = await tryRun(aProcedure([aPhase('All', steps, { measurements })]));
    expect(record.outcome).toBe('PASS');
    const [free, close, near] = record.phases[0]!.measurements;
    expect(free).toMatchObject({ outcome: 'UNSET', measured_value: 5 });
    expect(close).toMatchObject({ outcome: 'PASS', marginal: true });
    expect(near!.validators[0]).toMatchObject({
      operator: 'range',
      expected_value: [3.1, 3.3],
      expression: '3.2 ± 0.1',
    });
  });
});

describe('rule 2: declared measurements', () => {
  test('never recorded: the phase fails by its name', async () => {
    const { record } = await tryRun(aProcedure([aPhase('Rails', [wait(1)], rail())]));
    expect(record.phases[0]).toMatchObject({ outcome: 'FAIL', reason: 'rail: was never recorded' });
    expect(record.phases[0]!.measurements).toMatchObject([{ key: 'rail', outcome: 'FAIL', measured_value: null }]);
  });

  test('recorded twice: both stay, the last decides', async () => {
    const run = (first: number, last: number) =>
      tryRun(aProcedure([aPhase('Rails', [set('rail', first), set('rail', last)], rail())]));
    const better = await run(1, 3.3);
    expect(better.record.outcome).toBe('PASS');
    expect(better.record.phases[0]!.measurements.map(({ outcome }) => outcome)).toEqual(['FAIL', 'PASS']);
    expect((await run(3.3, 1)).record.outcome).toBe('FAIL');
  });
});

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
    const run = runProcedure({ procedure, bench, clock, signal: new AbortController().signal, emit });
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

test('ten thousand measurements take linear time, well under a second', async () => {
  const timed = async (count: number) => {
    const keys = Array.from({ length: count }, (_, index) => `m${index}`);
    const phase = aPhase(
      'All',
      keys.map((key) => measure(key)),
      {
        measurements: keys.map((key) => aMeasurement(key, [range(3.2, 3.4)])),
        timeoutMs: 60_000,
      },
    );
    const startMs = performance.now();
    const tried = await tryRun(aProcedure([phase]), { behave: () => ({ kind: 'answer', text: '3.301' }) });
    expect(tried.record.outcome).toBe('PASS');
    expect(tried.record.phases[0]!.measurements).toHaveLength(count);
    return performance.now() - startMs;
  };
  await timed(1000);
  expect(await timed(10_000)).toBeLessThan(1000);
});
