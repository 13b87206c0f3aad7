import { describe, expect, test } from 'vitest';
import { connectionOf, createCarrier } from '#sync/tofupilot/client.ts';
import type { PostAnswer } from '#sync/outbox/ports.ts';
import { SERVER_HEADER } from '#sync/tofupilot/attempt.ts';
import type { CarrierOptions } from '#sync/tofupilot/request.ts';
import { VirtualClock } from '../virtual-clock.ts';

const idle = new AbortController().signal;
const html = { 'content-type': 'text/html; charset=utf-8' };
const error = (status: number, headers: Record<string, string> = {}) =>
  Response.json({ message: `status ${status}`, code: 'X' }, { status, headers });
const page = (status: number) => new Response('<html></html>', { status, headers: html });

type Handler = (url: URL, init: RequestInit) => Response | Promise<Response>;

function carrierTo(handler: Handler, change: Partial<CarrierOptions> = {}) {
  const clock = new VirtualClock();
  const asked: { url: URL; init: RequestInit }[] = [];
  const fetchFrom = (async (address: string, init: RequestInit) => {
    const url = new URL(address, 'http://station');
    asked.push({ url, init });
    return handler(url, init);
  }) as typeof fetch;
  const options = { baseUrl: '/tofupilot', key: async () => 'secret', fetch: fetchFrom, clock, ...change };
  return { carrier: createCarrier(options), asked, clock };
}

/** A station that knows its server's process, as every one does after its first answer. */
async function post(handler: Handler): Promise<PostAnswer> {
  const { carrier } = carrierTo(async (url, init) => {
    const answer = init.method === 'GET' ? Response.json({}) : await handler(url, init);
    if (!answer.headers.has(SERVER_HEADER)) answer.headers.set(SERVER_HEADER, 'p-1');
    return answer;
  });
  await carrier.reach(idle);
  return carrier.post('{}', idle);
}

