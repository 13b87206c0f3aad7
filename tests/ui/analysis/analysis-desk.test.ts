import { describe, expect, test } from 'vitest';
import { AnalysisDesk } from '#ui/analysis/analysis-desk.svelte.ts';
import { periodStart } from '#ui/analysis/period.ts';
import type { StationState } from '#ui/station-state.svelte.ts';
import { AStation, AStorage, DAY_MS, kept, NOW_MS } from './a-station.ts';

function deskOn(station: AStation, storage = new AStorage()) {
  const view = { procedure: { id: 'p' }, recent: [] };
  const port = { call: station.call };
  return new AnalysisDesk({ port, view } as unknown as StationState, storage, () => NOW_MS);
}

describe('what is looked at', () => {
  test('runs of the period, worked out anew as pieces arrive', async () => {
    const desk = deskOn(new AStation(kept([80, 50, 20, 10, 0.2, 0.1])));
    expect(desk.runs).toHaveLength(0);
    await desk.read();
    expect(desk.runs.map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    desk.period = 'quarter';
    await desk.read();
    expect(desk.runs).toHaveLength(6);
    desk.period = 'today';
    expect(desk.runs.map(({ seq }) => seq)).toEqual([5, 6]);
  });

  test('simulated runs count only where there are no others', async () => {
    const station = new AStation(kept([3, 2, 1], () => ({ simulated: true })));
    const desk = deskOn(station);
    await desk.read();
    expect([desk.isSimulated, desk.runs.length]).toEqual([true, 3]);
    station.runs = [...station.runs, { ...kept([0, 0, 0, 0])[3]!, simulated: false }];
    await desk.read();
    expect([desk.isSimulated, desk.runs.length]).toEqual([false, 1]);
  });

  test('a release, until another procedure is chosen', async () => {
    const old = { id: 'p', name: 'Power board', version: '3.1.0', release: 'sha256:old', development: false };
    const desk = deskOn(new AStation(kept([3, 2, 1], (at) => (at === 0 ? { procedure: old } : {}))));
    await desk.read();
    expect(desk.releases.map(({ version }) => version)).toEqual(['3.2.0', '3.1.0']);
    desk.release = 'sha256:old';
    expect(desk.runs.map(({ seq }) => seq)).toEqual([1]);
    desk.procedureId = 'q';
    expect(desk.release).toBeNull();
  });

  test('the first measurement that has numbers, until one is chosen', async () => {
    const desk = deskOn(new AStation(kept([1, 0])));
    expect(desk.series).toBe(-1);
    await desk.read();
    expect(desk.book.series[desk.series]!.key).toBe('rail');
    desk.path = 'nothing/here';
    expect(desk.book.series[desk.series]!.key).toBe('rail');
  });

  test('shifts are kept, and what is no list of times is not believed', () => {
    const storage = new AStorage();
    deskOn(new AStation([]), storage).shifts = { starts: [420, 900] };
    expect(deskOn(new AStation([]), storage).shifts.starts).toEqual([420, 900]);
    storage.setItem('fieldbench-shifts', 'whenever');
    expect(deskOn(new AStation([]), storage).shifts.starts).toEqual([360, 840, 1320]);
  });
});

test('a period begins at midnight, and today is the last of its days', () => {
  const midnight = new Date(2026, 10, 30).getTime();
  const noon = new Date(2026, 10, 30, 12).getTime();
  expect(periodStart('today', noon)).toBe(midnight);
  expect(periodStart('week', noon)).toBe(midnight - 6 * DAY_MS);
  expect(periodStart('all', noon)).toBe(-Infinity);
});
