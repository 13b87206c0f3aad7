/** Real servers on ports of the system's choice, and the folders they read. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { start, type RunningServer } from '#server/main.ts';
import { compressApp } from '../../src/cli/compress-app.js';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

export async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fieldbench-server-'));
  endings.push(() => rm(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) await put(dir, path, text);
  return dir;
}

export async function put(dir: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
}

export const PROCEDURE_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
export const APP = { 'index.html': '<!doctype html><title>page</title>' };
export const FLEET = {
  'procedures/power-board/procedure.yaml': `name: Power board\nversion: 3.2.0\nid: ${PROCEDURE_ID}\n`,
};

export interface Started extends RunningServer {
  readonly port: number;
  /** Asks this server; `path` begins with a slash. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
}

export async function server(
  env: Readonly<Record<string, string>> = {},
  app: Readonly<Record<string, string>> = APP,
): Promise<Started> {
  const appDir = await folder(app);
  await compressApp(appDir);
  const running = await start({
    PORT: '0',
    LOG_LEVEL: 'error',
    APP_DIR: appDir,
    FLEET_DIR: env['FLEET_DIR'] ?? (await folder(FLEET)),
    ...env,
  });
  endings.push(() => running.close());
  const port = Number(new URL(running.url).port);
  return {
    ...running,
    port,
    ask: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init }),
  };
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Promise<Buffer>;
}

export interface UpstreamServer {
  readonly url: string;
  readonly seen: Seen[];
}

export async function upstream(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse, seen: Seen) => void,
): Promise<UpstreamServer> {
  const seen: Seen[] = [];
  const made: Server = createServer((incoming, outgoing) => {
    const body = (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    })();
    body.catch(() => undefined);
    const one = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body };
    seen.push(one);
    answer(incoming, outgoing, one);
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  endings.push(
    () =>
      new Promise<void>((resolve) => {
        made.close(() => resolve());
        made.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, seen };
}

/** A request exactly as written: no tidying of the path, any header. */
export function rawRequest(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export function runBody(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    outcome: 'PASS',
    procedure_id: PROCEDURE_ID,
    serial_number: 'SN-000123',
    part_number: 'PWR-BOARD',
    revision_number: 'B',
    started_at: '2026-11-20T08:00:00.000Z',
    ended_at: '2026-11-20T08:00:12.500Z',
    phases: [
      {
        name: 'Power rails',
        outcome: 'PASS',
        started_at: '2026-11-20T08:00:00.000Z',
        ended_at: '2026-11-20T08:00:04.000Z',
        measurements: [
          {
            name: 'rail_3v3',
            outcome: 'PASS',
            measured_value: 3.301,
            units: 'V',
            validators: [{ operator: 'range', expected_value: [3.2, 3.4], outcome: 'PASS' }],
          },
        ],
      },
    ],
    metadata: { client_run_id: '0191e4a2-6d1c-7c3e-9f41-2a6c1b7d5e90', station_seq: 1 },
    ...changes,
  };
}

export function jsonRequest(method: string, data: unknown, key = 'demo-key'): RequestInit {
  return {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(data),
  };
}

/** Frees at once whatever nothing holds on to, as Node would sooner or later. */
export const collectGarbage: () => void = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();
