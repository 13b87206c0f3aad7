import { describe, expect, test } from 'vitest';
import type { ScriptHost, ScriptTask } from '#engine/script/script-host.ts';
import { ScriptFault } from '#engine/script/script-host.ts';
import type { Measurement } from '#procedure/procedure.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { aMeasurement, aPhase, aProcedure, range, set, write } from '../a-procedure.ts';
import { outcomes, tryRun, type TryOptions } from '../try-run.ts';

type Script = (task: ScriptTask, signal: AbortSignal) => Promise<void>;

/** A host whose scripts are functions of the test, and what the engine asked of it. */
function hostOf(script: Script): ScriptHost & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    prepare: (name) => void calls.push(`prepare ${name}`),
    run: (task, signal) => {
      calls.push(`run ${task.script} ${task.call.attempt}`);
      return script(task, signal);
    },
    close: () => void calls.push('close'),
  };
}

const RAIL = aMeasurement('rail', [range(3.2, 3.4)]);
const CURVE: Measurement = {
  ...aMeasurement('curve'),
  yAxis: [{ key: 'y', legend: 'Y', validators: [{ ...range(0, 1), every: 'point' }], aggregations: [] }],
};

/** One script phase between setup and teardown. */
function tryScript(script: Script, more: TryOptions & { readonly phase?: object } = {}) {
  const host = hostOf(script);
  const measurements = [RAIL];
  const procedure = aProcedure([
    aPhase('On', [set('began', 7)], { measurements: [aMeasurement('began')] }, 'setup'),
    aPhase('Script', [], { script: 'a.ts', measurements, line: 12, ...more.phase }),
    aPhase('Off', [write('OFF')], {}, 'teardown'),
  ]);
  return tryRun(procedure, { ...more, scripts: host }).then((tried) => ({ ...tried, tried, calls: host.calls }));
}

const record = ({ hear }: ScriptTask, value: unknown, measurement = 'rail') =>
  hear({ do: 'record', measurement, value }, () => null);
