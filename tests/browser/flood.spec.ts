/**
 * A device that talks at 300 kB/s and waits for nobody, while the thread that listens stands still for two seconds at a
 * time: not one byte is lost (pitfall 1, and the buffer of src/hardware/transport/serial/buffer-size.ts).
 *
 * Twenty seconds, or ten minutes with `FIELDBENCH_NIGHTLY`.
 */
import { mkdirSync } from 'node:fs';
import { serveWorker } from '../bench/bundle.ts';
import { serialFolder } from '../virtual-devices/browser.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import { VirtualFlood } from '../virtual-devices/virtual-flood.ts';
import type { FloodResult, FloodWork } from './flood-worker.ts';
import { expect, test } from './stage.ts';

const SECONDS = process.env['FIELDBENCH_NIGHTLY'] ? 600 : 20;
const BYTES_PER_SECOND = 300_000;
/** The rate of that line: 8 data bits, one start and one stop bit. */
const BAUD_RATE = 3_000_000;
const START = '/start';

test(`${SECONDS} s at 300 kB/s, two seconds deaf in every five: not one byte is lost`, async ({ stage }) => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
  test.setTimeout((SECONDS + 120) * 1000);
  mkdirSync(serialFolder(stage.folder), { recursive: true });
  const device = await VirtualFlood.start(serialFolder(stage.folder), 'flood');
  const site = await serveWorker('../browser/flood-worker.ts', 0, (request, response) => {
    if (request.url !== START) return false;
    void device.flood(BYTES_PER_SECOND, SECONDS).then(() => response.end());
    return true;
  });
  try {
    const { page } = await stage.browser({ origin: site.origin, devices: true });
    const bytes = BYTES_PER_SECOND * SECONDS;
    const work: FloodWork = { bytes, baudRate: BAUD_RATE, startAddress: START, frozenMs: 2000, everyMs: 5000 };
    const result = await site.run<FloodResult>(page, work);
    console.log(`flood.spec: ${JSON.stringify(result)}`);
    const flooded = await device.next(({ event }) => event === 'flooded', 0);
    expect(flooded, 'the device found room for every byte').toMatchObject({ sent: bytes, dropped: 0 });
    expect(result).toMatchObject({ received: bytes, wrong: 0, lineErrors: 0 });
    expect(result.freezes, 'it was deaf in every five seconds').toBeGreaterThanOrEqual(Math.floor(SECONDS / 5) - 1);
  } finally {
    await device.quit();
    site.close();
  }
});
