/** Several servers behind one address, over real HTTP: each hears a part of the fleet, and each tells all of it. */
import { describe, expect, test } from 'vitest';
import type { StationsReport } from '#fleet/health/stations-report.ts';
import { heartbeat } from '../fleet/health/a-heartbeat.ts';
import { freePort } from '../support/free-port.ts';
import { server, type Started, upstream } from './support.ts';

const report = async ({ ask }: Started, query = '') =>
  (await (await ask(`/fleet/stations${query}`)).json()) as StationsReport;
const hear = (one: Started, station: string, change: object = {}) =>
  one.ask('/telemetry/heartbeat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...heartbeat(), station, ...change }),
  });
const names = ({ stations }: StationsReport) => stations.map(({ station }) => station);

/** Servers that know of each other and of themselves, as by one name in a cluster; nobody is behind the last address. */
async function servers(count: number, strangers: readonly string[] = []): Promise<Started[]> {
  const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
  const PEER_SERVERS = [...ports.map((port) => `http://127.0.0.1:${port}`), ...strangers].join();
  const TOFUPILOT_URL = 'http://127.0.0.1:9';
  return Promise.all(ports.map((port) => server({ PORT: String(port), PEER_SERVERS, TOFUPILOT_URL })));
}

describe('40: servers that know of each other', () => {
  test('each tells what any of them has heard, by name, and none counts itself', async () => {
    const [one, other] = await servers(2);
    await hear(one!, 'taipei-line1-010');
    await hear(other!, 'taipei-line1-2');
    for (const asked of [one!, other!]) {
      const told = await report(asked);
      expect(names(told)).toEqual(['taipei-line1-2', 'taipei-line1-010']);
      expect(told.peers).toEqual({ asked: 1, unanswered: 0 });
    }
    const own = await report(one!, '?heard=here');
    expect(names(own), 'its own memory').toEqual(['taipei-line1-010']);
    expect(own.peers).toBeUndefined();
  });

  test('one that does not answer, or something else in its place, is counted and takes nothing along', async () => {
    const odd = await upstream((_incoming, outgoing) => outgoing.end('<html>'));
    const moved = await upstream((_incoming, outgoing) => outgoing.writeHead(302, { location: odd.url }).end());
    const [one] = await servers(1, [`http://127.0.0.1:${await freePort()}`, odd.url, moved.url]);
    await hear(one!, 'taipei-line1-010');
    const told = await report(one!);
    expect(names(told)).toEqual(['taipei-line1-010']);
    expect(told.peers).toEqual({ asked: 3, unanswered: 3 });
    expect(odd.seen, 'no redirect is followed').toHaveLength(1);
  });

  test('two computers under one name that meet two servers are told as two', async () => {
    const [one, other] = await servers(2);
    await hear(one!, 'taipei-line1-042', { installation: 'installation-a', session: 'session-a' });
    await hear(other!, 'taipei-line1-042', { installation: 'installation-b', session: 'session-b' });
    const [station] = (await report(one!)).stations;
    expect(station?.attention).toContain('collision');
    expect((await report(one!, '?heard=here')).stations[0]?.attention).toEqual([]);
  });

  test('a server that knows of no other says nothing of others', async () => {
    const one = await server();
    expect((await report(one)).peers).toBeUndefined();
  });
});
