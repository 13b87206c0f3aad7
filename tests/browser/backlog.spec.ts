/**
 * A month's runs leave at once, and the browser is killed in the middle: every run arrives once, those of one unit in
 * the order in which they ran.
 */
import { freePort } from '../support/free-port.ts';
import { fillBacklog } from '../support/backlog.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, openStation, test } from './stage.ts';

const RUNS = process.env['FIELDBENCH_NIGHTLY'] ? 10_000 : 600;
/** Several runs of each: only then is there an order that could be broken. */
const UNITS = RUNS / 6;
/** A loaded machine still sends two a second. */
const DELIVERY_MS = 60_000 + RUNS * 500;

test(`${RUNS} undelivered runs, the browser killed in the middle: each arrives once, in order`, async ({ stage }) => {
  test.setTimeout(120_000 + 2 * DELIVERY_MS);
  const port = await freePort();
  await fillBacklog({ folder: stage.folder, port }, { runs: RUNS, units: UNITS });
  const upstream = await stage.upstream();
  const env = { TOFUPILOT_URL: upstream.url, FLEET_DIR: stage.fleet({ simulated: true }) };
  const server = await stage.server({ port, env });

  const first = await stage.browser({ origin: server.origin });
  await new StationPage(first.page, server.origin).open(stage.enrolment());
  await expect.poll(() => upstream.runs.length, { timeout: DELIVERY_MS, intervals: [20] }).toBeGreaterThan(RUNS / 4);
  await first.kill();
  const before = upstream.runs.length;
  expect(before, 'it is killed in the middle').toBeLessThan(RUNS);

  const second = await stage.browser({ origin: server.origin });
  const station = await openStation(second, server, stage.enrolment());
  await station.queueEmpties();
  expect(await station.queue()).toMatchObject({ waiting: 0, parked: 0 });
  console.log(`backlog.spec: ${before} of ${RUNS} had arrived when the browser was killed`);

  const arrived = upstream.runs.map(({ body }) => ({
    id: String(body.metadata?.['client_run_id']),
    seq: Number(body.metadata?.['station_seq']),
    unit: body.serial_number,
  }));
  expect(arrived).toHaveLength(RUNS);
  expect(new Set(arrived.map(({ id }) => id)).size, 'each arrives once').toBe(RUNS);
  const last = new Map<string, number>();
  const late = arrived.filter(({ unit, seq }) => {
    const isLate = seq < (last.get(unit) ?? 0);
    last.set(unit, seq);
    return isLate;
  });
  expect(late, 'runs of one unit arrive in their order').toEqual([]);
  expect(upstream.complaints).toEqual([]);
});
