/**
 * Does this browser still do what a station needs? What is written is read back, hashes are right, a good unit passes and
 * a bad one does not: by the station's own store, reader, engine and drivers, on a simulated bench.
 *
 * Leaves nothing behind. Above: try-browser.ts. Knows nothing of why it is asked.
 */
import type { Clock } from '#base/clock.ts';
import { sha256 } from '#base/hash.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import { withDeadline } from '#hardware/waiting.ts';
import { benchPlugs, inSlot } from '#procedure/slots.ts';
import { STARTER_BENCH, starterProcedure } from '#procedure/starter.ts';
import type { RunOutcome } from '#record/run-record.ts';
import type { Store } from '#storage/store/store.ts';
import { slotIn } from '../setup.ts';
import { workshopSetup } from '../workshop/workshop-setup.ts';

export interface SelfTestParts {
  readonly store: Pick<Store, 'get' | 'set'>;
  readonly clock: Clock;
}

/** It takes a fraction of a second; what takes this long hangs. */
const LIMIT_MS = 15_000;
const PROBE = 'self-test';
const PROBE_BYTES = 4096;
/** FIPS 180-4, the example “abc”. */
const ABC_SHA256 = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
/** The starter's bench lets the one pass, and has the other's voltage below its limit. */
const UNITS: readonly (readonly [serial: string, outcome: RunOutcome])[] = [
  ['SN-000123', 'PASS'],
  ['SN-000113', 'FAIL'],
];

/** @throws {Error} what does not work, as a sentence */
export async function selfTest({ store, clock }: SelfTestParts): Promise<void> {
  const { signal } = new AbortController();
  await withDeadline(clock, LIMIT_MS, signal, async (limited) => {
    await testStorage(store);
    await testHash();
    for (const [serial, wanted] of UNITS) {
      const outcome = await verdictOf(serial, clock, limited);
      if (outcome !== wanted) throw new Error(`a simulated unit that must end as ${wanted} ended as ${outcome}.`);
    }
  });
}

async function testStorage(store: SelfTestParts['store']): Promise<void> {
  const written = crypto.getRandomValues(new Uint8Array(PROBE_BYTES));
  await store.set(PROBE, written);
  const read = await store.get<Uint8Array>(PROBE);
  await store.set(PROBE, undefined);
  const isSame = read?.length === written.length && read.every((byte, at) => byte === written[at]);
  if (!isSame) throw new Error('what was written to its storage was not read back as it was.');
}

async function testHash(): Promise<void> {
  if ((await sha256(new TextEncoder().encode('abc'))) !== ABC_SHA256) throw new Error('its SHA-256 is wrong.');
}

/** A run that is nobody's: no number, nothing kept. */
async function verdictOf(serial: string, clock: Clock, signal: AbortSignal): Promise<RunOutcome> {
  const { procedure, slot, simulatedBench } = await workshopSetup({
    file: 'procedure.yaml',
    texts: [
      ['procedure.yaml', starterProcedure('Self-test')],
      ['bench.yaml', STARTER_BENCH],
    ],
    scripts: [],
    serial,
    bench: 'simulated',
    pace: 'on',
  });
  const plugs = benchPlugs(procedure);
  const bench = createBench({ plugs, ports: null, simulatedBench, simulated: true, clock });
  try {
    const own = inSlot(procedure, slot.key);
    const place = slotIn(own, slot.key);
    simulatedBench?.setUnit(serial, place);
    const there = bench.inSlot(place);
    const [unusable] = await there.check(signal);
    if (unusable) throw new Error(`its simulated fixture is ${unusable.state}.`);
    const keepFile = () => Promise.reject(new Error('it has no file'));
    const result = await runProcedure({ procedure: own, bench: there, clock, signal, keepFile, emit: () => {} });
    return result.outcome;
  } finally {
    await bench.close();
  }
}
