import { describe, expect, test } from 'vitest';
import { inOrder } from '#engine/in-order.ts';
import { Leases } from '#engine/leases.ts';
import type { Phase, Procedure, Step } from '#procedure/procedure.ts';
import type { WhenTree } from '#procedure/when/when-tree.ts';
import { aMeasurement, aPhase, aProcedure, ask, measure, range, set, wait, write } from './a-procedure.ts';
import { outcomes, tryRun } from './try-run.ts';

const on = (plug: string, command: string): Step => ({ kind: 'query', plug, command, line: 1 });
const side = (phases: readonly Phase[], more: Partial<Procedure> = {}): Procedure => ({
  ...aProcedure(phases),
  parallel: ['main'],
  ...more,
});
const bad = { measurements: [aMeasurement('rail', [range(0, 1)])] };
const failing = (name: string, more: Partial<Phase> = {}) => aPhase(name, [set('rail', 5)], { ...bad, ...more });

describe('rule 12: whose turn it is', () => {
  test('a phase waits for those that it depends on, whatever the file’s order', async () => {
    const late = aPhase('A', [wait(1)], { dependsOn: ['c'] });
    const tried = await tryRun(aProcedure([late, aPhase('B', [wait(1)]), aPhase('C', [wait(1)])]));
    expect(outcomes(tried)).toEqual(['B PASS', 'C PASS', 'A PASS']);
  });

  test('what depends on a phase that went wrong is not reached; what does not, is', async () => {
    const phases = [failing('A'), aPhase('B', [wait(1)], { dependsOn: ['a'] }), aPhase('C', [wait(1)])];
    const tried = await tryRun(aProcedure(phases, 'continue'));
    expect(outcomes(tried)).toEqual(['A FAIL', 'B SKIP', 'C PASS']);
    expect(tried.record.phases[1]!.reason).toBe('not reached: it depends on “A”, which failed');
    expect(tried.record.outcome).toBe('FAIL');
  });

  test('unless its own `then` says that the run continues', async () => {
    const phases = [failing('A', { next: { fail: 'continue' } }), aPhase('B', [wait(1)], { dependsOn: ['a'] })];
    expect(outcomes(await tryRun(aProcedure(phases)))).toEqual(['A FAIL', 'B PASS']);
  });

  test('a dependency that is switched off counts as fulfilled', async () => {
    const phases = [aPhase('A', [], { skip: 'off' }), aPhase('B', [wait(1)], { dependsOn: ['a'] })];
    expect(outcomes(await tryRun(aProcedure(phases)))).toEqual(['A SKIP', 'B PASS']);
  });

  test('a circle, which does not load, still runs every phase once', async () => {
    const ran: string[] = [];
    const circle = [
      { key: 'a', dependsOn: ['b'] },
      { key: 'b', dependsOn: ['a'] },
    ];
    await inOrder(circle, true, ({ key }) => Promise.resolve(void ran.push(key)));
    expect(ran).toEqual(['a', 'b']);
  });
});

