/**
 * Inside a worker of a real browser: WebUSB transports against an emulated device, which is driven by orders that go by way
 * of the page to the test.
 *
 * Runs the acceptance suite of transports, or one of the scenes below. Knows nothing of the app.
 */
import { systemClock } from '#base/clock.ts';
import type { Transport, TransportEvent } from '#hardware/transport/transport.ts';
import { usbDevices, type UsbCandidate, type UsbWire } from '#hardware/transport/usb/usb-devices.ts';
import { transportContract } from '../../contract/transport-contract.ts';
import { tests } from './suite.ts';

const never = new AbortController().signal;
const WIRES = {
  usbtmc: { kind: 'usbtmc' },
  cdc: {
    kind: 'serial',
    settings: { baudRate: 115_200, dataBits: 8, stopBits: 1, parity: 'none', flowControl: 'none' },
  },
} as const satisfies Readonly<Record<string, UsbWire>>;
export type WireName = keyof typeof WIRES;

const devices = usbDevices(navigator.usb, 'linux')!;
const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const bytes = (line: string) => Uint8Array.from(line, (character) => character.charCodeAt(0));
const hex = (data: Uint8Array) => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');

let waiting: ((answer: unknown) => void)[] = [];
/** One order to the emulator, in force when this resolves. `took` gives the bytes that it got since the last `took`. */
function order(line: string): Promise<unknown> {
  postMessage({ order: line });
  return new Promise((resolve) => waiting.push(resolve));
}

/** The device as it is plugged in now: another object after every plug (pitfall 10). */
async function present(wire: UsbWire): Promise<UsbCandidate> {
  for (;;) {
    const found = (await devices.list()).find((one) => one.canBe(wire.kind));
    if (found) return found;
    await systemClock.sleep(5);
  }
}

/** The contract on this wire: what comes from an instrument on USBTMC has to be asked for, and is. */
function describeContract(name: WireName): { prepare(): Promise<void> } {
  const wire = WIRES[name];
  const state = { candidate: null as UsbCandidate | null, received: [] as number[] };
  transportContract(name, () => {
    const transport = state.candidate!.transport(wire, systemClock);
    let [sent, heard, failed, errors] = [0, 0, 0, 0];
    transport.onEvent((event) => {
      if (event.kind === 'data') heard += event.bytes.length;
      if (event.kind === 'line-error') errors++;
    });
    let doing: Promise<unknown> = Promise.resolve();
    const act = (work: () => Promise<unknown>) => (doing = doing.then(work));
    const settle = async () => {
      await doing;
      // What was sent arrives as long as the wire is open; on a wire that is not, a while is given to what should not.
      while (transport.state === 'open' && (heard < sent || errors < failed)) await systemClock.sleep(2);
      if (transport.state !== 'open') await systemClock.sleep(50);
      state.received.push(...((await order('took')) as number[]));
    };
    return {
      transport,
      send: (data) => {
        sent += data.length;
        const upTo = sent;
        act(async () => {
          if (name === 'usbtmc') await transport.write(bytes('?ask\n'), never, true).catch(() => undefined);
          await order(`send ${hex(data)}`);
          // The next answer is asked for when this one has come, as a session does it.
          while (name === 'usbtmc' && transport.state === 'open' && heard < upTo) await systemClock.sleep(2);
        });
      },
      lineError: () => {
        failed++;
        act(() => order(name === 'usbtmc' ? 'junk' : 'srq 0x20'));
      },
      cut: () => void act(() => order('unplug')),
      received: () => withoutAsking(state.received),
      settle,
      isFree: () => true,
    };
  });
  return {
    prepare: async () => {
      await order('plug');
      await order('set tell 1');
      state.candidate = await present(wire);
      await order('took');
      state.received = [];
    },
  };
}

/** The lines by which the harness asks are not the test's. */
function withoutAsking(received: readonly number[]): number[] {
  return [...bytes(text(Uint8Array.from(received)).replaceAll('?ask\n', ''))];
}

async function runContract(name: WireName): Promise<string[]> {
  const { prepare } = describeContract(name);
  const results: string[] = [];
  for (const { name: title, run } of tests) {
    await prepare();
    results.push(
      await run().then(
        () => `ok ${title}`,
        (thrown: unknown) => `FAILED ${title}: ${String(thrown)}`,
      ),
    );
  }
  return results;
}

interface Opened {
  readonly transport: Transport;
  readonly events: TransportEvent[];
  /** Whole lines or messages that came. */
  readonly heard: () => string[];
  readonly until: (holds: () => boolean) => Promise<void>;
}

async function opened(name: WireName): Promise<Opened> {
  const transport = (await present(WIRES[name])).transport(WIRES[name], systemClock);
  const events: TransportEvent[] = [];
  transport.onEvent((event) => events.push(event));
  await transport.open(never);
  const heard = () => {
    const all = events.flatMap((event) => (event.kind === 'data' ? [text(event.bytes)] : [])).join('');
    return all.split('\n').slice(0, -1);
  };
  const until = async (holds: () => boolean) => {
    while (!holds()) await systemClock.sleep(2);
  };
  return { transport, events, heard, until };
}

const kinds = ({ events }: Opened) => events.flatMap(({ kind }) => (kind === 'data' ? [] : [kind]));
const codeOf = (thrown: { code?: string }) => thrown.code ?? String(thrown);

