/**
 * Cold offline start: the server is gone, the browser has just been started, the processor is slowed down four-fold;
 * how long from the address to a scan field with a ready fixture behind it.
 *
 * The peer is the same browser showing a page of the same worker that does nothing: the floor under any app.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Server } from '../support/server.ts';
import { startBrowser } from '../virtual-devices/browser.ts';
import { compare, type Result } from './measure.ts';

const ROUNDS = 5;
const SLOW_DOWN = 4;
const LIMIT_MS = 1000;
/** Precached like the app's own page, and nothing in it runs. */
const EMPTY_PAGE = '/icons/mark.svg';

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const server = await Server.start();
  const { origin } = server;
  await firstVisit(folder, origin);
  await server.stop();
  try {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({
        ours: await timed(folder, origin, '/', ready),
        peer: await timed(folder, origin, EMPTY_PAGE, loaded),
      });
    const facts = {
      name: `Cold offline start to a ready scan field, processor slowed ${SLOW_DOWN}×`,
      unit: 'ms',
      peerName: 'an empty precached page',
      bound: `under ${LIMIT_MS} ms`,
    };
    return [compare(facts, rounds, ({ ours }) => ours < LIMIT_MS)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function firstVisit(folder: string, origin: string): Promise<void> {
  const browser = await startBrowser({ folder, origin });
  await browser.page.goto(origin);
  await ready(browser.page);
  await browser.page.evaluate(() => navigator.serviceWorker.ready);
  await browser.page.reload();
  await ready(browser.page);
  await browser.close();
}

async function timed(
  folder: string,
  origin: string,
  path: string,
  until: (page: Page) => Promise<unknown>,
): Promise<number> {
  const browser = await startBrowser({ folder, origin });
  try {
    const { page } = browser;
    const devtools = await browser.context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
    const begin = performance.now();
    await page.goto(origin + path, { waitUntil: 'commit' });
    await until(page);
    return performance.now() - begin;
  } finally {
    await browser.close();
  }
}

async function ready(page: Page): Promise<void> {
  await page.locator('[data-testid="serial-input"]:enabled').waitFor();
  await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
}

const loaded = (page: Page) => page.waitForLoadState('load');
