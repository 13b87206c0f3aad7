/** Steps that are held, and the clock of their phases meanwhile. */
import { describe, expect, test } from 'vitest';
import { runProcedure } from '#engine/run-procedure.ts';
import { applyEvent, recordOf } from '#record/run-event.ts';
import type { StepPlace } from '#engine/before-step.ts';
import type { RunHeader } from '#record/run-record.ts';
import { StepGate, type Pace } from '../../../src/bench-worker/workshop/step-gate.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { aMeasurement, aPhase, aProcedure, measure, range, wait, write } from '../../engine/a-procedure.ts';
import { FakeBench } from '../../engine/fake-bench.ts';

/** A run whose every hold a person looks at for `lookMs`, and then does as `next` says. */
async function tried(pace: Pace, { lookMs = 0, next = 'step' as Pace | 'stop', limitMs = 0 } = {}) {
  const clock = new FakeClock();
  const bench = new FakeBench(clock, (_, command) => ({ kind: 'answer', text: command === 'rail?' ? '5' : '' }));
  const stop = new AbortController();
  const places: string[] = [];
  const sent: number[] = [];
  const onPlace = ({ phase, section }: StepPlace, isWaiting: boolean) => {
    places.push(`${section} ${phase}${isWaiting ? ' held' : ''}`);
    if (!isWaiting) return;
    sent.push(bench.sent.length);
    void clock.sleep(lookMs).then(() => (next === 'stop' ? stop.abort() : gate.go(next)));
  };
  const limit = limitMs > 0 ? { afterMs: limitMs, act: () => stop.abort() } : null;
  const gate = new StepGate(clock, pace, onPlace, limit);
  const procedure = aProcedure([
    aPhase('On', [write('ON')], {}, 'setup'),
    aPhase('Rail', [wait(20), measure('rail')], {
      timeoutMs: 1000,
      measurements: [aMeasurement('rail', [range(0, 1)])],
    }),
    aPhase('Off', [write('OFF')], {}, 'teardown'),
  ]);
  const record = recordOf({} as RunHeader);
  await clock.run(
    runProcedure({
      procedure,
      bench,
      clock: gate.clock,
      beforeStep: gate.beforeStep,
      signal: stop.signal,
      keepFile: () => Promise.reject(new Error('no file')),
      emit: (event) => applyEvent(record, event),
    }),
  );
  return { record, bench, places, sent, tookMs: clock.monotonicMs() };
}

describe('engine rule 32: before a step', () => {
  test('each step of setup and main is held, teardown never, and nothing is sent before', async () => {
    const { places, sent, bench, record } = await tried('step');
    expect(places.filter((place) => place.endsWith('held'))).toEqual([
      'setup on held',
      'main rail held',
      'main rail held',
    ]);
    expect(places.at(-1)).toBe('teardown off');
    expect(sent[0], 'nothing was sent while the first step was held').toBe(0);
    expect(bench.sent).toEqual(['fixture: ON', 'fixture: rail?', 'fixture: OFF', 'safe']);
    expect(record.outcome).toBe('FAIL');
  });

  test('and nothing is, where nobody asks for it', async () => {
    expect((await tried('on')).places.some((place) => place.endsWith('held'))).toBe(false);
  });

  test('whoever lets it go on is not asked again', async () => {
    const { places } = await tried('step', { next: 'on' });
    expect(places.filter((place) => place.endsWith('held'))).toEqual(['setup on held']);
  });

  test('a stop ends the hold: the step is not done, teardown and safe state are', async () => {
    const { bench, record } = await tried('step', { next: 'stop' });
    expect(record.outcome).toBe('ABORTED');
    expect(bench.sent).toEqual(['fixture: OFF', 'safe']);
  });
});

describe('rule 21: the clock stands still meanwhile', () => {
  test('a phase that is looked at for minutes does not run out of its second', async () => {
    const { record, tookMs } = await tried('step', { lookMs: 120_000 });
    expect(tookMs).toBeGreaterThan(300_000);
    expect(record.phases.map(({ outcome }) => outcome)).toEqual(['PASS', 'FAIL', 'PASS']);
    const [, rail] = record.phases;
    expect(rail!.ended_ms! - rail!.started_ms, 'nor is the look part of what it took').toBeLessThan(100);
  });
});

describe('rule 21: nobody is there', () => {
  test('a hold ends at its limit, and what was switched on is switched off', async () => {
    const { record, bench, tookMs } = await tried('step', { lookMs: 120_000, limitMs: 60_000 });
    expect(record.outcome).toBe('ABORTED');
    expect(bench.sent).toEqual(['fixture: OFF', 'safe']);
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(tookMs).toBeLessThan(61_000);
  });

  test('each press begins it anew', async () => {
    const { record, tookMs } = await tried('step', { lookMs: 40_000, limitMs: 60_000 });
    expect(record.outcome).toBe('FAIL');
    expect(tookMs, 'longer than the limit').toBeGreaterThan(120_000);
  });

  test('also where several steps are held, and one of them goes on', async () => {
    const clock = new FakeClock();
    const ended: number[] = [];
    const gate = new StepGate(clock, 'step', () => {}, {
      afterMs: 60_000,
      act: () => void ended.push(clock.monotonicMs()),
    });
    const place: StepPlace = { phase: 'a', section: 'main', line: 1 };
    const { signal } = new AbortController();
    const [one] = [gate.beforeStep(place, signal), gate.beforeStep(place, signal)];
    await clock.run(clock.sleep(40_000));
    gate.go('step');
    await one;
    await clock.run(clock.sleep(59_000));
    expect(ended).toEqual([]);
    await clock.run(clock.sleep(2_000));
    expect(ended).toEqual([100_000]);
  });

  test('what is not held has no limit', async () => {
    const { record } = await tried('step', { lookMs: 5, limitMs: 10, next: 'on' });
    expect(record.outcome).toBe('FAIL');
  });
});
