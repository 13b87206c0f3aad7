/** What the relay lets through, on a clock that the test moves. */
import { describe, expect, test } from 'vitest';
import { Budget } from '#server/relay/budget.ts';
import { FLEET, folder, jsonRequest, server, upstream } from './support.ts';

describe('30: requests a second of all stations together', () => {
  test('without a limit everything passes', async () => {
    const budget = new Budget(
      () => Promise.resolve(0),
      () => 0,
    );
    for (let n = 0; n < 1000; n += 1) expect(await budget.take()).toBe(0);
  });

  test('a second’s worth at once, then each refusal names a later time, and who comes then passes', async () => {
    let nowMs = 5_000;
    const budget = new Budget(
      () => Promise.resolve(10),
      () => nowMs,
    );
    const many = async (count: number) => {
      const waits: number[] = [];
      for (let n = 0; n < count; n += 1) waits.push(await budget.take());
      return waits;
    };
    const first = await many(40);
    expect(first.slice(0, 10)).toEqual(Array(10).fill(0));
    expect(first.slice(10)).toEqual([...Array(10).fill(1), ...Array(10).fill(2), ...Array(10).fill(3)]);
    for (let second = 1; second <= 3; second += 1) {
      nowMs += 1_000;
      expect(await many(10), `those who were told ${second} s`).toEqual(Array(10).fill(0));
    }
    nowMs += 60_000;
    expect(await many(11), 'an idle hour saves nothing up').toEqual([...Array(10).fill(0), 1]);
  });

  test('over HTTP: 429 in the API’s words, upstream hears nothing, and a changed fleet.yaml counts at once', async () => {
    const far = await upstream((_incoming, outgoing) => outgoing.end('{}'));
    const dir = await folder({ ...FLEET, 'fleet.yaml': 'sync: { relay_rate_per_s: 1 }\n' });
    const { ask } = await server({ TOFUPILOT_URL: far.url, FLEET_DIR: dir });
    expect((await ask('/tofupilot/v2/runs', jsonRequest('POST', {}))).status).toBe(200);
    const refused = await ask('/tofupilot/v2/runs', jsonRequest('POST', {}));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect(far.seen).toHaveLength(1);
  });
});
