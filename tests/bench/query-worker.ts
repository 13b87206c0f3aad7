/**
 * Inside the browser: one query after the other over a serial adapter, through the whole stack (transport, framing,
 * session, driver, bench), from a step and from a script of a run, and with nothing but Web Serial, in alternating
 * rounds on the same port.
 *
 * In a run a query takes from one that reaches the instrument to the next.
 */
import { systemClock } from '#base/clock.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import { ScriptFault } from '#engine/script/script-host.ts';
import { createWorkerHost, type ScriptWorker } from '#engine/script/worker-host.ts';
import type { SlotBench } from '#hardware/bench/bench.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import type { Procedure } from '#procedure/procedure.ts';

export interface QueryWork {
  readonly query: string;
  readonly queries: number;
  readonly scriptAddress: string;
  readonly step: Procedure;
  readonly script: Procedure;
}

/** Milliseconds a query, by the way it goes. */
export interface QueryRound {
  readonly bare: number;
  readonly stack: number;
  readonly step: number;
  readonly script: number;
}

const ROUNDS = 20;
/** The browser says that a port is closed a moment before it is; the old handle may still eat the first answer. */
const FIRST_ANSWER_MS = 1000;
const MOST_TRIES = 20;
const never = new AbortController().signal;

self.onmessage = async ({ data }: MessageEvent<QueryWork>) => {
  try {
    const rounds: QueryRound[] = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({ ...(await throughTheStack(data)), bare: await bare(data) });
    self.postMessage(rounds.slice(2)); // the first rounds warm both up
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};

async function throughTheStack({
  query,
  queries,
  scriptAddress,
  step,
  script,
}: QueryWork): Promise<Omit<QueryRound, 'bare'>> {
  const bench = createBench({
    plugs: step.plugs,
    ports: serialPorts(navigator.serial),
    simulatedBench: null,
    simulated: false,
    clock: systemClock,
  });
  while (bench.plugs[0]?.state !== 'ready') await systemClock.sleep(5);
  const instrument = bench.instrument('fixture');
  const times = {
    stack: await msEach(queries, () => instrument.query(query, never)),
    step: await msInRun(step, bench, scriptAddress),
    script: await msInRun(script, bench, scriptAddress),
  };
  await bench.close();
  return times;
}

async function msInRun(procedure: Procedure, bench: SlotBench, scriptAddress: string): Promise<number> {
  const askedMs: number[] = [];
  // Made once, since its making is no part of what is measured; that the bench is asked for it each time is.
  const instrument = watchedBy(() => askedMs.push(performance.now()), bench.instrument('fixture'));
  const watched: SlotBench = {
    plugs: bench.plugs,
    check: (...all) => bench.check(...all),
    reboot: (...all) => bench.reboot(...all),
    makeSafe: (...all) => bench.makeSafe(...all),
    wires: (sinceMs) => bench.wires(sinceMs),
    instrument: (key) => (bench.instrument(key), instrument),
  };
  const scripts = createWorkerHost({ clock: systemClock, open: () => openScript(scriptAddress) });
  const keepFile = () => Promise.reject(new ScriptFault('script-threw', 'no files here', ''));
  const result = await runProcedure({
    procedure,
    bench: watched,
    clock: systemClock,
    signal: never,
    emit: () => {},
    scripts,
    keepFile,
  });
  if (result.outcome !== 'PASS') throw new Error(`the run was ${result.outcome}`);
  return median(askedMs.slice(1).map((ms, at) => ms - askedMs[at]!));
}

/** The instrument itself, but that somebody hears when it is queried. */
function watchedBy(onQuery: () => void, instrument: Instrument): Instrument {
  const { key } = instrument;
  return {
    key,
    write: (...all) => instrument.write(...all),
    query: (...all) => (onQuery(), instrument.query(...all)),
    read: (...all) => instrument.read(...all),
    curve: (...all) => instrument.curve(...all),
    set: (...all) => instrument.set(...all),
  };
}

function openScript(address: string): ScriptWorker {
  const worker = new Worker(address, { type: 'module' });
  return {
    post: (message) => worker.postMessage(message),
    listen: ({ heard, died }) => {
      worker.addEventListener('message', ({ data }) => heard(data));
      worker.addEventListener('error', (event) => died(event.message));
    },
    end: () => worker.terminate(),
    whereIs: () => null,
  };
}

async function bare({ query, queries }: QueryWork): Promise<number> {
  const [port] = await navigator.serial.getPorts();
  if (!port) throw new Error('no port');
  const line = await BareLine.open(port);
  try {
    await line.wake(query);
    return await msEach(queries, () => line.ask(query));
  } finally {
    await line.close();
  }
}

/** Nothing but Web Serial. */
class BareLine {
  readonly #port: SerialPort;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  private constructor(port: SerialPort) {
    this.#port = port;
    this.#reader = port.readable!.getReader();
    this.#writer = port.writable!.getWriter();
  }

  static async open(port: SerialPort): Promise<BareLine> {
    await systemClock.sleep(100);
    for (let tries = 0; ; tries++) {
      try {
        await port.open({ baudRate: 115200, bufferSize: 65536 });
        return new BareLine(port);
      } catch (thrown) {
        if (tries === MOST_TRIES) throw thrown;
        await systemClock.sleep(10);
      }
    }
  }

  /** Asks on this same line again when nothing comes: one that were opened anew would lose its first answer too. */
  async wake(query: string): Promise<void> {
    const answered = this.ask(query).then(() => true);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (await Promise.race([answered, systemClock.sleep(FIRST_ANSWER_MS)])) return;
      await this.#say(query);
    }
    throw new Error('the bare port never answered');
  }

  /** Never resolves when the line is closed first. */
  async ask(query: string): Promise<void> {
    await this.#say(query);
    for (let answer = ''; !answer.includes('\n');) {
      const { value, done } = await this.#reader.read();
      if (done) return new Promise(() => {});
      answer += this.#decoder.decode(value);
    }
  }

  #say(query: string): Promise<void> {
    return this.#writer.write(this.#encoder.encode(`${query}\n`));
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
    this.#reader.releaseLock();
    await this.#writer.close();
    await this.#port.close();
  }
}

async function msEach(queries: number, query: () => Promise<unknown>): Promise<number> {
  const times = [];
  for (let n = 0; n < queries; n++) {
    const begin = performance.now();
    await query();
    times.push(performance.now() - begin);
  }
  return median(times);
}

/** So that one late interrupt does not speak for a hundred queries. */
function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}