describe('post', () => {
  test.each([
    [200, 'created'],
    [201, 'created'],
    [400, 'rejected'],
    [401, 'unauthorised'],
    [402, 'payment'],
    [403, 'rejected'],
    [404, 'rejected'],
    [407, 'doubtful'],
    [408, 'doubtful'],
    [409, 'rejected'],
    [413, 'rejected'],
    [415, 'rejected'],
    [422, 'rejected'],
    [425, 'doubtful'],
    [429, 'throttled'],
    [499, 'doubtful'],
    [500, 'doubtful'],
    [501, 'rejected'],
    [502, 'doubtful'],
    [503, 'doubtful'],
    [504, 'doubtful'],
    [511, 'doubtful'],
  ])('4: %i is %s', async (status, kind) => {
    const answer = await post(() => (status < 300 ? Response.json({ id: 'r1' }, { status }) : error(status)));
    expect(answer.kind).toBe(kind);
  });

  test('9: each attempt has its own name and says which process was heard last; after a refusal it is meant for who refused', async () => {
    let count = 0;
    const { carrier, asked } = carrierTo(
      () =>
        count < 3
          ? Response.json({ id: 'r1' }, { headers: { 'fieldbench-server': 'p-1' } })
          : error(425, { 'fieldbench-server': 'p-2' }),
      { newId: () => `a-${(count += 1)}` },
    );
    for (let posts = 0; posts < 4; posts++) await carrier.post('{}', idle);
    const sent = asked.map(({ init }) => {
      const headers = new Headers(init.headers);
      return [headers.get('fieldbench-attempt'), headers.get('fieldbench-server')];
    });
    expect(sent).toEqual([
      ['a-1', null],
      ['a-2', 'p-1'],
      ['a-3', 'p-1'],
      ['a-4', 'p-2'],
    ]);
    await carrier.reach(idle);
    expect(new Headers(asked.at(-1)!.init.headers).has('fieldbench-attempt')).toBe(false);
  });

  test.each(['', 'p-2'])('10: a no from anybody but the process that was meant is no proof: %j', async (server) => {
    const asked = (status: number, headers = {}) => post(() => error(status, { ...headers, [SERVER_HEADER]: server }));
    expect(await asked(429, { 'retry-after': '7' })).toMatchObject({ kind: 'doubtful', retryAfterMs: 7000 });
    expect(await asked(401)).toMatchObject({ kind: 'doubtful' });
    expect(await asked(402)).toMatchObject({ kind: 'doubtful' });
    expect(await asked(403)).toMatchObject({ kind: 'rejected', isHearsay: true });
  });

  test('9: the relay is asked who it is, unless an answer has told it', async () => {
    let answer = () => Response.json({ api: 'online' }, { headers: { [SERVER_HEADER]: 'p-1' } });
    const { carrier, asked } = carrierTo(() => answer());
    expect(await carrier.meet(idle)).toEqual({ kind: 'online' });
    expect(await carrier.meet(idle)).toEqual({ kind: 'online' });
    expect(asked.map(({ url }) => url.pathname)).toEqual(['/tofupilot/reach']);
    await carrier.post('{}', idle);
    expect(new Headers(asked[1]!.init.headers).get(SERVER_HEADER)).toBe('p-1');
    for (const other of [() => Response.json({}), () => error(404), () => page(200), () => error(503)]) {
      answer = other;
      expect((await carrierTo(() => answer()).carrier.meet(idle)).kind, 'not told: nothing is sent').toBe('offline');
    }
  });

  test('10: an attempt that was meant for no process proves nothing', async () => {
    const { carrier } = carrierTo(() => error(429, { [SERVER_HEADER]: 'p-1' }));
    expect((await carrier.post('{}', idle)).kind).toBe('doubtful');
    expect((await carrier.post('{}', idle)).kind).toBe('throttled');
  });

  test('4: web pages, empty answers and successes without an id are doubtful', async () => {
    expect((await post(() => page(200))).kind).toBe('doubtful');
    expect((await post(() => page(403))).kind).toBe('doubtful');
    expect((await post(() => page(404))).kind).toBe('doubtful');
    expect((await post(() => page(413))).kind).toBe('rejected');
    expect((await post(() => new Response('', { status: 200 }))).kind).toBe('doubtful');
    expect((await post(() => Response.json({}))).kind).toBe('doubtful');
    expect((await post(() => Response.json({ id: '' }))).kind).toBe('doubtful');
    expect((await post(() => Promise.reject(new TypeError('Failed to fetch')))).kind).toBe('doubtful');
  });

  test('4: Retry-After as seconds, as a date by the server’s own clock, or not at all', async () => {
    const retryAfter = async (status: number, headers: Record<string, string>) => post(() => error(status, headers));
    expect(await retryAfter(429, { 'retry-after': '7' })).toMatchObject({ kind: 'throttled', retryAfterMs: 7000 });
    expect(await retryAfter(503, { 'retry-after': '2' })).toMatchObject({ kind: 'throttled', retryAfterMs: 2000 });
    expect(await retryAfter(429, {})).toMatchObject({ kind: 'throttled', retryAfterMs: 0 });
    const dates = { 'retry-after': 'Fri, 20 Nov 2020 10:01:00 GMT', date: 'Fri, 20 Nov 2020 10:00:00 GMT' };
    expect(await retryAfter(429, dates)).toMatchObject({ retryAfterMs: 60_000 });
  });

  test('4: a refusal is told in the server’s words, with its issues', async () => {
    const issues = [{ message: 'Invalid option', path: ['phases', 0, 'outcome'] }, { message: 'Too long' }];
    const answer = await post(() => Response.json({ message: 'Input validation failed', issues }, { status: 400 }));
    expect(answer).toMatchObject({
      message: 'Input validation failed: phases.0.outcome: Invalid option; Too long',
    });
  });

  test('4: no answer within 30 s is doubtful; so is an abort', async () => {
    const hang: Handler = (_url, init) =>
      new Promise((_resolve, reject) => init.signal!.addEventListener('abort', () => reject(init.signal!.reason)));
    const { carrier, clock } = carrierTo(hang);
    expect(await clock.until(carrier.post('{}', idle))).toMatchObject({
      kind: 'doubtful',
      message: expect.stringMatching('30 s'),
    });
    expect(clock.monotonicMs()).toBe(30_000);
    const abort = new AbortController();
    const answer = carrierTo(hang).carrier.post('{}', abort.signal);
    abort.abort(new Error('stop'));
    expect(await answer).toMatchObject({ kind: 'doubtful' });
  });

  test('6: the key goes into one header; without one there is none; one that cannot be read holds', async () => {
    const { carrier, asked } = carrierTo(() => Response.json({ id: 'r' }));
    await carrier.post('{"a":1}', idle);
    expect(asked[0]).toMatchObject({
      url: { pathname: '/tofupilot/v2/runs' },
      init: {
        method: 'POST',
        body: '{"a":1}',
        redirect: 'error',
        headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
      },
    });
    const without = carrierTo(() => Response.json({ id: 'r' }), { key: async () => undefined });
    await without.carrier.post('{}', idle);
    expect(without.asked[0]!.init.headers).not.toHaveProperty('authorization');
    const broken = () => Promise.reject(new Error('vault'));
    const keyless = carrierTo(() => Response.json({ id: 'r' }), { key: broken });
    expect(await keyless.carrier.post('{}', idle)).toMatchObject({ kind: 'unauthorised' });
    expect(keyless.asked).toEqual([]);
  });
});

