import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apiAddress } from '#server/relay/relay-path.ts';
import { Relay } from '#server/relay/relay.ts';
import { UploadTokens } from '#server/relay/upload-token.ts';
import { Metrics } from '#server/metrics.ts';
import { collectGarbage, folder, jsonRequest, rawRequest, server, upstream } from './support.ts';

describe('what crosses', () => {
  test('3: method, query, body, status and headers for the client', async () => {
    const far = await upstream((_incoming, outgoing) => {
      outgoing.writeHead(429, {
        'content-type': 'application/json',
        'retry-after': '7',
        date: 'Fri, 20 Nov 2026 08:00:00 GMT',
        'set-cookie': 'a=b',
        'clear-site-data': '"*"',
        'strict-transport-security': 'max-age=1',
      });
      outgoing.end('{"message":"slow down","code":"TOO_MANY_REQUESTS"}');
    });
    const { ask } = await server({ TOFUPILOT_URL: `${far.url}/api/` });
    const answer = await ask(
      '/tofupilot/v2/runs?ids=a&ids=b&metadata=%7B%22a%22%3A1%7D',
      jsonRequest('PATCH', { a: 1 }),
    );
    expect(answer.status).toBe(429);
    expect(await answer.text()).toBe('{"message":"slow down","code":"TOO_MANY_REQUESTS"}');
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.get('date')).toBe('Fri, 20 Nov 2026 08:00:00 GMT');
    expect(far.seen[0]).toMatchObject({ method: 'PATCH', path: '/api/v2/runs?ids=a&ids=b&metadata=%7B%22a%22%3A1%7D' });
    expect(String(await far.seen[0]?.body)).toBe('{"a":1}');
    expect(far.seen[0]?.headers.authorization).toBe('Bearer demo-key');
    // 4
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('clear-site-data')).toBeNull();
    expect(answer.headers.get('strict-transport-security')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('4: nothing of this connection, this origin or this browser', async () => {
    const far = await upstream((_incoming, outgoing) => outgoing.end('{}'));
    const { port } = await server({ TOFUPILOT_URL: far.url });
    const headers = {
      cookie: 'secret=1',
      origin: 'http://127.0.0.1',
      referer: 'http://127.0.0.1/x',
      connection: 'close, x-private',
      'x-private': 'yes',
      'proxy-authorization': 'Basic x',
      'x-forwarded-for': '10.0.0.1',
      'sec-fetch-site': 'same-origin',
      'x-client-type': 'fieldbench',
      te: 'trailers',
    };
    expect((await rawRequest(port, '/tofupilot/v2/runs', { headers })).status).toBe(200);
    const crossed = far.seen[0]?.headers ?? {};
    expect(Object.keys(crossed).toSorted()).toEqual(['connection', 'host', 'x-client-type']);
    expect(crossed.host).toBe(new URL(far.url).host);
  });

  test('3: an answer is streamed, not collected', async () => {
    let finish = () => {};
    const far = await upstream((_incoming, outgoing) => {
      outgoing.write('first');
      finish = () => outgoing.end('last');
    });
    const { ask } = await server({ TOFUPILOT_URL: far.url });
    const reader = (await ask('/tofupilot/v2/runs')).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
    finish();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('last');
  });

  test('3: a request is streamed, not collected', async () => {
    let arrived = (_text: string) => {};
    const first = new Promise<string>((resolve) => (arrived = resolve));
    const far = await upstream((incoming, outgoing) => {
      incoming.once('data', (chunk: Buffer) => arrived(String(chunk)));
      incoming.on('end', () => outgoing.end('done'));
    });
    const { ask } = await server({ TOFUPILOT_URL: far.url });
    let push: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (push = controller) });
    const asked = ask('/tofupilot/v2/runs', { method: 'POST', body, duplex: 'half' } as RequestInit);
    push?.enqueue(new TextEncoder().encode('half a run'));
    expect(await first).toBe('half a run');
    push?.close();
    expect(await (await asked).text()).toBe('done');
  });

  test('3: an answer that breaks off is no whole answer', async () => {
    const far = await upstream((_incoming, outgoing) => {
      outgoing.write('{"id":"half');
      setTimeout(() => outgoing.destroy(), 50);
    });
    const { ask } = await server({ TOFUPILOT_URL: far.url });
    await expect(ask('/tofupilot/v2/runs').then((answer) => answer.text())).rejects.toThrow();
  });
});

