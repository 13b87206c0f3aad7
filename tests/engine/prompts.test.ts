/** Engine, rules 25 to 29: screens, questions, and what becomes of their answers. */
import { describe, expect, test } from 'vitest';
import type { Component } from '#procedure/screen.ts';
import type { Phase, Procedure, Step } from '#procedure/procedure.ts';
import { aMeasurement, aPhase, aProcedure, ask, range, set, wait, write } from './a-procedure.ts';
import { FakeOperator, type Entry } from './fake-operator.ts';
import { outcomes, tryRun, type TryOptions } from './try-run.ts';

const component = (kind: Component['kind'], key: string, more: Partial<Component> = {}): Component => ({
  kind,
  key,
  required: false,
  trim: true,
  ...more,
});
const LED = component('verdict', 'led', { label: 'The LED is green', bind: { to: 'measurement', key: 'led' } });
const VOLTS = component('number_input', 'volts', {
  required: true,
  min: 0,
  max: 24,
  bind: { to: 'measurement', key: 'volts' },
});
const NOTE = component('text_input', 'note', { label: { de: 'Notiz', en: 'Note' } });
const PHOTO = component('camera', 'photo', { required: true });

const screen = (...components: Component[]) => ({ ui: { components, waits: true } });
const look = (components: readonly Component[], more: Partial<Phase> = {}, steps: readonly Step[] = []) =>
  aPhase('Look', steps, { ...screen(...components), ...more });
const prompt = (components: readonly Component[], more: object = {}): Step => ({
  kind: 'prompt',
  message: 'Turn the knob',
  components,
  line: 3,
  ...more,
});
const OFF = aPhase('Off', [write('OFF')], {}, 'teardown');

async function tryAsked(
  phases: readonly Phase[],
  plan: readonly Entry[] | ((index: number) => readonly Entry[]),
  { procedure = {}, ...more }: TryOptions & { readonly procedure?: Partial<Procedure> } = {},
) {
  let operator: FakeOperator | undefined;
  const tried = await tryRun(
    { ...aProcedure([...phases, OFF], 'continue'), ...procedure },
    {
      ...more,
      operator: (clock) =>
        (operator = new FakeOperator(clock, (_, index) => (typeof plan === 'function' ? plan(index) : plan))),
    },
  );
  return { ...tried, tried, operator: operator! };
}

const after = (afterMs: number, given: unknown): Entry => ({ afterMs, given });
const at = (
  { record }: { record: { phases: readonly { key: string; measurements: readonly unknown[] }[] } },
  key: string,
) => record.phases.findLast((one) => one.key === key)!.measurements;

