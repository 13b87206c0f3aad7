/**
 * The cable is pulled for real: the line goes on, the page comes up without a network, and when the cable is back
 * everything arrives once, in order, with no page open.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { NetworkCut } from '../support/network-cut.ts';
import { StationPage } from '../support/station-page.ts';
import { mustSkip, noNetworkCut } from '../virtual-devices/machine.ts';
import { expect, openStation, STATION, test } from './stage.ts';

/** Longer than a second look at a doubtful upload takes (stage.ts), so that a duplicate would show. */
const SETTLE_MS = 4_000;

test('cable out, five runs, reload, page closed, cable in: six arrive, once each', async ({ stage }) => {
  const reason = noNetworkCut();
  test.skip(mustSkip(reason), reason);
  const link = stage.link();
  const { upstream, server } = await stage.factory({ host: link.host, simulated: true });
  const browser = await stage.browser({
    origin: server.origin,
    namespace: link.namespace,
    args: [NetworkCut.trust(server.origin)],
  });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  await station.offlineReady();

  const runIds: string[] = [];
  const run = async (serial: string) => {
    const verdict = await station.test(serial);
    expect(verdict.outcome).toBe('PASS');
    runIds.push(verdict.runId);
  };
  await run('SN-000001');
  await station.queueBecomes({ waiting: 0, uploadedToday: 1 });

  link.cut();
  await station.connectionIs('offline');
  for (const serial of ['SN-000002', 'SN-000003', 'SN-000002', 'SN-000004', 'SN-000005']) await run(serial);
  await station.queueBecomes({ waiting: 5, parked: 0, uploadedToday: 1 });

  await station.page.reload();
  await station.ready(STATION);
  await station.queueBecomes({ waiting: 5, parked: 0, uploadedToday: 1 });

  // A browser without any window ends; this one stays, and shows nothing of ours.
  const blank = await browser.context.newPage();
  await station.page.close();
  expect(upstream.runs).toHaveLength(1);
  link.restore();
  await expect.poll(() => upstream.runs.length).toBe(6);
  expect(upstream.runs.map(({ body }) => body.metadata?.['client_run_id']).toSorted()).toEqual(runIds.toSorted());
  const ofOneUnit = upstream.runs.filter(({ body }) => body.serial_number === 'SN-000002');
  expect(ofOneUnit.map(({ body }) => body.metadata?.['station_seq'])).toEqual([2, 4]);

  const returned = new StationPage(blank, server.origin);
  await returned.ready(STATION);
  await returned.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 6 });
  await sleep(SETTLE_MS);
  expect(upstream.runs).toHaveLength(6);
  expect(upstream.complaints).toEqual([]);
});
