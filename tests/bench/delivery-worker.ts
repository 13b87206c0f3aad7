/**
 * Inside the browser: fills the station's store with runs as the bench worker does, then delivers them as it does:
 * the shipped drain and client under the shipped lock, until nothing is left. Only the delivery is timed.
 */
import { v7 as uuid } from 'uuid';
import { systemClock } from '#base/clock.ts';
import { localDay } from '#base/local-day.ts';
import { DEFAULT_SETTINGS } from '#fleet/distribution/manifest.ts';
import { type LocalStore, openStore } from '#storage/store/open.ts';
import { drain } from '#sync/outbox/drain.ts';
import { OUTBOX_LOCK, webLock } from '#sync/outbox/web-lock.ts';
import { createCarrier } from '#sync/tofupilot/client.ts';
import { toRunBody } from '#sync/tofupilot/run-body.ts';
import { courseOf, headerOf, passed, RUNS } from './delivery-runs.ts';

/** The desk commits within 50 ms or never: what a look-up does not find after 2 s will not come. */
const AMBIGUOUS_WAIT_MS = 2_000;

self.onmessage = async () => {
  try {
    const store = await openStore();
    const began = performance.now();
    await fill(store);
    const fillMs = performance.now() - began;
    const ms = await deliver(store);
    store.close();
    self.postMessage({ ms, fillMs });
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};

async function fill(store: LocalStore): Promise<void> {
  for (let n = 0; n < RUNS; n++) {
    const record = passed(await store.beginRun(headerOf(n, uuid())));
    const { course, end } = courseOf(record);
    await store.append(record.id, course);
    await store.seal(record.id, [end], record, JSON.stringify(toRunBody(record)));
  }
}

async function deliver(store: LocalStore): Promise<number> {
  const { signal } = new AbortController();
  const { concurrency, rate_per_s } = DEFAULT_SETTINGS.sync;
  const carrier = createCarrier({
    baseUrl: '/tofupilot',
    key: async () => 'key',
    fetch: (...request) => fetch(...request),
    clock: systemClock,
  });
  const withLock = webLock(OUTBOX_LOCK);
  const began = performance.now();
  for (;;) {
    const { left, nextAtMs } = await withLock(signal, () =>
      drain({
        store,
        carrier,
        clock: systemClock,
        random: Math.random,
        settings: { ambiguousWaitMs: AMBIGUOUS_WAIT_MS, concurrency, ratePerS: rate_per_s },
        signal,
        today: () => localDay(Date.now()),
      }),
    );
    if (left === 0) return performance.now() - began;
    await systemClock.sleep(Math.max(0, (nextAtMs ?? 0) - Date.now()));
  }
}
