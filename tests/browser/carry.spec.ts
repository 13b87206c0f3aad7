/**
 * Runs that leave a station as QR codes or as copies in a folder: each arrives once, and the station knows it.
 *
 * Two browsers, each with its own profile, as on two machines. The codes are read by a camera that shows a film of them,
 * and from screenshots. No browser's folder chooser can be driven, so a private folder of the page stands for the picked
 * one. Knows nothing of how a code or a copy is made.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { enrolmentPath } from '../support/enrolment.ts';
import { StationPage } from '../support/station-page.ts';
import { STATION_KEY } from '../support/strict-tofupilot.ts';
import { startBrowser, type StationBrowser } from '../virtual-devices/browser.ts';
import { expect, type Factory, type Stage, test } from './stage.ts';

/** Longer than a second look at a doubtful upload takes (stage.ts), so that a duplicate would show. */
const SETTLE_MS = 4_000;
/** A film of codes; a machine that sees only every other picture sees each of them in a few rounds. */
const FILM = { width: 640, height: 480, picturesPerS: 3 } as const;

interface Bench {
  readonly browser: StationBrowser;
  readonly page: Page;
  readonly station: StationPage;
  readonly folder: string;
}

/** A station with a profile of its own. @param film of its camera */
async function openAs(name: string, stage: Stage, { server }: Factory, profile = name, film?: string): Promise<Bench> {
  const folder = join(stage.folder, profile);
  mkdirSync(folder, { recursive: true });
  const camera = film
    ? [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ]
    : [];
  const browser = await startBrowser({ folder, origin: server.origin, args: camera });
  const { page } = browser;
  await page.addInitScript(() => {
    const showDirectoryPicker = async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('copies', { create: true });
    Object.assign(window, { showDirectoryPicker });
  });
  const station = new StationPage(page, server.origin);
  await station.ready(name, enrolmentPath({ station: name, key: STATION_KEY }));
  await station.fixtureIs('ready');
  await station.offlineReady();
  return { browser, page, station, folder };
}

async function runOffline({ browser, station }: Bench, serials: readonly string[]): Promise<string[]> {
  await browser.context.setOffline(true);
  await station.connectionIs('offline');
  const runIds: string[] = [];
  for (const serial of serials) runIds.push((await station.test(serial)).runId);
  await station.queueBecomes({ waiting: serials.length, parked: 0 });
  return runIds;
}

const showUploads = async (page: Page) => {
  await page.getByTestId('queue').first().click();
  await expect(page.getByRole('heading', { name: 'Uploads' })).toBeVisible();
};

async function showSettings(page: Page): Promise<void> {
  await page.evaluate(() => {
    history.pushState(null, '', '/settings');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(page.getByRole('heading', { name: 'Copies in a folder' })).toBeVisible();
}

/** Does `look` at each code of the series on the screen, by hand. @returns what came of each */
async function eachCode<T>(page: Page, look: (number: number) => Promise<T>): Promise<T[]> {
  const series = page.getByTestId('codes');
  await page.getByRole('button', { name: 'Pause' }).click();
  const total = Number(await series.getAttribute('data-total'));
  const looks: T[] = [];
  for (let count = 0; count < total; count += 1) {
    const number = Number(await series.getAttribute('data-number'));
    looks.push(await look(number));
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(series).toHaveAttribute('data-number', String((number % total) + 1));
  }
  return looks;
}

/** What a camera sees of the code that is shown: its luminance, as Y4M wants it. */
async function luminance(page: Page): Promise<Buffer> {
  const base64 = await page.getByTestId('code').evaluate((code: Element, { width, height }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.imageSmoothingEnabled = false;
    context.fillStyle = '#ccc';
    context.fillRect(0, 0, width, height);
    const side = height - 20;
    context.drawImage(code as HTMLCanvasElement, (width - side) / 2, 10, side, side);
    const { data } = context.getImageData(0, 0, width, height);
    return Array.from({ length: width * height }, (_, at) => String.fromCharCode(data[at * 4]!)).join('');
  }, FILM);
  return Buffer.from(base64, 'latin1');
}

function writeFilm(path: string, pictures: readonly Buffer[]): string {
  const colour = Buffer.alloc((FILM.width * FILM.height) / 2, 128);
  const head = `YUV4MPEG2 W${FILM.width} H${FILM.height} F${FILM.picturesPerS}:1 Ip A1:1 C420jpeg\n`;
  writeFileSync(
    path,
    Buffer.concat([Buffer.from(head), ...pictures.flatMap((luma) => [Buffer.from('FRAME\n'), luma, colour])]),
  );
  return path;
}

test('three runs leave as QR codes that a camera reads, arrive once, and a receipt comes back in pictures', async ({
  stage,
}) => {
  const factory = await stage.factory({ simulated: true });
  const { upstream } = factory;
  const a = await openAs('taipei-line1-041', stage, factory);
  let b: Bench | undefined;
  try {
    const runIds = await runOffline(a, ['SN-000001', 'SN-000002', 'SN-000001']);
    await showUploads(a.page);
    await a.page.getByTestId('transfer-codes').click();
    const film = writeFilm(join(a.folder, 'codes.y4m'), await eachCode(a.page, () => luminance(a.page)));
    await a.page.getByRole('button', { name: /^All \d+ codes were read$/ }).click();
    await expect(a.page.getByTestId('transfer-result')).toHaveAttribute('data-code', 'exported');
    await a.station.queueBecomes({ waiting: 3, parked: 0 });

    b = await openAs('taipei-line2-007', stage, factory, 'b', film);
    await showUploads(b.page);
    await b.page.getByTestId('transfer-read').click();
    await b.page.getByTestId('code-camera').click();
    await expect(b.page.getByTestId('code-progress')).toHaveText(/^All \d+ are here\.$/, { timeout: 120_000 });
    await expect(b.page.getByTestId('transfer-result')).toHaveAttribute('data-code', 'opened');
    await b.page.getByTestId('code-reader').getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => upstream.runs.length).toBe(3);
    await b.station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 3 });
    const metadata = upstream.runs.map(({ body }) => body.metadata ?? {});
    expect(metadata.map((each) => each['client_run_id']).toSorted()).toEqual(runIds.toSorted());
    expect(new Set(metadata.map((each) => each['station_id']))).toEqual(new Set(['taipei-line1-041']));

    await b.page.getByRole('button', { name: /^Write receipt/ }).click();
    await b.page.getByTestId('save-codes').click();
    const { folder, page } = b;
    const pictures = await eachCode(page, async (number) => {
      const path = join(folder, `receipt-${number}.png`);
      await page.getByTestId('codes').getByRole('img').screenshot({ path });
      return path;
    });
    await page.getByRole('button', { name: /^All \d+ codes were read$/ }).click();

    await a.page.getByTestId('transfer-read').click();
    await a.page.getByTestId('code-photos').setInputFiles(pictures.toReversed());
    await expect(a.page.getByTestId('transfer-result')).toHaveAttribute('data-code', 'opened');
    await a.station.queueBecomes({ waiting: 0, parked: 0 });
    await expect(a.page.getByTestId('loss')).toContainText('would lose no run');

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
    await b?.browser.end();
  }
});