describe('what is refused', () => {
  const base = 'https://api.example/api';
  const at = (path: string) => apiAddress(base, new URL(path, 'http://station.example'))?.href;

  test('1: only plain paths below /v2/ become addresses of the API', () => {
    expect(at('/tofupilot/v2/runs?limit=1')).toBe('https://api.example/api/v2/runs?limit=1');
    expect(at('/tofupilot/v2/units/SN-1:2+3.')).toBe('https://api.example/api/v2/units/SN-1:2+3.');
    for (const path of [
      '/tofupilot/v1/runs',
      '/tofupilot/v2/',
      '/tofupilot/v2//evil.example/x',
      '/tofupilot/v2/https://evil.example',
      '/tofupilot/v2/../../admin',
      '/tofupilot/v2/%2e%2e/admin',
      '/tofupilot/v2/..%2fadmin',
      '/tofupilot/v2/runs%2f..%2f..%2fadmin',
      '/tofupilot/v2/%252e%252e%252fadmin',
      '/tofupilot/v2/runs%5c..%5cadmin',
      '/tofupilot/v2/runs%00',
      '/tofupilot/v2/%ff',
      '//evil.example/tofupilot/v2/runs/..',
    ])
      expect(at(path), path).toBeUndefined();
  });

  test('1: no way of writing the address leads to another server', async () => {
    const evil = await upstream((_incoming, outgoing) => outgoing.end('evil'));
    const far = await upstream((_incoming, outgoing) => outgoing.end('{}'));
    const { port } = await server({ TOFUPILOT_URL: `${far.url}/api` });
    const host = new URL(evil.url).host;
    for (const path of [
      `${evil.url}/tofupilot/v2/runs`,
      `//${host}/tofupilot/v2/runs`,
      `/tofupilot/v2//${host}/runs`,
      `/tofupilot/v2/@${host}/runs`,
      `/tofupilot/v2/${evil.url}`,
      `/tofupilot/v2/..%2f..%2f..%2f${host}`,
      `/tofupilot/upload/${evil.url}`,
      `/tofupilot/upload/${Buffer.from(JSON.stringify({ address: evil.url, until: 9e15 })).toString('base64url')}.AAAA`,
    ])
      for (const headers of [{}, { host }] as Record<string, string>[])
        await rawRequest(port, path, { headers, method: 'PUT', body: 'x' }).catch(() => undefined);
    expect(evil.seen).toHaveLength(0);
    for (const { path } of far.seen) expect(path).toMatch(/^\/api\/v2\//);
  });

  test('2: a redirect to elsewhere is 502 and is not followed; one inside the base is told in this origin’s words', async () => {
    const evil = await upstream((_incoming, outgoing) => outgoing.end('evil'));
    const far = await upstream((incoming, outgoing) => {
      const location = incoming.url?.endsWith('inside')
        ? '/api/v2/runs?x=1'
        : incoming.url?.endsWith('above')
          ? '/login'
          : `${evil.url}/api/v2/runs`;
      outgoing.writeHead(307, { location }).end();
    });
    const { ask } = await server({ TOFUPILOT_URL: `${far.url}/api` });
    for (const path of ['outside', 'above']) {
      const answer = await ask(`/tofupilot/v2/${path}`);
      expect(answer.status).toBe(502);
      expect(await answer.json()).toMatchObject({ code: 'BAD_GATEWAY' });
    }
    const inside = await ask('/tofupilot/v2/inside');
    expect([inside.status, inside.headers.get('location')]).toEqual([307, '/tofupilot/v2/runs?x=1']);
    expect(evil.seen).toHaveLength(0);
  });

  test('7: unreachable is 502 in the API’s words, also with a body under way', async () => {
    const { ask } = await server({ TOFUPILOT_URL: 'http://127.0.0.1:9' });
    const answer = await ask('/tofupilot/v2/runs', jsonRequest('POST', { filler: 'x'.repeat(1_000_000) }));
    expect(answer.status).toBe(502);
    expect(await answer.json()).toEqual({ message: expect.any(String), code: 'BAD_GATEWAY' });
  });

  test('7: a body over 64 MiB is 413, announced or not', async () => {
    const far = await upstream((incoming, outgoing) => incoming.resume().on('end', () => outgoing.end('{}')));
    const { ask, port } = await server({ TOFUPILOT_URL: far.url });
    const announced = await rawRequest(port, '/tofupilot/v2/runs', {
      method: 'POST',
      headers: { 'content-length': '67108865' },
    }).catch(() => undefined);
    expect(announced?.status ?? 413).toBe(413);
    expect(far.seen).toHaveLength(0);
    let left = 66;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(1024 * 1024)) : controller.close()),
    });
    const answer = await ask('/tofupilot/v2/runs', { method: 'POST', body, duplex: 'half' } as RequestInit).catch(
      () => undefined,
    );
    expect(answer?.status ?? 413).toBe(413);
  });

  test('7: silence is 504', async () => {
    const far = await upstream(() => undefined);
    const stop = new AbortController();
    const metrics = new Metrics('test', () => 0);
    const log = { write: () => undefined, say: () => undefined };
    const tokens = new UploadTokens(() => 0);
    const relay = new Relay({
      base: far.url,
      keys: undefined,
      tokens,
      log,
      metrics,
      monotonicMs: () => 0,
      ratePerS: () => Promise.resolve(0),
      stopping: stop.signal,
      limitMs: 50,
    });
    const incoming = { method: 'GET', headers: {} } as Parameters<Relay['forward']>[0];
    const asked = new URL('http://station.example/tofupilot/v2/runs');
    // Whatever the memory does meanwhile: a limit that only weak references hold would never come.
    const collecting = setInterval(collectGarbage, 5);
    const answer = await relay.forward(incoming, asked, asked.origin, new AbortController().signal);
    clearInterval(collecting);
    expect([answer.status, await answer.json()]).toEqual([
      504,
      { message: expect.any(String), code: 'GATEWAY_TIMEOUT' },
    ]);
    expect(metrics.text()).toContain('fieldbench_relay_requests_total{result="timeout"} 1');
    stop.abort();
  });
});

