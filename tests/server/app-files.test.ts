import { describe, expect, test } from 'vitest';
import { rawRequest, server } from './support.ts';

const LONG = 'const a = 1;\n'.repeat(500);
const FILES = {
  'index.html': '<!doctype html><title>page</title>',
  'sw.js': 'self.a=1',
  'manifest.webmanifest': '{}',
  'icons/icon-192.png': 'png',
  'assets/index-B1.js': LONG,
  'assets/main-worker-B2.js': 'a',
  'assets/script-worker-B3.js': 'b',
  'assets/inter-B4.woff2': 'font',
};

describe('caching', () => {
  test('8: hashed files for a year, everything else asked for anew', async () => {
    const { ask } = await server({}, FILES);
    expect((await ask('/assets/index-B1.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/', '/history', '/runs/0191e4a2', '/sw.js', '/manifest.webmanifest', '/icons/icon-192.png']) {
      const answer = await ask(path);
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 200, 'no-cache']);
      const again = await ask(path, { headers: { 'if-none-match': `W/"x", ${answer.headers.get('etag')}` } });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
  });

  test('8: every route of the app is the page; an unknown path is not, least of all under /assets/', async () => {
    const { ask, port } = await server({}, FILES);
    for (const path of [
      '/',
      '/history',
      '/history/',
      '/analysis',
      '/workshop',
      '/runs/abc',
      '/fixtures',
      '/queue',
      '/fleet',
      '/fleet/',
      '/settings',
      '/wall',
      '/help',
      '/help/',
      '/help/code/fixture-missing',
    ])
      expect(await (await ask(path)).text(), path).toBe(FILES['index.html']);
    for (const path of [
      '/assets/index-A0.js',
      '/assets/',
      '/assets',
      '/assets/x/',
      '/nothing',
      '/runs/a/b',
      '/helpx',
      '/sw.js.map',
      '/.env',
      '/%ff',
    ])
      expect((await ask(path)).status, path).toBe(404);
    for (const path of [
      '/../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/../../package.json',
    ])
      expect((await rawRequest(port, path)).status, path).toBe(404);
    expect((await ask('/', { method: 'POST' })).status).toBe(404);
  });

  test('8: types are exact and texts are compressed as asked', async () => {
    const { ask, port } = await server({}, FILES);
    const typeOf = async (path: string) => (await ask(path)).headers.get('content-type');
    expect(await typeOf('/')).toBe('text/html; charset=utf-8');
    expect(await typeOf('/sw.js')).toBe('text/javascript; charset=utf-8');
    expect(await typeOf('/manifest.webmanifest')).toBe('application/manifest+json; charset=utf-8');
    expect(await typeOf('/assets/inter-B4.woff2')).toBe('font/woff2');
    for (const encoding of ['gzip', 'br']) {
      const answer = await ask('/assets/index-B1.js', { headers: { 'accept-encoding': encoding } });
      expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([
        encoding,
        'accept-encoding',
      ]);
      expect(await answer.text()).toBe(LONG);
      expect(Number(answer.headers.get('content-length'))).toBeLessThan(LONG.length);
    }
    const plain = await rawRequest(port, '/assets/index-B1.js', { headers: { 'accept-encoding': 'br;q=0, zstd' } });
    expect([plain.headers['content-encoding'], plain.text]).toEqual([undefined, LONG]);
    const small = await ask('/sw.js', { headers: { 'accept-encoding': 'br, gzip' } });
    expect([small.headers.get('content-encoding'), await small.text()], 'saves no packet').toEqual([null, 'self.a=1']);
    for (const beside of ['/assets/index-B1.js.br', '/assets/index-B1.js.gz'])
      expect((await ask(beside)).status, `${beside} is no file of the app`).toBe(404);
    const head = await ask('/sw.js', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('policy', () => {
  const STRICT =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; " +
    "worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "object-src 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html fieldbench";

  test('9: the strict policy on every file of the app; no network for procedure code', async () => {
    const { ask } = await server({}, FILES);
    for (const path of ['/', '/queue', '/sw.js', '/assets/index-B1.js', '/assets/main-worker-B2.js']) {
      const { headers } = await ask(path);
      expect(headers.get('content-security-policy'), path).toBe(STRICT);
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('permissions-policy')).toMatch(
        /^serial=\(self\), usb=\(self\), hid=\(self\), camera=\(self\), .*microphone=\(\)/,
      );
    }
    const script = (await ask('/assets/script-worker-B3.js')).headers.get('content-security-policy');
    expect(script).toBe(STRICT.replace("connect-src 'self'", "connect-src 'none'"));
  });

  test('9: everything else may do nothing', async () => {
    const { ask } = await server({}, FILES);
    for (const path of [
      '/healthz',
      '/schema/procedure.json',
      '/readyz',
      '/metrics',
      '/fleet/manifest.json',
      '/tofupilot/v2/runs',
      '/assets/none.js',
      '/sandbox/state',
    ]) {
      const { headers } = await ask(path);
      expect(headers.get('content-security-policy'), path).toBe(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
      );
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });
});
