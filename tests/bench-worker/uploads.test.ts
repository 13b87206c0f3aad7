/** When the open page asks whom, on an outbox in memory and a clock of the test's own. */
import { expect, test } from 'vitest';
import type { PostAnswer, ReachAnswer } from '#sync/outbox/ports.ts';
import { Uploads } from '../../src/bench-worker/uploads.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { MemoryOutbox, rowOf } from '../sync/memory-outbox.ts';
import { noFiles } from '../sync/no-files.ts';

const HOUR_MS = 3_600_000;

function uploads(rows = [rowOf(1)].slice(1), station = { isEnrolled: true }) {
  const clock = new FakeClock();
  const store = new MemoryOutbox(rows);
  const asked = { relay: 0, reach: 0, posts: 0 };
  const answers: { relay: ReachAnswer; reach: ReachAnswer; post: PostAnswer } = {
    relay: { kind: 'online' },
    reach: { kind: 'online' },
    post: { kind: 'created', remoteId: 'r' },
  };
  const shown: string[] = [];
  const life = new AbortController();
  const loop = new Uploads({
    store,
    clock,
    carrier: {
      post: async () => ((asked.posts += 1), answers.post),
      lookup: async () => ({ kind: 'absent' }),
      reach: async () => ((asked.reach += 1), answers.reach),
      meet: async () => ({ kind: 'online' }),
      files: noFiles,
    },
    isEnrolled: () => station.isEnrolled,
    relayLook: async () => ((asked.relay += 1), answers.relay),
    settings: () => ({ ambiguous_wait_s: 90, concurrency: 4, rate_per_s: 0, relay_rate_per_s: 0 }),
    withLock: (_signal, work) => work(),
    onConnection: (connection) => void (shown.at(-1) !== connection && shown.push(connection)),
    filesWait: () => false,
    onProgress: () => undefined,
  });
  void loop.run(life.signal);
  return { clock, store, asked, answers, shown, loop, end: () => life.abort() };
}

test('a station with nothing to send asks TofuPilot once for its key, and only its relay after that', async () => {
  const { clock, asked, shown, end } = uploads();
  await clock.advance(HOUR_MS);
  expect(asked.reach).toBe(1);
  expect(asked.relay).toBeGreaterThanOrEqual(240);
  expect(shown).toEqual(['online']);
  end();
});

test('a relay that loses TofuPilot is shown within a round, and a return sends what waits at once', async () => {
  const { clock, store, asked, answers, shown, loop, end } = uploads();
  await clock.advance(1);
  answers.relay = { kind: 'offline', message: 'gone' };
  await clock.advance(15_000);
  expect(shown).toEqual(['online', 'offline']);
  store.rows.set('run-1', rowOf(1));
  loop.wake();
  await clock.advance(60_000);
  expect(asked.posts).toBe(0);
  answers.relay = { kind: 'online' };
  await clock.advance(15_000);
  expect(store.row(1).state).toBe('DELIVERED');
  expect(shown).toEqual(['online', 'offline', 'online']);
  end();
});

test('a relay that says online of a TofuPilot that is gone: the first run tells', async () => {
  const { clock, store, answers, shown, loop, end } = uploads();
  await clock.advance(1);
  answers.reach = { kind: 'offline', message: 'gone' };
  store.rows.set('run-1', rowOf(1));
  loop.wake();
  await clock.advance(1);
  expect(shown).toEqual(['online', 'offline']);
  end();
});

test('a refused key is shown with nothing to send, asked for once a minute, and another one is tried at once', async () => {
  const { clock, asked, answers, shown, loop, end } = uploads();
  answers.reach = { kind: 'unauthorised', message: 'no' };
  await clock.advance(HOUR_MS);
  expect(shown).toEqual(['refused']);
  expect(asked.reach).toBeLessThanOrEqual(61);
  answers.reach = { kind: 'online' };
  loop.keyChanged();
  await clock.advance(1);
  expect(shown).toEqual(['refused', 'online']);
  end();
});

test('a browser that is no station yet has no key to refuse; the moment it is one, TofuPilot is asked', async () => {
  const station = { isEnrolled: false };
  const { clock, asked, answers, shown, loop, end } = uploads([], station);
  answers.reach = { kind: 'unauthorised', message: 'no' };
  await clock.advance(HOUR_MS);
  expect([asked.reach, shown]).toEqual([0, ['online']]);
  station.isEnrolled = true;
  loop.keyChanged();
  await clock.advance(1);
  expect([asked.reach, shown]).toEqual([1, ['online', 'refused']]);
  end();
});

test('a refused key with runs that wait holds them, and another one sends them at once', async () => {
  const { clock, store, answers, shown, loop, end } = uploads([rowOf(1)]);
  answers.reach = { kind: 'unauthorised', message: 'no' };
  await clock.advance(1);
  expect([shown.at(-1), store.row(1).state]).toEqual(['refused', 'QUEUED']);
  expect(await store.hold()).toMatchObject({ code: 'unauthorised' });
  answers.reach = { kind: 'online' };
  loop.keyChanged();
  await clock.advance(1);
  expect([shown.at(-1), store.row(1).state]).toEqual(['online', 'DELIVERED']);
  end();
});

test('a run that must wait is looked at when its time has come, without a look at every round', async () => {
  const { clock, store, asked, end } = uploads([rowOf(1)]);
  store.rows.set('run-1', rowOf(1, { next_at_ms: clock.nowMs() + 50_000 }));
  await clock.advance(49_000);
  expect([asked.reach, asked.posts]).toEqual([1, 0]);
  await clock.advance(2_000);
  expect([asked.posts, store.row(1).state]).toEqual([1, 'DELIVERED']);
  end();
});
