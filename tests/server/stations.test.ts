/** What stations say, over real HTTP: heard, refused, told again as metrics and as a list. */
import { rm } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import type { Heartbeat, HeartbeatAnswer } from '#fleet/health/heartbeat.ts';
import type { StationsReport } from '#fleet/health/stations-report.ts';
import { SIGNATURE_HEADER, signWord } from '#fleet/health/word-signature.ts';
import { heartbeat } from '../fleet/health/a-heartbeat.ts';
import { openLog } from '#server/log.ts';
import { Stations } from '#server/stations/stations.ts';
import { Telemetry } from '#server/telemetry.ts';
import { FLEET, folder, put, server, type Started } from './support.ts';

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const beat = async ({ ask }: Started, change: Partial<Heartbeat> = {}) =>
  (await (await ask('/telemetry/heartbeat', json(heartbeat(change)))).json()) as HeartbeatAnswer;
const report = async ({ ask }: Started) => (await (await ask('/fleet/stations')).json()) as StationsReport;
const metrics = async ({ ask }: Started) => (await ask('/metrics')).text();
const A = { installation: 'installation-a', session: 'session-a' };
const B = { installation: 'installation-b', session: 'session-b', since: '2026-11-20T07:00:00.000Z' };

describe('a heartbeat', () => {
  test('36: is heard, answered, listed and told as metrics', async () => {
    const running = await server();
    expect(await beat(running)).toEqual({ format: 1, alone: false });
    const { stations, heartbeat_s } = await report(running);
    expect(heartbeat_s).toBe(60);
    expect(stations).toEqual([
      {
        station: 'taipei-line1-042',
        site: 'taipei',
        line: 'line1',
        heard_at: expect.stringMatching(/^\d{4}-/),
        attention: [],
        queue_age_s: 0,
        disk_free_bytes: 60e9 - 40e6,
        said: heartbeat(),
      },
    ]);
    const text = await metrics(running);
    const own = 'station="taipei-line1-042",site="taipei",line="line1"';
    for (const line of [
      `fieldbench_station_runs_total{${own},outcome="PASS"} 790`,
      `fieldbench_station_runs_total{${own},outcome="TIMEOUT"} 0`,
      `fieldbench_station_fixtures{${own},state="ready"} 1`,
      `fieldbench_station_fixtures{${own},state="lost"} 0`,
      `fieldbench_station_disk_free_bytes{${own}} 59960000000`,
      `fieldbench_station_clock_offset_seconds{${own}} 0.012`,
      `fieldbench_station_refusals_total{${own}} 4`,
      `fieldbench_station_collision{${own}} 0`,
      'fieldbench_threshold_silent_seconds 180',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toContain(
      `fieldbench_station_info{${own},installation="3f0e8a52",app_version="0.1.0",procedure="power-board",release="4f4f4f4f4f4f",configuration="a1a1a1a1a1a1",browser="Chrome 156.0.8078.79",system="linux"} 1`,
    );
    expect(text).not.toContain('battery_ratio{');
  });

  test('36: is written to the log as it was believed', async () => {
    const lines: string[] = [];
    const printed = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    const { ask } = await server({ LOG_LEVEL: 'info' });
    await ask('/telemetry/heartbeat', json({ ...heartbeat(), note: 'x'.repeat(1000) }));
    printed.mockRestore();
    const said = lines.map((line) => JSON.parse(line.startsWith('{') ? line : '{}') as Record<string, unknown>);
    expect(said.find(({ event }) => event === 'heartbeat')).toMatchObject({ level: 'info', said: heartbeat() });
    expect(lines.join()).not.toContain('xxx');
  });

  test('36: one that cannot be is refused, and nothing is kept of it', async () => {
    const running = await server();
    for (const [change, status] of [
      [{ station: 'a"} 1' }, 400],
      [{ format: 2 }, 400],
      [{ fixtures: null }, 400],
      [{ note: 'x'.repeat(70_000) }, 413],
    ] as const)
      expect((await running.ask('/telemetry/heartbeat', json({ ...heartbeat(), ...change }))).status).toBe(status);
    expect((await report(running)).stations).toEqual([]);
  });

  test('36: what stands in a version stays inside its label', async () => {
    const running = await server();
    await beat(running, { app_version: '1"} 1 fake{a="\\' });
    const text = await metrics(running);
    expect(text).toContain('app_version="1\\"} 1 fake{a=\\"\\\\"');
    expect(text.split('\n').filter((line) => line.startsWith('fake'))).toEqual([]);
  });

  test('36: where the server holds the tokens, a word is taken only when the station that it names has signed it', async () => {
    const [mine, others] = ['a-token-of-16-chars', 'b-token-of-16-chars'];
    const keys = `taipei-line1-042: { token: ${mine}, key: x }\ntaipei-line1-043: { token: ${others}, key: y }\n`;
    const file = `${await folder({ 'keys.yaml': keys })}/keys.yaml`;
    const running = await server({ TOFUPILOT_URL: 'http://127.0.0.1:9', RELAY_KEYS_FILE: file });
    const [beats, logs] = ['/telemetry/heartbeat', '/telemetry/logs'];
    const log = { station: 'taipei-line1-042', entries: [{ code: 'x' }] };
    const send = async (path: string, body: object, signature?: string) => {
      const { headers, ...rest } = json(body);
      const signed: Record<string, string> = signature === undefined ? {} : { [SIGNATURE_HEADER]: signature };
      return (await running.ask(path, { ...rest, headers: { ...(headers as object), ...signed } })).status;
    };
    const by = (token: string, path: string, body: object) => signWord(token, path, JSON.stringify(body));
    const whole = heartbeat();
    const right = await by(mine, beats, whole);
    for (const [what, signature] of [
      ['unsigned', undefined],
      ['empty', ''],
      ['another station’s', await by(others, beats, whole)],
      ['of another word', await by(mine, beats, { ...whole, last_seq: 1 })],
      ['of another address', await by(mine, logs, whole)],
      ['the token itself', mine],
    ] as const)
      expect(await send(beats, whole, signature), what).toBe(401);
    const stranger = { ...whole, station: 'taipei-line1-099' };
    expect(await send(beats, stranger, await by(mine, beats, stranger)), 'not known here').toBe(401);
    expect(await send(logs, log)).toBe(401);
    expect(await send(logs, [log], await by(mine, logs, [log])), 'a list names no station').toBe(401);
    expect((await report(running)).stations).toEqual([]);
    expect(await send(beats, whole, right)).toBe(200);
    expect(await send(logs, log, await by(mine, logs, log))).toBe(204);
    expect((await report(running)).stations).toHaveLength(1);
  });

  test('36: from another site’s page it is refused', async () => {
    const { ask } = await server();
    const { headers, ...rest } = json(heartbeat());
    const sent = { ...rest, headers: { ...(headers as object), 'sec-fetch-site': 'cross-site' } };
    expect((await ask('/telemetry/heartbeat', sent)).status).toBe(403);
  });

  test('37: a flood is told to wait, and is heard again a second later', async () => {
    const time = { ms: 0 };
    const telemetry = new Telemetry({
      stations: new Stations({ nowMs: () => time.ms, monotonicMs: () => time.ms }),
      log: openLog(
        'error',
        () => undefined,
        () => time.ms,
      ),
      monotonicMs: () => time.ms,
      health: async () => undefined,
    });
    const send = () => telemetry.take('heartbeat', new Request('http://server/', json(heartbeat())));
    for (let n = 0; n < 200; n += 1) expect((await send()).status).toBe(200);
    const refused = await send();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    time.ms += 1000;
    expect((await send()).status).toBe(200);
  });
});

describe('two of one name', () => {
  test('36: are told within two heartbeats, both of them, and shown; the first one goes on', async () => {
    const running = await server();
    expect(await beat(running, A)).toEqual({ format: 1, alone: false });
    expect(await beat(running, B)).toEqual({ format: 1, alone: false });
    expect((await beat(running, A)).collision).toMatchObject({
      role: 'first',
      other: { installation: 'installation-b' },
    });
    expect((await beat(running, { ...B, last_seq: 3 })).collision).toMatchObject({
      role: 'later',
      other: { installation: 'installation-a', last_seq: 812, browser: 'Chrome 156.0.8078.79', stopped: false },
    });
    const [station] = (await report(running)).stations;
    expect(station?.attention).toEqual(['collision']);
    // What is told is the word of the one that has the name, so that no count runs to and fro.
    expect(station?.said.installation).toBe('installation-a');
    expect(await metrics(running)).toContain(
      'fieldbench_station_collision{station="taipei-line1-042",site="taipei",line="line1"} 1',
    );
  });

  test('36: a supervisor’s word turns it round', async () => {
    const running = await server();
    for (const one of [A, B, A]) await beat(running, one);
    expect((await beat(running, { ...B, term: 1 })).collision?.role).toBe('first');
    expect((await beat(running, A)).collision).toMatchObject({ role: 'later', other: { term: 1 } });
    // The new one hears when the old one has stopped, and where its numbers ended.
    expect((await beat(running, { ...B, term: 1 })).collision?.other.stopped).toBe(false);
    await beat(running, { ...A, stopped: true, last_seq: 815 });
    expect((await beat(running, { ...B, term: 1 })).collision?.other).toMatchObject({ stopped: true, last_seq: 815 });
  });

  test('36: the try-out’s name is everybody’s', async () => {
    const running = await server();
    const tryout = { station: 'demo-line1-001' };
    for (const one of [A, B, A, B])
      expect(await beat(running, { ...one, ...tryout })).toEqual({ format: 1, alone: true });
    expect((await report(running)).stations[0]?.attention).toEqual([]);
    const real = await server({ TOFUPILOT_URL: 'http://127.0.0.1:9/api' });
    for (const one of [A, B, A]) await beat(real, { ...one, ...tryout });
    expect((await beat(real, { ...B, ...tryout })).collision?.role).toBe('later');
  });
});

describe('thresholds', () => {
  test('36: come from fleet.yaml, and a silent station keeps only its last moment', async () => {
    const dir = await folder({ ...FLEET, 'fleet.yaml': 'health: { heartbeat_s: 1, disk_free_gb: 100 }\n' });
    const running = await server({ FLEET_DIR: dir });
    await beat(running);
    expect((await report(running)).stations[0]?.attention).toEqual(['disk']);
    await vi.waitFor(async () => expect((await report(running)).stations[0]?.attention).toEqual(['silent']), {
      timeout: 60_000,
      interval: 250,
    });
    const lines = (await metrics(running)).split('\n').filter((line) => line.startsWith('fieldbench_station_'));
    expect(lines.map((line) => line.split('{')[0])).toEqual([
      'fieldbench_station_last_heartbeat_timestamp_seconds',
      'fieldbench_station_collision',
    ]);
    await put(dir, 'fleet.yaml', 'health: { heartbeat_s: 600 }\n');
    expect((await report(running)).stations[0]?.attention).toEqual([]);
  });

  test.each([
    ['health: { heartbeat_s: 0 }', 'health.heartbeat_s: at least 1 is needed'],
    ['health: { heartbeat: 60 }', 'health.heartbeat: there is no such setting'],
    ['health: { disk_free_gb: -1 }', 'health.disk_free_gb: it cannot be negative'],
  ])('36: %s ends the start', async (text, said) => {
    const dir = await folder({ ...FLEET, 'fleet.yaml': text });
    await expect(server({ FLEET_DIR: dir })).rejects.toMatchObject({ message: expect.stringContaining(said) });
  });
});

describe('readiness', () => {
  test('38: not ready without the fleet’s folder, and alive all the same', async () => {
    const dir = await folder(FLEET);
    const { ask } = await server({ FLEET_DIR: dir });
    expect((await ask('/readyz')).status).toBe(200);
    await rm(dir, { recursive: true });
    const answer = await ask('/readyz');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }),
    ]);
    expect((await ask('/healthz')).status).toBe(200);
  });
});
