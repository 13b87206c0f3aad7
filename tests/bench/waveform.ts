/** A waveform of 200 kB over USBTMC through the whole session, against bare WebUSB, over a virtual instrument in a real Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBrowser, usbFolder } from '../virtual-devices/browser.ts';
import { VirtualUsbDevice } from '../virtual-devices/virtual-usb-device.ts';
import { serveWorker } from './bundle.ts';
import { compare, type Result } from './measure.ts';

const LEAST = 0.8;

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-waveform-'));
  const site = await serveWorker('./waveform-worker.ts');
  const browser = await startBrowser({ folder, origin: site.origin, devices: true });
  const scope = await VirtualUsbDevice.start(usbFolder(folder), 'scope', 'usbtmc', 'SC0001');
  try {
    const rounds = await site.run<{ ours: number; peer: number }[]>(browser.page);
    const facts = {
      name: 'Waveform of 200 kB over USBTMC, as a block',
      unit: 'MB/s',
      peerName: 'bare `transferIn`',
      bound: `at least ${LEAST * 100} %`,
    };
    return [compare(facts, rounds, ({ ratio }) => ratio >= LEAST)];
  } finally {
    await browser.close();
    await scope.quit();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
