import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { CONNECTION_LIMITS } from '#server/connection-limits.ts';
import { start, type RunningServer } from '#server/main.ts';
import { LONGEST_FILE_BYTES } from '#record/attachment.ts';
import { APP, FLEET, folder } from './support.ts';

let running: RunningServer | undefined;
afterEach(() => running?.close());

async function serverWith(limits: Partial<typeof CONNECTION_LIMITS>): Promise<number> {
  const env = { PORT: '0', LOG_LEVEL: 'error', APP_DIR: await folder(APP), FLEET_DIR: await folder(FLEET) };
  running = await start(env, { ...CONNECTION_LIMITS, connectionsCheckingInterval: 20, ...limits });
  return Number(new URL(running.url).port);
}

/** Sends this much of a request and no more. @returns everything that comes back until the server ends it */
async function sent(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return heard;
}

test('33: headers that never end are ended', async () => {
  const port = await serverWith({ headersTimeout: 50 });
  expect(await sent(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
});

test('33: a body that never ends is ended', async () => {
  const port = await serverWith({ headersTimeout: 50, requestTimeout: 50 });
  const half = 'POST /telemetry/logs HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n[';
  expect(await sent(port, half)).toMatch(/^HTTP\/1\.1 408 /);
});

test('33: a connection on which nothing moves is closed', async () => {
  const port = await serverWith({ timeout: 50 });
  expect(await sent(port, 'POST /telemetry/logs HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n[')).toBe('');
});

test('33: the largest file fits into the time that a request has, over half a megabit a second', () => {
  const bytesPerS = 0.5e6 / 8;
  expect(CONNECTION_LIMITS.requestTimeout).toBeGreaterThan((LONGEST_FILE_BYTES / bytesPerS) * 1000);
});
