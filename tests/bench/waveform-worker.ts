/**
 * Inside the browser: one waveform after the other from a USBTMC instrument, as a block of IEEE 488.2 through transport,
 * framing and session, and with nothing but WebUSB, in alternating rounds on the same device.
 */
import { systemClock } from '#base/clock.ts';
import { ScpiSession } from '#hardware/protocol/scpi-session.ts';
import { usbDevices } from '#hardware/transport/usb/usb-devices.ts';

const ROUNDS = 20;
const WAVEFORMS = 15;
const QUERY = 'CURV?\n';
const BYTES = 200_000;
/** Header of the message, head of the block, line feed, and room for alignment: a multiple of the packet size. */
const WHOLE = Math.ceil((12 + 8 + BYTES + 1 + 3) / 512) * 512;
const never = new AbortController().signal;

self.onmessage = async () => {
  try {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push({ ours: await throughTheStack(), peer: await bare() });
    self.postMessage(rounds.slice(2)); // the first rounds warm both up
  } catch (thrown) {
    self.postMessage({ failed: String(thrown) });
  }
};

async function throughTheStack(): Promise<number> {
  const candidates = await usbDevices(navigator.usb, 'linux')!.list();
  const transport = candidates.find((one) => one.canBe('usbtmc'))!.transport({ kind: 'usbtmc' }, systemClock);
  const session = new ScpiSession({ transport, clock: systemClock, terminator: '\n', identityQuery: '*IDN?' });
  await transport.open(never);
  await session.identify(() => true, never);
  const speed = await megabytesASecond(async () => {
    const block = await session.queryBlock(QUERY.trim(), never);
    if (block.length !== BYTES) throw new Error(`${block.length} bytes`);
  });
  session.close();
  await transport.close();
  return speed;
}

async function bare(): Promise<number> {
  const [device] = await navigator.usb.getDevices();
  if (!device) throw new Error('no device');
  await device.open();
  await claim(device);
  let tag = 0;
  const out = (id: number, size: number, text: string) => {
    tag = (tag % 255) + 1;
    const message = new Uint8Array(12 + Math.ceil(text.length / 4) * 4);
    message.set([id, tag, tag ^ 0xff]);
    new DataView(message.buffer).setUint32(4, size, true);
    message[8] = id === 1 ? 1 : 0;
    message.set(new TextEncoder().encode(text), 12);
    return device.transferOut(1, message);
  };
  const speed = await megabytesASecond(async () => {
    await out(1, QUERY.length, QUERY);
    await out(2, WHOLE, '');
    const { data } = await device.transferIn(2, WHOLE);
    if (!data || data.byteLength < BYTES) throw new Error(`${data?.byteLength} bytes`);
  });
  await device.close();
  return speed;
}

/** The browser says that a device is closed a moment before it is. */
async function claim(device: USBDevice): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await device.claimInterface(0);
    } catch (thrown) {
      if (tries === 50) throw thrown;
      await systemClock.sleep(5);
    }
  }
}

/** Median, so that one late interrupt does not speak for all of them. */
async function megabytesASecond(fetch: () => Promise<void>): Promise<number> {
  const speeds = [];
  for (let n = 0; n < WAVEFORMS; n++) {
    const begin = performance.now();
    await fetch();
    speeds.push(BYTES / 1000 / (performance.now() - begin));
  }
  return speeds.sort((a, b) => a - b)[WAVEFORMS >> 1]!;
}
