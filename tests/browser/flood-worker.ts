/**
 * Inside the browser: a serial transport that is flooded while this thread stands still for two seconds at a time.
 *
 * The bytes count themselves (tests/virtual-devices/flood.py), so that it knows what is missing and what came twice.
 */
import { systemClock } from '#base/clock.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';

export interface FloodWork {
  readonly bytes: number;
  readonly baudRate: number;
  /** The device's `flood` order goes out when this answers. */
  readonly startAddress: string;
  readonly frozenMs: number;
  readonly everyMs: number;
}

export interface FloodResult {
  readonly received: number;
  /** Bytes that are not the ones whose turn it was; 0 when none is lost, doubled or turned. */
  readonly wrong: number;
  readonly freezes: number;
  readonly lineErrors: number;
  readonly tookMs: number;
}

/** Of flood.py; the machine has ports of its own. */
const FLOOD_ID = '0403:6015';
const never = new AbortController().signal;
/** Of silence, and nothing more will come. */
const OVER_MS = 10_000;

self.onmessage = ({ data }: MessageEvent<FloodWork>) =>
  void flood(data).then(
    (result) => self.postMessage(result),
    (thrown: unknown) => self.postMessage({ failed: String(thrown) }),
  );

async function flood({ bytes, baudRate, startAddress, frozenMs, everyMs }: FloodWork): Promise<FloodResult> {
  const candidates = await serialPorts(navigator.serial)!.list();
  const candidate = candidates.find(({ usb }) => usb === FLOOD_ID);
  if (!candidate) throw new Error('no port');
  const settings = { baudRate, dataBits: 8, stopBits: 1, parity: 'none', flowControl: 'none' } as const;
  const transport = candidate.transport(settings, systemClock);
  let received = 0;
  let wrong = 0;
  let lineErrors = 0;
  let lastMs = performance.now();
  transport.onEvent((event) => {
    if (event.kind === 'line-error') lineErrors++;
    if (event.kind !== 'data') return;
    lastMs = performance.now();
    for (const byte of event.bytes) {
      if (byte !== (((received >>> 2) >>> (8 * (received & 3))) & 0xff)) wrong++;
      received++;
    }
  });
  await transport.open(never);
  const begin = performance.now();
  lastMs = begin;
  await fetch(startAddress, { method: 'POST' });
  let freezes = 0;
  while (received < bytes && performance.now() - lastMs < OVER_MS) {
    await systemClock.sleep(everyMs - frozenMs);
    if (received >= bytes) break;
    freeze(frozenMs);
    freezes++;
  }
  await transport.close();
  return { received, wrong, freezes, lineErrors, tookMs: Math.round(lastMs - begin) };
}

/** As a page does in a long task: nothing is heard, and no timer rings. */
function freeze(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs;);
}
