/**
 * The try-out, as a new user meets it: no setting at all, open the page, scan, see both verdicts, find both units in
 * the sandbox.
 */
import { StationPage } from '../support/station-page.ts';
import type { Server } from '../support/server.ts';
import type { WireRun } from '../support/tofupilot-schema.ts';
import { expect, test } from './stage.ts';

const STATION = 'demo-line1-001';
/** Many times what a station takes to start. */
const LATE_MS = 5_000;

/** Every run that the sandbox holds, oldest first, asked as any TofuPilot client would. */
async function arrived(server: Server): Promise<WireRun['metadata'][]> {
  const manifest = (await (await fetch(`${server.origin}/fleet/manifest.json`)).json()) as { tryout: { key: string } };
  const query = 'include_metadata=true&limit=100&sort_order=asc';
  const answer = await fetch(`${server.origin}/tofupilot/v2/runs?${query}`, {
    headers: { Authorization: `Bearer ${manifest.tryout.key}` },
  });
  const { data } = (await answer.json()) as { data: { metadata: WireRun['metadata'] }[] };
  return data.map(({ metadata }) => metadata);
}

test('one unit passes, one fails with its reason, both arrive, and a reload forgets nothing', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  await expect(station.input, 'the scan field waits for the scanner').toBeFocused();

  const pass = await station.test('SN-000123');
  expect(pass.outcome).toBe('PASS');
  const sandbox = () => fetch(`${server.origin}/sandbox`).then((answer) => answer.text());
  await expect.poll(sandbox).toContain('SN-000123');

  const fail = await station.test('SN-000113');
  expect(fail.outcome).toBe('FAIL');
  expect(fail.text, 'the reason names a value').toMatch(/\d/);
  await expect.poll(sandbox).toContain('SN-000113');
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 2 });

  await station.offlineReady();
  await page.reload();
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 2 });

  await station.open('/history');
  for (const [outcome, serial, { runId }] of [
    ['PASS', 'SN-000123', pass],
    ['FAIL', 'SN-000113', fail],
  ] as const) {
    const row = page.locator(`[data-testid=run-row][data-run-id="${runId}"]`);
    await expect(row).toHaveAttribute('data-outcome', outcome);
    await expect(row).toHaveAttribute('data-serial', serial);
  }
});

test('screens that come long after the station have missed nothing of what it said', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const worker = page.waitForEvent('worker');
  await page.route('**/assets/index-*.js', async (route) => {
    await worker;
    // By then the station has opened its store, asked its fleet and found its fixture.
    await page.waitForTimeout(LATE_MS);
    await route.continue();
  });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  await station.fixtureIs('ready');
  expect((await station.test('SN-000123')).outcome).toBe('PASS');
});

test('a scan in the first moment of a start is tested as soon as the station is ready', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  let last = await station.test('SN-000101');
  for (const serial of ['SN-000102', 'SN-000103', 'SN-000104', 'SN-000105', 'SN-000106']) {
    await page.goto(server.origin, { waitUntil: 'commit' });
    // As soon as there is a field: long before there is a procedure.
    await station.scan(serial);
    const over = station.page.locator('[data-testid=verdict][data-outcome], [data-testid=refusal]').first();
    await over.waitFor();
    await expect(station.handle('refusal')).toHaveCount(0);
    const verdict = await station.verdict({ after: last });
    expect(verdict.outcome).toBe('PASS');
    last = verdict;
  }
});

test('a serial number off its pattern is refused: no run, no number taken', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  await station.scan('no serial number');
  expect(await station.refusal()).not.toBe('');
  expect(await station.shown()).toBeNull();
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 0 });

  const first = await station.test('SN-000123');
  expect(first.outcome).toBe('PASS');
  await expect(station.handle('refusal'), 'a refusal stays until the next scan').toHaveCount(0);
  await expect.poll(() => arrived(server)).toHaveLength(1);
  const [metadata] = await arrived(server);
  expect(metadata).toMatchObject({ client_run_id: first.runId, station_id: STATION, station_seq: 1, simulated: true });
});

test('a scan before the fleet has answered for the first time is kept, and tested when it has', async ({ stage }) => {
  const { server } = await stage.factory({ simulated: true });
  const browser = await stage.browser({ origin: server.origin });
  let answer = () => {};
  const answering = new Promise<void>((resolve) => (answer = resolve));
  await browser.context.route('**/fleet/**', async (route) => {
    await answering;
    await route.continue();
  });
  const station = new StationPage(browser.page, server.origin);
  await station.open(stage.enrolment());
  await expect(station.input).toBeEnabled();
  await station.scan('SN-000123');
  await expect(browser.page.getByText('Starts as soon as the station is ready.')).toBeVisible();
  answer();
  expect((await station.verdict()).outcome).toBe('PASS');
});
