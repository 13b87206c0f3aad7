/**
 * What the browser itself has to say: no policy violated, no error on the console, no word to another origin; an
 * installable app whose every route opens without a network.
 */
import { StationPage } from '../support/station-page.ts';
import type { StationBrowser } from '../virtual-devices/browser.ts';
import { expect, test } from './stage.ts';

const STATION = 'demo-line1-001';

const routes = (runId: string) => [
  '/',
  '/history',
  '/analysis',
  `/runs/${runId}`,
  '/fixtures',
  '/queue',
  '/fleet',
  '/settings',
  '/help',
  '/stations',
  '/workshop',
];

/** Everything that a clean app never causes. */
async function watch(browser: StationBrowser, origin: string): Promise<string[]> {
  const trouble: string[] = [];
  await browser.context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy violated: ${violatedDirective} ${blockedURI}`);
    });
  });
  browser.context.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`console: ${message.text()}`);
  });
  browser.context.on('weberror', (error) => trouble.push(`uncaught: ${error.error().message}`));
  browser.context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) trouble.push(`request to ${url.origin}`);
  });
  return trouble;
}

test('a whole run and every route without a violation, an error or a foreign request', async ({ stage }) => {
  const server = await stage.server();
  const browser = await stage.browser({ origin: server.origin });
  const trouble = await watch(browser, server.origin);
  const station = new StationPage(browser.page, server.origin);
  await station.ready(STATION);
  const { runId, outcome } = await station.test('SN-000123');
  expect(outcome).toBe('PASS');
  await station.queueBecomes({ waiting: 0, uploadedToday: 1 });
  await station.offlineReady();
  for (const route of routes(runId)) {
    await station.open(route);
    await expect(station.handle('station')).toContainText(STATION);
    await expect(station.handle('queue').first()).toHaveAttribute('data-uploaded-today', '1');
  }
  await station.open('/settings');
  await station.handle('check-open').click();
  await expect(station.page.locator('[data-testid=check-line][data-key=offline]')).toHaveAttribute('data-state', 'ok');
  expect(trouble).toEqual([]);
});

test('the policy is strict and the right things may be cached', async ({ stage }) => {
  const server = await stage.server();
  const answer = await fetch(`${server.origin}/`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/connect-src 'self'(;|$)/);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy.match(/(script|default)-src[^;]*/g)?.join(' ')).not.toMatch(/unsafe|http|\*/);
  const html = await answer.text();
  expect(html, 'no inline script').not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
  const script = /<script[^>]*\bsrc="([^"]+)"/.exec(html)?.[1] ?? '';
  const hashed = await fetch(new URL(script, server.origin));
  expect(hashed.headers.get('cache-control')).toContain('immutable');
  for (const path of ['/sw.js', '/manifest.webmanifest']) {
    const fresh = await fetch(server.origin + path);
    expect(fresh.status, path).toBe(200);
    expect(fresh.headers.get('cache-control'), path).toMatch(/no-cache|no-store|max-age=0/);
  }
});

test('the app can be installed', async ({ stage }) => {
  const server = await stage.server();
  const html = await (await fetch(`${server.origin}/`)).text();
  const href = /<link[^>]*rel="manifest"[^>]*>/.exec(html)?.[0].match(/href="([^"]+)"/)?.[1] ?? '';
  const manifest = (await (await fetch(new URL(href, server.origin))).json()) as {
    name: string;
    start_url: string;
    display: string;
    icons: { src: string; sizes: string; purpose?: string }[];
    screenshots?: { src: string }[];
  };
  expect(manifest.name).not.toBe('');
  expect(manifest.display).toBe('standalone');
  expect(new URL(manifest.start_url, server.origin).origin).toBe(server.origin);
  expect(manifest.icons.map(({ sizes }) => sizes).join(' ')).toMatch(/192x192|any/);
  expect(manifest.icons.some(({ purpose }) => purpose?.includes('maskable'))).toBe(true);
  expect(manifest.screenshots?.length ?? 0, 'screenshots for the install dialogue').toBeGreaterThan(0);
  for (const { src } of [...manifest.icons, ...(manifest.screenshots ?? [])]) {
    const image = await fetch(new URL(src, new URL(href, server.origin)));
    expect(image.status, src).toBe(200);
    expect(image.headers.get('content-type'), src).toMatch(/^image\//);
  }
});

test('every route opens without a network', async ({ stage }) => {
  const server = await stage.server();
  const browser = await stage.browser({ origin: server.origin });
  const station = new StationPage(browser.page, server.origin);
  await station.ready(STATION);
  const { runId } = await station.test('SN-000123');
  await station.queueBecomes({ waiting: 0, uploadedToday: 1 });
  await station.offlineReady();
  await server.stop();
  for (const route of routes(runId)) {
    await station.open(route);
    await expect(station.handle('station')).toContainText(STATION);
    await expect(station.handle('queue').first()).toHaveAttribute('data-uploaded-today', '1');
  }
  await station.ready(STATION);
  expect((await station.test('SN-000124')).outcome).toBe('PASS');
  await station.queueBecomes({ waiting: 1, uploadedToday: 1 });
});