describe('rule 13: side by side', () => {
  const slow = { kind: 'slow' as const, afterMs: 100, text: '1' };

  test('independent phases on different plugs take the time of the longest', async () => {
    const phases = [aPhase('A', [on('one', 'A?')]), aPhase('B', [on('two', 'B?')])];
    const tried = await tryRun(side(phases), { behave: () => slow });
    expect(tried.tookMs).toBe(100);
    expect(tried.record.outcome).toBe('PASS');
    expect((await tryRun(aProcedure(phases), { behave: () => slow })).tookMs).toBe(200);
  });

  test('two phases never use one plug at once, inside a repetition neither', async () => {
    const twice: Step = { kind: 'repeat', steps: [on('one', 'A?')], count: 2, pauseMs: 0, line: 1 };
    const phases = [aPhase('A', [twice, on('two', 'A?')]), aPhase('B', [on('two', 'B?'), on('one', 'B?')])];
    const tried = await tryRun(side(phases), { behave: () => slow });
    expect(tried.tookMs).toBe(500);
    expect(tried.bench.sent.slice(0, 5)).toEqual(['one: A?', 'one: A?', 'two: A?', 'two: B?', 'one: B?']);
  });

  test('a failure that ends the run lets what has begun come to its end, and begins nothing more', async () => {
    const phases = [failing('A'), aPhase('B', [wait(50), wait(50)]), aPhase('C', [wait(1)], { dependsOn: ['b'] })];
    const tried = await tryRun(side(phases));
    expect(outcomes(tried)).toEqual(['A FAIL', 'B PASS', 'C SKIP']);
    expect(tried.record.phases[2]!.reason).toBe('not reached: “A” failed and ended the run');
  });

  test('a stop cuts all of them', async () => {
    const tried = await tryRun(side([aPhase('A', [wait(500)]), aPhase('B', [wait(900)])]), { stopAtMs: 10 });
    expect(outcomes(tried)).toEqual(['A ERROR', 'B ERROR']);
    expect(tried.tookMs).toBe(10);
  });

  test('plugs are given in the order of asking, and nobody waits for himself', async () => {
    const leases = new Leases();
    const log: string[] = [];
    const use = async (name: string, ...plugs: string[]) => {
      const release = await leases.take(plugs);
      log.push(name);
      await Promise.resolve();
      release();
    };
    await Promise.all([use('1', 'b', 'a', 'b'), use('2', 'a', 'b'), use('3', 'b'), use('4', 'c'), use('5', 'a')]);
    expect(log.toSorted()).toEqual(['1', '2', '3', '4', '5']);
    expect(log.indexOf('1')).toBeLessThan(log.indexOf('2'));
  });
});

describe('rule 14: conditions', () => {
  const is = (left: WhenTree, value: string): WhenTree => ({
    kind: 'compare',
    operator: '==',
    left,
    right: { kind: 'literal', value },
  });
  const variant: WhenTree = { kind: 'parameter', name: 'variant' };
  const asks = (tree: WhenTree, text = 'the text'): Partial<Phase> => ({ when: { tree, text } });
  const lite = (phases: readonly Phase[], from: Partial<Procedure> = {}): Procedure => ({
    ...aProcedure(phases, 'continue'),
    parameters: { variant: { value: 'lite', tier: 'procedure' } },
    ...from,
  });

  test('a phase whose condition does not hold is SKIP with the condition as its reason', async () => {
    const tried = await tryRun(
      lite([aPhase('A', [wait(1)], asks(is(variant, 'lite'))), aPhase('B', [wait(1)], asks(is(variant, 'full')))]),
    );
    expect(outcomes(tried)).toEqual(['A PASS', 'B SKIP']);
    expect(tried.record.phases[1]!.reason).toBe('its condition does not hold: the text');
    expect(tried.record.outcome).toBe('PASS');
  });

  test('outcomes of earlier phases and fields of the unit count', async () => {
    const after = (value: string) => asks(is({ kind: 'outcome', phase: 'a' }, value));
    const phases = [failing('A'), aPhase('B', [wait(1)], after('FAIL')), aPhase('C', [wait(1)], after('PASS'))];
    expect(outcomes(await tryRun(lite(phases)))).toEqual(['A FAIL', 'B PASS', 'C SKIP']);
    const field = aPhase('A', [wait(1)], asks(is({ kind: 'unit', field: 'revision_number' }, 'B')));
    expect(outcomes(await tryRun(lite([field]), { unit: { revision_number: 'B' } }))).toEqual(['A PASS']);
  });

  test('one that cannot be evaluated is an error, and no silent skip', async () => {
    const tried = await tryRun(lite([aPhase('A', [wait(1)], asks({ kind: 'unit', field: 'batch_number' }))]));
    expect(outcomes(tried)).toEqual(['A ERROR']);
    expect(tried.record.reason).toBe('A: its condition (the text) cannot be evaluated: the unit has no batch_number');
  });

  test('a teardown phase in doubt is run, and the run is an error', async () => {
    const off = aPhase('Off', [write('OUTP OFF')], asks({ kind: 'unit', field: 'batch_number' }), 'teardown');
    const tried = await tryRun(lite([aPhase('A', [wait(1)]), off]));
    expect(tried.bench.sent).toContain('fixture: OUTP OFF');
    expect(tried.record.outcome).toBe('ERROR');
  });

  test('nothing passes when every phase of main was skipped', async () => {
    const { record } = await tryRun(lite([aPhase('A', [wait(1)], asks(is(variant, 'full')))]));
    expect(record).toMatchObject({ outcome: 'ERROR', reason: 'Nothing was tested: no phase of main ran.' });
  });
});

