/**
 * Inside the browser: one journal append after the other, ours and a bare IndexedDB put of the same event, both
 * strict, in alternating rounds.
 */
import { openStore } from '#storage/store/open.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunHeader } from '#record/run-record.ts';

const ROUNDS = 20;
const WRITES = 100;

const event: RunEvent = {
  kind: 'measurement',
  at_ms: 1234.5,
  phase: 'power_rails',
  measurement: {
    key: 'rail_3v3',
    name: 'rail_3v3',
    outcome: 'PASS',
    measured_value: 3.301,
    units: 'V',
    validators: [{ operator: 'range', expected_value: [3.2, 3.4], outcome: 'PASS', is_decisive: true }],
  },
};

const header = {
  id: 'bench',
  serial_number: 'SN-000123',
  started_at: new Date().toISOString(),
  procedure: { id: '', name: '' },
  plan: [],
};

self.onmessage = async () => {
  try {
    const store = await openStore();
    const { id } = await store.beginRun(header as unknown as RunHeader);
    const database = await rawDatabase();
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({ ours: await msEach(() => store.append(id, [event])), peer: await msEach(() => rawPut(database)) });
    self.postMessage(rounds.slice(2)); // the first rounds warm both up
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};

/** Median, so that one slow disk flush does not speak for a hundred writes. */
async function msEach(write: () => Promise<unknown>): Promise<number> {
  const times = [];
  for (let n = 0; n < WRITES; n++) {
    const begin = performance.now();
    await write();
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[WRITES >> 1]!;
}

function rawDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('raw', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('journal', { autoIncrement: true });
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error ?? new Error('open failed'));
  });
}

function rawPut(database: IDBDatabase): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('journal', 'readwrite', { durability: 'strict' });
    transaction.objectStore('journal').put({ runId: 'bench', events: [event] });
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error('put failed'));
  });
}