const wanted = {
  id: 'mine',
  procedureId: 'p-1',
  serial: 'SN-1',
  body: '{"started_at":"2026-11-20T08:00:00.000Z","ended_at":"2026-11-20T08:00:04.000Z"}',
};
const list = (data: unknown[], next: number | null = null) =>
  Response.json({ data, meta: { has_more: next !== null, next_cursor: next } });
const run = (id: string, clientRunId: string | null, change: object = {}) => ({
  id,
  created_at: '2026-11-20T08:00:05.000Z',
  started_at: '2026-11-20T08:00:00.000Z',
  ended_at: '2026-11-20T08:00:04.000Z',
  unit: { serial_number: 'sn-1' },
  ...(clientRunId === null ? {} : { metadata: { client_run_id: clientRunId } }),
  ...change,
});
const look = (handler: Handler) => carrierTo(handler).carrier.lookup(wanted, idle);

describe('look-up', () => {
  test('5: asks by client_run_id, procedure and serial number', async () => {
    const { carrier, asked } = carrierTo(() => list([run('r1', 'mine')]));
    expect(await carrier.lookup(wanted, idle)).toEqual({ kind: 'found', remoteIds: ['r1'] });
    const query = asked[0]!.url.searchParams;
    expect(JSON.parse(query.get('metadata')!)).toEqual({ client_run_id: { in: ['mine'] } });
    expect([query.get('procedure_ids'), query.get('serial_numbers'), query.get('include_metadata')]).toEqual([
      'p-1',
      'SN-1',
      'true',
    ]);
  });

  test('5: reads every page, compares every id, names the oldest first', async () => {
    const pages = [
      list([run('other', 'theirs')], 1),
      list([run('young', 'mine', { created_at: '2026-11-20T08:02:00.000Z' })], 2),
      list([run('old', 'mine')]),
    ];
    const { carrier, asked } = carrierTo(() => pages.shift()!);
    expect(await carrier.lookup(wanted, idle)).toEqual({ kind: 'found', remoteIds: ['old', 'young'] });
    expect(asked.map(({ url }) => url.searchParams.get('cursor'))).toEqual([null, '1', '2']);
  });

  test('5: another run of the same unit is not this one', async () => {
    expect(await look(() => list([]))).toEqual({ kind: 'absent' });
    expect(await look(() => list([run('r1', 'theirs')]))).toEqual({ kind: 'absent' });
  });

  test('5: a server that refuses the filter, or hides metadata, is asked by start', async () => {
    const old: Handler = (url) => (url.searchParams.has('metadata') ? error(400) : list([run('r1', null)]));
    expect(await look(old)).toEqual({ kind: 'found', remoteIds: ['r1'] });
    expect(await look(() => list([run('r1', null)]))).toEqual({ kind: 'found', remoteIds: ['r1'] });
    const neighbours = [
      run('r1', null, { started_at: '2026-11-20T08:00:00.001Z' }),
      run('r2', null, { ended_at: '2026-11-20T08:00:04.001Z' }),
      run('r3', null, { unit: { serial_number: 'SN-2' } }),
      run('r4', 'theirs'),
    ];
    expect(await look((url) => (url.searchParams.has('metadata') ? error(400) : list(neighbours)))).toEqual({
      kind: 'absent',
    });
    const { carrier, asked } = carrierTo(old);
    await carrier.lookup(wanted, idle);
    const query = asked[1]!.url.searchParams;
    expect([query.get('started_after'), query.get('started_before')]).toEqual([
      '2026-11-20T07:59:59.000Z',
      '2026-11-20T08:00:01.000Z',
    ]);
  });

  test('5: what is no clear answer is never absence', async () => {
    expect((await look(() => error(500))).kind).toBe('failed');
    expect((await look(() => error(403))).kind).toBe('failed');
    expect((await look(() => error(400))).kind).toBe('failed');
    expect((await look(() => page(200))).kind).toBe('failed');
    expect((await look(() => Response.json({}))).kind).toBe('failed');
    expect((await look(() => list([], 1))).kind).toBe('failed');
    expect((await look(() => Response.json({ data: [], meta: { has_more: true, next_cursor: null } }))).kind).toBe(
      'failed',
    );
    expect((await look(() => Promise.reject(new TypeError('x')))).kind).toBe('failed');
    expect((await look(() => error(429))).kind).toBe('throttled');
    expect((await look(() => error(401))).kind).toBe('unauthorised');
  });
});

