import { describe, expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';

describe('the fake clock', () => {
  test('wakes sleepers in order of their moments, not of their calls', async () => {
    const clock = new FakeClock();
    const woken: string[] = [];
    const all = Promise.all([
      clock.sleep(30).then(() => woken.push(`late ${clock.monotonicMs()}`)),
      clock.sleep(10).then(() => woken.push(`early ${clock.monotonicMs()}`)),
    ]);
    await clock.run(all);
    expect(woken).toEqual(['early 10', 'late 30']);
  });

  test('advance wakes nobody who is due later', async () => {
    const clock = new FakeClock();
    let woken = false;
    void clock.sleep(50).then(() => (woken = true));
    await clock.advance(49);
    expect(woken).toBe(false);
    await clock.advance(1);
    expect(woken).toBe(true);
    expect(clock.nowMs() - new FakeClock().nowMs()).toBe(50);
  });

  test('an aborted sleeper rejects with the reason and is forgotten', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const sleep = clock.sleep(50, stop.signal);
    stop.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
    expect(clock.sleeping).toBe(0);
  });

  test('says so when something waits for ever', async () => {
    await expect(new FakeClock().run(new Promise(() => undefined))).rejects.toThrow('stands still');
  });
});
