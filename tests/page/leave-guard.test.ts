/** Leaving the page during a run is asked about, and only then. */
import { expect, test } from 'vitest';
import { FIRST_VIEW } from '../../src/bench-worker/view.ts';
import { guardLeaving } from '../../src/page/leave-guard.ts';

test('a page with a run under way asks before it is left, unless it means to go', () => {
  const page = new EventTarget();
  const guard = guardLeaving(page as unknown as Window);
  const asks = () => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const running = (is: boolean) => guard.hear({ kind: 'view', change: { running: is } });
  expect(asks()).toBe(false);
  running(true);
  expect(asks()).toBe(true);
  guard.hear({ kind: 'view', change: { prompts: FIRST_VIEW.prompts } });
  expect(asks()).toBe(true);
  running(false);
  expect(asks()).toBe(false);
  running(true);
  guard.open();
  expect(asks()).toBe(false);
});