type Copies = Record<string, string>;

/** Everything in the folder that stands for the picked one, in Base64. */
const copiesOf = (page: Page): Promise<Copies> =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('copies', { create: true });
    const found: Copies = {};
    for await (const [name, handle] of folder.entries()) {
      const bytes = new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer());
      found[name] = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    }
    return found;
  });

const putCopies = (page: Page, copies: Copies): Promise<void> =>
  page.evaluate(async (copies) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('copies', { create: true });
    for (const [name, base64] of Object.entries(copies)) {
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
      await writable.close();
    }
  }, copies);

test('a copy of each run lies in the picked folder, and brings it back, once, to a browser that has lost everything', async ({
  stage,
}) => {
  const factory = await stage.factory({ simulated: true });
  const { upstream } = factory;
  const name = 'taipei-line1-041';
  const old = await openAs(name, stage, factory);
  try {
    await showSettings(old.page);
    await old.page.getByTestId('folder-pick').click();
    await expect(old.page.getByTestId('folder')).toHaveAttribute('data-runs', '0');
    await old.page.goBack();
    const runIds = await runOffline(old, ['SN-000001', 'SN-000002']);
    await showSettings(old.page);
    await expect(old.page.getByTestId('folder')).toHaveAttribute('data-runs', '2');
    await expect(old.page.getByTestId('folder')).toHaveAttribute('data-waiting', '0');
    const copies = await copiesOf(old.page);
    expect(Object.keys(copies).toSorted()).toEqual(runIds.map((id, at) => `${name}-${at + 1}-${id}.fieldbench`));

    const fresh = await openAs(name, stage, factory, 'fresh');
    try {
      await putCopies(fresh.page, copies);
      await showSettings(fresh.page);
      await fresh.page.getByTestId('folder-restore').click();
      await expect(fresh.page.getByTestId('transfer-result')).toHaveAttribute('data-code', 'opened');
      await expect.poll(() => upstream.runs.length).toBe(2);
      await fresh.station.queueBecomes({ waiting: 0, parked: 0 });
      // A second time changes nothing, and the next number comes after those that came back.
      await fresh.page.getByTestId('folder-restore').click();
      await expect(fresh.page.getByTestId('transfer-result')).toContainText('2 already known');
      await fresh.page.goBack();
      await fresh.station.test('SN-000003');
      await expect.poll(() => upstream.runs.length).toBe(3);
    } finally {
      await fresh.browser.end();
    }

    // The old browser turns up again: it looks before it posts.
    await old.browser.context.setOffline(false);
    await old.station.queueBecomes({ waiting: 0, parked: 0 });
    await sleep(SETTLE_MS);
    // Two units are sent side by side, so which of them is there first is chance.
    const seqs = upstream.runs.map(({ body }) => [body.serial_number, body.metadata?.['station_seq']] as const);
    expect(seqs.toSorted(([, one], [, other]) => Number(one) - Number(other))).toEqual([
      ['SN-000001', 1],
      ['SN-000002', 2],
      ['SN-000003', 3],
    ]);
    expect(upstream.complaints).toEqual([]);
  } finally {
    await old.browser.end();
  }
});
