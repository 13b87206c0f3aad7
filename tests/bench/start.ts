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
const TOLD = 'bench: ';
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
        ours: await timed(folder, origin, '/', whenReady),
        peer: await timed(folder, origin, EMPTY_PAGE, whenLoaded),
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

/** What the page itself sees, told over the console: a tool that looked into the page would take its time from it. */
async function timed(folder: string, origin: string, path: string, watch: () => void): Promise<number> {
  const browser = await startBrowser({ folder, origin });
  try {
    const { page } = browser;
    await page.addInitScript(watch);
    const devtools = await browser.context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
    const told = page.waitForEvent('console', (message) => message.text().startsWith(TOLD));
    const beginMs = Date.now();
    await page.goto(origin + path, { waitUntil: 'commit' });
    // The page's own clock: how long the news took to come here is no part of the start.
    return Number((await told).text().slice(TOLD.length)) - beginMs;
  } finally {
    await browser.close();
  }
}

async function ready(page: Page): Promise<void> {
  await page.locator('[data-testid="serial-input"]:enabled').waitFor();
  await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
}

/** In the page: once it takes a scan and has its fixture. */
function whenReady(): void {
  const look = () => {
    if (!document.querySelector('[data-testid="serial-input"]:enabled')) return;
    if (!document.querySelector('[data-testid="fixture"][data-state="ready"]')) return;
    watcher.disconnect();
    console.log(`bench: ${performance.timeOrigin + performance.now()}`);
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document, { subtree: true, childList: true, attributes: true });
}

function whenLoaded(): void {
  addEventListener('load', () => console.log(`bench: ${performance.timeOrigin + performance.now()}`));
}
