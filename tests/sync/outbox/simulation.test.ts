/**
 * Thousands of schedules of a station that dies at any await before a server that fails in every way, in virtual
 * time, driving the shipped drain and client. A failing seed is named in the message and can be played alone.
 */
import { describe, expect, test } from 'vitest';
import { Turns } from '#base/turns.ts';
import { drain } from '#sync/outbox/drain.ts';
import { createCarrier } from '#sync/tofupilot/client.ts';
import { chanceFrom } from '../chance.ts';
import { MemoryOutbox, rowOf } from '../memory-outbox.ts';
import { Life } from '../mortal.ts';
import { type Search, SimServer } from '../sim-server.ts';
import { VirtualClock } from '../virtual-clock.ts';

const SCHEDULES = 2000;
const AMBIGUOUS_WAIT_MS = 90_000;
const SEARCHES: Search[] = ['by-metadata', 'refuses-filter', 'hides-metadata'];
/** After the faults end everything must be there within this. */
const PATIENCE_MS = 3_600_000;

interface Story {
  readonly problems: string[];
  readonly posts: number;
  readonly deaths: number;
}

async function play(seed: number): Promise<Story> {
  const chance = chanceFrom(seed);
  const clock = new VirtualClock();
  const healthyFromMs = chance() * 600_000;
  const count = 1 + Math.floor(chance() * 12);
  const serials = 1 + Math.floor(chance() * 5);
  const poison = new Set<string>();
  const store = new MemoryOutbox();
  const server = new SimServer({
    clock,
    chance,
    healthyFromMs,
    search: SEARCHES[Math.floor(chance() * SEARCHES.length)]!,
    faultRate: chance() * 0.7,
    isPoison: (id) => poison.has(id),
  });
  const problems: string[] = [];
  server.onPost = (id) => {
    const state = store.rows.get(id)?.state;
    if (state !== 'CREATING') problems.push(`posted ${id} while ${state}`);
  };
  for (let seq = 1; seq <= count; seq++) if (chance() < 0.1) poison.add(`run-${seq}`);

  const sealing = (async () => {
    for (let seq = 1; seq <= count; seq++) {
      if (chance() < 0.5) await clock.sleep(chance() * 60_000);
      const serial = `SN-${Math.floor(chance() * serials)}`;
      const row = rowOf(seq, {
        serial_number: chance() < 0.5 ? serial : serial.toLowerCase(),
        started_at: new Date(clock.nowMs() + seq * 5000).toISOString(),
      });
      store.rows.set(row.id, row);
    }
  })();

  const lock = new Turns();
  let deaths = 0;
  let sealed = false;
  void sealing.then(() => (sealed = true));
  const isDone = () =>
    sealed && [...store.rows.values()].every(({ state }) => state === 'DELIVERED' || state === 'PARKED');

  /** Page or service worker: drains, dies, comes back, until all is done. */
  const actor = async () => {
    while (!isDone() && clock.monotonicMs() < healthyFromMs + PATIENCE_MS) {
      const isMortal = clock.monotonicMs() < healthyFromMs && chance() < 0.5;
      const life = new Life(isMortal ? 1 + Math.floor(chance() * 60) : Infinity);
      const concurrency = 1 + Math.floor(chance() * 4);
      const result = await lock.take(() =>
        Promise.race([
          drain({
            store: life.bind(store),
            carrier: createCarrier({
              baseUrl: '/tofupilot',
              key: async () => 'key',
              fetch: life.wrap(server.fetch),
              clock,
            }),
            clock,
            random: chance,
            settings: { ambiguousWaitMs: AMBIGUOUS_WAIT_MS, concurrency, ratePerS: 0 },
            signal: new AbortController().signal,
            today: () => '2026-11-20',
          }),
          life.died,
        ]),
      );
      if (result === 'died') deaths += 1;
      const pauseMs =
        result === 'died' || result.nextAtMs === null ? 15_000 * chance() : result.nextAtMs - clock.nowMs();
      await clock.sleep(Math.min(15_000, Math.max(1, pauseMs)));
    }
  };
  await clock.until(Promise.all([sealing, actor(), ...(chance() < 0.5 ? [actor()] : [])]));
  // What is still on its way arrives: a doubled run may not hide there.
  await clock.pass(600_000);
  return { problems: [...problems, ...wrongs(store, server, poison)], posts: server.posts, deaths };
}

/** Everything that breaks a promise. */
function wrongs(store: MemoryOutbox, server: SimServer, poison: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  for (const row of store.rows.values()) {
    const there = server.committed.filter(({ body }) => body.metadata.client_run_id === row.id);
    const expected = poison.has(row.id) ? 'PARKED' : 'DELIVERED';
    if (row.state !== expected) problems.push(`${row.id} is ${row.state}, not ${expected}`);
    if (there.length !== (poison.has(row.id) ? 0 : 1)) problems.push(`${row.id} is there ${there.length} times`);
    else if (there[0] && row.remote_id !== there[0].remoteId) problems.push(`${row.id} has another run’s id`);
  }
  const lastOf = new Map<string, number>();
  for (const { body } of server.committed) {
    const { seq, serial_key: serial } = store.rows.get(body.metadata.client_run_id)!;
    if (seq < (lastOf.get(serial) ?? 0)) problems.push(`${serial}: ${seq} came after ${lastOf.get(serial)}`);
    lastOf.set(serial, seq);
  }
  return problems;
}

describe('simulation', () => {
  test('1 to 14: nothing lost, nothing doubled, order per unit, all delivered once faults end', async () => {
    let [deaths, posts] = [0, 0];
    for (let seed = 1; seed <= SCHEDULES; seed++) {
      const story = await play(seed);
      expect({ seed, problems: story.problems }).toEqual({ seed, problems: [] });
      deaths += story.deaths;
      posts += story.posts;
    }
    // The schedules are worth something only if much happens in them.
    expect(deaths).toBeGreaterThan(SCHEDULES);
    expect(posts).toBeGreaterThan(SCHEDULES * 6);
  }, 180_000);
});
