/**
 * Inside the browser: one query after the other over a serial adapter, through the whole stack (transport, framing,
 * session, driver, bench) and with nothing but Web Serial, in alternating rounds on the same port.
 */
import { systemClock } from '#base/clock.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';

const ROUNDS = 20;
const QUERIES = 100;
const QUERY = 'MEAS:VOLT:DC?';
const never = new AbortController().signal;

self.onmessage = async () => {
  try {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ ours: await throughTheStack(), peer: await bare() });
    }
    self.postMessage(rounds.slice(2)); // the first rounds warm both up
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};

async function throughTheStack(): Promise<number> {
  const bench = createBench({
    plugs: [
      {
        key: 'fixture',
        name: 'Fixture',
        driver: 'scpi',
        safeState: [],
        resource: {
          kind: 'serial',
          usb: ['0403:6001'],
          baudRate: 115200,
          dataBits: 8,
          stopBits: 1,
          parity: 'none',
          flowControl: 'none',
          terminator: '\n',
          identityQuery: '*IDN?',
          resetOnOpenMs: 0,
        },
      },
    ],
    ports: serialPorts(navigator.serial),
    simulatedBench: null,
    simulated: false,
    clock: systemClock,
  });
  while (bench.plugs[0]?.state !== 'ready') await systemClock.sleep(5);
  const instrument = bench.instrument('fixture');
  const ms = await msEach(() => instrument.query(QUERY, never));
  await bench.close();
  return ms;
}

async function bare(): Promise<number> {
  const [port] = await navigator.serial.getPorts();
  if (!port) throw new Error('no port');
  await open(port);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const writer = port.writable!.getWriter();
  const reader = port.readable!.getReader();
  const ms = await msEach(async () => {
    await writer.write(encoder.encode(`${QUERY}\n`));
    for (let answer = ''; !answer.includes('\n');) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the port was closed while an answer was awaited');
      answer += decoder.decode(value);
    }
  });
  await reader.cancel();
  reader.releaseLock();
  await writer.close();
  await port.close();
  return ms;
}

/** The browser says that a port is closed a moment before it is; the old handle may still eat the first answer. */
async function open(port: SerialPort): Promise<void> {
  await systemClock.sleep(100);
  for (let tries = 0; ; tries++) {
    try {
      return await port.open({ baudRate: 115200, bufferSize: 65536 });
    } catch (thrown) {
      if (tries === 20) throw thrown;
      await systemClock.sleep(10);
    }
  }
}

/** Median, so that one late interrupt does not speak for a hundred queries. */
async function msEach(query: () => Promise<unknown>): Promise<number> {
  const times = [];
  for (let n = 0; n < QUERIES; n++) {
    const begin = performance.now();
    await query();
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[QUERIES >> 1]!;
}
