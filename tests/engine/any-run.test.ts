/**
 * The truth table over random procedures, random instruments, and a person who may press stop at any moment.
 *
 * What is expected is worked out here from the record alone, in other words than the engine's.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Validator } from '#measure/validator.ts';
import type { Phase, Step } from '#procedure/procedure.ts';
import type { PhaseRecord, RunOutcome, RunRecord } from '#record/run-record.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { aMeasurement, aPhase, aProcedure } from './a-procedure.ts';
import { FakeBench, unsafePlug, type Behaviour } from './fake-bench.ts';
import { tryRun, type Tried } from './try-run.ts';
import { KeptFiles } from './kept-files.ts';

const { keep: keepFile } = new KeptFiles();

const LIMITS: Validator = { operator: 'range', expected: [3.2, 3.4], isDecisive: true };
const NEXT = fc.constantFrom('continue' as const, 'stop' as const, 'retry' as const);
const KEYS = ['a', 'b', 'c'];

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('3.3', '3.2', '+3.4E0').map((text) => ({ kind: 'answer' as const, text })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('3.05', '9.9E37', 'NAN', '', 'ERR', '3.3V', '-INF')
      .map((text) => ({ kind: 'answer' as const, text })),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 4000 }).map((afterMs) => ({ kind: 'slow' as const, afterMs, text: '3.3' })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Behaviour>({ kind: 'silent' }, { kind: 'lost' }, { kind: 'broken' }, { kind: 'deaf' }),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(...KEYS).map((key): Step => ({
    kind: 'measure',
    measurement: key,
    plug: 'fixture',
    source: { query: `${key}?` },
    line: 1,
  })),
  fc.constantFrom(...KEYS).map((key): Step => ({
    kind: 'query',
    plug: 'dmm',
    command: `${key}?`,
    measurement: key,
    timeoutMs: 700,
    line: 1,
  })),
  fc.constantFrom('ON', 'OFF').map((command): Step => ({ kind: 'write', plug: 'fixture', command, line: 1 })),
  fc.integer({ min: 1, max: 800 }).map((durationMs): Step => ({ kind: 'wait', durationMs, line: 1 })),
  fc
    .tuple(fc.constantFrom(...KEYS), fc.constantFrom<number | string>(3.3, 5, 'text', NaN))
    .map(([measurement, value]): Step => ({ kind: 'set', measurement, value, line: 1 })),
);

/** Every measurement that a step records is declared, as parse.ts guarantees; some are declared and never recorded. */
const phase = fc
  .record({
    steps: fc.array(step, { maxLength: 4 }),
    forgotten: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
    judged: fc.boolean(),

    timeoutMs: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }),
    retry: fc.record({ limit: fc.integer({ min: 0, max: 2 }), delayMs: fc.constantFrom(0, 300) }),
    next: fc.record(
      { pass: fc.constantFrom('continue' as const, 'stop' as const), fail: NEXT, error: NEXT, timeout: NEXT },
      { requiredKeys: [] },
    ),
    skip: fc.integer({ min: 0, max: 9 }).map((roll) => (roll === 0 ? 'switched off' : undefined)),
  })
  .map(({ steps, forgotten, judged, timeoutMs, skip, ...more }): Partial<Phase> & { steps: Step[] } => {
    const recorded = new Set(
      steps.flatMap((one) => ('measurement' in one && one.measurement ? [one.measurement] : [])),
    );
    const keys = forgotten ? [...recorded, 'forgotten'] : [...recorded];
    return {
      ...more,
      steps,
      measurements: keys.map((key) => aMeasurement(key, judged || key === 'forgotten' ? [LIMITS] : [])),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(skip === undefined ? {} : { skip }),
    };
  });

const anyRun = fc
  .record({
    setup: fc.array(phase, { maxLength: 1 }),
    main: fc.array(phase, { minLength: 1, maxLength: 3 }),
    teardown: fc.array(phase, { maxLength: 2 }),
    onFirstFailure: fc.constantFrom('stop' as const, 'continue' as const),
    behaviours: fc.array(behaviour, { minLength: 1, maxLength: 12 }),
    stopAtMs: fc.option(fc.integer({ min: 0, max: 6000 }), { nil: undefined, freq: 2 }),
    safe: fc.constantFrom('safe', 'safe', 'safe', 'safe', 'unsafe', 'throws', 'hangs'),
    brokenAt: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ setup, main, teardown, onFirstFailure, behaviours, ...rest }) => {
    const named = (section: Phase['section'], phases: (Partial<Phase> & { steps: Step[] })[]) =>
      phases.map((one, index) => aPhase(`${section} ${index}`, one.steps, one, section));
    const phases = [...named('setup', setup), ...named('main', main), ...named('teardown', teardown)];
    // Where no deadline does, only a stop ends a deaf instrument, and then the fake clock stands still.
    const boundless = phases.some((one) => one.section !== 'teardown' && one.timeoutMs === undefined);
    const hear = (one: Behaviour): Behaviour => (one.kind === 'deaf' && boundless ? { kind: 'silent' } : one);
    return { procedure: aProcedure(phases, onFirstFailure), behaviours: behaviours.map(hear), ...rest };
  });

type AnyRun = typeof anyRun extends fc.Arbitrary<infer T> ? T : never;

function behaviourOf({ behaviours }: AnyRun): () => Behaviour {
  let next = 0;
  return () => behaviours[next++ % behaviours.length]!;
}

