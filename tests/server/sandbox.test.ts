import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkRunBody } from '#server/sandbox/run-body.ts';
import { MOST_RUNS, Runs } from '#server/sandbox/runs.ts';
import { durationOf, millisecondsOf } from '#server/sandbox/timestamp.ts';
import { jsonRequest, PROCEDURE_ID, runBody, server, type Started } from './support.ts';

const schema = JSON.parse(
  readFileSync(new URL('../fixtures/tofupilot-v2.schema.json', import.meta.url), 'utf8'),
) as object;
const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (to: Ajv2020) => void)(ajv);
ajv.addSchema(schema, 'api');
const valid = (name: string) => ajv.getSchema(`api#/$defs/${name}`) as (data: unknown) => boolean;

const RUNS = '/tofupilot/v2/runs';
const auth = { headers: { authorization: 'Bearer demo-key' } };
const post = ({ ask }: Started, body: unknown) => ask(RUNS, jsonRequest('POST', body));
const list = async ({ ask }: Started, query = '') =>
  (await (await ask(`${RUNS}?${query}`, auth)).json()) as { data: Record<string, unknown>[]; meta: unknown };
const order = ({ ask }: Started, body: unknown) => ask('/sandbox/faults', jsonRequest('POST', body));

describe('bodies', () => {
  /** A place in the body and something to put there: some of it right, most of it wrong. */
  const values = fc.oneof(
    fc.constantFrom(
      null,
      '',
      'PASS',
      'UNSET',
      'SKIP',
      'x'.repeat(61),
      'a b',
      0,
      -1,
      1.5,
      true,
      [],
      {},
      [1, 'a'],
      [1, 2],
      ['a', 'a'],
      [[]],
      [{}],
    ),
    fc.constantFrom(
      '2026-02-30T00:00:00Z',
      '2026-11-20T08:00:00+00:00',
      '2026-11-20T09:00:00.123456789Z',
      'operator@example.com',
      'a@b',
    ),
    fc.constantFrom(
      PROCEDURE_ID,
      PROCEDURE_ID.toUpperCase(),
      { a: 1 },
      { 'a b': 1 },
      { a: null },
      { ok: 'x', n: 1, b: false },
      Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n])),
    ),
  );
  const keys = fc.constantFrom(
    'outcome',
    'procedure_id',
    'serial_number',
    'part_number',
    'batch_number',
    'sub_units',
    'procedure_version',
    'operated_by',
    'docstring',
    'phases',
    'logs',
    'metadata',
    'unit_metadata',
    'unknown',
    'deployment_id',
  );
  const phaseKeys = fc.constantFrom(
    'name',
    'outcome',
    'started_at',
    'ended_at',
    'retry_count',
    'docstring',
    'measurements',
    'unknown',
  );
  const measurementKeys = fc.constantFrom(
    'name',
    'outcome',
    'measured_value',
    'units',
    'x_axis',
    'y_axis',
    'validators',
    'aggregations',
    'lower_limit',
    'unknown',
  );
  const validatorKeys = fc.constantFrom(
    'outcome',
    'operator',
    'expected_value',
    'expression',
    'is_decisive',
    'unknown',
  );
  const place = fc.oneof(
    keys.map((key) => [key]),
    phaseKeys.map((key) => ['phases', 0, key]),
    measurementKeys.map((key) => ['phases', 0, 'measurements', 0, key]),
    validatorKeys.map((key) => ['phases', 0, 'measurements', 0, 'validators', 0, key]),
  );

  test('14: every body is judged as the schema judges it', () => {
    const agrees = valid('RunCreateRequest');
    let accepted = 0;
    fc.assert(
      fc.property(place, fc.option(values, { nil: undefined, freq: 8 }), (path, value) => {
        const body = structuredClone(runBody());
        let at = body as Record<string | number, unknown>;
        for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
        const last = path.at(-1) as string;
        if (value === undefined) delete at[last];
        else at[last] = value;
        const read = checkRunBody(JSON.parse(JSON.stringify(body)));
        accepted += 'body' in read ? 1 : 0;
        expect('body' in read, JSON.stringify({ path, value })).toBe(agrees(body));
      }),
      { numRuns: 6000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  test('14: a refusal has the API’s shape and says where', async () => {
    const running = await server();
    const wrong = runBody({ outcome: 'pass', ended_at: '2026-11-20T07:00:00Z', unknown: 1, phases: [{ name: 'a' }] });
    const answer = await post(running, wrong);
    const body = (await answer.json()) as { issues: { path: unknown[] }[] };
    expect(answer.status).toBe(400);
    expect(body).toMatchObject({ message: 'Input validation failed', code: 'BAD_REQUEST' });
    expect(valid('ErrorResponse')(body)).toBe(true);
    expect(body.issues.map(({ path }) => path.join('.'))).toEqual(
      expect.arrayContaining([
        'outcome',
        'unknown',
        'ended_at',
        'phases.0.outcome',
        'phases.0.started_at',
        'phases.0.ended_at',
      ]),
    );
    expect((await post(running, runBody({ ended_at: '2026-11-20T07:59:59.999Z' }))).status).toBe(400);
    expect((await post(running, runBody({ ended_at: '2026-11-20T08:00:00.000Z' }))).status).toBe(200);
    expect((await list(running)).data).toHaveLength(1);
  });

  test('14: what is no JSON, is not called JSON, or names what does not exist', async () => {
    const { ask } = await server();
    const send = (body: string, type = 'application/json', key = 'demo-key') =>
      ask(RUNS, { method: 'POST', body, headers: { authorization: `Bearer ${key}`, 'content-type': type } });
    const said = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
    expect(await said(await send('{'))).toEqual([400, 'PARSE_ERROR']);
    expect(await said(await send('{}', 'text/plain'))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    const other = JSON.stringify(runBody({ procedure_id: '00000000-0000-4000-8000-000000000000' }));
    expect(await said(await send(other))).toEqual([403, 'FORBIDDEN']);
    expect(await said(await send(other, 'application/json', 'user-ana'))).toEqual([404, 'NOT_FOUND']);
    expect(await said(await send(JSON.stringify(runBody({ sub_units: ['MCU-1'] }))))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('runs', () => {
  test('15: the same body twice is two runs, and a look-up finds both at once', async () => {
    const running = await server();
    const ids = [];
    for (let turn = 0; turn < 2; turn += 1)
      ids.push(((await (await post(running, runBody())).json()) as { id: string }).id);
    expect(new Set(ids).size).toBe(2);
    const filter = JSON.stringify({ client_run_id: { in: ['0191e4a2-6d1c-7c3e-9f41-2a6c1b7d5e90'] } });
    const query = new URLSearchParams({
      metadata: filter,
      procedure_ids: PROCEDURE_ID,
      serial_numbers: 'sn-000123',
      include_metadata: 'true',
      limit: '1',
    });
    const first = await list(running, query.toString());
    expect(first.meta).toEqual({ has_more: true, next_cursor: 1 });
    query.set('cursor', '1');
    const second = await list(running, query.toString());
    expect(second.meta).toEqual({ has_more: false, next_cursor: null });
    expect([first, second].flatMap(({ data }) => data.map(({ id }) => id)).toSorted()).toEqual(ids.toSorted());
    expect(first.data[0]).toMatchObject({
      duration: 'PT12.5S',
      metadata: { station_seq: 1 },
      unit: { serial_number: 'SN-000123' },
    });
    expect(valid('RunListResponse')(first)).toBe(true);
    expect((await (await running.ask('/sandbox/state')).json()) as object).toMatchObject({ kept: 2, doubled: 1 });
  });

  test('15: every filter keeps what it names and drops the rest', async () => {
    const running = await server();
    await post(
      running,
      runBody({ serial_number: 'SN-1', outcome: 'FAIL', metadata: { n: 2, flag: true, text: 'abc' } }),
    );
    await post(
      running,
      runBody({ serial_number: 'SN-2', started_at: '2026-11-20T07:00:00Z', procedure_version: '1.0' }),
    );
    const found = async (query: string) =>
      (await list(running, query)).data.map(({ unit }) => (unit as { serial_number: string }).serial_number);
    expect(await found('')).toEqual(['SN-1', 'SN-2']);
    expect(await found('sort_by=serial_number&sort_order=desc')).toEqual(['SN-2', 'SN-1']);
    expect(await found('outcomes=FAIL&outcomes=ERROR')).toEqual(['SN-1']);
    expect(await found('procedure_versions=1.0')).toEqual(['SN-2']);
    expect(await found('started_after=2026-11-20T07:30:00Z')).toEqual(['SN-1']);
    expect(await found('started_before=2026-11-20T07:00:00Z')).toEqual(['SN-2']);
    expect(await found('duration_min=PT30M')).toEqual(['SN-2']);
    expect(await found('serial_numbers=sn-2')).toEqual(['SN-2']);
    expect(await found('search_query=sn-1')).toEqual(['SN-1']);
    expect(await found('samples=golden')).toEqual([]);
    const by = (rule: object) => found(`metadata=${encodeURIComponent(JSON.stringify(rule))}`);
    expect(await by({ n: { gte: 2, lt: 3 } })).toEqual(['SN-1']);
    expect(await by({ n: { gt: 2 } })).toEqual([]);
    expect(await by({ flag: { eq: true } })).toEqual(['SN-1']);
    expect(await by({ flag: { eq: false } })).toEqual([]);
    expect(await by({ text: { contains: 'b' } })).toEqual(['SN-1']);
    expect(await by({ text: { in: ['ab'] } })).toEqual([]);
    expect(await by({ toString: { contains: '' } })).toEqual([]);
  });

  test('16: a parameter that is unknown or wrong is refused', async () => {
    const { ask } = await server();
    for (const query of [
      'serial_number=SN-1',
      'limit=0',
      'limit=101',
      'limit=x',
      'metadata=x',
      'metadata=[]',
      'metadata={"a":{}}',
      'metadata={"a":{"equals":1}}',
      'procedure_ids=1',
      'started_after=now',
      'limit=1&limit=2',
      'sort_by=id',
      'include_metadata=yes',
    ])
      expect((await ask(`${RUNS}?${query}`, auth)).status, query).toBe(400);
  });

  test('15: a run comes back whole, its metadata can be merged, and files hang on it', async () => {
    const { ask } = await server();
    const made = (await (await ask(RUNS, jsonRequest('POST', runBody()))).json()) as { id: string };
    expect(
      (await ask(`${RUNS}/${made.id}/metadata`, jsonRequest('PATCH', { metadata: { station_seq: null, note: 'x' } })))
        .status,
    ).toBe(200);
    const opened = (await (
      await ask(`${RUNS}/${made.id}/attachments`, jsonRequest('POST', { name: 'a.csv' }))
    ).json()) as Record<string, string>;
    expect(valid('AttachmentCreateResponse')(opened)).toBe(true);
    const path = new URL(opened['upload_url'] ?? '').pathname;
    expect((await ask(`/tofupilot/v2/attachments/${opened['id']}/finalize`, { ...auth, method: 'POST' })).status).toBe(
      404,
    );
    expect((await ask(path, { method: 'PUT', body: 'a,b', headers: { 'content-type': 'text/html' } })).status).toBe(
      200,
    );
    const done = (await (
      await ask(`/tofupilot/v2/attachments/${opened['id']}/finalize`, { ...auth, method: 'POST' })
    ).json()) as { url: string };
    const file = await ask(new URL(done.url).pathname);
    expect(await file.text()).toBe('a,b');
    // 20
    expect([file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([
      'application/octet-stream',
      'attachment',
    ]);
    const loose = (await (await ask('/tofupilot/v2/attachments', jsonRequest('POST', { name: 'b.csv' }))).json()) as {
      id: string;
    };
    expect((await ask(`${RUNS}/${made.id}`, jsonRequest('PATCH', { attachments: [loose.id, loose.id] }))).status).toBe(
      200,
    );
    expect((await ask(`${RUNS}/${made.id}`, jsonRequest('PATCH', { outcome: 'PASS' }))).status).toBe(400);
    const whole = (await (await ask(`${RUNS}/${made.id}`, auth)).json()) as Record<string, unknown>;
    expect(whole).toMatchObject({
      outcome: 'PASS',
      metadata: { client_run_id: '0191e4a2-6d1c-7c3e-9f41-2a6c1b7d5e90', note: 'x' },
      phases: [{ name: 'Power rails', duration: 'PT4S', measurements: [{ name: 'rail_3v3', measured_value: 3.301 }] }],
      attachments: [
        { name: 'a.csv', size: 3, content_type: 'text/html' },
        { name: 'b.csv', size: null },
      ],
    });
    expect(whole['metadata']).not.toHaveProperty('station_seq');
    expect((await ask(`${RUNS}/none`, auth)).status).toBe(404);
  });

  test('19: the newest 10,000 are kept, and units go with their last run', () => {
    const runs = new Runs();
    const from = {
      caller: { kind: 'station', id: '1', name: 's', preview: '' },
      procedureName: 'p',
      arrivedMs: 0,
      bytes: 1,
    } as const;
    for (let n = 0; n <= MOST_RUNS; n += 1)
      runs.post(runBody({ serial_number: `SN-${n}` }) as Parameters<Runs['post']>[0], from);
    expect([runs.all().length, runs.arrived]).toEqual([MOST_RUNS, MOST_RUNS + 1]);
    expect([runs.unit('SN-0'), runs.unit('sn-1')?.serial_number]).toEqual([undefined, 'SN-1']);
  });

  test('15: durations go out and come back', () => {
    fc.assert(
      fc.property(fc.nat(200_000_000), (ms) => {
        expect(millisecondsOf(durationOf(ms))).toBeCloseTo(ms, 3);
      }),
    );
  });
});

describe('manners', () => {
  test('17: keys, HEAD, unknown paths and wrong methods', async () => {
    const { ask } = await server();
    expect((await ask(RUNS)).status).toBe(401);
    for (const key of ['wrong-key', 'abc', ''])
      expect((await ask(RUNS, { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
    expect((await ask('/tofupilot/V2/Runs/', auth)).status).toBe(200);
    expect((await ask('/tofupilot/v2/stations/current', { method: 'HEAD' })).status).toBe(200);
    for (const [path, method] of [
      ['/tofupilot/v2/none', 'HEAD'],
      ['/tofupilot/v2/none', 'GET'],
      [RUNS, 'PUT'],
      [RUNS, 'OPTIONS'],
      ['/tofupilot/v1/runs', 'GET'],
    ] as const)
      expect((await ask(path, { ...auth, method })).status, `${method} ${path}`).toBe(404);
    const station = (await (await ask('/tofupilot/v2/stations/current', auth)).json()) as object;
    expect(station).toMatchObject({
      name: 'demo-line1-001',
      organization_slug: 'sandbox',
      procedures: [{ id: PROCEDURE_ID, runs_count: 0 }],
    });
    expect(valid('StationResponse')(station)).toBe(true);
    expect(
      (await ask('/tofupilot/v2/stations/current', { headers: { authorization: 'Bearer user-ana' } })).status,
    ).toBe(403);
    expect(await (await ask('/tofupilot/v2/users?current=true', auth)).json()).toEqual([]);
    expect(await (await ask('/tofupilot/v2/procedures', auth)).json()).toMatchObject({
      data: [{ name: 'Power board' }],
    });
  });
});

describe('faults', () => {
  const count = async (running: Started) =>
    ((await (await running.ask('/sandbox/state')).json()) as { kept: number }).kept;

  test('18: 429, 500 and 401 answer so for the next n, and take nothing', async () => {
    const running = await server();
    for (const [fault, code] of [
      ['429', 'TOO_MANY_REQUESTS'],
      ['500', 'INTERNAL_SERVER_ERROR'],
      ['401', 'UNAUTHORIZED'],
    ] as const) {
      expect((await order(running, { fault, on: true, count: 2, seconds: 9 })).status).toBe(200);
      for (let turn = 0; turn < 2; turn += 1) {
        const answer = await post(running, runBody());
        expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([Number(fault), code]);
        if (fault === '429') expect(answer.headers.get('retry-after')).toBe('9');
      }
      expect(await count(running)).toBe(0);
      expect((await running.ask(RUNS, auth)).status).toBe(200);
    }
    expect(await (await running.ask('/sandbox/faults')).json()).toMatchObject({
      '429': { on: false, left: null, struck: 2 },
    });
  });

  test('18: drop takes the run and cuts the connection; look-ups are answered', async () => {
    const running = await server();
    await order(running, { fault: 'drop', on: true });
    await expect(post(running, runBody())).rejects.toThrow();
    expect((await list(running)).data).toHaveLength(1);
    await order(running, { fault: 'drop', on: false });
    expect((await post(running, runBody())).status).toBe(200);
  });

  test('18: offline cuts every connection and takes nothing, but the switches stay in reach', async () => {
    const running = await server();
    await order(running, { fault: 'offline', on: true });
    await expect(post(running, runBody())).rejects.toThrow();
    await expect(running.ask(RUNS, { method: 'HEAD' })).rejects.toThrow();
    expect((await running.ask('/healthz')).status).toBe(200);
    await order(running, { fault: 'offline', on: false });
    expect((await list(running)).data).toHaveLength(0);
  });

  test('18: slow takes the run even when the station gave up', async () => {
    const running = await server();
    await order(running, { fault: 'slow', on: true, seconds: 0.6, count: 1 });
    await expect(
      running.ask(RUNS, {
        ...jsonRequest('POST', runBody({ docstring: 'x'.repeat(500_000) })),
        signal: AbortSignal.timeout(300),
      }),
    ).rejects.toThrow();
    await expect.poll(() => count(running), { timeout: 3000 }).toBe(1);
  });

  test('18: an order that cannot be understood switches nothing', async () => {
    const running = await server();
    for (const wrong of [
      { fault: 'fire', on: true },
      { fault: 'slow' },
      { fault: 'slow', on: true, count: 0 },
      { fault: 'slow', on: true, extra: 1 },
      1,
    ])
      expect((await order(running, wrong)).status).toBe(400);
    expect(
      (await running.ask('/sandbox/faults', { method: 'POST', body: '{"fault":"offline","on":true}' })).status,
    ).toBe(415);
    expect(
      Object.values((await (await running.ask('/sandbox/faults')).json()) as Record<string, { on: boolean }>).some(
        ({ on }) => on,
      ),
    ).toBe(false);
  });
});

describe('the page', () => {
  test('20: lists every unit, and what a station sent stays text', async () => {
    const running = await server();
    const measurements = [
      { name: '<img src=x onerror=alert(1)>', outcome: 'PASS', measured_value: '"><script>alert(1)</script>' },
    ];
    const times = { started_at: '2026-11-20T08:00:00Z', ended_at: '2026-11-20T08:00:01Z' };
    for (let n = 0; n < 103; n += 1)
      await post(
        running,
        runBody({
          serial_number: `SN-${String(n).padStart(6, '0')}`,
          phases: [{ name: 'a', outcome: 'PASS', ...times, measurements }],
        }),
      );
    const answer = await running.ask('/sandbox');
    const text = await answer.text();
    for (let n = 0; n < 103; n += 1) expect(text).toContain(`SN-${String(n).padStart(6, '0')}`);
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(text).not.toContain('<img');
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(answer.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self';.*require-trusted-types-for 'script'/,
    );
    expect(text).not.toMatch(/ style=| on\w+="/);
    for (const path of ['/sandbox/sandbox.css', '/sandbox/sandbox-page.js', '/sandbox/list'])
      expect((await running.ask(path)).status, path).toBe(200);
    await running.ask('/sandbox/clear', jsonRequest('POST', {}));
    expect(await (await running.ask('/sandbox/list')).text()).toContain('Nothing has arrived yet');
  });

  test('20: there is none in front of a real server', async () => {
    const { ask } = await server({ TOFUPILOT_URL: 'http://127.0.0.1:9' });
    for (const path of ['/sandbox', '/sandbox/state', '/sandbox/faults']) expect((await ask(path)).status).toBe(404);
  });
});
