/**
 * The air gap from end to end, with two browsers: runs leave a station without a network as one file, arrive once each
 * through another station, and the receipt ends their wait. Without the receipt the first station looks before it posts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { enrolmentPath } from '../support/enrolment.ts';
import { StationPage } from '../support/station-page.ts';
import { STATION_KEY } from '../support/strict-tofupilot.ts';
import { startBrowser, type StationBrowser } from '../virtual-devices/browser.ts';
import { expect, type Factory, night, type Stage, test } from './stage.ts';

/** Longer than a second look at a doubtful upload takes (stage.ts), so that a duplicate would show. */
const SETTLE_MS = 4_000;

const [A, B] = ['taipei-line1-041', 'taipei-line2-007'];

/** A station with a profile of its own, as on another machine. */
async function openAs(name: string, stage: Stage, { server }: Factory): Promise<Bench> {
  const folder = join(stage.folder, name);
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser({ folder, origin: server.origin });
  const station = new StationPage(browser.page, server.origin);
  await station.ready(name, enrolmentPath({ station: name, key: STATION_KEY }));
  await station.fixtureIs('ready');
  await station.offlineReady();
  return { browser, station, folder };
}

interface Bench {
  readonly browser: StationBrowser;
  readonly station: StationPage;
  readonly folder: string;
}

const showUploads = async (page: Page) => {
  if (new URL(page.url()).pathname !== '/queue') await page.getByTestId('queue').first().click();
  await expect(page.getByRole('heading', { name: 'Uploads' })).toBeVisible();
};

/** @returns where the file that the button gives out was saved */
async function saved({ browser: { page }, folder }: Bench, button: string | RegExp): Promise<string> {
  await page.getByRole('button', { name: button }).click();
  const waiting = page.waitForEvent('download');
  await page.getByTestId('save-download').click();
  const download = await waiting;
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** Opens a file, and gives the code of what came of it. */
async function opened(page: Page, path: string): Promise<string | null> {
  const result = page.getByTestId('transfer-result');
  await page.getByTestId('transfer-open').setInputFiles(path);
  await expect(page.locator('section[aria-busy=false]')).toBeVisible();
  await expect(result).toHaveCount(1);
  return result.getAttribute('data-code');
}

async function runOffline({ browser, station }: Bench, serials: readonly string[]): Promise<string[]> {
  await browser.context.setOffline(true);
  await station.connectionIs('offline');
  const runIds: string[] = [];
  for (const serial of serials) runIds.push((await station.test(serial)).runId);
  await station.queueBecomes({ waiting: serials.length, parked: 0 });
  return runIds;
}

test('three runs leave by file, arrive once through another station, and the receipt ends their wait', async ({
  stage,
}) => {
  const factory = await stage.factory({ simulated: true });
  const { upstream } = factory;
  const a = await openAs(A, stage, factory);
  const b = await openAs(B, stage, factory);
  try {
    const runIds = await runOffline(a, ['SN-000001', 'SN-000002', 'SN-000001']);
    await showUploads(a.browser.page);
    const file = await saved(a, 'Export 3 runs');
    expect(file).toMatch(/taipei-line1-041-1-3\.fieldbench$/);
    await a.station.queueBecomes({ waiting: 3, parked: 0 });
    await expect(a.browser.page.locator('[data-testid=queue-row][data-exported]')).toHaveCount(3);
    await expect(a.browser.page.getByTestId('loss')).toContainText('lose 3 runs');

    // What happens to files on the way: changed, and cut.
    await showUploads(b.browser.page);
    const bytes = readFileSync(file);
    const changed = join(b.folder, 'changed.fieldbench');
    writeFileSync(changed, Buffer.from(bytes.toString('latin1').replace('line1-041', 'line1-049'), 'latin1'));
    expect(await opened(b.browser.page, changed)).toBe('manifest');
    const cut = join(b.folder, 'cut.fieldbench');
    writeFileSync(cut, bytes.subarray(0, bytes.length - 100));
    expect(await opened(b.browser.page, cut)).toBe('cut');
    expect(upstream.runs).toHaveLength(0);

    expect(await opened(b.browser.page, file)).toBe('opened');
    await expect.poll(() => upstream.runs.length).toBe(3);
    expect(await opened(b.browser.page, file)).toBe('opened');
    await b.station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 3 });
    const metadata = upstream.runs.map(({ body }) => body.metadata ?? {});
    expect(metadata.map((each) => each['client_run_id']).toSorted()).toEqual(runIds.toSorted());
    expect(metadata.map((each) => each['station_id'])).toEqual([A, A, A]);
    const ofOneUnit = upstream.runs.filter(({ body }) => body.serial_number === 'SN-000001');
    expect(ofOneUnit.map(({ body }) => body.metadata?.['station_seq'])).toEqual([1, 3]);

    // Its own numbers and its history know nothing of them.
    await b.browser.page.goto(`${factory.server.origin}/history`);
    await expect(b.browser.page.getByRole('heading', { name: 'History' })).toBeVisible();
    await expect(b.browser.page.getByTestId('run-row')).toHaveCount(0);
    await showUploads(b.browser.page);
    const receipt = await saved(b, /^Write receipt/);

    expect(await opened(a.browser.page, receipt)).toBe('opened');
    await a.station.queueBecomes({ waiting: 0, parked: 0 });
    await expect(a.browser.page.getByTestId('loss')).toContainText('would lose no run');

    const posts = () => upstream.requests.filter((request) => request.startsWith('POST')).length;
    const before = posts();
    await a.browser.context.setOffline(false);
    await a.station.connectionIs('online');
    await sleep(SETTLE_MS);
    expect(posts()).toBe(before);
    expect(upstream.runs).toHaveLength(3);
    expect(upstream.complaints).toEqual([]);
  } finally {
    await a.browser.end();
    await b.browser.end();
  }
});

test(
  'without a receipt the station finds its exported runs in TofuPilot, and posts only the one that is new',
  night,
  async ({ stage }) => {
    const factory = await stage.factory({ simulated: true });
    const { upstream } = factory;
    const a = await openAs(A, stage, factory);
    const b = await openAs(B, stage, factory);
    try {
      await runOffline(a, ['SN-000001', 'SN-000002']);
      await showUploads(a.browser.page);
      const file = await saved(a, 'Export 2 runs');
      await showUploads(b.browser.page);
      await opened(b.browser.page, file);
      await expect.poll(() => upstream.runs.length).toBe(2);
      // The receipt is lost on the way, and the station tests on.
      await a.browser.page.goBack();
      await a.station.test('SN-000003');
      await a.browser.context.setOffline(false);
      await a.station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 3 });
      await sleep(SETTLE_MS);
      expect(upstream.runs.map(({ body }) => body.serial_number)).toEqual(['SN-000001', 'SN-000002', 'SN-000003']);
      expect(upstream.complaints).toEqual([]);
    } finally {
      await a.browser.end();
      await b.browser.end();
    }
  },
);
