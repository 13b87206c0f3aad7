/**
 * 10,000 undelivered runs on this disk, no server: how long until the station takes a scan and says what waits, and
 * until the queue is on the screen. The peer is the same app with an empty store.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { fillBacklog } from '../support/backlog.ts';
import { enrolmentPath } from '../support/enrolment.ts';
import { powerBoard, POWER_BOARD_BENCH, writeFleetFolder } from '../support/fleet-folder.ts';
import { freePort } from '../support/free-port.ts';
import { Server } from '../support/server.ts';
import { startBrowser } from '../virtual-devices/browser.ts';
import { visit } from './bare-browser.ts';
import { compare, type Result } from './measure.ts';

const ROUNDS = 3;
const RUNS = 10_000;
const LIMIT_MS = 1000;
const STATION = 'taipei-line1-042';

interface Times {
  readonly startMs: number;
  readonly queueMs: number;
}

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-backlog-'));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const [full, empty] = [join(folder, 'full'), join(folder, 'empty')];
  try {
    await fillBacklog({ folder: full, port }, { runs: RUNS, units: RUNS });
    const fleet = writeFleetFolder(join(folder, 'fleet'), {
      settings: { simulated: true, default_procedure: 'power-board' },
      procedures: { 'power-board': { 'procedure.yaml': powerBoard(), 'bench.yaml': POWER_BOARD_BENCH } },
    });
    // Nobody listens there: everything waits.
    const env = { TOFUPILOT_URL: `http://127.0.0.1:${await freePort()}/api`, FLEET_DIR: fleet };
    const server = await Server.start({ port, env });
    for (const profile of [full, empty]) await firstVisit(profile, origin);
    await server.stop();

    const rounds = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({ full: await timed(full, origin, RUNS), empty: await timed(empty, origin, 0) });
    const facts = { unit: 'ms', peerName: 'the same app with nothing waiting', bound: `under ${LIMIT_MS} ms` };
    const keeps = ({ ours }: { ours: number }) => ours < LIMIT_MS;
    return [
      compare(
        { name: `Start with ${RUNS} undelivered runs`, ...facts },
        rounds.map((one) => ({ ours: one.full.startMs, peer: one.empty.startMs })),
        keeps,
      ),
      compare(
        { name: `Open the queue with ${RUNS} undelivered runs`, ...facts },
        rounds.map((one) => ({ ours: one.full.queueMs, peer: one.empty.queueMs })),
        keeps,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function firstVisit(folder: string, origin: string): Promise<void> {
  const browser = await startBrowser({ folder, origin });
  await browser.page.goto(origin + enrolmentPath({ station: STATION, key: 'bench-key' }));
  await browser.page.getByTestId('station').filter({ hasText: STATION }).first().waitFor();
  await ready(browser.page);
  await browser.page.evaluate(() => navigator.serviceWorker.ready);
  await browser.page.reload();
  await ready(browser.page);
  await browser.close();
}

/** What the page itself sees: a tool that looked into it would take its time from it. */
async function timed(folder: string, origin: string, waiting: number): Promise<Times> {
  const [queue, row] = [`[data-testid="queue"][data-waiting="${waiting}"]`, waiting > 0 ? 'queue-row' : 'loss'];
  const profile = join(folder, 'profile');
  return visit<Times>({ address: `${origin}/`, profile, watch: `(${watch.toString()})('${queue}', '${row}')` });
}

/**
 * In the page: when the station takes a scan, has its fixture and says how much waits; then from the press to the first
 * row of the queue, painted.
 */
function watch(queue: string, row: string): void {
  const seen = (selectors: readonly string[]) =>
    new Promise<void>((resolve) => {
      const look = () => selectors.every((selector) => document.querySelector(selector)) && resolve();
      new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
      look();
    });
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  void (async () => {
    await seen(['[data-testid="serial-input"]:enabled', '[data-testid="fixture"][data-state="ready"]', queue]);
    // From the moment at which the browser was given the address.
    const startMs = performance.now();
    // Pressed by a person, who needs a moment.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const pressedMs = performance.now();
    document.querySelector<HTMLAnchorElement>('a[href="/queue"]')?.click();
    await seen([`[data-testid="${row}"]`]);
    await painted();
    console.log(`bench: ${JSON.stringify({ startMs, queueMs: performance.now() - pressedMs })}`);
  })();
}

async function ready(page: Page): Promise<void> {
  await page.locator('[data-testid="serial-input"]:enabled').waitFor();
  await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
}
