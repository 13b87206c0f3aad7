/** What stands on a wall is what its station says now, or nothing. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SILENT_AFTER_MS, type WallChannel, type WallWord } from '#ui/wall/wall-channel.ts';
import type { WallView } from '#ui/wall/wall-view.ts';
import { WallWatch } from '#ui/wall/wall-watch.svelte.ts';

const VIEW = { station: 'taipei-line1-042', slots: [] } as unknown as WallView;

function wall() {
  let hear: (event: { data: WallWord }) => void = () => {};
  const asked: WallWord[] = [];
  const channel = {
    postMessage: (word: WallWord) => asked.push(word),
    addEventListener: (_: string, listener: typeof hear) => (hear = listener),
    close: () => {},
  } as unknown as WallChannel;
  const watch = new WallWatch(channel, () => Date.now());
  return { watch, asked, tell: (view = VIEW) => hear({ data: { kind: 'wall', view } }) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('37: asks at once, and shows what it hears', () => {
  const { watch, asked, tell } = wall();
  expect(asked).toEqual([{ kind: 'look' }]);
  expect(watch.heard).toBeNull();
  expect(watch.isSilent).toBe(false);
  tell();
  expect(watch.heard?.view).toBe(VIEW);
});

test('37: a verdict does not outlive its station', () => {
  const { watch, tell } = wall();
  tell();
  vi.advanceTimersByTime(SILENT_AFTER_MS - 1);
  expect(watch.heard).not.toBeNull();
  vi.advanceTimersByTime(SILENT_AFTER_MS);
  expect(watch.heard).toBeNull();
  expect(watch.isSilent).toBe(true);
});

test('37: a station that is there again is shown again', () => {
  const { watch, tell } = wall();
  vi.advanceTimersByTime(3 * SILENT_AFTER_MS);
  expect(watch.isSilent).toBe(true);
  tell();
  expect(watch.isSilent).toBe(false);
  vi.advanceTimersByTime(SILENT_AFTER_MS - 1);
  expect(watch.heard?.view).toBe(VIEW);
});