describe('whether TofuPilot is there', () => {
  const reach = async (ask: (path: string) => Promise<Response>) => (await ask('/tofupilot/reach')).json();

  test('25: any number of questions costs one look, without a key, and what was just forwarded costs none', async () => {
    const far = await upstream((_incoming, outgoing) => outgoing.end('{}'));
    const first = await server({ TOFUPILOT_URL: far.url });
    const said = await Promise.all(Array.from({ length: 50 }, () => reach(first.ask)));
    expect(said.every(({ api }) => api === 'online')).toBe(true);
    expect(far.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['HEAD /v2/stations/current']);
    expect(far.seen[0]?.headers.authorization).toBeUndefined();

    const second = await server({ TOFUPILOT_URL: far.url });
    await second.ask('/tofupilot/v2/runs');
    expect(await reach(second.ask)).toEqual({ api: 'online' });
    expect(far.seen).toHaveLength(2);
  });

  test('25: nobody there, an error, a page of the web or a redirect is offline; a request that failed asks anew', async () => {
    const nobody = await server({ TOFUPILOT_URL: 'http://127.0.0.1:1' });
    expect(await reach(nobody.ask)).toEqual({ api: 'offline' });
    for (const [status, type] of [
      [500, 'application/json'],
      [200, 'text/html'],
      [302, 'application/json'],
    ] as const) {
      const far = await upstream((_incoming, outgoing) => outgoing.writeHead(status, { 'content-type': type }).end());
      const { ask } = await server({ TOFUPILOT_URL: far.url });
      expect(await reach(ask), `${status} ${type}`).toEqual({ api: 'offline' });
    }
    let works = true;
    const ill = await upstream((_incoming, outgoing) => outgoing.writeHead(works ? 200 : 500).end());
    const { ask } = await server({ TOFUPILOT_URL: ill.url });
    expect(await reach(ask)).toEqual({ api: 'online' });
    works = false;
    await ask('/tofupilot/v2/runs');
    expect(await reach(ask)).toEqual({ api: 'offline' });
  });
});

