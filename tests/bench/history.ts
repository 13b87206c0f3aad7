/**
 * 100,000 runs on this disk: how long until the history shows them, until a key in its search has its rows on the
 * screen, and how many pictures a second a slow machine scrolls through them.
 *
 * The peers: the same app with a hundred runs, a filter over Dexie's table for the same words, and a page as long with
 * nothing in it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrolmentPath } from '../support/enrolment.ts';
import { powerBoard, POWER_BOARD_BENCH, writeFleetFolder } from '../support/fleet-folder.ts';
import { freePort } from '../support/free-port.ts';
import { Server } from '../support/server.ts';
import { startBrowser } from '../virtual-devices/browser.ts';
import { visit } from './bare-browser.ts';
import { serveWorker } from './bundle.ts';
import { compare, median, type Result } from './measure.ts';

const ROUNDS = 3;
const RUNS = 100_000;
const FEW_RUNS = 100;
/** As many as one life of a browser writes without standing still (tests/support/backlog.ts). */
const RUNS_A_VISIT = 12_500;
const SLOW_DOWN = 4;
const STATION = 'taipei-line1-042';
/** What a person types, key by key. */
const TYPED = ['rail 3v3', 'mei.chen', 'sn-0421', 'outcome:fail w17'];
const KEYS = TYPED.flatMap((text) => Array.from(text, (_, at) => text.slice(0, at + 1)));
/** A picture is 16.7 ms at 60 a second. */
const PICTURES_A_SECOND = 60;

interface Times {
  readonly openMs: number;
  readonly wholeMs: number;
  readonly keysMs: readonly number[];
}

interface Scrolled {
  readonly picturesPerS: number;
}

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-history-'));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const [full, few] = [join(folder, 'full'), join(folder, 'few')];
  try {
    await fill(full, port, RUNS);
    await fill(few, port, FEW_RUNS);
    const filterMs = await filterTimes(full, port);
    const fleet = writeFleetFolder(join(folder, 'fleet'), {
      settings: { simulated: true, default_procedure: 'power-board' },
      procedures: { 'power-board': { 'procedure.yaml': powerBoard(), 'bench.yaml': POWER_BOARD_BENCH } },
    });
    const env = { TOFUPILOT_URL: `http://127.0.0.1:${await freePort()}/api`, FLEET_DIR: fleet };
    const server = await Server.start({ port, env });
    const tall = await tallPage();
    try {
      for (const profile of [full, few]) await firstVisit(profile, origin);
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++)
        rounds.push({
          full: await timed(full, origin, KEYS),
          few: await timed(few, origin, []),
          scrolled: await scrolled(full, origin),
          tall: await visit<Scrolled>({ address: tall.address, slowDown: SLOW_DOWN }),
        });
      return results(rounds, filterMs);
    } finally {
      tall.close();
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Round {
  readonly full: Times;
  readonly few: Times;
  readonly scrolled: Scrolled;
  readonly tall: Scrolled;
}

function results(rounds: readonly Round[], filterMs: number): Result[] {
  const under = (limitMs: number) => ({
    bound: `under ${limitMs} ms`,
    keeps: ({ ours }: { ours: number }) => ours < limitMs,
  });
  const [open, key] = [under(200), under(50)];
  return [
    compare(
      { name: `Open the history with ${RUNS} runs`, unit: 'ms', peerName: `the same with ${FEW_RUNS} runs`, ...open },
      rounds.map((one) => ({ ours: one.full.openMs, peer: one.few.openMs })),
      open.keeps,
    ),
    compare(
      {
        name: `All ${RUNS} runs can be found`,
        unit: 'ms',
        peerName: `the same with ${FEW_RUNS} runs`,
        bound: 'none: told beside it',
      },
      rounds.map((one) => ({ ours: one.full.wholeMs, peer: one.few.wholeMs })),
      () => true,
    ),
    compare(
      {
        name: `A key in the search over ${RUNS} runs, to its rows`,
        unit: 'ms',
        peerName: 'a filter over Dexie’s table',
        ...key,
      },
      rounds.map((one) => ({ ours: median(one.full.keysMs), peer: filterMs })),
      key.keeps,
    ),
    compare(
      { name: `The slowest of ${KEYS.length} keys`, unit: 'ms', peerName: 'a filter over Dexie’s table', ...key },
      rounds.map((one) => ({ ours: Math.max(...one.full.keysMs), peer: filterMs })),
      key.keeps,
    ),
    compare(
      {
        name: `Scrolling through ${RUNS} runs, processor slowed ${SLOW_DOWN}×`,
        unit: 'pictures/s',
        peerName: 'a page as long with nothing in it',
        bound: `${PICTURES_A_SECOND}`,
      },
      rounds.map((one) => ({ ours: one.scrolled.picturesPerS, peer: one.tall.picturesPerS })),
      // A picture more or less is the clock's.
      ({ ours }) => ours > PICTURES_A_SECOND - 1,
    ),
  ];
}

async function fill(folder: string, port: number, runs: number): Promise<void> {
  const site = await serveWorker('./history-worker.ts', port);
  try {
    for (let there = 0; there < runs;) {
      there = Math.min(there + RUNS_A_VISIT, runs);
      const browser = await startBrowser({ folder, origin: site.origin });
      await site.run(browser.page, { runs: there });
      await browser.close();
    }
  } finally {
    site.close();
  }
}

/** Milliseconds a word, in the middle of them. */
async function filterTimes(folder: string, port: number): Promise<number> {
  const site = await serveWorker('./history-worker.ts', port);
  const browser = await startBrowser({ folder, origin: site.origin });
  try {
    const { times } = await site.run<{ times: number[] }>(browser.page, { words: ['rail', 'mei', 'sn-0421'] });
    return median(times);
  } finally {
    await browser.close();
    site.close();
  }
}

async function firstVisit(folder: string, origin: string): Promise<void> {
  const { page, close } = await startBrowser({ folder, origin });
  await page.goto(origin + enrolmentPath({ station: STATION, key: 'bench-key' }));
  await page.getByTestId('station').filter({ hasText: STATION }).first().waitFor();
  await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await close();
}

function timed(folder: string, origin: string, keys: readonly string[]): Promise<Times> {
  const profile = join(folder, 'profile');
  return visit<Times>({ address: `${origin}/`, profile, watch: `(${watch.toString()})(${JSON.stringify(keys)})` });
}

/** In the page, which no tool looks into: from the press to the first row, until all are read, and key by key. */
function watch(keys: readonly string[]): void {
  const seen = (selector: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!document.querySelector(selector)) return;
        watcher.disconnect();
        resolve();
      };
      const watcher = new MutationObserver(look);
      watcher.observe(document, { subtree: true, childList: true, attributes: true });
      look();
    });
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  void (async () => {
    await seen('[data-testid="serial-input"]:enabled');
    await seen('[data-testid="fixture"][data-state="ready"]');
    // Pressed by a person, who needs a moment.
    await rest(1_000);
    const pressedMs = performance.now();
    document.querySelector<HTMLAnchorElement>('a[href="/history"]')?.click();
    await seen('[data-testid="run-row"]');
    await painted();
    const openMs = performance.now() - pressedMs;
    await seen('[data-testid="found"][data-whole="true"]');
    const wholeMs = performance.now() - pressedMs;
    await rest(500);
    const field = document.querySelector<HTMLInputElement>('input[type="search"]')!;
    const keysMs: number[] = [];
    for (const text of keys) {
      const beganMs = performance.now();
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await seen(`[data-testid="found"][data-for="${text.trim()}"]`);
      await painted();
      keysMs.push(performance.now() - beganMs);
      await rest(60);
    }
    console.log(`bench: ${JSON.stringify({ openMs, wholeMs, keysMs })}`);
  })();
}