describe('rule 25: a screen, and the question that it asks', () => {
  test('the phase waits for the answer, which is judged like any value', async () => {
    const measurements = [aMeasurement('volts', [range(11, 13)])];
    const { tried, operator, tookMs } = await tryAsked([look([VOLTS], { measurements })], [after(4000, { volts: 12 })]);
    expect(outcomes(tried)).toEqual(['Look PASS', 'Off PASS']);
    expect(at(tried, 'look')).toMatchObject([{ key: 'volts', measured_value: 12, outcome: 'PASS' }]);
    expect(operator.screens).toMatchObject([{ phase: 'look', name: 'Look', attempt: 0, waits: true }]);
    expect(tookMs).toBe(4000);
    const off = await tryAsked([look([VOLTS], { measurements })], [after(1, { volts: 9 })]);
    expect(off.record).toMatchObject({ outcome: 'FAIL', reason: 'Look: volts: 9 is below 11' });
  });

  test('steps run beside it from the first moment, and the phase is over when both are', async () => {
    const steps = [write('LED ON'), wait(500), write('LED OFF')];
    const quick = await tryAsked([look([LED], {}, steps)], [after(100, { led: true })]);
    expect(quick.tookMs).toBe(500);
    expect(quick.bench.sent).toEqual(['fixture: LED ON', 'fixture: LED OFF', 'fixture: OFF', 'safe']);
    const slow = await tryAsked([look([LED], {}, steps)], [after(900, { led: true })]);
    expect(slow.tookMs).toBe(900);
    expect(slow.record.outcome).toBe('PASS');
  });

  test('what breaks the steps ends the question, and nothing is recorded of it any more', async () => {
    const { record, operator } = await tryAsked([look([VOLTS], {}, [ask('DEAD?')])], [after(3000, { volts: 12 })], {
      answers: { 'DEAD?': { kind: 'silent' } },
    });
    expect(record.phases[0]).toMatchObject({ outcome: 'ERROR', measurements: [] });
    expect(operator.heard).toEqual([[{ key: null, message: 'This question is over.' }]]);
    expect(operator.openCount).toBe(0);
  });

  test('one that nobody has to answer is shown as long as the steps run', async () => {
    const shown = component('text', 'text');
    const phase = aPhase('Show', [wait(300)], { ui: { components: [shown], waits: false } });
    const { tried, operator, tookMs } = await tryAsked([phase], []);
    expect(outcomes(tried)).toEqual(['Show PASS', 'Off PASS']);
    expect([operator.screens.length, operator.openCount, tookMs]).toEqual([1, 0, 300]);
  });

  test('a countdown holds its screen: no answer before its end, and alone it is the phase', async () => {
    const countdown = component('countdown', 'cool', { durationMs: 5000 });
    const asked = await tryAsked([look([countdown, LED])], [after(2000, { led: true }), after(5000, { led: true })]);
    expect(asked.operator.heard).toEqual([[{ key: 'cool', message: 'is not over yet: 3 s to go' }], []]);
    expect(asked.tookMs).toBe(5000);
    const phase = aPhase('Cool', [], { ui: { components: [countdown], waits: false } });
    const alone = await tryAsked([phase], []);
    expect([alone.record.outcome, alone.tookMs]).toEqual(['PASS', 5000]);
  });

  test('the step `prompt` waits, and the steps after it come after the answer', async () => {
    const phase = aPhase('Turn', [write('A'), prompt([]), write('B')]);
    const { bench, operator, record } = await tryAsked([phase], [after(700, {})]);
    expect(operator.screens).toMatchObject([{ message: 'Turn the knob', waits: true }]);
    expect(bench.sent).toEqual(['fixture: A', 'fixture: B', 'fixture: OFF', 'safe']);
    expect(record.logs.map(({ message }) => message)).toContain('operator: confirmed');
  });

  test('where nobody is there a phase that asks is an error, and teardown follows', async () => {
    const tried = await tryRun(aProcedure([look([LED]), OFF]));
    expect(outcomes(tried)).toEqual(['Look ERROR', 'Off PASS']);
    expect(tried.record.reason).toBe('Look: it asks the operator, and nobody is there.');
  });

  test('each attempt asks anew', async () => {
    const phase = look([LED], { retry: { limit: 1, delayMs: 0 } });
    const { tried, operator } = await tryAsked([phase], (index) => [after(10, { led: index === 1 })]);
    expect(outcomes(tried)).toEqual(['Look FAIL', 'Look PASS', 'Off PASS']);
    expect(operator.screens.map(({ attempt }) => attempt)).toEqual([0, 1]);
  });
});

