/**
 * One schedule from a seed: a station that dies at any await, a disk that fills, a wall clock that jumps, a server
 * that fails in every way, all in virtual time, around the shipped drain and client.
 *
 * Knows nothing of how many are played. What is driven is handed in, so that a defect can be played too.
 */
import { Turns } from '#base/turns.ts';
import type { drain } from '#sync/outbox/drain.ts';
import type { retryParked } from '#sync/outbox/retry.ts';
import { type Locks, OUTBOX_LOCK, type webLock } from '#sync/outbox/web-lock.ts';
import type { createCarrier } from '#sync/tofupilot/client.ts';
import { chanceFrom } from '../chance.ts';
import { type MemoryOutbox, rowOf } from '../memory-outbox.ts';
import { Life } from '../mortal.ts';
import { type Committed, type Search, SimServer } from '../sim-server.ts';
import { promisesOnly, VirtualClock } from '../virtual-clock.ts';
import { faulty } from './faulty-store.ts';
import { carryAlong, copyToFolder } from './other-station.ts';
import { Watch, WatchedDrain } from './watch.ts';

/** The code under test. */
export interface Shipped {
  readonly drain: typeof drain;
  readonly createCarrier: typeof createCarrier;
  readonly retryParked: typeof retryParked;
  readonly webLock: typeof webLock;
}

export interface Story {
  /** Every promise that was broken; empty is good. */
  readonly problems: string[];
  readonly posts: number;
  readonly deaths: number;
  readonly jumps: number;
  readonly fullDisks: number;
  readonly files: number;
  readonly exported: number;
  readonly copied: number;
}

const AMBIGUOUS_WAIT_MS = 90_000;
const SEARCHES: Search[] = ['by-metadata', 'refuses-filter', 'hides-metadata'];
/** After the faults end everything must be there within this; a time stored by a clock since set back takes an hour. */
const PATIENCE_MS = 3 * 3_600_000;
const LONGEST_JUMP_MS = 2 * 3_600_000;
/** How often the second copy of a run says that it may have been sent. */
const DOUBT_RATE = 0.01;
/** How often a schedule has a folder for copies. */
const COPIES_RATE = 0.15;
const NEVER = new AbortController().signal;

