import { describe, expect, test } from 'vitest';
import { RepeatGuard } from '#ui/operator/repeat-guard.ts';

const KEY_MS = 5;

/** As a scanner does it: every character, then Enter. @returns when it is over */
function scan(guard: RepeatGuard, text: string, atMs: number, keyMs = KEY_MS): [isRepeat: boolean, atMs: number] {
  for (let n = 0; n < text.length; n += 1) guard.key(atMs + n * keyMs);
  const endMs = atMs + text.length * keyMs;
  return [guard.isRepeat(text, endMs, false), endMs];
}

describe('rule 23: a label that is read twice is one unit', () => {
  test.each([0, 30, 500, 750, 900])('sent again after %i ms', (pauseMs) => {
    const guard = new RepeatGuard();
    const [first, endMs] = scan(guard, 'SN-000123', 0);
    expect([first, scan(guard, 'SN-000123', endMs + pauseMs)[0]]).toEqual([false, true]);
  });

  test('for as long as it stays in front of the scanner', () => {
    const guard = new RepeatGuard();
    let [, atMs] = scan(guard, 'SN-1', 0);
    for (let n = 0; n < 20; n += 1) {
      const [isRepeat, endMs] = scan(guard, 'SN-1', atMs + 700);
      expect(isRepeat).toBe(true);
      atMs = endMs;
    }
    expect(scan(guard, 'SN-1', atMs + 1_000)[0], 'and then it is a second test').toBe(false);
  });

  test('another label is another unit, and then the first one again', () => {
    const guard = new RepeatGuard();
    const [, one] = scan(guard, 'SN-1', 0);
    const [other, two] = scan(guard, 'SN-2', one);
    expect([other, scan(guard, 'SN-1', two)[0]]).toEqual([false, false]);
  });

  test('what was refused may be tried again at once', () => {
    const guard = new RepeatGuard();
    scan(guard, 'SN-1', 0);
    for (const _ of 'SN-1') guard.key(30);
    expect(guard.isRepeat('SN-1', 40, true)).toBe(false);
  });

  test('whoever types or pastes the number again means it', () => {
    const typed = new RepeatGuard();
    const [, endMs] = scan(typed, 'SN-1', 0, 120);
    expect(scan(typed, 'SN-1', endMs, 120)[0]).toBe(false);
    const pasted = new RepeatGuard();
    expect([pasted.isRepeat('SN-1', 0, false), pasted.isRepeat('SN-1', 10, false)]).toEqual([false, false]);
  });
});