describe('rule 7 and rule 15: the run’s own time', () => {
  test('the phase under way is cut, the others are not reached, teardown has its own time', async () => {
    const phases = [aPhase('A', [wait(800)]), aPhase('B', [wait(800)]), aPhase('C', [wait(1)])];
    const off = aPhase('Off', [wait(5000), write('OUTP OFF')], {}, 'teardown');
    const tried = await tryRun({ ...aProcedure([...phases, off], 'continue'), timeoutMs: 1000 });
    expect(outcomes(tried)).toEqual(['A PASS', 'B ERROR', 'C SKIP', 'Off PASS']);
    expect(tried.record).toMatchObject({ outcome: 'TIMEOUT', reason: 'B: the time for the run was used up (1 s)' });
    expect(tried.tookMs).toBe(6000);
  });

  test('it ends a phase before the phase’s own time would, and no retry begins after it', async () => {
    const stubborn = { timeoutMs: 9000, retry: { limit: 3, delayMs: 0 }, next: { timeout: 'retry' as const } };
    const tried = await tryRun({ ...aProcedure([aPhase('A', [wait(8000)], stubborn)]), timeoutMs: 1000 });
    expect(outcomes(tried)).toEqual(['A ERROR']);
    expect(tried.tookMs).toBe(1000);
  });

  test('time that is up between two phases is a time-out too', async () => {
    const patient = failing('A', { retry: { limit: 1, delayMs: 2000 } });
    const phases = [patient, aPhase('B', [wait(1)])];
    const tried = await tryRun({ ...aProcedure(phases, 'continue'), timeoutMs: 1 });
    // The retry would begin after the end; the fake clock has not moved, so B is still in time.
    expect(outcomes(tried)).toEqual(['A FAIL', 'B ERROR']);
    expect(tried.record.outcome).toBe('TIMEOUT');
  });

  test('teardown has the time that the procedure states', async () => {
    const off = aPhase('Off', [wait(5000)], {}, 'teardown');
    const tried = await tryRun({ ...aProcedure([aPhase('A', [wait(1)]), off]), teardownTimeoutMs: 200 });
    expect(tried.tookMs).toBe(201);
    expect(tried.record).toMatchObject({ outcome: 'TIMEOUT', reason: 'Off: the time for teardown was used up' });
  });
});