/** @param isIll the server takes nothing that is sent to it, and answers everything else */
export async function play(
  seed: number,
  { drain, createCarrier, retryParked, webLock }: Shipped,
  isIll = false,
): Promise<Story> {
  // A process that plays thousands is asked now and then whether it still lives.
  await new Promise((resolve) => setImmediate(resolve));
  const chance = chanceFrom(seed);
  const clock = new VirtualClock(promisesOnly);
  const healthyFromMs = chance() * 600_000;
  const isHealthy = () => clock.monotonicMs() >= healthyFromMs;
  const count = 1 + Math.floor(chance() * 12);
  const serials = 1 + Math.floor(chance() * 5);
  const poison = new Set<string>();
  const disk = { fullRate: chance() < 0.3 ? chance() * 0.2 : 0, failures: 0 };
  const watch = new Watch(clock, disk.fullRate > 0);
  const memory = watch.disk;
  const store = faulty(
    memory,
    clock,
    () => !isHealthy() && chance() < disk.fullRate && (disk.failures += 1) > 0,
    () => !isHealthy() && chance() < DOUBT_RATE,
  );
  const tellsTime = chance() < 0.8;
  const server = new SimServer({
    clock,
    chance,
    healthyFromMs,
    search: SEARCHES[Math.floor(chance() * SEARCHES.length)]!,
    faultRate: chance() * (isIll ? 0.02 : 0.7),
    isIll,
    isPoison: (id) => poison.has(id),
    tellsTime,
    indexLagMs: chance() < 0.5 ? chance() * 25_000 : 0,
  });
  server.onPost = (id) => watch.posted(id);
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

  /** A server without `Date` leaves nothing to know a clock by that was set forward. */
  const jumping = async () => {
    while (!isHealthy()) {
      await clock.sleep(5_000 + chance() * 240_000);
      if (isHealthy()) return;
      const direction = tellsTime && chance() < 0.5 ? 1 : -1;
      clock.wallMs += direction * chance() * LONGEST_JUMP_MS;
      watch.jumps += 1;
    }
  };

  const turns = new Turns();
  const locks: Locks = { request: (_name, _options, work) => turns.take(work) };
  const withLock = webLock(OUTBOX_LOCK, locks);
  /** Code that never lets go is told to in the end, so that a schedule always has one. */
  let current = new AbortController();
  void clock.sleep(healthyFromMs + PATIENCE_MS).then(() => current.abort());
  watch.onProblem = () => current.abort();
  let deaths = 0;
  let sealed = false;
  void sealing.then(() => (sealed = true));
  const isSeen = () => watch.problems.length > 0;
  const isDone = () =>
    isSeen() ||
    (sealed &&
      isHealthy() &&
      [...memory.rows.values()].every(({ id, state }) => state === (poison.has(id) ? 'PARKED' : 'DELIVERED')));

  /** Tries parked runs again now and then. */
  const person = async () => {
    while (!isDone() && clock.monotonicMs() < healthyFromMs + PATIENCE_MS) {
      await clock.sleep(60_000 + chance() * 240_000);
      watch.personActs = true;
      if (!isDone()) await retryParked(store).catch(() => 0);
      watch.personActs = false;
    }
  };

  const travelling = async () => {
    while (!isHealthy()) {
      await clock.sleep(10_000 + chance() * 200_000);
      if (!isHealthy()) await carryAlong({ store, server, clock, chance, withLock, isPoison: (id) => poison.has(id) });
    }
  };

  /** With a chance of its own, so that every other part of a schedule stays what it was before there was a folder. */
  const ownChance = chanceFrom(~seed);
  const copies = ownChance() < COPIES_RATE;
  const openedElsewhere = new Set<string>();
  const copying = async () => {
    const folder = {
      store: memory,
      server,
      clock,
      chance: ownChance,
      withLock,
      isPoison: (id: string) => poison.has(id),
    };
    while (!isHealthy()) {
      await clock.sleep(ownChance() * 60_000);
      if (isHealthy()) return;
      for (const id of await copyToFolder(folder)) openedElsewhere.add(id);
    }
  };

  /** Page or service worker: drains, dies, comes back, until all is done. */
  const actor = async () => {
    while (!isDone() && clock.monotonicMs() < healthyFromMs + PATIENCE_MS) {
      const isMortal = !isHealthy() && chance() < 0.5;
      const life = new Life(isMortal ? 1 + Math.floor(chance() * 60) : Infinity);
      const concurrency = 1 + Math.floor(chance() * 4);
      const settings = { ambiguousWaitMs: AMBIGUOUS_WAIT_MS, concurrency, ratePerS };
      const result = await withLock(NEVER, async () => {
        const { signal } = (current = new AbortController());
        const watched = new WatchedDrain(watch, settings);
        const carrier = createCarrier({
          baseUrl: '/tofupilot',
          key: async () => 'key',
          fetch: isMortal ? life.wrap(server.fetch) : server.fetch,
          clock,
        });
        const ended = await Promise.race([
          drain({
            store: isMortal ? life.bind(store) : store,
            carrier: watched.carrier(carrier),
            clock,
            random: chance,
            settings,
            signal,
            today: () => '2026-11-20',
          }).catch(() => 'disk full' as const),
          life.died,
        ]);
        watched.end(typeof ended !== 'string');
        return ended;
      });
      if (result === 'died') deaths += 1;
      const pauseMs =
        typeof result === 'string' || result.nextAtMs === null ? 15_000 * chance() : result.nextAtMs - clock.nowMs();
      await clock.sleep(Math.min(isHealthy() ? 60_000 : 15_000, Math.max(1, pauseMs)));
    }
  };
  const actors = chance() < 0.5 ? [actor(), actor()] : [actor()];
  const others = [
    ...(chance() < 0.5 ? [jumping()] : []),
    ...(chance() < 0.2 ? [travelling()] : []),
    ...(copies ? [copying()] : []),
  ];
  await clock.until(Promise.all([sealing, person(), ...others, ...actors]));
  // What is still on its way arrives: a doubled run may not hide there.
  await clock.pass(600_000);
  return {
    problems: isSeen() ? watch.problems : wrongs(memory, server, poison, openedElsewhere),
    posts: server.posts,
    deaths,
    jumps: watch.jumps,
    fullDisks: disk.failures,
    files: memory.files.size,
    exported: [...memory.rows.values()].filter(({ exported_at }) => exported_at !== undefined).length,
    copied: [...memory.rows.values()].filter(({ copied_at }) => copied_at !== undefined).length,
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
  return same ? [] : [`files: ${id} should have [${wanted.join(', ')}], has [${linked.join(', ')}]`];
}

/** Everything that breaks a promise. */
function wrongs(
  store: MemoryOutbox,
  server: SimServer,
  poison: ReadonlySet<string>,
  openedElsewhere: ReadonlySet<string>,
): string[] {
  const problems: string[] = [];
  for (const row of store.rows.values()) {
    const there = server.committed.filter(({ body }) => body.metadata.client_run_id === row.id);
    const expected = poison.has(row.id) ? 'PARKED' : 'DELIVERED';
    if (row.state !== expected) problems.push(`14: ${row.id} is ${row.state}, not ${expected}`);
    if (there.length !== (poison.has(row.id) ? 0 : 1)) problems.push(`once: ${row.id} is there ${there.length} times`);
    else if (there[0] && row.remote_id !== there[0].remoteId) problems.push(`3: ${row.id} has another run’s id`);
    if (there[0]) problems.push(...wrongFiles(store, server, row.id, there[0]));
  }
  const lastOf = new Map<string, number>();
  for (const { body } of server.committed) {
    const { seq, serial_key: serial, id } = store.rows.get(body.metadata.client_run_id)!;
    // A run that was parked holds back nobody; when a person sends it again it comes when it comes. So does a file.
    if (store.wasParked.has(id) || store.rows.get(id)!.exported_at !== undefined || openedElsewhere.has(id)) continue;
    if (seq < (lastOf.get(serial) ?? 0)) problems.push(`5: ${serial}: ${seq} came after ${lastOf.get(serial)}`);
    lastOf.set(serial, seq);
  }
  return problems;
}