describe('rule 26: an answer that breaks its rules is refused with a word, and the question stays', () => {
  test('until one keeps them', async () => {
    const entries = [
      after(10, { volts: 25 }),
      after(20, { volts: '12' }),
      after(30, {}),
      after(40, { volts: 12, other: 1 }),
      after(50, null),
      after(60, { volts: 12 }),
      after(70, { volts: 13 }),
    ];
    const { operator, tried } = await tryAsked([look([VOLTS])], entries);
    expect(operator.heard.map(([first]) => first?.message ?? 'taken')).toEqual([
      'must be 24 or less',
      'must be a number',
      'needs an answer',
      'nothing asks for “other”',
      'needs an answer',
      'taken',
      'This question is over.',
    ]);
    expect(at(tried, 'look')).toMatchObject([{ measured_value: 12 }]);
  });

  test('a field of the unit keeps the rules of a scan', async () => {
    const fields = { sub_units: 'sub_units.mcu', metadata: 'metadata.shift', batch: 'batch_number' };
    const inputs = Object.entries(fields).map(([key, field]) =>
      component('text_input', key, { bind: { to: 'unit', field } }),
    );
    const rules = {
      ...aProcedure([]).unit,
      subUnits: [{ key: 'mcu', label: 'MCU', serialNumber: { pattern: '^MCU-' } }],
      metadata: { shift: { maxLength: 5 } },
    };
    const good = { sub_units: 'MCU-7', metadata: 'early', batch: '' };
    const { operator, record, events } = await tryAsked(
      [look(inputs), aPhase('Never', [], { when: { text: 'x', tree: whenShift('late') } })],
      [
        after(10, { ...good, sub_units: 'PSU-1' }),
        after(20, { ...good, metadata: 'too late' }),
        after(30, { ...good, batch: 'A B' }),
        after(40, good),
      ],
      { procedure: { unit: rules }, unit: { serial_number: 'SN-1' } },
    );
    expect(operator.heard.map((one) => one.map(({ key }) => key))).toEqual([
      ['sub_units'],
      ['metadata'],
      ['batch'],
      [],
    ]);
    expect(record).toMatchObject({ sub_units: { mcu: 'MCU-7' }, unit_metadata: { shift: 'early' } });
    expect(record.batch_number).toBeUndefined();
    expect(events.filter(({ kind }) => kind === 'unit-field')).toHaveLength(2);
    // What was filled in is known to the conditions after it.
    expect(record.phases.find(({ key }) => key === 'never')?.reason).toBe('its condition does not hold: x');
  });
});

describe('rule 27: where an answer goes', () => {
  test('a decision against the unit fails its phase, bound or not, whatever is declared', async () => {
    for (const bind of [{}, { bind: { to: 'measurement', key: 'led' } as const }]) {
      for (const measurements of [[], 'bind' in bind ? [aMeasurement('led')] : []]) {
        const verdict = component('verdict', 'led', { label: 'Green?', ...bind });
        const said = (is: boolean) => tryAsked([look([verdict], { measurements })], [after(5, { led: is })]);
        expect((await said(true)).record.outcome).toBe('PASS');
        const no = await said(false);
        expect(no.record).toMatchObject({ outcome: 'FAIL', reason: 'Look: Green?: fail' });
        if ('bind' in bind)
          expect(at(no, 'look')).toMatchObject([
            { key: 'led', outcome: 'FAIL', measured_value: false, validators: [{ operator: '==', outcome: 'FAIL' }] },
          ]);
      }
    }
  });

  test('the steps of the phase go on, as after any value that misses its limit', async () => {
    const phase = aPhase('Turn', [prompt([LED]), write('LED OFF')]);
    const { bench, record } = await tryAsked([phase], [after(5, { led: false })]);
    expect(bench.sent).toContain('fixture: LED OFF');
    expect(record.outcome).toBe('FAIL');
  });

  test('several choices are one text, and an optional text that is left empty is an empty one', async () => {
    const options = ['left', 'right'].map((value) => ({ value, label: value }));
    const bound = (key: string) => ({ bind: { to: 'measurement', key } as const });
    const components = [
      component('checklist', 'scratches', { options, ...bound('scratches') }),
      component('text_input', 'remark', bound('remark')),
      component('switch', 'lamp', bound('lamp')),
    ];
    const measurements = ['scratches', 'remark', 'lamp'].map((key) => aMeasurement(key));
    const { tried } = await tryAsked(
      [look(components, { measurements })],
      [after(5, { scratches: ['right', 'left'], remark: ' ', lamp: false })],
    );
    expect(at(tried, 'look')).toMatchObject([
      { measured_value: 'left,right', outcome: 'UNSET' },
      { measured_value: '' },
      { measured_value: false },
    ]);
    expect(tried.record.outcome).toBe('PASS');
  });

  test('what nothing is bound to is a line of the log', async () => {
    const { record } = await tryAsked([look([NOTE])], [after(5, { note: 'dusty' })]);
    expect(record.logs).toMatchObject([{ level: 'INFO', message: 'operator: Note = dusty' }]);
  });

  test('what the phase does not declare is kept, and nothing judges it', async () => {
    const { tried } = await tryAsked([look([VOLTS])], [after(5, { volts: 12 })]);
    expect(at(tried, 'look')).toMatchObject([{ key: 'volts', outcome: 'UNSET', measured_value: 12 }]);
  });

  test('a picture is a file of the run, and its measurement is the name', async () => {
    const photo = { ...PHOTO, bind: { to: 'measurement', key: 'photo' } as const };
    const bytes = new Uint8Array([1, 2, 3]);
    const { events, kept, tried } = await tryAsked(
      [look([photo], { measurements: [aMeasurement('photo')] })],
      [
        after(5, { photo: { contentType: 'text/html', bytes } }),
        after(6, { photo: { contentType: 'image/jpeg', bytes } }),
      ],
    );
    expect(kept.files).toMatchObject([{ name: 'photo.jpg', contentType: 'image/jpeg' }]);
    expect(at(tried, 'look')).toMatchObject([{ measured_value: 'photo.jpg' }]);
    expect(events.map(({ kind }) => kind).slice(0, 4)).toEqual(['phase-started', 'log', 'attachment', 'measurement']);
  });

  test('a picture that cannot be kept breaks the phase', async () => {
    const { record } = await tryAsked(
      [look([PHOTO])],
      [after(5, { photo: { contentType: 'image/png', bytes: new Uint8Array(1) } })],
      { keepFile: () => Promise.reject(new Error('The disk is full.')) },
    );
    expect(record).toMatchObject({ outcome: 'ERROR', reason: 'Look: The disk is full.' });
  });
});

