/** Whether files wait, and what a person's word changes. */
import { describe, expect, test } from 'vitest';
import type { StationView, Supply } from '#engine/link/station-link.ts';
import { Thrift, waitReason } from '../../src/bench-worker/thrift.ts';
import { View } from '../../src/bench-worker/view.ts';

const GOOD: Supply = { batteryLevel: 0.8, isDischarging: true, savesData: false, connectionType: 'wifi' };
const LOW: Supply = { ...GOOD, batteryLevel: 0.14 };

describe('thrift', () => {
  test.each([
    ['enough', GOOD, false],
    ['low', LOW, true],
    ['at the limit', { ...GOOD, batteryLevel: 0.15 }, false],
    ['low and charging', { ...LOW, isDischarging: false }, false],
    ['saves data', { ...GOOD, savesData: true }, true],
    ['mobile', { ...GOOD, connectionType: 'cellular' }, true],
    ['says nothing', { batteryLevel: null, isDischarging: false, savesData: false, connectionType: null }, false],
  ] as const)('files wait: %s', (_name, supply, waits) => {
    expect(waitReason(supply) !== null).toBe(waits);
  });

  test('a person may send them now; that ends with the next good supply, and the service worker is told', async () => {
    const kept: unknown[] = [];
    const shown: StationView['filesWait'][] = [];
    let woken = 0;
    const view = new View((news) => {
      if (news.kind === 'view') shown.push(news.change.filesWait!);
    });
    const store = { set: async (_key: string, value: unknown) => void kept.push(value) };
    const thrift = new Thrift({ store, view, wake: () => (woken += 1) });
    await thrift.heed(LOW);
    expect([thrift.filesWait, woken]).toEqual([true, 0]);
    await thrift.sendNow();
    await thrift.heed({ ...LOW, batteryLevel: 0.13 });
    expect([thrift.filesWait, woken]).toEqual([false, 2]);
    await thrift.heed(GOOD);
    await thrift.heed(LOW);
    expect(thrift.filesWait).toBe(true);
    expect(kept).toEqual([true, false, false, false, true]);
    expect(shown.map((word) => word !== null)).toEqual([true, false, false, false, true]);
  });
});
