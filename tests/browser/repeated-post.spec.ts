/**
 * The line to the server breaks after a run was taken, on a connection that the browser keeps alive: Chromium then
 * sends the POST again by itself. The run must arrive once all the same.
 */
import { CuttingProxy } from '../support/cutting-proxy.ts';
import { freePort } from '../support/free-port.ts';
import { powerBoard, POWER_BOARD_BENCH } from '../support/fleet-folder.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, night, STATION, test } from './stage.ts';

const RUNS = 6;
const BODY = '{"message":"Not now"}';
const onTheWay = (status: string, header = '') =>
  `HTTP/1.1 ${status}\r\n${header}content-type: application/json\r\ncontent-length: ${BODY.length}\r\nconnection: close\r\n\r\n${BODY}`;

for (const [what, reply] of [
  ['', null],
  [', though a proxy asks its repetition to come later', onTheWay('429 Too Many Requests', 'retry-after: 1\r\n')],
  [', though a proxy refuses its repetition’s key', onTheWay('401 Unauthorized')],
] as const)
  test(`a POST that the browser repeats by itself is taken once${what}`, what ? night : {}, async ({ stage }) => {
    const { upstream, server } = await stage.factory({
      content: {
        settings: { simulated: true, default_procedure: 'power-board', sync: { ambiguous_wait_s: 1 } },
        procedures: { 'power-board': { 'procedure.yaml': powerBoard(), 'bench.yaml': POWER_BOARD_BENCH } },
      },
    });
    const port = await freePort();
    const proxy = await CuttingProxy.start(port, Number(new URL(server.origin).port), 'POST /tofupilot/v2/runs');
    try {
      const origin = `http://localhost:${port}`;
      const { page } = await stage.browser({ origin });
      const station = new StationPage(page, origin);
      await station.ready(STATION, stage.enrolment());
      const ids: string[] = [];
      for (let run = 0; run < RUNS; run++) {
        proxy.cut(1, reply);
        ids.push((await station.test(`SN-00012${run}`)).runId);
        await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: run + 1 });
      }
      expect(proxy.cuts, 'answers were lost').toBeGreaterThan(0);
      if (reply) expect(proxy.answered, 'repetitions were answered on the way').toBeGreaterThan(0);
      const arrived = upstream.runs.map(({ body }) => String(body.metadata?.['client_run_id']));
      expect(arrived.toSorted()).toEqual(ids.toSorted());
    } finally {
      proxy.close();
    }
  });