describe('rule 16: expect and repeat', () => {
  const ready: Step = {
    kind: 'expect',
    plug: 'fixture',
    command: 'STAT?',
    wanted: { operator: 'matches', expected: '^READY', isDecisive: true },
    timeoutMs: 1000,
    pauseMs: 100,
    line: 1,
  };
  const says = (...texts: string[]) => {
    let next = 0;
    return () => ({ kind: 'answer' as const, text: texts[Math.min(next++, texts.length - 1)]! });
  };

  test('it asks until the answer is right', async () => {
    const tried = await tryRun(aProcedure([aPhase('Boot', [ready])]), { behave: says('BOOT', 'BOOT', 'READY 1') });
    expect(tried.record.outcome).toBe('PASS');
    expect(tried.tookMs).toBe(200);
  });

  test('an answer that is never right fails the phase, which still names what it did not measure', async () => {
    const phase = aPhase('Boot', [ready, measure('rail')], { measurements: [aMeasurement('rail')] });
    const tried = await tryRun(aProcedure([phase]), { behave: says('BOOT') });
    expect(tried.record.outcome).toBe('FAIL');
    expect(tried.record.reason).toBe(
      'Boot: STAT? was not answered as expected within 1 s; the last answer was “BOOT”: "BOOT" does not match ^READY',
    );
    expect(tried.record.phases[0]!.measurements).toMatchObject([{ outcome: 'FAIL', reason: 'was never recorded' }]);
  });

  test('an instrument that never answers is an error, and is asked more than once', async () => {
    const tried = await tryRun(aProcedure([aPhase('Boot', [{ ...ready, timeoutMs: 5000 }])]), {
      behave: () => ({ kind: 'silent' }),
    });
    expect(tried.record.outcome).toBe('ERROR');
    expect(tried.tookMs).toBe(5000);
    expect(tried.bench.sent.filter((one) => one.endsWith('STAT?')).length).toBeGreaterThan(3);
  });

  test('a lost instrument ends it at once', async () => {
    const tried = await tryRun(aProcedure([aPhase('Boot', [ready])]), { behave: () => ({ kind: 'lost' }) });
    expect(tried.tookMs).toBe(0);
    expect(tried.record.outcome).toBe('ERROR');
  });

  test('the phase’s own time wins over the step’s', async () => {
    const tried = await tryRun(aProcedure([aPhase('Boot', [ready], { timeoutMs: 300 })]), { behave: says('BOOT') });
    expect(tried.record.outcome).toBe('TIMEOUT');
    expect(tried.tookMs).toBe(300);
  });

  test('a repetition keeps every round, with a pause between two', async () => {
    const step: Step = { kind: 'repeat', steps: [measure('rail'), ask('X?')], count: 3, pauseMs: 50, line: 1 };
    const tried = await tryRun(aProcedure([aPhase('Rails', [step], { measurements: [aMeasurement('rail')] })]), {
      behave: says('1', 'x', '2', 'x', '3', 'x'),
    });
    expect(tried.record.phases[0]!.measurements.map((one) => one.measured_value)).toEqual([1, 2, 3]);
    expect(tried.tookMs).toBe(100);
  });

  test('repeat whose count is used up has failed, however much time the phase has left', async () => {
    const until = { measurement: 'rail', wanted: range(3.2, 3.4) };
    const step: Step = { kind: 'repeat', steps: [measure('rail')], until, count: 2, pauseMs: 0, line: 1 };
    const phase = aPhase('Wait', [step], { timeoutMs: 9000, measurements: [aMeasurement('rail')] });
    const { record } = await tryRun(aProcedure([phase]), { answers: { 'rail?': '9' } });
    expect(record).toMatchObject({ outcome: 'FAIL', reason: expect.stringContaining('it never was') });
  });

  test('it ends as soon as a measurement is right, and fails the phase when none is', async () => {
    const until = { measurement: 'rail', wanted: { operator: '<=' as const, expected: 2, isDecisive: true } };
    const step: Step = { kind: 'repeat', steps: [measure('rail')], until, timeoutMs: 1000, pauseMs: 100, line: 1 };
    const phase = aPhase('Cool', [step], { measurements: [aMeasurement('rail')] });
    const good = await tryRun(aProcedure([phase]), { behave: says('4', '3', '2', '1') });
    expect(good.record.outcome).toBe('PASS');
    expect(good.record.phases[0]!.measurements).toHaveLength(3);
    const never = await tryRun(aProcedure([phase]), { behave: says('4') });
    expect(never.record.outcome).toBe('FAIL');
    expect(never.record.reason).toBe('Cool: repeated until “rail” would be right, and it never was: 4 is above 2');
    expect(never.tookMs).toBe(1000);
  });
});
