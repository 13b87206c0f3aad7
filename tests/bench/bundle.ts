/**
 * Builds a benchmark's worker from the product's own source and serves it, with a bare page around it.
 *
 * The worker gets a message and answers with its figures. Nothing here is measured.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build, type Rollup } from 'vite';

const PAGE = '<!doctype html><title>bench</title>';

export async function bundle(entry: string): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    define: { __APP_VERSION__: '"bench"' },
    build: {
      write: false,
      target: 'chrome130',
      rollupOptions: {
        input: fileURLToPath(new URL(entry, import.meta.url)),
        output: { format: 'es', entryFileNames: 'worker.js' },
      },
      modulePreload: false,
    },
  })) as Rollup.RollupOutput;
  return output.output[0].code;
}

export interface BenchSite {
  readonly origin: string;
  /** Runs the worker in `page`, with this message, and gives what it posts back. */
  run<T>(page: Page, message?: object): Promise<T>;
  close(): void;
}

/** @returns true: this request was its own */
export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** @param answer what else the same origin answers */
export async function serveWorker(entry: string, port = 0, answer: Answer = () => false): Promise<BenchSite> {
  const code = await bundle(entry);
  const server = createServer((request, response) => {
    if (answer(request, response)) return;
    const script = request.url === '/worker.js';
    // Isolated, for a clock finer than a tenth of a millisecond.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.end(script ? code : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    run: async <T>(page: Page, message: object = {}) => {
      await page.goto(origin);
      return page.evaluate(async (first) => {
        const worker = new Worker('/worker.js', { type: 'module' });
        const answer = new Promise((resolve, reject) => {
          worker.onmessage = ({ data }: MessageEvent<{ failed?: string }>) =>
            data.failed ? reject(new Error(data.failed)) : resolve(data);
          worker.onerror = (event) => reject(new Error(event.message));
        });
        worker.postMessage(first);
        return answer;
      }, message) as Promise<T>;
    },
    close: () => server.close(),
  };
}
