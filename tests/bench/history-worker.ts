/**
 * Inside the browser: fills the station's store with delivered runs, and looks for some of them in the way that is
 * nearest at hand, a filter over Dexie's table. Only the latter is measured.
 */
import { type ChainPlace, genesis, hashOf, link } from '#storage/store/chain.ts';
import { openStore } from '#storage/store/open.ts';
import type { RunRow } from '#record/run-row.ts';
import { DATABASE_NAME, META, Tables } from '#storage/store/tables.ts';

export interface HistoryWork {
  /** The store has so many runs afterwards. */
  readonly runs?: number;
  /** Words that are looked for, one after the other. */
  readonly words?: readonly string[];
}

const BATCH = 1_000;
const INSTALL = 'bench';
const DAY_MS = 86_400_000;
/** A run every half minute. */
const EVERY_MS = 30_000;
const OPERATORS = ['ana@example.com', 'mei.chen@example.com', 'jonas@example.com', 'lucia@example.com'];

self.onmessage = async ({ data: { runs, words = [] } }: MessageEvent<HistoryWork>) => {
  try {
    if (runs) await fill(runs);
    self.postMessage({ times: words.length > 0 ? await filtered(words) : [] });
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};

async function fill(runs: number): Promise<void> {
  (await openStore({ newId: () => INSTALL })).close();
  const tables = await open();
  const last = ((await tables.meta.get(META.lastSeq))?.value as number | undefined) ?? 0;
  let place = ((await tables.meta.get(META.chain))?.value as ChainPlace | undefined) ?? (await genesis(INSTALL));
  const body = await hashOf('{}');
  for (let from = last + 1; from <= runs; from += BATCH) {
    const rows: RunRow[] = [];
    for (let seq = from; seq < from + BATCH && seq <= runs; seq++) {
      const chain = await link(place, seq, body);
      place = { n: chain.n, head: chain.head };
      rows.push({ ...rowOf(seq), chain });
    }
    await tables.transaction('rw', [tables.runs, tables.meta], async () => {
      await tables.runs.bulkAdd(rows);
      await tables.meta.bulkPut([
        { key: META.lastSeq, value: place.n },
        { key: META.chain, value: place },
        // Whole until here: a check of a hundred thousand links is no part of what is measured.
        { key: META.verified, value: { ...place, seq: place.n } },
      ]);
    });
  }
  tables.close();
}

async function filtered(words: readonly string[]): Promise<number[]> {
  const tables = await open();
  const times: number[] = [];
  for (const word of words) {
    const beganMs = performance.now();
    const found = await tables.runs.filter(({ serial_number, reason, facts }) =>
      `${serial_number} ${reason} ${facts?.operator} ${facts?.measurements?.join(' ')}`.toLowerCase().includes(word),
    );
    await found.toArray();
    times.push(performance.now() - beganMs);
  }
  tables.close();
  return times;
}

async function open(): Promise<Tables> {
  const tables = new Tables(DATABASE_NAME);
  await tables.open();
  return tables;
}

function rowOf(seq: number): RunRow {
  const serial = `SN-${String(seq).padStart(6, '0')}`;
  const isBad = seq % 23 === 0;
  return {
    id: `01930000-0000-7000-8000-${String(seq).padStart(12, '0')}`,
    seq,
    serial_number: serial,
    serial_key: serial,
    procedure_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    procedure_name: 'Power board',
    outcome: isBad ? 'FAIL' : 'PASS',
    reason: isBad ? `Rail 3V3: 3.0${seq % 10} V is outside 3.2 V to 3.4 V` : '',
    started_at: new Date(Date.now() - 60 * DAY_MS + seq * EVERY_MS).toISOString(),
    duration_ms: 4_000 + (seq % 900),
    simulated: true,
    interrupted: false,
    facts: {
      part: 'PWR-BOARD',
      revision: 'B',
      batch: `2026-W${String(seq % 52).padStart(2, '0')}`,
      version: '3.2.0',
      release: `sha256:${'4f2a9c0d'.repeat(8)}`,
      operator: OPERATORS[seq % 4]!,
      fixture: 'fixture=ACME,FX-1,FX0001,1.0',
      ...(isBad ? { phases: ['Power rails'], measurements: ['Rail 3V3'] } : {}),
    },
    state: 'DELIVERED',
    next_at_ms: 0,
    attempts: 1,
    sent_at_ms: 0,
    remote_id: `remote-${seq}`,
    upload_reason: '',
    delivered_day: '2026-11-20',
  };
}
