/** What the relay says of itself while it holds keys: whatever goes wrong, none of it is a secret. */
import { expect, test, vi } from 'vitest';
import { RelayKeys } from '#server/relay/relay-keys.ts';
import { folder, jsonRequest, runBody, server, upstream } from './support.ts';

const TOKEN = 'token-of-the-station-9tXq0bWc';
const KEY = 'key-that-only-tofupilot-knows';
const GUESS = 'guess-of-a-stranger-7uKd2yLs';
const PLACE = 'signed-place-of-the-storage';

test('23: no token, key, guess, serial number or upload address in log or metrics, whatever comes of a request', async () => {
  const lines: string[] = [];
  const printed = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const dir = await folder({ 'keys.yaml': `taipei-line1-042: { token: ${TOKEN}, key: ${KEY} }\n` });
  const far = await upstream((incoming, outgoing) => {
    if (incoming.url?.includes('attachments'))
      return void outgoing.end(JSON.stringify({ id: 'x', upload_url: `${far.url}/storage?signature=${PLACE}` }));
    if (incoming.url?.includes('redirected'))
      return void outgoing.writeHead(302, { location: `https://elsewhere.example/?key=${KEY}` }).end();
    if (incoming.url?.includes('broken')) return void incoming.socket.destroy();
    outgoing.end('{}');
  });
  const { ask } = await server({ TOFUPILOT_URL: far.url, RELAY_KEYS_FILE: `${dir}/keys.yaml`, LOG_LEVEL: 'debug' });
  const post = (path: string, token: string) => ask(`/tofupilot/v2/${path}`, jsonRequest('POST', runBody(), token));
  expect((await post('runs', TOKEN)).status).toBe(200);
  expect((await post('runs', GUESS)).status).toBe(401);
  expect((await post('redirected', TOKEN)).status).toBe(502);
  expect((await post('broken', TOKEN)).status).toBe(502);
  const opened = (await (await post('attachments', TOKEN)).json()) as { upload_url: string };
  const { pathname } = new URL(opened.upload_url);
  expect((await ask(pathname, { method: 'PUT', body: 'x' })).status).toBe(200);
  expect((await ask(`/tofupilot/v2/runs?key=${KEY}&serial=SN-000123`)).status).toBe(401);
  const text = lines.join('\n') + (await (await ask('/metrics')).text());
  printed.mockRestore();
  expect(lines.length).toBeGreaterThan(7);
  for (const secret of [TOKEN, KEY, GUESS, PLACE, 'SN-000123', pathname.split('/').at(-1)!])
    expect(text).not.toContain(secret);
  expect(far.seen.some(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
  expect(far.seen.some(({ headers }) => String(headers.authorization).includes(TOKEN))).toBe(false);
});

test('6: a token is known whole or not at all', () => {
  const keys = new RelayKeys([['taipei-line1-042', { token: TOKEN, key: KEY }]]);
  expect(keys.authorization(`Bearer ${TOKEN}`)).toBe(`Bearer ${KEY}`);
  for (const near of [TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase(), `x${TOKEN.slice(1)}`, '', '__proto__'])
    expect(keys.authorization(`Bearer ${near}`), near).toBeUndefined();
  for (const form of [TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN} ${TOKEN}`, undefined])
    expect(keys.authorization(form)).toBeUndefined();
});
