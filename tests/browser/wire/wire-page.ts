/**
 * A page with wire-worker.ts in it, served to a real browser that sees an emulated USB device.
 *
 * Passes the worker's orders to the device and gives back what the worker says. Knows nothing of what is tested.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build, type Rollup } from 'vite';
import type { VirtualUsbDevice } from '../../virtual-devices/virtual-usb-device.ts';
import type { WireName } from './wire-worker.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function bundle(): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { vitest: here('./suite.ts') } },
    build: {
      write: false,
      target: 'chrome130',
      minify: false,
      rollupOptions: { input: here('./wire-worker.ts'), output: { format: 'es', entryFileNames: 'worker.js' } },
      modulePreload: false,
    },
  })) as Rollup.RollupOutput;
  return output[0].code;
}

export interface WireSite {
  readonly origin: string;
  readonly server: Server;
}

export async function serveWirePage(): Promise<WireSite> {
  const code = await bundle();
  const server = createServer((request, response) => {
    const isScript = request.url === '/worker.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? code : '<!doctype html><title>wire</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

/** @returns a function that runs one scene, or `contract`, on the wire of this kind */
export async function openWirePage(
  page: Page,
  origin: string,
  device: VirtualUsbDevice,
): Promise<(run: string, name: WireName) => Promise<unknown>> {
  let mark = device.mark;
  await page.exposeFunction('order', async (line: string) => {
    if (line !== 'took') return device.order(line);
    const took = device.took(mark);
    mark = device.mark;
    return took;
  });
  await page.goto(origin);
  return (run, name) =>
    page.evaluate(
      async (message) => {
        const worker = new Worker('/worker.js', { type: 'module' });
        const end = new Promise((resolve, reject) => {
          worker.onerror = (event) => reject(new Error(event.message));
          worker.onmessage = async ({ data }: MessageEvent<{ order?: string; result?: unknown; failed?: string }>) => {
            if (data.order !== undefined) {
              const { order } = window as unknown as { order(line: string): Promise<unknown> };
              worker.postMessage({ answer: await order(data.order) });
            } else if (data.failed !== undefined) reject(new Error(data.failed));
            else resolve(data.result);
          };
        });
        worker.postMessage(message);
        try {
          return await end;
        } finally {
          worker.terminate();
        }
      },
      { run, name },
    );
}