describe('attempts', () => {
  test('29: an attempt that comes twice, or was meant for another process, is refused and reaches nobody', async () => {
    const far = await upstream((incoming, outgoing) => incoming.resume().on('end', () => outgoing.end('{"id":"r-1"}')));
    const { ask } = await server({ TOFUPILOT_URL: far.url });
    const send = (headers: Record<string, string>) => {
      const request = jsonRequest('POST', { a: 1 });
      return ask('/tofupilot/v2/runs', { ...request, headers: { ...request.headers, ...headers } });
    };
    const first = await send({ 'fieldbench-attempt': 'a-1' });
    const process = first.headers.get('fieldbench-server') ?? '';
    expect([first.status, process]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(far.seen[0]?.headers).not.toHaveProperty('fieldbench-attempt');

    for (const again of [
      { 'fieldbench-attempt': 'a-1' },
      { 'fieldbench-attempt': 'a-1', 'fieldbench-server': process },
      { 'fieldbench-attempt': 'a-2', 'fieldbench-server': 'the-process-before' },
    ] as Record<string, string>[]) {
      const refused = await send(again);
      expect([refused.status, await refused.json()]).toEqual([425, { code: 'TOO_EARLY', message: expect.any(String) }]);
    }
    expect(far.seen).toHaveLength(1);
    expect((await send({ 'fieldbench-attempt': 'a-2', 'fieldbench-server': process })).status).toBe(200);
    // A client that names no attempt is any client of the API.
    expect([(await send({})).status, (await send({})).status]).toEqual([200, 200]);
  });
});

describe('uploads', () => {
  test('3, 5: the upload address becomes one of this origin, and the bytes reach the storage without a key', async () => {
    const storage = await upstream((_incoming, outgoing, seen) => void seen.body.then(() => outgoing.end()));
    const far = await upstream((_incoming, outgoing) =>
      outgoing
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ id: 'a-1', upload_url: `${storage.url}/bucket/x?sig=1` })),
    );
    const { ask } = await server({ TOFUPILOT_URL: far.url, PUBLIC_URL: 'https://station.example' });
    const opened = (await (
      await ask('/tofupilot/v2/runs/r-1/attachments', jsonRequest('POST', { name: 'a.csv' }))
    ).json()) as Record<string, string>;
    expect(opened['id']).toBe('a-1');
    const address = new URL(opened['upload_url'] ?? '');
    expect(address.origin).toBe('https://station.example');
    const headers = { 'content-type': 'text/csv', authorization: 'Bearer demo-key', cookie: 'a=b' };
    const sent = await ask(address.pathname, { method: 'PUT', body: 'a,b', headers });
    expect(sent.status).toBe(200);
    expect(storage.seen[0]).toMatchObject({ method: 'PUT', path: '/bucket/x?sig=1' });
    expect(String(await storage.seen[0]?.body)).toBe('a,b');
    expect(storage.seen[0]?.headers).toMatchObject({ 'content-type': 'text/csv', 'content-length': '3' });
    expect(storage.seen[0]?.headers.authorization).toBeUndefined();
    expect(storage.seen[0]?.headers.cookie).toBeUndefined();
    for (const method of ['GET', 'POST', 'DELETE']) expect((await ask(address.pathname, { method })).status).toBe(404);
    const [content, signature] = address.pathname.split('/').at(-1)?.split('.') ?? [];
    for (const forged of [
      `${content}x.${signature}`,
      `${content}.${signature?.slice(1)}`,
      `${content}.`,
      `.${signature}`,
      'x',
    ])
      expect((await ask(`/tofupilot/upload/${forged}`, { method: 'PUT', body: 'x' })).status).toBe(404);
    expect(storage.seen).toHaveLength(1);
  });

  test('3: an answer without an upload address, or with an error, crosses unchanged', async () => {
    const far = await upstream((incoming, outgoing) =>
      outgoing
        .writeHead(incoming.url?.includes('bad') ? 400 : 200, { 'content-type': 'application/json' })
        .end('{"upload_url" : "http://x.example/"}'.slice(0, incoming.url?.includes('bad') ? undefined : 2)),
    );
    const { ask } = await server({ TOFUPILOT_URL: far.url });
    const bad = await ask('/tofupilot/v2/runs/bad/attachments', jsonRequest('POST', {}));
    expect([bad.status, await bad.text()]).toEqual([400, '{"upload_url" : "http://x.example/"}']);
    expect(await (await ask('/tofupilot/v2/attachments', jsonRequest('POST', {}))).text()).toBe('{"');
  });

  test('5: a sealed address lives a minute and only in its own process', () => {
    let nowMs = 1_000;
    const tokens = new UploadTokens(() => nowMs);
    const token = tokens.seal('https://storage.example/x');
    nowMs += 59_999;
    expect(tokens.open(token)?.href).toBe('https://storage.example/x');
    expect(new UploadTokens(() => nowMs).open(token)).toBeUndefined();
    nowMs += 1;
    expect(tokens.open(token)).toBeUndefined();
  });
});

