/** Inside the browser: seals a run after each of some garbage collections, and says how many runs are on disk. */
import { v7 as uuid } from 'uuid';
import { openStore } from '#storage/store/open.ts';
import { courseOf, headerOf, passed } from '../bench/delivery-runs.ts';

const ROUNDS = 5;

self.onmessage = async () => {
  try {
    const store = await openStore();
    for (let n = 0; n < ROUNDS; n++) {
      (globalThis as unknown as { gc(): void }).gc();
      // What was collected is torn down in a task of its own.
      await new Promise((resolve) => setTimeout(resolve));
      const record = passed(await store.beginRun(headerOf(n, uuid())));
      await store.seal(record.id, [courseOf(record).end], record, '{}');
    }
    self.postMessage({ sealed: (await store.undelivered()).length });
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};
