/**
 * Inside the browser: runs of many scalar measurements, engine and store together, from the first event to the sealed
 * run, on a bench that answers at once. A run of ten thousand alternates with ten runs of a thousand.
 */
import { systemClock } from '#base/clock.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import { planOf } from '#engine/plan-of.ts';
import type { Bench } from '#hardware/bench/bench.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { parse } from '#procedure/parse.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunHeader } from '#record/run-record.ts';
import { createJournalWriter } from '#storage/store/journal-writer.ts';
import { openStore, type LocalStore } from '#storage/store/open.ts';
import { toRunBody } from '#sync/tofupilot/run-body.ts';

const ROUNDS = 6;
const MANY = 10_000;
const FEW = 1_000;
const PHASE_SIZE = 100;

const answering = { query: async () => '3.301' } as unknown as Instrument;
const bench = { plugs: [], instrument: () => answering, makeSafe: async () => [] } as unknown as Bench;

self.onmessage = async () => {
  try {
    const store = await openStore();
    const [many, few] = [procedureOf(MANY), procedureOf(FEW)];
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const ours = await timed(store, many, 1);
      rounds.push({ ours, peer: await timed(store, few, MANY / FEW) });
    }
    self.postMessage(rounds.slice(1)); // the first round warms both up
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};

function procedureOf(count: number): Procedure {
  const phases = Array.from({ length: count / PHASE_SIZE }, (_, phase) => {
    const names = Array.from({ length: PHASE_SIZE }, (_, at) => `v_${phase}_${at}`);
    return [
      `  - name: Phase ${phase}`,
      '    steps:',
      ...names.map((name) => `      - measure: { name: ${name}, plug: fixture, query: 'V?' }`),
      '    measurements:',
      ...names.map(
        (name) => `      - { name: ${name}, unit: V, validators: [{ operator: range, expected_value: [3.2, 3.4] }] }`,
      ),
    ].join('\n');
  });
  const head =
    'name: Many\nid: 7c9e6679-7425-40de-944b-e07fc1f90ae7\nplugs: [{ name: Fixture, driver: scpi }]\nmain:\n';
  const { procedure, problems } = parse(head + phases.join('\n'), 'procedure.yaml', {
    drivers: ['scpi'],
    readings: () => [],
  });
  if (!procedure) throw new Error(JSON.stringify(problems[0]));
  return procedure;
}

async function timed(store: LocalStore, procedure: Procedure, times: number): Promise<number> {
  const begin = performance.now();
  for (let time = 0; time < times; time++) await oneRun(store, procedure);
  return performance.now() - begin;
}

/** As the station does it: every event on disk, and the seal with the body that is sent. */
async function oneRun(store: LocalStore, procedure: Procedure): Promise<void> {
  const header = await store.beginRun({
    id: crypto.randomUUID(),
    station_id: 'bench-line1-001',
    slot: '1',
    serial_number: 'SN-000123',
    part_number: 'PWR',
    started_at: new Date().toISOString(),
    procedure: { id: procedure.id, name: procedure.name, release: 'sha256:00', development: true },
    parameters: {},
    app_version: 'bench',
    browser: 'bench',
    fixture: '',
    operator: '',
    clock_offset_ms: 0,
    simulated: true,
    plan: planOf(procedure),
  } satisfies Omit<RunHeader, 'seq'>);
  const record = recordOf(header);
  const events: RunEvent[] = [];
  let kept = 0;
  const writer = createJournalWriter(store, header.id, (batch) => {
    kept += batch.length;
  });
  const { outcome } = await runProcedure({
    procedure,
    bench,
    clock: systemClock,
    signal: new AbortController().signal,
    keepFile: () => Promise.reject(new Error('There are no files here.')),
    emit: (event) => {
      applyEvent(record, event);
      events.push(event);
      if (event.kind !== 'run-ended') writer.write(event).catch(() => {});
    },
  });
  if (outcome !== 'PASS') throw new Error(`the run came to ${outcome}`);
  await writer.finish();
  await store.seal(header.id, events.slice(kept), record, JSON.stringify(toRunBody(record)));
}