const hang: Script = (_, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('rule 17: a phase that is a script', () => {
  test('is judged by what it recorded, as steps are', async () => {
    const { tried } = await tryScript(async (task) => record(task, 3.3));
    expect(outcomes(tried)).toEqual(['On PASS', 'Script PASS', 'Off PASS']);
    const off = await tryScript(async (task) => record(task, 3.05));
    expect(outcomes(off.tried)).toEqual(['On PASS', 'Script FAIL', 'Off PASS']);
  });

  test.each([
    ['a text', '3.3', 'FAIL'],
    ['NaN', NaN, 'FAIL'],
    ['true', true, 'FAIL'],
  ])('%s is no number', async (_, value, outcome) => {
    const { record: run } = await tryScript(async (task) => record(task, value));
    expect(run.outcome).toBe(outcome);
  });

  test('that records nothing has failed, by name', async () => {
    const { record: run } = await tryScript(async () => {});
    expect(run).toMatchObject({ outcome: 'FAIL', reason: expect.stringContaining('rail') as string });
  });

  test.each([
    ['no measurement', (task: ScriptTask) => record(task, 1, 'other')],
    ['one from the prototype', (task: ScriptTask) => record(task, 1, 'constructor')],
    ['a list for one value', (task: ScriptTask) => record(task, [3.3])],
    ['nothing', (task: ScriptTask) => record(task, undefined)],
    ['a long text', (task: ScriptTask) => record(task, 'x'.repeat(10_001))],
    ['a verdict', ({ hear }: ScriptTask) => hear({ do: 'pass' }, () => null)],
  ])('is ended when it states %s', async (_, say) => {
    const { record: run } = await tryScript(async (task) => say(task));
    expect(run.outcome).toBe('ERROR');
  });

  test('gives points by axis; what is no number among them fails, and one value for a curve is refused', async () => {
    for (const [value, outcome] of [
      [{ y: [0.1, 0.2] }, 'PASS'],
      [{ y: new Float64Array([0.1, 2]) }, 'FAIL'],
      [{ y: [0.1, '0.2'] }, 'FAIL'],
      [{ z: [1] }, 'ERROR'],
      [{ y: 1 }, 'ERROR'],
      [0.5, 'ERROR'],
    ] as const) {
      const script: Script = async (task) => record(task, value, 'curve');
      const { record: run } = await tryScript(script, { phase: { measurements: [CURVE] } });
      expect(run.outcome, JSON.stringify(value)).toBe(outcome);
    }
  });

  test('asks the bench, with what its phase has left as the limit', async () => {
    const { record: run, bench } = await tryScript(
      async (task) => record(task, Number(await task.answer({ do: 'query', plug: 'fixture', command: 'V?' }))),
      { answers: { 'V?': '3.3' }, phase: { timeoutMs: 500 } },
    );
    expect(run.outcome).toBe('PASS');
    expect(JSON.stringify(bench)).toContain('V?');
  });

  test.each([
    ['a plug that there is not', { do: 'query', plug: 'other', command: 'V?' }],
    ['what there is not', { do: 'eval', plug: 'fixture' }],
    ['no text', { do: 'write', plug: 'fixture', command: 7 }],
    ['nothing', undefined],
  ])('is refused when it asks %s', async (_, request) => {
    const { record: run } = await tryScript(async (task) => void (await task.answer(request)));
    expect(run.outcome).toBe('ERROR');
  });

  test('that hangs is cut by its deadline, ends as TIMEOUT, and teardown follows', async () => {
    const { record: run, tried, tookMs } = await tryScript(hang, { phase: { timeoutMs: 500 } });
    expect(run.outcome).toBe('TIMEOUT');
    expect(outcomes(tried)).toEqual(['On PASS', 'Script ERROR', 'Off PASS']);
    expect(tookMs).toBe(500);
  });

  test('that gives no sign of life has run out of time', async () => {
    const { record: run } = await tryScript(() => Promise.reject(new ScriptFault('script-silent', 'silent', '')));
    expect(run).toMatchObject({ outcome: 'TIMEOUT', reason: 'Script: silent' });
  });

  test('is cut at once by a stop, and teardown follows', async () => {
    const { record: run, tried } = await tryScript(hang, { stopAtMs: 100 });
    expect(run.outcome).toBe('ABORTED');
    expect(outcomes(tried)).toEqual(['On PASS', 'Script ERROR', 'Off PASS']);
  });

  test('adds nothing after it was cut', async () => {
    const late: Script = (task, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          record(task, 3.3);
          reject(signal.reason as Error);
        }),
      );
    const { record: run } = await tryScript(late, { phase: { timeoutMs: 500 } });
    expect(run.phases.find(({ name }) => name === 'Script')?.measurements).toEqual([]);
  });

  test('that throws is an error with its own file and line', async () => {
    const place = { file: 'lib/b.ts', line: 7, column: 3 };
    const { record: run } = await tryScript(() =>
      Promise.reject(new ScriptFault('script-threw', 'lib/b.ts:7:3: boom', '', place)),
    );
    expect(run).toMatchObject({ outcome: 'ERROR', reason: 'Script: lib/b.ts:7:3: boom' });
    expect(run.logs.at(-1)).toMatchObject({ level: 'ERROR', source_file: 'lib/b.ts', line_number: 7 });
  });

  test('without a place to run it is an error', async () => {
    const procedure = aProcedure([aPhase('Script', [], { script: 'a.ts' })]);
    expect((await tryRun(procedure)).record.outcome).toBe('ERROR');
  });

  test('logs with its own file and line, and no more than a person reads', async () => {
    const { record: run } = await tryScript(async (task) => {
      record(task, 3.3);
      const words = { do: 'log', level: 'DEBUG', message: 'm', frames: [[3, 4]] };
      for (let line = 0; line < 1500; line += 1)
        task.hear(words, (line3) => ({ file: 'a.ts', line: line3 * 2, column: 1 }));
      task.hear({ do: 'log', level: 'PASS', message: 5, frames: [['x', null], 3] }, () => null);
    });
    const said = run.logs.filter(({ source_file }) => source_file === 'a.ts');
    expect(said).toHaveLength(1000);
    expect(said[0]).toMatchObject({ level: 'DEBUG', message: 'm', line_number: 6 });
    expect(run.logs.map(({ message }) => message).join()).toContain('at least 501 further lines');
  });

  test('knows phases that have ended, their outcomes and their last values', async () => {
    let earlier: unknown;
    await tryScript(async ({ call }) => void (earlier = call.earlier));
    expect(earlier).toEqual({ on: { name: 'On', section: 'setup', outcome: 'PASS', measurements: { began: 7 } } });
  });

  test('holds every plug, so that nothing beside it speaks to one', async () => {
    const clock = new FakeClock();
    const scripts = hostOf(() => clock.sleep(100));
    const phases = [aPhase('Script', [], { script: 'a.ts' }), aPhase('Beside', [write('X')])];
    const { record: run } = await tryRun({ ...aProcedure(phases), parallel: ['main'] }, { clock, scripts });
    expect(run.phases.map(({ name, started_ms }) => [name, started_ms])).toEqual([
      ['Script', 0],
      ['Beside', 100],
    ]);
  });

  test('begins anew with each attempt; its world is prepared at the start and closed at the end', async () => {
    const { calls } = await tryScript(async (task) => record(task, task.call.attempt === 0 ? 1 : 3.3), {
      phase: { retry: { limit: 1, delayMs: 0 } },
    });
    expect(calls).toEqual(['prepare a.ts', 'run a.ts 0', 'run a.ts 1', 'close']);
  });
});
