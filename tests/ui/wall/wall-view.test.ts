/** What a wall is told of a station: the words of the operator's screen, and no verdict that does not stand. */
import { expect, test } from 'vitest';
import type { StationNews, StationView } from '#engine/link/station-link.ts';
import type { RunEvent } from '#record/run-event.ts';
import { EmergencyDesk } from '#ui/operator/emergency-desk.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';
import { StationState } from '#ui/station-state.svelte.ts';
import { wallViewOf } from '#ui/wall/wall-view.ts';
import { EVENTS, headerOf, READY } from '../gallery/samples.ts';

function wallOf(change: Partial<StationView>, events: readonly RunEvent[] = []) {
  let tell: (news: StationNews) => void = () => {};
  const port = { on: (listener: typeof tell) => (tell = listener), call: {} } as unknown as StationPort;
  const station = new StationState(
    port,
    (flush) => flush(),
    () => 0,
  );
  tell({ kind: 'view', change: { ...READY, ...change } });
  if (events.length > 0) tell({ kind: 'run', slot: '1', events });
  return wallViewOf(station, new EmergencyDesk(station), 2_500);
}
const run = (state: string): RunEvent[] => [
  { kind: 'run-started', header: headerOf('SN-000124') },
  ...(EVENTS[state] ?? []),
];

test('38: a verdict with its unit and its first reason', () => {
  const [slot] = wallOf({}, run('fail')).slots;
  expect(slot).toMatchObject({ look: 'fail', word: 'FAIL', serial: 'SN-000124', elapsedMs: null });
  expect(slot?.reason).toContain('3.0');
});

test('38: while a unit is under test there is no verdict, and its time runs', () => {
  const [slot] = wallOf({ running: true }, run('running')).slots;
  expect(slot).toMatchObject({ look: 'run', serial: 'SN-000124', elapsedMs: 2_500 });
  expect(slot?.done).toBeGreaterThan(0);
  expect(slot?.phases).toBeGreaterThan(slot?.done ?? 0);
});

test('38: what needs a person, once each, the worst first', () => {
  const hold = { code: 'unauthorised', message: 'TofuPilot refuses this key.', remedy: '' };
  const { troubles } = wallOf({
    refusal: { code: 'serial-pattern', message: 'No serial number.', remedy: '' },
    queue: { ...READY.queue, parked: 2, hold },
    notices: [
      { code: 'c', tone: 'info', message: 'All is well.', remedy: '' },
      { code: 'run-interrupted', tone: 'warning', message: 'A run was cut off.', remedy: '' },
      { ...hold, tone: 'error' },
    ],
  });
  expect(troubles).toEqual([
    'No serial number.',
    'TofuPilot refuses this key.',
    'A run was cut off.',
    '2 runs cannot be uploaded without a person.',
  ]);
});

test('38: a day without a run has no yield', () => {
  expect(wallOf({ today: { runs: 0, firstPassYield: 0 } }).yieldToday).toBe('');
  expect(wallOf({ today: { runs: 9, firstPassYield: 0.9999 } }).yieldToday).toBe('99.9\u202f%');
});

test('38: a fixture that is not ready is not “Ready”', () => {
  const plugs = READY.plugs.map((plug) => ({
    ...plug,
    state: 'lost' as const,
    message: 'It is gone.',
    remedy: 'Plug it in.',
  }));
  expect(wallOf({ plugs }).slots[0]).toMatchObject({
    look: 'unready',
    word: 'Not ready',
    reason: 'It is gone. Plug it in.',
  });
});
