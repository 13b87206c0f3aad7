/** The real store, the shipped client and the embedded sandbox over real HTTP, with a sandbox that drops its answers. */
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '#base/clock.ts';
import { drain } from '#sync/outbox/drain.ts';
import { createCarrier } from '#sync/tofupilot/client.ts';
import { jsonRequest, PROCEDURE_ID, runBody, server } from '../../server/support.ts';
import { freshStore, headerOf } from '../../storage/fresh-store.ts';

interface WholeRun {
  readonly attachments: { readonly name: string; readonly size: number; readonly content_type: string }[];
}

test('16, 19: runs with files reach the sandbox once, each file once, whatever answers are dropped', async () => {
  const { ask } = await server();
  const store = await freshStore();
  const bytes = Uint8Array.from({ length: 600_000 }, (_, at) => at % 251);
  for (let seq = 1; seq <= 3; seq++) {
    const id = `run-${seq}`;
    await store.beginRun(headerOf(id, { serial_number: `SN-${seq}` }));
    await store.addAttachment(id, { name: 'trace.bin', contentType: 'application/x-trace', bytes });
    await store.addAttachment(id, { name: 'note.txt', contentType: 'text/plain', bytes: new Uint8Array([65, 66]) });
    const record = (await store.unfinished()).find((run) => run.id === id)!;
    const body = runBody({ serial_number: `SN-${seq}`, metadata: { client_run_id: id } });
    await store.seal(
      id,
      [{ kind: 'run-ended', at_ms: 1, outcome: 'PASS', interrupted: false }],
      record,
      JSON.stringify(body),
    );
  }
  // Waits cost no time here: both clocks are set forward after each round.
  let aheadMs = 0;
  const clock: Clock = {
    nowMs: () => Date.now() + aheadMs,
    monotonicMs: () => performance.now() + aheadMs,
    sleep: systemClock.sleep,
  };
  const carrier = createCarrier({
    baseUrl: '/tofupilot',
    key: async () => 'demo-key',
    // As a page on the server's origin: what names it wholly stays as it is.
    fetch: ((address: string, init: RequestInit) => {
      const { pathname, search } = new URL(address, 'http://station');
      return ask(pathname + search, init);
    }) as typeof fetch,
    clock,
  });
  const settings = { ambiguousWaitMs: 2_000, concurrency: 2, ratePerS: 0 };
  await ask('/sandbox/faults', jsonRequest('POST', { fault: 'drop', on: true, count: 9 }));
  for (let round = 0; round < 40 && (await store.undelivered()).length > 0; round++) {
    await drain({
      store,
      carrier,
      clock,
      random: () => 0.2,
      settings,
      signal: new AbortController().signal,
      today: () => '2026-11-20',
    });
    aheadMs += 5_000;
  }
  expect(await store.undelivered()).toEqual([]);
  const auth = { headers: { authorization: 'Bearer demo-key' } };
  const { data } = (await (await ask(`/tofupilot/v2/runs?procedure_ids=${PROCEDURE_ID}`, auth)).json()) as {
    data: { id: string }[];
  };
  expect(data).toHaveLength(3);
  for (const { id } of data) {
    const run = (await (await ask(`/tofupilot/v2/runs/${id}`, auth)).json()) as WholeRun;
    expect(run.attachments.map(({ name, size, content_type }) => [name, size, content_type])).toEqual([
      ['trace.bin', 600_000, 'application/x-trace'],
      ['note.txt', 2, 'text/plain'],
    ]);
  }
});