describe('reach', () => {
  const probe = async (handler: Handler) => connectionOf(await carrierTo(handler).carrier.reach(idle));

  test('4: online, offline, refused', async () => {
    expect(await probe(() => Response.json({ id: 's' }))).toBe('online');
    expect(await probe(() => error(404))).toBe('online');
    expect(await probe(() => error(429))).toBe('online');
    expect(await probe(() => error(401))).toBe('refused');
    expect(await probe(() => error(402))).toBe('refused');
    expect(await probe(() => error(502))).toBe('offline');
    expect(await probe(() => page(200))).toBe('offline');
    expect(await probe(() => Promise.reject(new TypeError('x')))).toBe('offline');
  });

  test('4: a person’s key is asked about the person', async () => {
    const { carrier, asked } = carrierTo((url) =>
      url.pathname.endsWith('/stations/current') ? error(403) : Response.json({ data: [{ id: 'u' }] }),
    );
    expect(await carrier.reach(idle)).toEqual({ kind: 'online' });
    expect(asked.map(({ url }) => url.pathname + url.search)).toEqual([
      '/tofupilot/v2/stations/current',
      '/tofupilot/v2/users?current=true',
    ]);
    expect(await probe((url) => error(url.pathname.endsWith('current') ? 403 : 401))).toBe('refused');
  });
});

describe('clock offset', () => {
  test('7: the least round trip counts, until it is old or a clock was set', async () => {
    const offsets: number[] = [];
    let delayMs = 4000;
    let aheadMs = 10_000;
    const { carrier, clock } = carrierTo(
      async () => {
        await clock.sleep(delayMs / 2);
        const date = new Date(Math.floor((clock.nowMs() + aheadMs) / 1000) * 1000).toUTCString();
        await clock.sleep(delayMs / 2);
        return Response.json({ id: 'x' }, { headers: { date } });
      },
      { onClockOffset: ({ offsetMs }) => offsets.push(offsetMs) },
    );
    const ask = () => clock.until(carrier.reach(idle));
    await ask();
    delayMs = 100;
    await ask();
    delayMs = 2000;
    await ask();
    expect(offsets).toHaveLength(2);
    expect(Math.abs(offsets[1]! - 10_000)).toBeLessThanOrEqual(550);
    aheadMs = -60_000;
    await ask();
    expect(Math.abs(offsets[2]! + 60_000)).toBeLessThanOrEqual(1500);
    await clock.pass(700_000);
    await ask();
    expect(offsets).toHaveLength(4);
  });
});