const SAFE: Record<string, () => Promise<never[] | ReturnType<typeof unsafePlug>[]>> = {
  safe: () => Promise.resolve([]),
  unsafe: () => Promise.resolve([unsafePlug('Fixture')]),
  throws: () => Promise.reject(new Error('no port')),
  hangs: () => new Promise<never>(() => undefined),
};

/** RULES.md, rule 4, read off the record. */
function expectedOutcome(record: RunRecord, run: AnyRun, stopped: boolean): RunOutcome {
  const last = lastAttempts(record);
  const main = last.filter(({ section }) => section === 'main');
  const off = new Set(run.procedure.phases.flatMap(({ key, skip }) => (skip === undefined ? [] : [key])));
  if (stopped) return 'ABORTED';
  if (last.some(({ timed_out }) => timed_out)) return 'TIMEOUT';
  if (last.some(({ outcome }) => outcome === 'ERROR') || run.safe !== 'safe') return 'ERROR';
  if (last.some(({ outcome }) => outcome === 'FAIL')) return 'FAIL';
  if (main.some(({ key, outcome }) => outcome === 'SKIP' && !off.has(key))) return 'FAIL';
  return main.some(({ outcome }) => outcome === 'PASS') ? 'PASS' : 'ERROR';
}

function lastAttempts(record: RunRecord): PhaseRecord[] {
  return [...new Map(record.phases.map((one) => [one.key, one])).values()];
}

function checkAccounts(tried: Tried, run: AnyRun): void {
  const { record, events, bench } = tried;
  const keys = [...new Set(record.phases.map(({ key }) => key))];
  expect(keys).toEqual(run.procedure.phases.map(({ key }) => key));
  for (const { key, section, skip, retry } of run.procedure.phases) {
    const attempts = record.phases.filter((one) => one.key === key);
    expect(attempts.map(({ retry_count }) => retry_count)).toEqual(attempts.map((_, index) => index));
    expect(attempts.length).toBeLessThanOrEqual(1 + Math.max(retry.limit, 3));
    for (const { outcome, reason, ended_ms } of attempts) {
      expect(ended_ms).not.toBeNull();
      expect(['PASS', 'FAIL', 'SKIP', 'ERROR']).toContain(outcome);
      if (outcome !== 'PASS') expect(reason).toBeTruthy();
    }
    // Rule 7: teardown is never skipped, whatever happened before it.
    if (section === 'teardown' && skip === undefined) expect(attempts[0]!.outcome).not.toBe('SKIP');
  }
  expect(bench.sent.filter((one) => one === 'safe')).toHaveLength(1);
  expect(bench.sent.at(-1)).toBe('safe');
  const times = events.flatMap((event) => ('at_ms' in event ? [event.at_ms] : []));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(events.filter(({ kind }) => kind === 'run-ended')).toHaveLength(1);
  expect(events.at(-1)!.kind).toBe('run-ended');
}

/** No PASS without every value that it rests on lying inside its limits, checked without `judge`. */
function checkNoFalsePass(record: RunRecord, run: AnyRun): void {
  for (const phase of lastAttempts(record).filter(({ outcome }) => outcome === 'PASS')) {
    const declared = run.procedure.phases.find(({ key }) => key === phase.key)!.measurements;
    for (const { key, validators } of declared) {
      const value = phase.measurements.findLast((one) => one.key === key)?.measured_value;
      expect(value, `${phase.key} passed without ${key}`).not.toBeNull();
      expect(value).not.toBeUndefined();
      if (validators.length > 0) expect(typeof value === 'number' && value >= 3.2 && value <= 3.4).toBe(true);
    }
  }
}

test('rules 2 to 8 and 10 hold for every run', async () => {
  const seen = new Set<RunOutcome>();
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const tried = await tryRun(run.procedure, {
        behave: behaviourOf(run),
        safe: SAFE[run.safe]!,
        ...(run.stopAtMs === undefined ? {} : { stopAtMs: run.stopAtMs }),
      });
      const { record } = tried;
      checkAccounts(tried, run);
      checkNoFalsePass(record, run);
      // At the very moment of the end either is right; the person who pressed then sees what stands there.
      const ambiguous = run.stopAtMs === tried.tookMs;
      const stopped = run.stopAtMs !== undefined && run.stopAtMs < tried.tookMs;
      if (!ambiguous) expect(record.outcome).toBe(expectedOutcome(record, run, stopped));
      expect(record.outcome === 'PASS').toBe(record.reason === undefined);
      seen.add(record.outcome!);
    }),
    { numRuns: 1000, seed: 20261120 },
  );
  // A generator that never makes a passing run would prove nothing.
  expect([...seen].sort()).toEqual(['ABORTED', 'ERROR', 'FAIL', 'PASS', 'TIMEOUT']);
}, 30_000);

test('rule 9 holds for every run: wherever the disk gives out, teardown and safe state take place', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const clock = new FakeClock();
      const bench = new FakeBench(clock, behaviourOf(run), SAFE[run.safe]!);
      let count = 0;
      const emit = () => {
        if (count++ === run.brokenAt) throw new Error('disk full');
      };
      const { procedure } = run;
      const ending = clock.run(
        runProcedure({ procedure, bench, clock, signal: new AbortController().signal, keepFile, emit }),
      );
      const failed = await ending.then(
        () => false,
        (thrown: Error) => thrown.message === 'disk full',
      );
      expect(failed).toBe(count > run.brokenAt);
      if (failed) expect(count).toBe(run.brokenAt + 1);
      expect(bench.sent.at(-1)).toBe('safe');
    }),
    { numRuns: 300, seed: 20261120 },
  );
}, 30_000);
