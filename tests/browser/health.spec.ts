/**
 * A real station says how it is, and a second computer under its name is caught before two runs can have one number.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import type { StationsReport } from '#fleet/health/stations-report.ts';
import { powerBoard, POWER_BOARD_BENCH } from '../support/fleet-folder.ts';
import type { Server } from '../support/server.ts';
import { startBrowser } from '../virtual-devices/browser.ts';
import { expect, openStation, STATION, test } from './stage.ts';

const CONTENT = {
  settings: { simulated: true, default_procedure: 'power-board', health: { heartbeat_s: 1 } },
  procedures: { 'power-board': { 'procedure.yaml': powerBoard(), 'bench.yaml': POWER_BOARD_BENCH } },
};

const said = async ({ origin }: Server): Promise<Heartbeat | undefined> => {
  const { stations } = (await (await fetch(`${origin}/fleet/stations`)).json()) as StationsReport;
  return stations.find(({ station }) => station === STATION)?.said;
};

/** Of the server's log, in order. */
const logged = ({ output }: Server) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { event: string; role?: string; said?: Heartbeat });

test('a station is heard and shown; a second computer under its name starts no run until a supervisor says so', async ({
  stage,
}) => {
  const upstream = await stage.upstream();
  const env = { TOFUPILOT_URL: upstream.url, FLEET_DIR: stage.fleet({ content: CONTENT }), LOG_LEVEL: 'info' };
  const server = await stage.server({ env });
  const browser = await stage.browser({ origin: server.origin });
  const first = await openStation(browser, server, stage.enrolment());
  await first.fixtureIs('ready');
  await first.test('SN-000001');
  await expect.poll(async () => (await said(server))?.runs).toMatchObject({ PASS: 1, FAIL: 0 });
  await expect.poll(async () => (await said(server))?.queue.waiting).toBe(0);
  expect(await said(server)).toMatchObject({
    last_seq: 1,
    last_run: { seq: 1, outcome: 'PASS' },
    fixtures: [{ plug: 'fixture', state: 'ready' }],
    procedure: { folder: 'power-board', version: '1.0.0' },
    starts: 1,
    crashes: 0,
  });
  const metrics = await (await fetch(`${server.origin}/metrics`)).text();
  expect(metrics).toContain(
    `fieldbench_station_runs_total{station="${STATION}",site="taipei",line="line1",outcome="PASS"} 1`,
  );

  // The list, in the same browser: a page that is loaded anew is no second computer.
  await first.open('/stations');
  await expect(first.page.locator(`[data-testid=station-row][data-station=${STATION}]`)).toHaveAttribute(
    'data-attention',
    '',
  );
  await first.ready(STATION);
  await expect.poll(async () => (await said(server))?.starts).toBeGreaterThan(1);
  expect(logged(server).filter(({ event }) => event === 'identity-collision')).toEqual([]);
  const firstInstallation = (await said(server))?.installation;

  const folder = join(stage.folder, 'second');
  mkdirSync(folder);
  const other = await startBrowser({ folder, origin: server.origin });
  try {
    const second = await openStation(other, server, stage.enrolment());
    await second.notice('identity-collision');
    await first.notice('identity-collision');
    const lines = logged(server);
    const ofSecond = (until: number) =>
      lines
        .slice(0, until)
        .filter(({ event, said: beat }) => event === 'heartbeat' && beat?.installation !== firstInstallation);
    expect(ofSecond(lines.findIndex(({ event }) => event === 'identity-collision')).length).toBeLessThanOrEqual(2);
    await second.scan('SN-000002');
    expect(await second.refusal()).toBe('identity-collision');
    await first.test('SN-000003');
    await expect.poll(async () => (await said(server))?.last_seq).toBe(2);

    // A supervisor says that the second one replaces the first: it goes on, after the first one's numbers.
    await expect.poll(() => logged(server).some(({ role }) => role === 'later')).toBe(true);
    await second.open('/settings');
    await second.handle('take-over').getByRole('button').click();
    await expect(second.handle('take-over'), 'the first one has stopped').toHaveCount(0, { timeout: 30_000 });
    await expect(first.page.locator('[data-testid=notice][data-code=identity-collision]')).toContainText('taken over');
    await first.scan('SN-000004');
    expect(await first.refusal()).toBe('identity-collision');
    await second.open('/');
    await second.fixtureIs('ready');
    await second.test('SN-000005');
    await second.queueBecomes({ waiting: 0 });
    const numbers = upstream.runs.map(({ body }) => body.metadata?.['station_seq']);
    expect(new Set(numbers).size, numbers.join()).toBe(3);
  } finally {
    await other.end();
  }
});
