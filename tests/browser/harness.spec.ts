/**
 * The harness itself, on a page of four lines: emulated adapters reach a dedicated worker, a killed browser keeps its
 * profile, a cut link is seen and Background Sync returns with it. When these fail, no other browser test means much.
 */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { NetworkCut } from '../support/network-cut.ts';
import { mustSkip, noNetworkCut, noVirtualDevices } from '../virtual-devices/machine.ts';
import { usbFolder } from '../virtual-devices/browser.ts';
import { VirtualUsbDevice } from '../virtual-devices/virtual-usb-device.ts';
import { expect, test } from './stage.ts';

const WORKER = `
  navigator.serial.getPorts();
  onmessage = async ({ data, ports: [answer] }) => {
    try {
      // The machine may have a serial port of its own, which has no USB ids.
      const port = (await navigator.serial.getPorts()).find((one) => one.getInfo().usbVendorId === 0x0403);
      if (!port) return answer.postMessage('no port');
      await port.open({ baudRate: 115200 });
      const writer = port.writable.getWriter();
      await writer.write(new TextEncoder().encode(data + '\\n'));
      writer.releaseLock();
      const reader = port.readable.getReader();
      let text = '';
      while (!text.includes('\\n')) text += new TextDecoder().decode((await reader.read()).value);
      reader.releaseLock();
      await port.close();
      answer.postMessage(text.trim());
    } catch (error) {
      answer.postMessage(error.name);
    }
  };`;

const PAGE = `<!doctype html><title>harness</title><script>
  const worker = new Worker('/worker.js');
  window.ask = (query) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage(query, [port2]);
  });
</script>`;

const SERVICE_WORKER = `
  oninstall = () => skipWaiting();
  onactivate = (event) => event.waitUntil(clients.claim());
  onsync = (event) => event.waitUntil(fetch('/synced', { method: 'POST' }));`;

const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/': ['text/html', PAGE],
  '/worker.js': ['text/javascript', WORKER],
  '/sw.js': ['text/javascript', SERVICE_WORKER],
};

interface Window {
  ask(query: string): Promise<string>;
}

async function serve(host: string, seen: string[] = []): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    const [type, text] = FILES[request.url ?? ''] ?? ['text/plain', 'ok'];
    response.setHeader('Content-Type', type).end(text);
  }).listen(0, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

test('an emulated serial adapter answers a dedicated worker, is pulled, and comes back', async ({ stage }) => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
  const { server, port } = await serve('127.0.0.1');
  const origin = `http://localhost:${port}`;
  try {
    const fixture = await stage.fixture();
    const { page } = await stage.browser({ origin, devices: true });
    await page.goto(origin);
    const ask = (query: string) => page.evaluate((text) => (window as unknown as Window).ask(text), query);
    expect(await ask('*IDN?')).toBe('ACME,FX-1,FX0001,1.0');
    expect(fixture.heard()).toEqual(['*IDN?']);
    await fixture.set('MEAS:VOLT:DC? CH1', '1.25');
    expect(await ask('MEAS:VOLT:DC? CH1')).toBe('1.25');
    await fixture.unplug();
    await expect.poll(() => ask('*IDN?')).toBe('no port');
    await fixture.plug();
    await expect.poll(() => ask('*IDN?')).toBe('ACME,FX-1,FX0001,1.0');
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('an emulated USB instrument answers WebUSB, and is gone when it is pulled', async ({ stage }) => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
  const { server, port } = await serve('127.0.0.1');
  const origin = `http://localhost:${port}`;
  const instrument = await VirtualUsbDevice.start(usbFolder(stage.folder), 'meter', 'usbtmc', 'TMC0001');
  try {
    const { page } = await stage.browser({ origin, devices: true });
    await page.goto(origin);
    const listed = () =>
      page.evaluate(async () => (await navigator.usb.getDevices()).map(({ serialNumber }) => serialNumber));
    await expect.poll(listed).toEqual(['TMC0001']);
    const answer = await page.evaluate(async () => {
      const [device] = await navigator.usb.getDevices();
      if (!device) return 'no device';
      await device.open();
      await device.claimInterface(0);
      // DEV_DEP_MSG_OUT and REQUEST_DEV_DEP_MSG_IN, USBTMC 1.0, tables 3 and 4.
      const command = new TextEncoder().encode('*IDN?\n');
      const padded = new Uint8Array(12 + Math.ceil(command.length / 4) * 4);
      padded.set([1, 1, 254, 0, command.length, 0, 0, 0, 1]);
      padded.set(command, 12);
      await device.transferOut(1, padded);
      await device.transferOut(1, new Uint8Array([2, 2, 253, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      const { data } = await device.transferIn(2, 512);
      await device.close();
      return new TextDecoder().decode(data?.buffer.slice(12)).trim();
    });
    expect(answer).toBe('ACME,TMC-1,TMC0001,1.0');
    await instrument.unplug();
    await expect.poll(listed).toEqual([]);
  } finally {
    await instrument.quit();
    server.close();
    server.closeAllConnections();
  }
});

test('a killed browser is gone at once and its profile still opens', async ({ stage }) => {
  const { server, port } = await serve('127.0.0.1');
  const origin = `http://localhost:${port}`;
  try {
    const first = await stage.browser({ origin });
    await first.page.goto(origin);
    await first.page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('kept', 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
          opening.onsuccess = () => {
            const writing = opening.result.transaction('rows', 'readwrite', { durability: 'strict' });
            writing.objectStore('rows').put('here', 1);
            writing.oncomplete = () => resolve();
            writing.onerror = () => reject(writing.error);
          };
        }),
    );
    await first.kill();
    expect(existsSync(`/proc/${first.pid}`)).toBe(false);
    const second = await stage.browser({ origin });
    await second.page.goto(origin);
    const kept = await second.page.evaluate(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open('kept', 1);
          opening.onsuccess = () => {
            const reading = opening.result.transaction('rows').objectStore('rows').get(1);
            reading.onsuccess = () => resolve(reading.result);
          };
        }),
    );
    expect(kept).toBe('here');
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a cut link is seen, and Background Sync fires when it is back, with no page open', async ({ stage }) => {
  const reason = noNetworkCut();
  test.skip(mustSkip(reason), reason);
  const link = stage.link();
  const seen: string[] = [];
  const { server, port } = await serve(link.host, seen);
  const origin = `http://${link.host}:${port}`;
  try {
    const browser = await stage.browser({ origin, namespace: link.namespace, args: [NetworkCut.trust(origin)] });
    const { page } = browser;
    await page.goto(origin);
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js');
      await navigator.serviceWorker.ready;
    });
    link.cut();
    await expect.poll(() => page.evaluate(() => navigator.onLine)).toBe(false);
    await page.evaluate(async () => {
      const registration = (await navigator.serviceWorker.ready) as ServiceWorkerRegistration & {
        sync: { register(tag: string): Promise<void> };
      };
      await registration.sync.register('drain');
    });
    await page.goto('about:blank');
    expect(seen).not.toContain('/synced');
    link.restore();
    await expect.poll(() => seen).toContain('/synced');
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
