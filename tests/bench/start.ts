/**
 * Cold offline start: the server is gone, the browser has just been started, the processor is slowed down four-fold.
 * How long from the address to a scan field that takes a unit (it is kept, and started as soon as the fixture is there);
 * how long until that is drawn; and how long until the fixture is there too.
 *
 * The peer is the same browser showing a page of the same worker that does nothing: the floor under any app.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Server } from '../support/server.ts';
import { startBrowser } from '../virtual-devices/browser.ts';
import { visit } from './bare-browser.ts';
import { compare, type Result } from './measure.ts';

const ROUNDS = 5;
const SLOW_DOWN = 4;
const LIMIT_MS = 1000;
/** Precached like the app's own page, and nothing in it runs. */
const EMPTY_PAGE = '/icons/mark.svg';

type Moment = 'field' | 'drawn' | 'fixture';

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const server = await Server.start();
  const { origin } = server;
  await firstVisit(folder, origin);
  await server.stop();
  try {
    const rounds: { ours: Record<Moment, number>; peer: { loaded: number } }[] = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({
        ours: await timed<Moment>(folder, origin, '/', whenReady),
        peer: await timed<'loaded'>(folder, origin, EMPTY_PAGE, whenLoaded),
      });
    const facts = { unit: 'ms', peerName: 'an empty precached page' };
    const name = `Cold offline start to a ready scan field, processor slowed ${SLOW_DOWN}×`;
    const until = (moment: Moment) => rounds.map(({ ours, peer }) => ({ ours: ours[moment], peer: peer.loaded }));
    const told = 'none: told beside it';
    return [
      compare({ ...facts, name, bound: `under ${LIMIT_MS} ms` }, until('field'), ({ ours }) => ours < LIMIT_MS),
      compare({ ...facts, name: `${name}, and until it is drawn`, bound: told }, until('drawn'), () => true),
      compare({ ...facts, name: `${name}, and to its fixture`, bound: told }, until('fixture'), () => true),
    ];
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

/** What the page itself sees: a tool that looked into it would take its time from it. */
async function timed<Name extends string>(
  folder: string,
  origin: string,
  path: string,
  watch: () => void,
): Promise<Record<Name, number>> {
  const profile = join(folder, 'profile');
  return visit({ address: origin + path, profile, watch: `(${watch.toString()})()`, slowDown: SLOW_DOWN });
}

async function ready(page: Page): Promise<void> {
  await page.locator('[data-testid="serial-input"]:enabled').waitFor();
  await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
}

/**
 * In the page, from the moment at which it was asked for: when it takes a scan, when it has been drawn with the focus in
 * its field, and when it has its fixture too.
 */
function whenReady(): void {
  const moments: { field?: number; drawn?: number; fixture?: number } = {};
  const tell = () => {
    if (moments.drawn === undefined || moments.fixture === undefined) return;
    watcher.disconnect();
    console.log(`bench: ${JSON.stringify(moments)}`);
  };
  const draw = () =>
    requestAnimationFrame(() => {
      if (!document.activeElement?.matches('[data-testid="serial-input"]')) return void draw();
      // A task of its own comes after the frame that shows it.
      setTimeout(() => {
        moments.drawn = performance.now();
        tell();
      });
    });
  const watcher = new MutationObserver(() => {
    if (moments.field === undefined && document.querySelector('[data-testid="serial-input"]:enabled')) {
      moments.field = performance.now();
      // Not before: to ask for a frame has an empty page drawn.
      draw();
    }
    if (document.querySelector('[data-testid="fixture"][data-state="ready"]')) moments.fixture ??= performance.now();
    tell();
  });
  watcher.observe(document, { subtree: true, childList: true, attributes: true });
}

function whenLoaded(): void {
  addEventListener('load', () => console.log(`bench: ${JSON.stringify({ loaded: performance.now() })}`));
}
