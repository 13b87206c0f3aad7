/**
 * How far a new station has come: enrolled, its fixture ready, a first unit tested.
 *
 * Read from what the station says of itself, so that a step is done when it is done, whoever did it and in whichever
 * order. Above: FirstSteps.svelte. Knows nothing of how it looks.
 */
import type { StationView } from '#engine/link/station-link.ts';

/** now: the first that is not done, and the only one. */
export type StepState = 'done' | 'now' | 'later';

export interface Step {
  readonly key: 'enrol' | 'fixture' | 'unit';
  readonly state: StepState;
}

export function firstSteps(view: StationView): readonly Step[] {
  const isEnrolled = view.station !== '';
  const done: readonly (readonly [Step['key'], boolean])[] = [
    ['enrol', isEnrolled],
    // A procedure without a plug needs no fixture.
    ['fixture', isEnrolled && view.procedure !== null && view.plugs.every(({ state }) => state === 'ready')],
    ['unit', isEnrolled && view.recent.length > 0],
  ];
  const now = done.find(([, isDone]) => !isDone)?.[0];
  return done.map(([key, isDone]) => ({ key, state: isDone ? 'done' : key === now ? 'now' : 'later' }));
}

export function isSetUp(steps: readonly Step[]): boolean {
  return steps.every(({ state }) => state === 'done');
}
