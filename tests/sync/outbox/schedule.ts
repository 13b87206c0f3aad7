/**
 * One schedule from a seed: a station that dies at any await, a disk that fills, a wall clock that jumps, a server
 * that fails in every way, all in virtual time, around the shipped drain and client.
 *
 * Knows nothing of how many are played. What is driven is handed in, so that a defect can be played too.
 */
import { Turns } from '#base/turns.ts';
import type { drain } from '#sync/outbox/drain.ts';
import type { retryParked } from '#sync/outbox/retry.ts';
import type { createCarrier } from '#sync/tofupilot/client.ts';
import { chanceFrom } from '../chance.ts';
import { MemoryOutbox, rowOf } from '../memory-outbox.ts';
import { Life } from '../mortal.ts';
import { type Committed, type Search, SimServer } from '../sim-server.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { faulty } from './faulty-store.ts';

/** The code under test. */
export interface Shipped {
  readonly drain: typeof drain;
  readonly createCarrier: typeof createCarrier;
  readonly retryParked: typeof retryParked;
}

export interface Story {
  /** Every promise that was broken; empty is good. */
  readonly problems: string[];
  readonly posts: number;
  readonly deaths: number;
  readonly jumps: number;
  readonly fullDisks: number;
  readonly files: number;
}

const AMBIGUOUS_WAIT_MS = 90_000;
const SEARCHES: Search[] = ['by-metadata', 'refuses-filter', 'hides-metadata'];
/** After the faults end everything must be there within this; a time stored by a clock since set back takes an hour. */
const PATIENCE_MS = 3 * 3_600_000;
const LONGEST_JUMP_MS = 2 * 3_600_000;

