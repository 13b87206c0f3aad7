/** The steps of a new station tick themselves off from what the station says. */
import { expect, test } from 'vitest';
import { FIRST_VIEW } from '#ui/station-state.svelte.ts';
import { firstSteps, isSetUp } from '#ui/help/first-steps.ts';
import { READY, RECENT } from '../gallery/samples.ts';

const states = (view: Parameters<typeof firstSteps>[0]) => firstSteps(view).map(({ state }) => state);
const [PLUG] = READY.plugs;
const NEW = { ...READY, recent: [] };

test('a browser that is no station has its enrolment before it', () => {
  expect(states({ ...FIRST_VIEW, status: 'unenrolled' })).toEqual(['now', 'later', 'later']);
});

test.each(['missing', 'wrong', 'lost', 'permission', 'rebooting'] as const)(
  'a plug that is %s is the next step',
  (state) => {
    expect(states({ ...NEW, plugs: [PLUG!, { ...PLUG!, key: 'other', state }] })).toEqual(['done', 'now', 'later']);
  },
);

test('without a procedure nobody knows what to connect', () => {
  expect(states({ ...NEW, procedure: null, plugs: [] })).toEqual(['done', 'now', 'later']);
});

test('a procedure without a plug needs no fixture', () => {
  expect(states({ ...NEW, plugs: [] })).toEqual(['done', 'done', 'now']);
});

test('a first run, whatever came of it, is the last step', () => {
  expect(states(NEW)).toEqual(['done', 'done', 'now']);
  expect(isSetUp(firstSteps(NEW))).toBe(false);
  expect(isSetUp(firstSteps({ ...NEW, recent: RECENT }))).toBe(true);
});

test('a step that was done before its turn stays done: a fixture may be lost again', () => {
  expect(states({ ...READY, recent: RECENT, plugs: [{ ...PLUG!, state: 'lost' }] })).toEqual(['done', 'now', 'done']);
});
