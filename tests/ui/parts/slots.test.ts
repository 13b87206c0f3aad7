/** Small judgements of the screens with several slots: which verdict is heard, which plug is named, what is wrong so far. */
import { describe, expect, test } from 'vitest';
import type { StationView } from '#engine/link/station-link.ts';
import { LiveRun } from '#ui/live-run.svelte.ts';
import { troubleSoFar } from '#ui/parts/first-reason.ts';
import { FreshVerdicts } from '#ui/parts/fresh-verdicts.ts';
import { plugGroups } from '#ui/parts/plug-groups.ts';
import { EVENTS, headerOf, READY } from '../gallery/samples.ts';

const run = (state: string, count?: number) => {
  const live = new LiveRun(headerOf('SN-1'), 0);
  live.apply((EVENTS[state] ?? []).slice(0, count));
  return live;
};
const verdict = (state: string, isOldNews = false) => ({ decided: run(state), isOldNews });

describe('what is heard', () => {
  test('each verdict once; of several, the one that needs a person most', () => {
    const fresh = new FreshVerdicts();
    const [pass, fail, error] = [verdict('pass'), verdict('fail'), verdict('error')];
    expect(fresh.take([pass, { decided: null, isOldNews: false }])).toBe('PASS');
    expect(fresh.take([pass, fail])).toBe('FAIL');
    expect(fresh.take([pass, fail])).toBeNull();
    expect(fresh.take([verdict('pass'), fail, error])).toBe('ERROR');
  });

  test('one that was on the screen before is no news, and never becomes any', () => {
    const fresh = new FreshVerdicts();
    const old = verdict('fail', true);
    expect(fresh.take([old])).toBeNull();
    expect(fresh.take([{ ...old, isOldNews: false }])).toBeNull();
  });
});

describe('plugs of many slots', () => {
  const slots = ['left', 'right', 'top'].map((key) => ({ key, name: key.toUpperCase(), running: false, serial: null }));
  const plug = (slot: string | undefined, state: StationView['plugs'][number]['state'] = 'ready') => ({
    ...READY.plugs[0]!,
    state,
    ...(slot === undefined ? {} : { slot, name: `Fixture (${slot.toUpperCase()})` }),
  });

  test('one for each key, with the state of the worst, named when it is only one', () => {
    const dmm = { ...plug(undefined), key: 'dmm', name: 'DMM' };
    const groups = (...plugs: StationView['plugs']) => plugGroups({ slots, plugs });
    expect(groups(dmm, plug('left'), plug('right'))).toEqual([
      { key: 'dmm', name: 'DMM', state: 'ready' },
      { key: 'fixture', name: 'Fixture', state: 'ready' },
    ]);
    expect(groups(plug('left'), plug('right', 'lost'))).toEqual([
      { key: 'fixture', name: 'Fixture (RIGHT)', state: 'lost' },
    ]);
    expect(groups(plug('left', 'missing'), plug('right', 'wrong'), plug('top'))).toEqual([
      { key: 'fixture', name: '2 of 3: Fixture', state: 'wrong' },
    ]);
    expect(groups(plug(undefined, 'lost'))).toEqual([{ key: 'fixture', name: 'Fixture', state: 'lost' }]);
  });
});

describe('what is wrong so far', () => {
  test('the first phase that went wrong, and nothing of one that is tried again', () => {
    expect(troubleSoFar(run('running').record)).toBeNull();
    const failed = EVENTS['fail']!.findIndex((event) => event.kind === 'phase-ended' && event.outcome === 'FAIL');
    expect(troubleSoFar(run('fail', failed).record)).toBeNull();
    expect(troubleSoFar(run('fail', failed + 1).record)).toMatchObject({ place: 'Power rails' });
    const again = EVENTS['fail']!.findIndex((event) => event.kind === 'phase-started' && event.attempt === 1);
    expect(troubleSoFar(run('fail', again + 1).record)).toBeNull();
    expect(troubleSoFar(run('error', EVENTS['error']!.length - 1).record)?.sentence).toContain('was lost');
  });
});
