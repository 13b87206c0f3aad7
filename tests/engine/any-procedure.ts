/**
 * Random procedures with everything that the engine knows, and random instruments for them.
 *
 * Every measurement that a step records is declared, as parse.ts guarantees; some are declared and never recorded.
 * Limits are always the same numbers, so that any-run-checks.ts can judge again without the engine's own code.
 */
import fc from 'fast-check';
import type { Validator } from '#measure/validator.ts';
import type { Axis, Measurement, Phase, Procedure, Step } from '#procedure/procedure.ts';
import type { Section } from '#procedure/section.ts';
import type { WhenTree } from '#procedure/when/when-tree.ts';
import { aMeasurement, aPhase, aProcedure } from './a-procedure.ts';
import { boundTo, entry, PATIENT, prompt, screen } from './any-operator.ts';
import type { Behaviour } from './fake-bench.ts';

export const LOW = 3.2;
export const HIGH = 3.4;
export const CLOSE = [3.25, 3.35] as const;
/** Of the curve's smallest point. */
export const SMALLEST = 3.22;
const LIMITS: Validator = { operator: 'range', expected: [LOW, HIGH], isDecisive: true };
const WARNING: Validator = { operator: '<=', expected: CLOSE[1], isDecisive: false };
const MARGINAL: Validator = { operator: 'range', expected: [...CLOSE], isDecisive: true };
const NEXT = fc.constantFrom('continue' as const, 'stop' as const, 'retry' as const);
const KEYS = ['a', 'b', 'c'];
const PLUGS = ['dmm', 'fixture', 'psu'];

const text = (answer: string): Behaviour => ({ kind: 'answer', text: answer });
const delayed = (kind: 'slow' | 'late', texts: readonly string[]): fc.Arbitrary<Behaviour> =>
  fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.constantFrom(...texts)).map(([afterMs, said]) => ({
    kind,
    afterMs,
    text: said,
  }));
const sometimes = (share: number) => fc.integer({ min: 0, max: share }).map((roll) => roll === 0);

const number: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom('3.3', '3.2', '+3.4E0', '3.38').map(text) },
  { weight: 2, arbitrary: fc.constantFrom('3.05', '9.9E37', 'NAN', '', 'ERR', '3.3V', '-INF').map(text) },
  { weight: 3, arbitrary: delayed('slow', ['3.3', '3.3', '3.3', '3.05']) },
  { weight: 1, arbitrary: delayed('late', ['3.3', '3.3', '3.3', '3.05']) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Behaviour>({ kind: 'silent' }, { kind: 'lost' }, { kind: 'broken' }, { kind: 'deaf' }),
  },
);
const LISTS = ['3.3,3.3,3.3', '3.3,3.25,3.4', '3.3,3.21,3.3', '3.3,3.1,3.3', '3.3,NAN,3.3', '3.3,3.3', '', '3,x,3'];
const list = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...LISTS).map(text) },
  { weight: 1, arbitrary: delayed('late', LISTS) },
);
const state = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('READY', 'READY', 'READY', 'BOOT').map(text) },
  { weight: 2, arbitrary: delayed('slow', ['READY', 'BOOT']) },
  { weight: 1, arbitrary: delayed('late', ['READY', 'BOOT']) },
  { weight: 1, arbitrary: fc.constantFrom<Behaviour>({ kind: 'silent' }, { kind: 'deaf' }) },
);

/** What a repetition waits for comes late or never. */
const ramp = fc.constantFrom('3.05', '3.05', '3.3').map(text);

const measured = (measurement: string, plug: string, query = `${measurement}?`): Step => ({
  kind: 'measure',
  measurement,
  plug,
  source: { query },
  line: 1,
});
const simple: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: prompt },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...PLUGS)).map(([key, plug]) => measured(key, plug)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...KEYS).map((measurement): Step => ({
      kind: 'query',
      plug: 'dmm',
      command: `${measurement}?`,
      measurement,
      timeoutMs: 700,
      line: 1,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...PLUGS).map((plug): Step => ({
      kind: 'measure',
      measurement: 'curve',
      plug,
      source: { query: 'LIST?' },
      axis: 'y',
      line: 1,
    })),
  },
  fc.constantFrom('ON', 'OFF').map((command): Step => ({ kind: 'write', plug: 'fixture', command, line: 1 })),
  fc.integer({ min: 1, max: 800 }).map((durationMs): Step => ({ kind: 'wait', durationMs, line: 1 })),
  fc
    .constantFrom<number | string>(3.3, 3.3, 5, 'text', NaN)
    .map((value): Step => ({ kind: 'set', measurement: 's', value, line: 1 })),
  fc.record({ timeoutMs: fc.integer({ min: 1, max: 3000 }), pauseMs: fc.constantFrom(50, 400) }).map((more): Step => ({
    kind: 'expect',
    plug: 'fixture',
    command: 'STAT?',
    wanted: { operator: '==', expected: 'READY', isDecisive: true },
    line: 1,
    ...more,
  })),
);
const reboot = fc
  .record({
    plug: fc.constantFrom(...PLUGS),
    timeoutMs: fc.integer({ min: 1, max: 3000 }),
    command: fc.option(fc.constant('BOOT'), { nil: undefined }),
    pauseMs: fc.integer({ min: 1, max: 800 }),
  })
  .map(({ plug, timeoutMs, command, pauseMs }): Step => {
    const common = { kind: 'expect-reboot', plug, timeoutMs, line: 1 } as const;
    if (command !== undefined) return { ...common, command, steps: [] };
    const off: Step = { kind: 'write', plug: 'fixture', command: 'OFF', line: 1 };
    return { ...common, steps: [off, { kind: 'wait', durationMs: pauseMs, line: 1 }] };
  });
