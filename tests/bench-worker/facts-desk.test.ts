import { describe, expect, test } from 'vitest';
import type { RunEvent } from '#record/run-event.ts';
import { applyEvent } from '#record/run-event.ts';
import { type FactsDeskOptions, readFacts } from '../../src/bench-worker/facts-desk.ts';
import { freshStore, headerOf } from '../storage/fresh-store.ts';

const PROCEDURE = headerOf('x').procedure.id;
type Store = Awaited<ReturnType<typeof freshStore>>;

async function seal(store: Store, id: string, serial_number: string, value: number, more: object = {}): Promise<void> {
  await store.beginRun(headerOf(id, { serial_number, ...more }));
  const record = (await store.unfinished()).find((one) => one.id === id)!;
  const passes = value <= 3.4;
  const events: RunEvent[] = [
    { kind: 'phase-started', at_ms: 0, key: 'rails', name: 'Rails', section: 'main', attempt: 0 },
    {
      kind: 'measurement',
      at_ms: 5,
      phase: 'rails',
      measurement: {
        key: 'rail',
        name: 'Rail',
        outcome: passes ? 'PASS' : 'FAIL',
        measured_value: value,
        units: 'V',
        validators: [{ operator: '<=', expected_value: 3.4, outcome: passes ? 'PASS' : 'FAIL', is_decisive: true }],
      },
    },
    { kind: 'phase-ended', at_ms: 10, phase: 'rails', outcome: passes ? 'PASS' : 'FAIL' },
    { kind: 'run-ended', at_ms: 12, outcome: passes ? 'PASS' : 'FAIL', interrupted: false },
  ];
  for (const event of events) applyEvent(record, event);
  await store.seal(id, events, record, '{}');
}

const idle: FactsDeskOptions['clock'] = { monotonicMs: () => 0, sleep: async () => {} };
const desk = (store: Store, isBusy = () => false, clock = idle) => ({ store, clock, isBusy });

describe('facts of kept runs', () => {
  test('what was measured and what decided, newest first, of one procedure', async () => {
    const store = await freshStore();
    await seal(store, 'a', 'sn-1', 3.3);
    await seal(store, 'b', 'SN-2', 3.5);
    await seal(store, 'c', 'SN-3', 3.1, { procedure: { ...headerOf('c').procedure, id: 'other', name: 'Other' } });
    const { runs, series, phases, next, newestSeq, procedures } = await readFacts(desk(store), {
      procedureId: PROCEDURE,
      afterSeq: 0,
    });
    expect(runs.map(({ unit, outcome, detail }) => [unit, outcome, [...detail!.values]])).toEqual([
      ['SN-2', 'FAIL', [3.5]],
      ['SN-1', 'PASS', [3.3]],
    ]);
    expect(series).toMatchObject([{ phase: 'rails', key: 'rail', low: null, high: 3.4 }]);
    expect(phases[runs[0]!.detail!.failedPhase]!.name).toBe('Rails');
    expect([next, newestSeq]).toEqual([null, 3]);
    expect(procedures.map(({ id }) => id).sort()).toEqual(['other', PROCEDURE].sort());
  });

  test('a run under way is not there yet; what came after a number is asked for alone', async () => {
    const store = await freshStore();
    await seal(store, 'a', 'SN-1', 3.3);
    await seal(store, 'b', 'SN-2', 3.2);
    await store.beginRun(headerOf('c'));
    const { runs, next } = await readFacts(desk(store), { procedureId: PROCEDURE, afterSeq: 1 });
    expect([runs.map(({ seq }) => seq), next]).toEqual([[2], null]);
  });

  test('while a unit is under test pieces are small, one run after the other, with a rest as long as the reading', async () => {
    const store = await freshStore();
    for (let n = 0; n < 12; n += 1) await seal(store, `r${n}`, `SN-${n}`, 3.3);
    let underWay = 0;
    let most = 0;
    const slept: number[] = [];
    const slow = {
      history: store.history.bind(store),
      record: async (id: string) => {
        most = Math.max(most, ++underWay);
        const kept = await store.record(id);
        underWay -= 1;
        return kept;
      },
    } as unknown as Store;
    let nowMs = 0;
    const clock = { monotonicMs: () => (nowMs += 40), sleep: async (ms: number) => void slept.push(ms) };
    const first = await readFacts(
      desk(slow, () => true, clock),
      { procedureId: PROCEDURE, afterSeq: 0 },
    );
    expect([first.runs.length, first.next, most, slept]).toEqual([10, 3, 1, [40]]);
    const rest = await readFacts(desk(slow), { procedureId: PROCEDURE, afterSeq: 0, beforeSeq: first.next! });
    expect([rest.runs.map(({ seq }) => seq), rest.next]).toEqual([[2, 1], null]);
    const all = await readFacts(desk(slow), { procedureId: PROCEDURE, afterSeq: 0 });
    expect(all.runs).toHaveLength(12);
    expect(most).toBeGreaterThan(1);
    expect(slept).toHaveLength(1);
  });

  test('a record that cannot be read leaves its line', async () => {
    const store = await freshStore();
    await seal(store, 'a', 'SN-1', 3.3);
    const broken = { history: store.history.bind(store), record: () => Promise.reject(new Error('damaged')) };
    const { runs } = await readFacts(desk(broken as unknown as Store), { procedureId: PROCEDURE, afterSeq: 0 });
    expect(runs).toMatchObject([{ unit: 'SN-1', outcome: 'PASS', detail: null }]);
  });
});
