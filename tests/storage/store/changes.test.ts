import { describe, expect, test } from 'vitest';
import { systemClock } from '#base/clock.ts';
import { openStore } from '#storage/store/open.ts';
import { freshDeps, freshName, headerOf, sealRun } from '../fresh-store.ts';

const rest = () => systemClock.sleep(150);

describe('changes', () => {
  test('8: every open store hears of a change, a burst at most ten times a second', async () => {
    const place = { name: freshName(), deps: freshDeps() };
    const [mine, other] = [await openStore(place), await openStore(place)];
    await rest();
    let heard = 0;
    other.onChange(() => (heard += 1));
    const startedMs = performance.now();
    for (let n = 0; n < 40; n++) await sealRun(mine, `r${n}`);
    await rest();
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThanOrEqual((performance.now() - startedMs) / 100 + 1);
  });

  test('8: the hold is news; journal and settings are not', async () => {
    const store = await openStore({ name: freshName(), deps: freshDeps() });
    await store.beginRun(headerOf('a'));
    // Once for the opening, once for the run.
    await rest();
    await rest();
    let heard = 0;
    store.onChange(() => (heard += 1));
    await store.append('a', [{ kind: 'phase-started', at_ms: 0, key: 'p', name: 'p', section: 'main', attempt: 0 }]);
    await store.set('simulated', true);
    expect(heard).toBe(0);
    await store.setHold({ code: 'unauthorised', message: '', since_ms: 0 });
    expect(heard).toBe(1);
  });
});
