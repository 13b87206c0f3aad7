/**
 * A new version takes over between runs: never during one, never by a reload that nobody expected, and offline too.
 *
 * The second version is the built app with another title; everything else about it is real: its service worker
 * differs, installs, waits, and is let in by the page.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { compressApp } from '../../src/cli/compress-app.js';
import { StationPage } from '../support/station-page.ts';
import { expect, test } from './stage.ts';

const BUILT = fileURLToPath(new URL('../../dist/app/', import.meta.url));
const STATION = 'demo-line1-001';
/** Ten idle seconds before the new worker is let in, ten more before the page reloads, and a loaded machine. */
const TAKE_OVER_MS = 180_000;

/** The built app under another name, as a release with one changed file would be. */
async function release(folder: string, title: string): Promise<string> {
  cpSync(BUILT, folder, { recursive: true });
  const edit = (file: string, change: (text: string) => string) => {
    const path = join(folder, file);
    const before = readFileSync(path, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${file} is not built as this test thinks`);
    writeFileSync(path, after);
  };
  edit('index.html', (html) => html.replace('</head>', `<meta name="release" content="${title}" /></head>`));
  edit('sw.js', (code) =>
    code.replace(/"revision":"[0-9a-f]+","url":"index\.html"/, `"revision":"${title}","url":"index.html"`),
  );
  await compressApp(folder);
  return folder;
}

test('a new version waits for the end of the run, then takes over by itself', async ({ stage }) => {
  test.setTimeout(TAKE_OVER_MS * 2);
  const first = await stage.server({ env: { APP_DIR: await release(join(stage.folder, 'one'), 'one') } });
  const { page } = await stage.browser({ origin: first.origin });
  const station = new StationPage(page, first.origin);
  // The first word to the new version is lost, as on a machine too busy to start its worker in time.
  await page.addInitScript(() => {
    const send = ServiceWorker.prototype.postMessage as (message: unknown) => void;
    let isLost = false;
    ServiceWorker.prototype.postMessage = function (this: ServiceWorker, message: { type?: string }) {
      if (isLost || message.type !== 'SKIP_WAITING') return send.apply(this, [message]);
      isLost = true;
    } as ServiceWorker['postMessage'];
  });
  await station.ready(STATION);
  await station.offlineReady();
  const runs = () => page.locator('meta[name=release]').getAttribute('content');
  expect(await runs()).toBe('one');

  await first.stop();
  const env = { APP_DIR: await release(join(stage.folder, 'two'), 'two') };
  await stage.server({ port: first.port, env });
  let loads = 0;
  page.on('load', () => (loads += 1));
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
  });
  await expect
    .poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)))
    .toBe(true);

  // While units are tested one after the other nothing reloads, and no verdict is torn away.
  const until = Date.now() + 15_000;
  let last = '';
  for (let n = 200; Date.now() < until; n++) {
    const before = loads;
    const { outcome, runId } = await station.test(`SN-000${n}`);
    last = runId;
    expect(outcome).toBe('PASS');
    expect(loads, 'no reload during a run').toBe(before);
  }

  await expect.poll(runs, { timeout: TAKE_OVER_MS, message: 'the new version is in charge' }).toBe('two');
  await expect(station.handle('verdict'), 'the verdict stays until the next scan').toHaveAttribute('data-run-id', last);
  expect((await station.test('SN-000900')).outcome).toBe('PASS');
});

/** What the station's database says of the browser; with `value`, what it says from now on. */
function triedBrowser(page: Page, value?: string): Promise<string> {
  return page.evaluate(async (value) => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name!));
      try {
        if (!database.objectStoreNames.contains('meta')) continue;
        const meta = database.transaction('meta', 'readwrite').objectStore('meta');
        if (value !== undefined) await answer(meta.put({ key: 'tried-browser', value }));
        const found = (await answer(meta.get('tried-browser'))) as { value: string } | undefined;
        if (found) return found.value;
      } finally {
        database.close();
      }
    }
    return '';
  }, value);
}

test('a browser of another version is tried out first, and then is the one that is known', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  const browser = await triedBrowser(page);
  expect(browser).toMatch(/^Chrom\w+ \d+\.\d+/);
  expect(await triedBrowser(page, 'Chrome 1.0')).toBe('Chrome 1.0');
  await station.ready(STATION);
  expect(await triedBrowser(page)).toBe(browser);
  await expect(station.handle('notice')).toHaveCount(0);
  expect((await station.test('SN-000123')).outcome).toBe('PASS');
});