export async function play(seed: number, { drain, createCarrier, retryParked }: Shipped): Promise<Story> {
  const chance = chanceFrom(seed);
  const clock = new VirtualClock();
  const healthyFromMs = chance() * 600_000;
  const isHealthy = () => clock.monotonicMs() >= healthyFromMs;
  const count = 1 + Math.floor(chance() * 12);
  const serials = 1 + Math.floor(chance() * 5);
  const poison = new Set<string>();
  const memory = new MemoryOutbox();
  const disk = { fullRate: chance() < 0.3 ? chance() * 0.2 : 0, failures: 0 };
  const store = faulty(memory, () => !isHealthy() && chance() < disk.fullRate && (disk.failures += 1) > 0);
  const tellsTime = chance() < 0.8;
  const server = new SimServer({
    clock,
    chance,
    healthyFromMs,
    search: SEARCHES[Math.floor(chance() * SEARCHES.length)]!,
    faultRate: chance() * 0.7,
    isPoison: (id) => poison.has(id),
    tellsTime,
    indexLagMs: chance() < 0.5 ? chance() * 25_000 : 0,
  });
  const problems: string[] = [];
  server.onPost = (id) => {
    const state = memory.rows.get(id)?.state;
    if (state !== 'CREATING') problems.push(`posted ${id} while ${state}`);
  };
  for (let seq = 1; seq <= count; seq++) if (chance() < 0.1) poison.add(`run-${seq}`);

  const ratePerS = chance() < 0.2 ? 0.2 + chance() * 3 : 0;
  const hasFiles = chance() < 0.5;
  const sealing = (async () => {
    for (let seq = 1; seq <= count; seq++) {
      if (chance() < 0.5) await clock.sleep(chance() * 60_000);
      const serial = `SN-${Math.floor(chance() * serials)}`;
      const row = rowOf(seq, {
        serial_number: chance() < 0.5 ? serial : serial.toLowerCase(),
        started_at: new Date(clock.nowMs() + seq * 5000).toISOString(),
      });
      memory.add(row, hasFiles && chance() < 0.4 ? 1 + Math.floor(chance() * 3) : 0);
    }
  })();

  let jumps = 0;
  /** A server without `Date` leaves nothing to know a clock by that was set forward. */
  const jumping = async () => {
    while (!isHealthy()) {
      await clock.sleep(5_000 + chance() * 240_000);
      if (isHealthy()) return;
      const direction = tellsTime && chance() < 0.5 ? 1 : -1;
      clock.wallMs += direction * chance() * LONGEST_JUMP_MS;
      jumps += 1;
    }
  };

  const lock = new Turns();
  let deaths = 0;
  let sealed = false;
  void sealing.then(() => (sealed = true));
  const isDone = () =>
    sealed &&
    isHealthy() &&
    [...memory.rows.values()].every(({ id, state }) => state === (poison.has(id) ? 'PARKED' : 'DELIVERED'));

  /** Tries parked runs again now and then. */
  const person = async () => {
    while (!isDone() && clock.monotonicMs() < healthyFromMs + PATIENCE_MS) {
      await clock.sleep(60_000 + chance() * 240_000);
      if (!isDone()) await retryParked(store).catch(() => 0);
    }
  };

  /** Page or service worker: drains, dies, comes back, until all is done. */
  const actor = async () => {
    while (!isDone() && clock.monotonicMs() < healthyFromMs + PATIENCE_MS) {
      const isMortal = !isHealthy() && chance() < 0.5;
      const life = new Life(isMortal ? 1 + Math.floor(chance() * 60) : Infinity);
      const concurrency = 1 + Math.floor(chance() * 4);
      const result = await lock.take(() =>
        Promise.race([
          drain({
            store: isMortal ? life.bind(store) : store,
            carrier: createCarrier({
              baseUrl: '/tofupilot',
              key: async () => 'key',
              fetch: isMortal ? life.wrap(server.fetch) : server.fetch,
              clock,
            }),
            clock,
            random: chance,
            settings: { ambiguousWaitMs: AMBIGUOUS_WAIT_MS, concurrency, ratePerS },
            signal: new AbortController().signal,
            today: () => '2026-11-20',
          }).catch(() => 'disk full' as const),
          life.died,
        ]),
      );
      if (result === 'died') deaths += 1;
      const pauseMs =
        typeof result === 'string' || result.nextAtMs === null ? 15_000 * chance() : result.nextAtMs - clock.nowMs();
      await clock.sleep(Math.min(isHealthy() ? 60_000 : 15_000, Math.max(1, pauseMs)));
    }
  };
  const actors = chance() < 0.5 ? [actor(), actor()] : [actor()];
  await clock.until(Promise.all([sealing, person(), ...(chance() < 0.5 ? [jumping()] : []), ...actors]));
  // What is still on its way arrives: a doubled run may not hide there.
  await clock.pass(600_000);
  return {
    problems: [...problems, ...wrongs(memory, server, poison)],
    posts: server.posts,
    deaths,
    jumps,
    fullDisks: disk.failures,
    files: memory.files.size,
  };
}

/** Each file of a delivered run must be there once, whole and finalised. */
function wrongFiles(store: MemoryOutbox, server: SimServer, id: string, run: Committed): string[] {
  const linked = run.attachments.map((fileId) => {
    const file = server.files.get(fileId)!;
    return `${file.name} ${file.content} ${file.finalized}`;
  });
  const wanted = [...store.files.values()]
    .filter((file) => file.run === id)
    .map((file) => `${file.name} bytes of ${file.id} true`);
  const same = linked.toSorted().join('\n') === wanted.join('\n');
  return same ? [] : [`${id} should have [${wanted.join(', ')}], has [${linked.join(', ')}]`];
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
    if (there[0]) problems.push(...wrongFiles(store, server, row.id, there[0]));
  }
  const lastOf = new Map<string, number>();
  for (const { body } of server.committed) {
    const { seq, serial_key: serial, id } = store.rows.get(body.metadata.client_run_id)!;
    // A run that was parked holds back nobody; when a person sends it again it comes when it comes.
    if (store.wasParked.has(id)) continue;
    if (seq < (lastOf.get(serial) ?? 0)) problems.push(`${serial}: ${seq} came after ${lastOf.get(serial)}`);
    lastOf.set(serial, seq);
  }
  return problems;
}