describe('rule 28: time and stop', () => {
  test('the phase’s time holds for its question: the run is TIMEOUT, and what was answered late goes nowhere', async () => {
    const { tried, operator } = await tryAsked([look([LED], { timeoutMs: 2000 })], [after(3000, { led: true })]);
    expect(outcomes(tried)).toEqual(['Look ERROR', 'Off PASS']);
    expect(tried.record).toMatchObject({ outcome: 'TIMEOUT', reason: 'Look: ran out of time (2 s)' });
    expect(operator.screens[0]!.leftMs).toBe(2000);
    expect(operator.openCount).toBe(0);
    expect(at(tried, 'look')).toEqual([]);
  });

  test('so does a question’s own time', async () => {
    const phase = aPhase('Turn', [prompt([], { timeoutMs: 500 })], { timeoutMs: 9000 });
    const { record, operator } = await tryAsked([phase], []);
    expect(record).toMatchObject({
      outcome: 'TIMEOUT',
      reason: 'Turn: ran out of time: nobody answered within 0.5 s',
    });
    expect(operator.screens[0]!.leftMs).toBe(500);
  });

  test('a decision against the unit shortly before the end of the time is a failure, not a time-out', async () => {
    const { record } = await tryAsked([look([LED], { timeoutMs: 2000 })], [after(1999, { led: false })]);
    expect(record.outcome).toBe('FAIL');
  });

  test('a stop ends it, and teardown follows', async () => {
    const { tried, operator, bench } = await tryAsked([look([LED])], [], { stopAtMs: 1000 });
    expect(tried.record.outcome).toBe('ABORTED');
    expect(outcomes(tried)).toEqual(['Look ERROR', 'Off PASS']);
    expect(bench.sent).toEqual(['fixture: OFF', 'safe']);
    expect(operator.openCount).toBe(0);
  });

  test('an emergency stop ends one of teardown, too', async () => {
    const phase = aPhase('Take it out', [prompt([])], { timeoutMs: 60_000 }, 'teardown');
    const { record, operator, tookMs } = await tryAsked(
      [aPhase('A', [set('a', 1)], { measurements: [aMeasurement('a')] }), phase],
      [],
      {
        emergencyAtMs: 1000,
      },
    );
    expect([record.outcome, tookMs, operator.openCount]).toEqual(['ABORTED', 1000, 0]);
  });
});

function whenShift(value: string) {
  const left = { kind: 'unit', field: 'metadata.shift' } as const;
  return { kind: 'compare', operator: '==', left, right: { kind: 'literal', value } } as const;
}