/** What a wire does that is pulled, muted, stalled or noisy; each ends with the wire closed and says what was seen. */
const SCENES: Readonly<Record<string, (name: WireName) => Promise<unknown>>> = {
  idle: async (name) => {
    const wire = await opened(name);
    await order('unplug');
    await wire.until(() => wire.transport.state === 'lost');
    await wire.transport.close();
    return kinds(wire);
  },
  /** Pulled in the middle of an answer of 200 kB. */
  reading: async (name) => {
    const wire = await opened(name);
    await order('set unplug_after 65536');
    // It may be gone before the request for its answer was seen to be taken.
    await wire.transport.write(bytes('CURV?\n'), never, true).catch(codeOf);
    await wire.until(() => wire.transport.state === 'lost');
    await wire.transport.close();
    return kinds(wire).filter((kind) => kind === 'lost');
  },
  /** Pulled while it does not take what is written. */
  writing: async (name) => {
    const wire = await opened(name);
    await order('set nak_out 1');
    const write = wire.transport.write(bytes('X\n'), never).then(() => 'written', codeOf);
    await systemClock.sleep(20);
    await order('unplug');
    const end = await write;
    await wire.transport.close();
    await order('set nak_out 0');
    return [end, ...kinds(wire)];
  },
  closing: async (name) => {
    const wire = await opened(name);
    const closing = wire.transport.close();
    await order('unplug');
    await closing;
    return [wire.transport.state, ...kinds(wire)];
  },
  /** Closed and opened again at once, many times: the node may still be closing (README of virtual-devices). */
  reopen: async (name) => {
    const wire = await opened(name);
    for (let round = 0; round < 50; round++) {
      await wire.transport.close();
      await wire.transport.open(never);
    }
    await wire.transport.write(bytes('*IDN?\n'), never, true);
    await wire.until(() => wire.heard().length > 0);
    await wire.transport.close();
    return wire.heard();
  },
  replug: async (name) => {
    const first = await opened(name);
    await order('unplug');
    await first.until(() => first.transport.state === 'lost');
    await first.transport.close();
    const again = await first.transport.open(never).then(() => 'opened', codeOf);
    await order('plug');
    const second = await opened(name);
    await second.transport.write(bytes('*IDN?\n'), never, true);
    await second.until(() => second.heard().length > 0);
    await second.transport.close();
    return [again, ...second.heard()];
  },
  mute: async (name) => {
    const wire = await opened(name);
    await order('mute');
    await wire.transport.write(bytes('MEAS:VOLT:DC?\n'), never, true);
    await systemClock.sleep(100);
    await order('talk');
    await wire.transport.write(bytes('*IDN?\n'), never, true);
    await wire.until(() => wire.heard().length > 0);
    await wire.transport.close();
    return wire.heard();
  },
  stall: async (name) => {
    const wire = await opened(name);
    await order('stall');
    await wire.transport.write(bytes('*IDN?\n'), never, true);
    await wire.until(() => wire.heard().length > 0);
    await wire.transport.close();
    return wire.heard();
  },
  noise: async (name) => {
    const wire = await opened(name);
    await order('noise');
    await wire.transport.write(bytes('*IDN?\n'), never, true);
    await wire.until(() => wire.events.some(({ kind }) => kind === 'data'));
    await order('talk');
    await wire.transport.close();
    return kinds(wire);
  },
  /** 200 kB in whatever pieces, whole. */
  waveform: async (name) => {
    const wire = await opened(name);
    await wire.transport.write(bytes('CURV?\n'), never, true);
    const received = () =>
      wire.events.reduce((sum, event) => sum + (event.kind === 'data' ? event.bytes.length : 0), 0);
    await wire.until(() => received() >= 200_009);
    await wire.transport.close();
    const all = new Uint8Array(received());
    let at = 0;
    for (const event of wire.events) {
      if (event.kind !== 'data') continue;
      all.set(event.bytes, at);
      at += event.bytes.length;
    }
    const digest = await crypto.subtle.digest('SHA-256', all.subarray(8, 200_008));
    return [all.length, hex(new Uint8Array(digest))];
  },
  /** What USB488 has beside messages. */
  beside: async (name) => {
    const { transport } = await opened(name);
    const { ieee488 } = transport;
    if (!ieee488) return null;
    const served: number[] = [];
    ieee488.onServiceRequest((statusByte) => served.push(statusByte));
    await order('srq 0x44');
    while (served.length === 0) await systemClock.sleep(2);
    await transport.write(bytes('*IDN?\n'), never);
    const statusByte = await ieee488.statusByte(never);
    await ieee488.trigger(never);
    await ieee488.clear(never);
    const afterClear = await ieee488.statusByte(never);
    await ieee488.goToLocal(never);
    await transport.close();
    return { served, statusByte, afterClear };
  },
};

self.onmessage = async ({ data }: MessageEvent<{ answer?: unknown; run?: string; name?: WireName }>) => {
  if ('answer' in data) return waiting.shift()?.(data.answer);
  const { run, name } = data;
  if (!run || !name) return;
  try {
    postMessage({ result: run === 'contract' ? await runContract(name) : await SCENES[run]!(name) });
  } catch (thrown) {
    postMessage({ failed: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
  }
};
