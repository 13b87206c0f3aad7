import { describe, expect, test } from 'vitest';
import { AnalysisDesk } from '#ui/analysis/analysis-desk.svelte.ts';
import { GaugeDesk, partsOf, wishTrouble } from '#ui/analysis/gauge-desk.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';
import { AStation, AStorage, DAY_MS, kept, NOW_MS } from './a-station.ts';

const WISH = { path: 'rails/rail', parts: 'SN-1, SN-2', operators: ['ana@example.com'], trials: 2 };

async function gaugeOn(storage = new AStorage()) {
  const runs = kept([0.4, 0.3, 0.2, 0.1], (at) => ({ serial_number: `SN-${(at % 2) + 1}` }));
  const port = { call: new AStation(runs).call };
  const view = { procedure: { id: 'p' }, recent: [] };
  const desk = new AnalysisDesk({ port, view } as unknown as StationState, storage, () => NOW_MS);
  await desk.read();
  return { desk, gauge: new GaugeDesk(desk, storage) };
}

describe('a gauge study', () => {
  test('fills itself, whatever the period, and has a result by both methods', async () => {
    const { desk, gauge } = await gaugeOn();
    gauge.begin(WISH, NOW_MS - DAY_MS);
    desk.period = 'today';
    expect(gauge.series?.key).toBe('rail');
    expect(gauge.progress).toMatchObject({ done: 4, wanted: 4 });
    expect(gauge.results?.byAnova?.ev).toBeGreaterThan(0);
    expect(gauge.results?.byRange?.av).toBeNull();
  });

  test('outlives the page, by procedure, until it is ended', async () => {
    const storage = new AStorage();
    (await gaugeOn(storage)).gauge.begin(WISH, NOW_MS);
    const { desk, gauge } = await gaugeOn(storage);
    expect(gauge.plan).toMatchObject({ parts: ['SN-1', 'SN-2'], sinceMs: NOW_MS });
    expect(gauge.progress).toMatchObject({ done: 0, wanted: 4 });
    expect(gauge.results).toBeNull();
    desk.procedureId = 'q';
    expect(gauge.plan).toBeNull();
    desk.procedureId = 'p';
    gauge.end();
    expect((await gaugeOn(storage)).gauge.plan).toBeNull();
  });

  test('what was kept and is no plan is left out', async () => {
    const storage = new AStorage();
    for (const text of ['{', '{"p":{"path":1}}', '{"p":null}', '[]']) {
      storage.setItem('fieldbench-gauge-study', text);
      expect((await gaugeOn(storage)).gauge.plan, text).toBeNull();
    }
  });
});

describe('what is wished for', () => {
  test('serial numbers with anything between, each once', () => {
    expect(partsOf(' SN-1,sn-1;SN-2\n\nSN-3 ')).toEqual(['SN-1', 'SN-2', 'SN-3']);
  });

  test.each([
    [{ path: '' }, 'Choose a measurement.'],
    [{ parts: 'SN-1' }, 'at least two parts'],
    [{ parts: Array.from({ length: 26 }, (_, at) => `SN-${at}`).join(' ') }, 'At most 25 parts'],
    [{ operators: [] }, 'Choose who measures'],
  ])('%j is said', (wrong, words) => {
    expect(wishTrouble({ ...WISH, ...wrong })).toContain(words);
    expect(wishTrouble(WISH)).toBeNull();
  });
});
