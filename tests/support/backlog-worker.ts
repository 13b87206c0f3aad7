/**
 * Inside the browser: fills the station's store with undelivered runs, in large transactions, and goes on where the
 * last visit ended. Nothing here is measured.
 */
import { recordOf } from '#record/run-event.ts';
import type { RunRecord } from '#record/run-record.ts';
import { eventsOf } from '#storage/store/events-of.ts';
import { type ChainPlace, genesis, hashOf, link } from '#storage/store/chain.ts';
import { openStore } from '#storage/store/open.ts';
import { rowAtSeal, rowAtStart } from '#storage/store/row.ts';
import { openShadow, type ShadowRun } from '#storage/store/shadow.ts';
import { DATABASE_NAME, META, Tables } from '#storage/store/tables.ts';
import { toRunBody } from '#sync/tofupilot/run-body.ts';
import type { Backlog } from './backlog.ts';

const BATCH = 250;
const MEASUREMENTS = 30;
const INSTALL = 'bench';

self.onmessage = async ({ data: { runs, units } }: MessageEvent<Backlog>) => {
  try {
    (await openStore({ newId: () => INSTALL })).close();
    const tables = new Tables(DATABASE_NAME);
    await tables.open();
    const shadow = await openShadow(indexedDB, `${DATABASE_NAME}-shadow`);
    const last = ((await tables.meta.get(META.lastSeq))?.value as number | undefined) ?? 0;
    let place = ((await tables.meta.get(META.chain))?.value as ChainPlace | undefined) ?? (await genesis(INSTALL));
    for (let from = last + 1; from <= runs; from += BATCH) {
      const sealed: ShadowRun[] = [];
      for (let seq = from; seq < from + BATCH && seq <= runs; seq++) {
        const record = recordNumber(seq, units);
        const body = JSON.stringify(toRunBody(record));
        const chain = await link(place, seq, await hashOf(body));
        place = { n: chain.n, head: chain.head };
        sealed.push({ row: rowAtSeal(rowAtStart(record), record, chain), body, record });
      }
      await tables.transaction('rw', [tables.runs, tables.bodies, tables.journal, tables.meta], async () => {
        await tables.runs.bulkAdd(sealed.map(({ row }) => row));
        await tables.bodies.bulkAdd(sealed.map(({ row, body }) => ({ id: row.id, body })));
        await tables.journal.bulkAdd(
          sealed.map(({ row, record }) => ({ run: row.id, n: 0, events: eventsOf(record) })),
        );
        await tables.meta.bulkPut([
          { key: META.lastSeq, value: place.n },
          { key: META.chain, value: place },
        ]);
      });
      for (const run of sealed) await shadow?.keep(run);
    }
    shadow?.close();
    tables.close();
    self.postMessage({});
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};

/** One every second, the last of them in the future: what is counted as today's is all of it. */
function recordNumber(seq: number, units: number): RunRecord {
  const id = `01930000-0000-7000-8000-${String(seq).padStart(12, '0')}`;
  const header = {
    id,
    seq,
    station_id: 'bench',
    slot: '1',
    serial_number: `SN-${String(seq % units).padStart(6, '0')}`,
    started_at: new Date(Date.now() + seq * 1_000).toISOString(),
    procedure: {
      id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      name: 'Power board',
      release: 'sha256:00',
      development: false,
    },
    parameters: {},
    app_version: '0',
    browser: 'Chrome 156',
    fixture: '',
    operator: '',
    clock_offset_ms: 0,
    simulated: true,
    plan: [],
  };
  return {
    ...recordOf(header),
    outcome: 'PASS',
    ended_ms: 4_000,
    phases: [
      {
        key: 'rails',
        name: 'Rails',
        section: 'main',
        retry_count: 0,
        started_ms: 0,
        ended_ms: 4_000,
        outcome: 'PASS',
        measurements: Array.from({ length: MEASUREMENTS }, (_, n) => ({
          key: `rail_${n}`,
          name: `rail_${n}`,
          outcome: 'PASS',
          measured_value: 3.3,
          units: 'V',
          validators: [{ operator: 'range', expected_value: [3.2, 3.4], outcome: 'PASS', is_decisive: true }],
        })),
      },
    ],
  };
}
