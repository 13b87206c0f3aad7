/** Engine, rule 29: what a script shows and asks. */
import { describe, expect, test } from 'vitest';
import type { ScriptHost, ScriptTask } from '#engine/script/script-host.ts';
import type { Phase } from '#procedure/procedure.ts';
import type { Component } from '#procedure/screen.ts';
import { aMeasurement, aPhase, aProcedure, range } from '../a-procedure.ts';
import { FakeOperator, type Entry } from '../fake-operator.ts';
import { tryRun } from '../try-run.ts';

const PROGRESS: Component = { kind: 'progress', key: 'done', required: false, trim: true };
const LAMP: Component = { kind: 'switch', key: 'lamp', required: false, trim: true };
const VOLTS = aMeasurement('volts', [range(11, 13)]);
const QUESTION = {
  message: { en: 'How much?' },
  components: [
    { type: 'number_input', label: 'Volts', min: 0, bind: 'measurement.volts' },
    { type: 'verdict', key: 'ok' },
  ],
};

async function tryScript(
  script: (task: ScriptTask) => Promise<void>,
  plan: readonly Entry[] = [],
  phase: Partial<Phase> = {},
) {
  const scripts: ScriptHost = { prepare: () => {}, run: script, close: () => {} };
  let operator: FakeOperator | undefined;
  const tried = await tryRun(aProcedure([aPhase('Script', [], { script: 'a.ts', measurements: [VOLTS], ...phase })]), {
    scripts,
    operator: (clock) => (operator = new FakeOperator(clock, () => plan)),
  });
  return { ...tried, operator: operator! };
}

const ask = ({ answer }: ScriptTask, question: unknown = QUESTION, more: object = {}) =>
  answer({ do: 'ask', question, ...more });
const show = ({ hear }: ScriptTask, values: unknown) => hear({ do: 'show', values }, () => null);
const after = (afterMs: number, given: unknown): Entry => ({ afterMs, given });

describe('rule 29: a script and the operator', () => {
  test('what it asks is judged like a question of the procedure, and answered to it', async () => {
    let entered: unknown;
    const { record, operator } = await tryScript(
      async (task) => void (entered = await ask(task)),
      [after(10, { volts: -1, ok: true }), after(20, { volts: 12, ok: true })],
    );
    expect(record.outcome).toBe('PASS');
    expect(entered).toEqual({ volts: 12, ok: true });
    expect(operator.heard.map((one) => one[0]?.message)).toEqual(['must be 0 or more', undefined]);
    expect(operator.screens).toMatchObject([{ phase: 'script', message: { en: 'How much?' }, waits: true }]);
    expect(record.phases[0]!.measurements).toMatchObject([{ key: 'volts', measured_value: 12, outcome: 'PASS' }]);
  });

  test('a decision against the unit fails the phase, whatever the script makes of it', async () => {
    const { record } = await tryScript(async (task) => void (await ask(task)), [after(10, { volts: 12, ok: false })]);
    expect(record).toMatchObject({ outcome: 'FAIL', reason: 'Script: ok: fail' });
  });

  test.each([
    ['nothing', null],
    ['no message', { components: [] }],
    ['an unknown kind', { message: 'm', components: [{ type: 'slidr' }] }],
    ['an unknown key', { message: 'm', buttons: [] }],
    [
      'a picture from elsewhere',
      { message: 'm', components: [{ type: 'image', source: 'https://example.com/a.png' }] },
    ],
    ['a field that no unit has', { message: 'm', components: [{ type: 'switch', bind: 'unit.colour' }] }],
    ['a book', { message: 'm', components: [{ type: 'text', label: 'x'.repeat(100_000) }] }],
  ])('a question that no procedure could ask is refused: %s', async (_, question) => {
    const { record, operator } = await tryScript(async (task) => void (await ask(task, question)));
    expect(record.outcome).toBe('ERROR');
    expect(operator.screens).toEqual([]);
  });

  test('its own time is up with a word to the script; the phase’s with a time-out', async () => {
    let why: unknown;
    const { record } = await tryScript(async (task) => {
      await ask(task, QUESTION, { timeoutMs: 300 }).catch((thrown: Error) => (why = thrown.message));
      task.hear({ do: 'record', measurement: 'volts', value: 12 }, () => null);
    });
    expect(why).toBe('ran out of time: nobody answered within 0.3 s');
    expect(record.outcome).toBe('PASS');
    const late = await tryScript(async (task) => void (await ask(task)), [], { timeoutMs: 500 });
    expect([late.record.outcome, late.operator.openCount]).toEqual(['TIMEOUT', 0]);
  });

  test('it changes what the phase’s own screen shows, and hears its answer', async () => {
    let entered: unknown;
    const { record, operator } = await tryScript(
      async (task) => {
        show(task, { done: 40 });
        show(task, { done: 80 });
        entered = await task.answer({ do: 'answers' });
      },
      [after(50, { lamp: true })],
      { measurements: [], ui: { components: [PROGRESS, LAMP], waits: true } },
    );
    expect(operator.live).toEqual([{ done: 40 }, { done: 80 }]);
    expect(entered).toEqual({ lamp: true });
    expect(record.outcome).toBe('PASS');
  });

  test.each([
    ['what its screen has not', { other: 1 }],
    ['an answer', { lamp: true }],
    ['a list', { done: [1] }],
    ['a long text', { done: 'x'.repeat(10_001) }],
  ])('it is ended when it shows %s', async (_, values) => {
    const { record, operator } = await tryScript(async (task) => show(task, values), [after(50, { lamp: true })], {
      measurements: [],
      ui: { components: [PROGRESS, LAMP], waits: true },
    });
    expect(record.outcome).toBe('ERROR');
    expect(operator.live).toEqual([]);
  });

  test('a phase without a screen of its own has no answer to wait for', async () => {
    const { record } = await tryScript(async ({ answer }) => void (await answer({ do: 'answers' })));
    expect(record).toMatchObject({ outcome: 'ERROR', reason: expect.stringContaining('use ui.ask') });
  });
});