const repeat = fc
  .record({
    inner: simple,
    count: fc.integer({ min: 1, max: 3 }),
    until: fc.constantFrom('none' as const, 'counted' as const, 'timed' as const),
    pauseMs: fc.constantFrom(0, 60),
  })
  .map(({ inner, count, until, pauseMs }): Step => {
    if (until === 'none') return { kind: 'repeat', steps: [inner], count, pauseMs, line: 1 };
    const more = { until: { measurement: 'a', wanted: LIMITS }, timeoutMs: 2000, line: 1 };
    const steps = [inner, measured('a', 'dmm', 'RAMP?')];
    // Where nothing is counted, only time ends the repetition, and a fake clock's time passes in pauses alone.
    return { kind: 'repeat', steps, ...more, ...(until === 'timed' ? { pauseMs: 400 } : { count, pauseMs }) };
  });
const step = fc.oneof(
  { weight: 12, arbitrary: simple },
  { weight: 2, arbitrary: repeat },
  { weight: 1, arbitrary: reboot },
);

export function recordedBy(one: Step): string[] {
  if ('steps' in one) return one.steps.flatMap(recordedBy);
  if (one.kind === 'prompt') return one.components.flatMap(boundTo);
  return 'measurement' in one && one.measurement !== undefined ? [one.measurement] : [];
}

const AXIS: Axis = {
  key: 'y',
  legend: 'y',
  validators: [{ ...LIMITS, every: 'point' }],
  marginal: { ...MARGINAL, every: 'point' },
  aggregations: [{ type: 'min', validators: [{ operator: '>=', expected: SMALLEST, isDecisive: true }] }],
};
/** Steps of x: 0, 1, 2; the limit curve says the same as the limits by point. */
const CURVE: Partial<Measurement> = {
  xAxis: { key: 'x', legend: 'x', spaced: { start: 0, step: 1 }, validators: [], aggregations: [] },
  yAxis: [
    {
      ...AXIS,
      validators: [
        ...AXIS.validators,
        {
          operator: 'curve',
          expected: [],
          curve: [
            { x: 0, low: LOW, high: HIGH },
            { x: 2, low: LOW, high: HIGH },
          ],
          isDecisive: true,
        },
      ],
    },
  ],
};

function declared(key: string, isJudged: boolean): Measurement {
  if (key === 'curve') return aMeasurement(key, [], CURVE);
  if (!isJudged && key !== 'forgotten') return aMeasurement(key);
  return aMeasurement(key, [LIMITS, WARNING], { marginal: MARGINAL });
}

export type When = 'holds' | 'fails' | 'trouble' | { readonly passed: string };
/** What a condition says, kept beside the tree so that the checks need not read the tree. */
export const WHENS = new WeakMap<WhenTree, When>();

function treeOf(when: When): WhenTree {
  const is = (left: WhenTree, value: string): WhenTree => ({
    kind: 'compare',
    operator: '==',
    left,
    right: { kind: 'literal', value },
  });
  const tree: WhenTree =
    when === 'trouble'
      ? { kind: 'unit', field: 'batch_number' }
      : typeof when === 'string'
        ? is({ kind: 'parameter', name: 'variant' }, when === 'holds' ? 'lite' : 'full')
        : is({ kind: 'outcome', phase: when.passed }, 'PASS');
  WHENS.set(tree, when);
  return tree;
}