function scrolled(folder: string, origin: string): Promise<Scrolled> {
  const profile = join(folder, 'profile');
  const script = `(${scrollApp.toString()})(${scrollDown.toString()})`;
  return visit<Scrolled>({ address: `${origin}/history`, profile, watch: script, slowDown: SLOW_DOWN });
}

function scrollApp(scroll: () => Promise<number>): void {
  const look = setInterval(() => {
    if (!document.querySelector('[data-testid="found"][data-whole="true"]')) return;
    clearInterval(look);
    setTimeout(() => {
      void scroll().then((picturesPerS) => console.log(`bench: ${JSON.stringify({ picturesPerS })}`));
    }, 1_000);
  }, 100);
}

/** A flick of a finger that does not end: half a window a picture, for five seconds. */
function scrollDown(): Promise<number> {
  return new Promise((resolve) => {
    const LASTS_MS = 5_000;
    const STEP_PX = 400;
    let pictures = 0;
    let beganMs: number | null = null;
    const draw = (nowMs: number) => {
      beganMs ??= nowMs;
      if (nowMs - beganMs >= LASTS_MS) return resolve(pictures / ((nowMs - beganMs) / 1000));
      pictures += 1;
      window.scrollBy(0, STEP_PX);
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  });
}

/** As long as the history, with nothing in it: what the browser itself can do. */
async function tallPage(): Promise<{ address: string; close(): void }> {
  const script = `(${scrollDown.toString()})().then((picturesPerS) => console.log('bench: ' + JSON.stringify({ picturesPerS })))`;
  const html = `<!doctype html><title>tall</title><div style="height:5600000px"></div><script>setTimeout(() => ${script}, 1000)</script>`;
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
  };
}
