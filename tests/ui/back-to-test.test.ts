/** A window that is left on another screen goes back to Test, and never from under somebody's hands. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backToTest } from '#ui/back-to-test.ts';

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const state = { screen: 'history', minutes: 10, isTyping: false, nowMs: 0, went: 0 };
  const window = new EventTarget();
  const stop = backToTest({
    window,
    screen: () => state.screen,
    minutes: () => state.minutes,
    isTyping: () => state.isTyping,
    goBack: () => {
      state.went += 1;
      state.screen = 'operator';
    },
    monotonicMs: () => state.nowMs,
  });
  const pass = (ms: number) => {
    for (let left = ms; left > 0; left -= 5_000) {
      state.nowMs += 5_000;
      vi.advanceTimersByTime(5_000);
    }
  };
  return { state, window, pass, stop };
}

describe('44: left alone', () => {
  test('after so many minutes without a press, once', () => {
    const { state, pass } = open();
    pass(10 * MINUTE_MS - 5_000);
    expect(state.went).toBe(0);
    pass(5_000);
    expect(state.went).toBe(1);
    pass(60 * MINUTE_MS);
    expect(state.went).toBe(1);
  });

  test('any press, key, turn or touch begins it anew', () => {
    const { state, window, pass } = open();
    for (const event of ['pointerdown', 'keydown', 'wheel', 'touchmove']) {
      pass(9 * MINUTE_MS);
      window.dispatchEvent(new Event(event));
    }
    pass(9 * MINUTE_MS);
    expect(state.went).toBe(0);
    pass(MINUTE_MS);
    expect(state.went).toBe(1);
  });

  test('not where it is switched off, not while something is typed, and not from what is looked at or written', () => {
    const { state, pass } = open();
    state.minutes = 0;
    pass(60 * MINUTE_MS);
    state.minutes = 10;
    state.isTyping = true;
    pass(60 * MINUTE_MS);
    state.isTyping = false;
    for (const screen of ['workshop', 'wall', 'stations', 'operator']) {
      state.screen = screen;
      pass(60 * MINUTE_MS);
    }
    expect(state.went).toBe(0);
    state.screen = 'settings';
    pass(5_000);
    expect(state.went).toBe(1);
  });

  test('it can be stopped', () => {
    const { state, pass, stop } = open();
    stop();
    pass(60 * MINUTE_MS);
    expect(state.went).toBe(0);
  });
});
