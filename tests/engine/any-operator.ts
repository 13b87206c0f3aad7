/**
 * Random questions and a random operator for any-procedure.ts, and what must hold of every run that asks.
 */
import { expect } from 'vitest';
import fc from 'fast-check';
import type { ShownScreen } from '#engine/link/prompt-link.ts';
import type { Phase, Step } from '#procedure/procedure.ts';
import type { Component } from '#procedure/screen.ts';
import type { Entry, FakeOperator } from './fake-operator.ts';
import type { Tried } from './try-run.ts';

/** What an operator is asked: a number that is measurement `p`, and a decision that is none. */
const asked = (key: string, kind: Component['kind'], more: Partial<Component> = {}): Component => ({
  kind,
  key,
  required: false,
  trim: true,
  ...more,
});
const ENTERED = asked('p', 'number_input', { min: 0, required: true, bind: { to: 'measurement', key: 'p' } });
const DECIDED = asked('ok', 'verdict');
const components = fc.constantFrom([ENTERED, DECIDED], [ENTERED], [DECIDED]);
export const prompt = fc
  .record({ components, timeoutMs: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }) })
  .map(({ timeoutMs, ...more }): Step => {
    const own = timeoutMs === undefined ? {} : { timeoutMs };
    return { kind: 'prompt', message: 'Look', line: 1, ...more, ...own };
  });
export const screen = fc
  .record({ components, isOnlyShown: fc.constantFrom(false, false, true), heldMs: fc.constantFrom(0, 0, 400) })
  .map(({ components: all, isOnlyShown, heldMs }) => ({
    waits: !isOnlyShown,
    components: [
      ...(heldMs > 0 ? [asked('held', 'countdown', { durationMs: heldMs })] : []),
      ...(isOnlyShown ? [asked('text', 'text')] : all),
    ],
  }));

/** What an operator enters, and when; `null`: nothing, ever. The first one may break a rule. */
export const entry = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      afterMs: fc.integer({ min: 1, max: 2000 }),
      p: fc.constantFrom(3.3, 3.3, 3.3, 3.05),
      ok: fc.constantFrom(true, true, true, false),
      isWrongFirst: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** Where no deadline is, somebody answers in the end. */
export const PATIENT = { afterMs: 2000, p: 3.3, ok: true, isWrongFirst: true };

export const boundTo = ({ key, bind }: Component): string[] => (bind ? [key] : []);

/** What an operator enters into the screens of a run, one after the other: what breaks a rule, and then what does not. */
export function planOf({
  entries,
}: {
  readonly entries: readonly (typeof PATIENT | null)[];
}): (screen: ShownScreen, index: number) => readonly Entry[] {
  return ({ components: all, waits }, index) => {
    const one = entries[index % entries.length];
    if (!one || !waits) return [];
    const given = Object.fromEntries(
      all.flatMap(({ key }) => (key === 'p' || key === 'ok' ? [[key, one[key]] as const] : [])),
    );
    const heldMs = Math.max(0, ...all.map(({ durationMs = 0 }) => durationMs));
    return [
      ...(one.isWrongFirst ? [{ afterMs: one.afterMs, given: { ...given, p: -1 } }] : []),
      { afterMs: one.afterMs, given },
      // Whatever came too early is entered again.
      { afterMs: one.afterMs + heldMs, given },
    ];
  };
}

/** Rules 25 to 28: nobody decided against what passed, whoever was asked has answered, and nobody is asked afterwards. */
export function checkOperator({ record }: Tried, phases: readonly Phase[], operator: FakeOperator): void {
  expect(operator.openCount).toBe(0);
  for (const { key, retry_count, outcome, started_ms, ended_ms, measurements } of record.phases) {
    const { ui, steps } = phases.find((one) => one.key === key)!;
    const taken = operator.taken.filter((one) => one.screen.phase === key && one.screen.attempt === retry_count);
    for (const { atMs, given } of taken) {
      expect(atMs).toBeGreaterThanOrEqual(started_ms);
      expect(atMs).toBeLessThanOrEqual(ended_ms!);
      expect((given as { p?: number }).p ?? 0).toBeGreaterThanOrEqual(0);
    }
    // What was taken is in the record, and in it stands nothing that was not.
    const entered = taken.flatMap(({ given }) => (given as { p?: number }).p ?? []);
    const recorded = measurements.flatMap((one) =>
      one.key === 'p' && one.reason !== 'was never recorded' ? [one.measured_value] : [],
    );
    expect(recorded).toEqual(entered);
    if (outcome !== 'PASS') continue;
    expect(taken.filter(({ given }) => (given as { ok?: boolean }).ok === false)).toEqual([]);
    const least = (ui?.waits ? 1 : 0) + steps.reduce((sum, one) => sum + leastAnswers(one), 0);
    expect(taken.length).toBeGreaterThanOrEqual(least);
    const heldMs = Math.max(0, ...(ui?.components ?? []).map(({ durationMs = 0 }) => durationMs));
    expect(ended_ms! - started_ms).toBeGreaterThanOrEqual(heldMs);
  }
}

function leastAnswers(step: Step): number {
  if (step.kind === 'prompt') return 1;
  if (step.kind !== 'repeat') return 0;
  const rounds = step.until ? 1 : (step.count ?? 1);
  return rounds * step.steps.reduce((sum, inner) => sum + leastAnswers(inner), 0);
}