const phase = fc
  .record({
    steps: fc.array(step, { maxLength: 4 }),
    ui: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: screen }),
    isForgetful: sometimes(9),
    isJudged: fc.boolean(),
    timeoutMs: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }),
    retry: fc.record({ limit: fc.integer({ min: 0, max: 2 }), delayMs: fc.constantFrom(0, 300) }),
    next: fc.record(
      { pass: fc.constantFrom('continue' as const, 'stop' as const), fail: NEXT, error: NEXT, timeout: NEXT },
      { requiredKeys: [] },
    ),
    skip: sometimes(9).map((is) => (is ? 'switched off' : undefined)),
    when: fc.option(fc.constantFrom('holds', 'holds', 'fails', 'trouble', 'outcome'), { nil: undefined, freq: 2 }),
    needs: fc.option(fc.nat(), { nil: undefined, freq: 2 }),
  })
  .map(({ steps, ui, isForgetful, isJudged, timeoutMs, skip, ...more }) => {
    const own = (ui?.components ?? []).flatMap(boundTo);
    const keys = [...new Set([...steps.flatMap(recordedBy), ...own, ...(isForgetful ? ['forgotten'] : [])])];
    const measurements = keys.map((key) => declared(key, isJudged));
    return {
      ...more,
      steps,
      ...(ui ? { ui } : {}),
      measurements,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(skip === undefined ? {} : { skip }),
    };
  });
type Draft = typeof phase extends fc.Arbitrary<infer T> ? T : never;

/** Dependencies and conditions go along one random order, so that there is no circle; that order is not the file's. */
function named(section: Section, drafts: readonly Draft[], isReversed: boolean): Phase[] {
  const keyOf = (index: number) => `${section}_${index}`;
  return drafts.map(({ when, needs, ...draft }, index) => {
    const earlier = isReversed ? drafts.length - 1 - index : index;
    const other = needs === undefined || earlier === 0 ? undefined : needs % earlier;
    const key = other === undefined ? undefined : keyOf(isReversed ? drafts.length - 1 - other : other);
    const asks = when === 'outcome' ? (key === undefined ? undefined : { passed: key }) : (when as When | undefined);
    return aPhase(
      `${section} ${index}`,
      draft.steps,
      {
        ...draft,
        ...(asks === undefined ? {} : { when: { text: 'condition', tree: treeOf(asks) } }),
        ...(key === undefined || typeof asks === 'object' ? {} : { dependsOn: [key] }),
      },
      section,
    );
  });
}

export const anyRun = fc
  .record({
    setup: fc.array(phase, { maxLength: 1 }),
    main: fc.array(phase, { minLength: 1, maxLength: 4 }),
    teardown: fc.array(phase, { maxLength: 2 }),
    isReversed: fc.boolean(),
    parallel: fc.subarray<Section>(['setup', 'main', 'teardown']),
    onFirstFailure: fc.constantFrom('stop' as const, 'continue' as const),
    timeoutMs: fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined, freq: 2 }),
    numbers: fc.array(number, { minLength: 1, maxLength: 12 }),
    lists: fc.array(list, { minLength: 1, maxLength: 4 }),
    states: fc.array(state, { minLength: 1, maxLength: 4 }),
    ramps: fc.array(ramp, { minLength: 1, maxLength: 6 }),
    entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
    stopAtMs: fc.option(fc.integer({ min: 0, max: 6000 }), { nil: undefined, freq: 2 }),
    emergencyAtMs: fc.oneof(
      { weight: 7, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 3000 }) },
    ),
    safe: fc.constantFrom('safe', 'safe', 'safe', 'safe', 'unsafe', 'throws', 'hangs'),
    brokenAt: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ setup, main, teardown, isReversed, onFirstFailure, parallel, timeoutMs, numbers, ...rest }) => {
    const phases = [
      ...named('setup', setup, false),
      ...named('main', main, isReversed),
      ...named('teardown', teardown, false),
    ];
    // Where no deadline does, only a stop ends a deaf instrument, and then the fake clock stands still.
    const isBoundless =
      timeoutMs === undefined && phases.some((one) => one.section !== 'teardown' && one.timeoutMs === undefined);
    const hear = (one: Behaviour): Behaviour => (one.kind === 'deaf' && isBoundless ? { kind: 'silent' } : one);
    const procedure: Procedure = {
      ...aProcedure(phases, onFirstFailure),
      parameters: { variant: { value: 'lite', tier: 'procedure' } },
      parallel,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const { lists, states, entries, ...others } = rest;
    return {
      procedure,
      entries: entries.map((one) => one ?? (isBoundless ? PATIENT : null)),
      numbers: numbers.map(hear),
      lists: lists.map(hear),
      states: states.map(hear),
      ...others,
    };
  });
export type AnyRun = typeof anyRun extends fc.Arbitrary<infer T> ? T : never;

/** What the instruments of a run do, one answer after the other. */
export function behaviourOf({ numbers, lists, states, ramps }: AnyRun): (plug: string, command: string) => Behaviour {
  const turns = { numbers: 0, lists: 0, states: 0, ramps: 0 };
  return (_, command) => {
    if (command === 'LIST?') return lists[turns.lists++ % lists.length]!;
    if (command === 'STAT?') return states[turns.states++ % states.length]!;
    if (command === 'RAMP?') return ramps[turns.ramps++ % ramps.length]!;
    return numbers[turns.numbers++ % numbers.length]!;
  };
}
