/** Wires first, then the run, then words: what a person reads after an emergency stop. */
import { describe, expect, test } from 'vitest';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import { emergencyStop } from '../../src/bench-worker/emergency-stop.ts';
import { View } from '../../src/bench-worker/view.ts';
import { unsafePlug } from '../engine/fake-bench.ts';

function pressed(over: Promise<readonly PlugStatus[]> | null, hasSafeState = true) {
  const order: string[] = [];
  const view = new View((news) => order.push(news.kind));
  const fixture = {
    hasSafeState,
    cutOff: () => {
      order.push('wires');
      return over;
    },
  };
  const workshop = { hasSafeState: false, cutOff: () => null };
  emergencyStop(view, { fixture, desk: { cut: () => order.push('run') }, workshop });
  const notice = () => view.current.notices.find(({ code }) => code === 'emergency-stop');
  return { order, notice, view };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('emergency stop', () => {
  test('cuts the wires before anything else, then ends the run, then says so', () => {
    const { order, notice } = pressed(new Promise(() => {}));
    expect(order).toEqual(['wires', 'run', 'view']);
    expect(notice()).toMatchObject({ tone: 'error', message: expect.stringContaining('not confirmed yet') });
  });

  test('a safe state that was confirmed is said, and that a screen is no proof', async () => {
    const { notice, view } = pressed(Promise.resolve([]));
    await settled();
    expect(notice()).toMatchObject({ tone: 'warning', remedy: expect.stringContaining('no proof') });
    expect(view.current.notices, 'one word at a time').toHaveLength(1);
  });

  test('who did not confirm it is named, with what to do', async () => {
    const { notice } = pressed(Promise.resolve([unsafePlug('Fixture'), unsafePlug('Load')]));
    await settled();
    expect(notice()).toMatchObject({ tone: 'error', remedy: expect.stringContaining('own switch') });
    expect(notice()?.message).toContain('Fixture, Load');
  });

  test('nothing is called safe that has no safe state, or when it failed', async () => {
    const none = pressed(Promise.resolve([]), false);
    const failed = pressed(Promise.reject(new Error('broken')));
    await settled();
    for (const { notice } of [none, failed]) expect(notice()?.tone).toBe('error');
  });

  test('without a wire, or before the station has started, it says that there was none to cut', () => {
    expect(pressed(null).notice()?.message).toContain('none to cut');
    const view = new View(() => {});
    emergencyStop(view, undefined);
    expect(view.current.notices).toMatchObject([{ code: 'emergency-stop', tone: 'error' }]);
  });
});