describe('keys held by the relay', () => {
  const KEYS = 'taipei-line1-042: { token: a-token-of-16-chars, key: real-key }\n';

  test('6: a known token is replaced by its key; any other bearer goes nowhere', async () => {
    const far = await upstream((_incoming, outgoing) => outgoing.end('{}'));
    const file = join(await folder({ 'keys.yaml': KEYS }), 'keys.yaml');
    const { ask } = await server({ TOFUPILOT_URL: far.url, RELAY_KEYS_FILE: file });
    expect((await ask('/tofupilot/v2/runs', { headers: { authorization: 'Bearer a-token-of-16-chars' } })).status).toBe(
      200,
    );
    expect(far.seen[0]?.headers.authorization).toBe('Bearer real-key');
    for (const authorization of ['Bearer real-key', 'Bearer a-token-of-16-char', 'Basic a-token-of-16-chars', ''])
      expect((await ask('/tofupilot/v2/runs', { headers: { authorization } })).status).toBe(401);
    expect(far.seen).toHaveLength(1);
    expect(
      (await ask('/tofupilot/v2/runs', { method: 'HEAD', headers: { authorization: 'Bearer other' } })).status,
    ).toBe(200);
    expect(far.seen[1]?.headers.authorization).toBeUndefined();
  });

  test('6, 21: a wrong file ends the start and none of its secrets are repeated', async () => {
    for (const text of [
      'x: { token: short, key: secret-key }',
      'x: secret-key',
      `${KEYS}y: { token: a-token-of-16-chars, key: b }`,
      'x: [',
    ]) {
      const file = join(await folder({ 'keys.yaml': text }), 'keys.yaml');
      const refused = server({ TOFUPILOT_URL: 'http://127.0.0.1:9', RELAY_KEYS_FILE: file });
      await expect(refused).rejects.toMatchObject({
        code: 'keys-invalid',
        message: expect.not.stringMatching(/secret-key|a-token/),
      });
    }
  });
});

test('3: a browser that goes away ends the request behind the relay', async () => {
  const asked = deferred();
  const gone = deferred();
  const far = await upstream((incoming) => {
    asked.resolve();
    void once(incoming.socket, 'close').then(() => gone.resolve());
  });
  const { ask } = await server({ TOFUPILOT_URL: far.url });
  const browser = new AbortController();
  const answer = ask('/tofupilot/v2/runs', { signal: browser.signal }).catch(() => undefined);
  await asked.promise;
  browser.abort();
  await answer;
  await gone.promise;
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  return { promise: new Promise<void>((done) => (resolve = done)), resolve: () => resolve() };
}
