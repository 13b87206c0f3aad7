import { describe, expect, test } from 'vitest';
import { drain } from '#sync/outbox/drain.ts';
import type { DrainOptions } from '#sync/outbox/drain-options.ts';
import type { LookupAnswer, PostAnswer, ReachAnswer, RunCarrier } from '#sync/outbox/ports.ts';
import { retryParked } from '#sync/outbox/retry.ts';
import { MemoryOutbox, rowOf } from '../memory-outbox.ts';
import { noFiles } from '../no-files.ts';
import { VirtualClock } from '../virtual-clock.ts';

type Answers = Partial<{
  post: (id: string, nth: number) => PostAnswer | Promise<PostAnswer>;
  lookup: (id: string) => LookupAnswer;
  reach: () => ReachAnswer;
  meet: () => ReachAnswer;
}>;

const MS = 50;
const created: PostAnswer = { kind: 'created', remoteId: 'remote' };
const doubtful: PostAnswer = { kind: 'doubtful', message: 'no answer' };

/** A carrier that tells what was asked of it, each request taking 50 ms. */
function scripted(clock: VirtualClock, answers: Answers) {
  const asked: string[] = [];
  let posts = 0;
  const carrier: RunCarrier = {
    files: noFiles,
    post: async (body) => {
      const id = (JSON.parse(body) as { metadata: { client_run_id: string } }).metadata.client_run_id;
      asked.push(`post ${id}`);
      await clock.sleep(MS);
      return answers.post?.(id, ++posts) ?? created;
    },
    lookup: async ({ id }) => {
      asked.push(`lookup ${id}`);
      await clock.sleep(MS);
      return answers.lookup?.(id) ?? { kind: 'absent' };
    },
    reach: async () => {
      asked.push('reach');
      await clock.sleep(MS);
      return answers.reach?.() ?? { kind: 'online' };
    },
    meet: async () => answers.meet?.() ?? { kind: 'online' },
  };
  return { carrier, asked };
}

function setUp(rows: Parameters<typeof rowOf>[1][], answers: Answers = {}, change: Partial<DrainOptions> = {}) {
  const clock = new VirtualClock();
  const store = new MemoryOutbox(rows.map((row, index) => rowOf(index + 1, row)));
  const { carrier, asked } = scripted(clock, answers);
  const run = () =>
    clock.until(
      drain({
        store,
        carrier,
        clock,
        random: () => 0.5,
        settings: TWO,
        signal: new AbortController().signal,
        today: () => '2026-11-20',
        ...change,
      }),
    );
  return { clock, store, carrier, asked, run };
}

const TWO = { ambiguousWaitMs: 90_000, concurrency: 2, ratePerS: 0 };
const unit = (serial_number: string) => ({ serial_number });

describe('drain', () => {
  test('5: one unit in order, units side by side, nothing asked when nothing waits', async () => {
    const { clock, store, asked, run } = setUp([unit('A'), unit('a'), unit('B'), unit('C')]);
    expect(await run()).toEqual({ delivered: 4, left: 0, nextAtMs: null, reachable: true });
    expect(asked).toEqual(['reach', 'post run-1', 'post run-3', 'post run-4', 'post run-2']);
    expect(clock.monotonicMs()).toBe(3 * MS);
    expect(store.row(2)).toMatchObject({ remote_id: 'remote', delivered_day: '2026-11-20', attempts: 1 });
    await run();
    expect(asked).toHaveLength(5);
  });

  test('3, 4, 5: a doubtful run is looked up at once, waits, is looked up again and only then posted', async () => {
    const { clock, store, asked, run } = setUp([unit('A'), unit('A'), unit('B')], {
      post: (id, nth) => (id === 'run-1' && nth === 1 ? doubtful : created),
    });
    const first = await run();
    expect(asked).toEqual(['reach', 'post run-1', 'post run-3', 'reach', 'lookup run-1']);
    expect(store.states()).toEqual({ 1: 'AMBIGUOUS', 2: 'QUEUED', 3: 'DELIVERED' });
    expect(first).toMatchObject({ delivered: 1, left: 2, nextAtMs: store.row(1).sent_at_ms + 90_000 });
    await clock.pass(80_000);
    asked.splice(0);
    await run();
    expect(asked).toEqual([]);
    await clock.pass(10_000);
    expect(await run()).toMatchObject({ delivered: 2, left: 0 });
    expect(asked).toEqual(['reach', 'lookup run-1', 'post run-1', 'post run-2']);
  });

  test('5: what is built into a unit is sent before it, whatever has to wait for it', async () => {
    const rows = [unit('D-1'), unit('B'), { ...unit('A'), sub_keys: ['D-1', 'MB-7'] }, unit('d-1'), unit('C')];
    const good = setUp(rows);
    await good.run();
    expect(good.asked).toEqual(['reach', 'post run-1', 'post run-2', 'post run-5', 'post run-3', 'post run-4']);
    const late = setUp(rows, { post: (id, nth) => (id === 'run-1' && nth === 1 ? doubtful : created) });
    await late.run();
    expect(late.store.states()).toEqual({ 1: 'AMBIGUOUS', 2: 'DELIVERED', 3: 'QUEUED', 4: 'QUEUED', 5: 'DELIVERED' });
    const refused = setUp(rows, { post: (id) => (id === 'run-1' ? { kind: 'rejected', message: 'no' } : created) });
    await refused.run();
    expect(refused.store.states(), 'what is parked holds back nobody').toMatchObject({ 1: 'PARKED', 3: 'DELIVERED' });
  });

  test('5: a unit that is sealed during a paced drain waits for its part that is on its way', async () => {
    const settings = { ambiguousWaitMs: 90_000, concurrency: 2, ratePerS: 10 };
    const { store, asked, run } = setUp(
      [unit('D-1'), unit('B'), unit('C')],
      {
        post: (id) => {
          if (id === 'run-1') {
            store.add(rowOf(4, { serial_number: 'A', sub_keys: ['D-1'] }), 0);
            store.add(rowOf(5, { serial_number: 'E', sub_keys: ['B', 'C'] }), 0);
          }
          return created;
        },
      },
      { settings },
    );
    await run();
    expect(asked.indexOf('post run-4')).toBeGreaterThan(asked.indexOf('post run-1'));
    expect(store.states()[4]).toBe('DELIVERED');
    await run();
    expect(store.states()).toMatchObject({ 5: 'DELIVERED' });
  });

  test('5: a run whose time comes while others are sent does not wait for the end of a long drain', async () => {
    const { clock, store, asked, run } = setUp([
      unit('A'),
      unit('A'),
      ...Array.from({ length: 100 }, (_, at) => unit(`${at}`)),
    ]);
    await store.move(store.row(1), { next_at_ms: clock.nowMs() + 1_500 });
    expect(await run()).toMatchObject({ delivered: 102, left: 0 });
    const sent = asked.indexOf('post run-1');
    expect(sent).toBeGreaterThan(10);
    expect(sent).toBeLessThan(asked.length - 10);
    expect(asked.indexOf('post run-2'), 'in its order').toBeGreaterThan(sent);
  });

  test('3: a run that is there is adopted and never posted again', async () => {
    const { asked, store, run } = setUp([{}], {
      post: () => doubtful,
      lookup: () => ({ kind: 'found', remoteIds: ['theirs'] }),
    });
    expect(await run()).toMatchObject({ delivered: 1, left: 0 });
    expect(asked.filter((one) => one.startsWith('post'))).toHaveLength(1);
    expect(store.row(1).remote_id).toBe('theirs');
  });

  test('2: what an earlier drain left as CREATING is looked up, not posted', async () => {
    const { clock, asked, store, run } = setUp([{ state: 'CREATING', attempts: 1 }]);
    await store.move(store.row(1), { sent_at_ms: clock.nowMs() });
    await run();
    expect(asked).toEqual(['reach', 'lookup run-1']);
  });

  test('4: a look-up that failed allows no POST, however long it is ago', async () => {
    const { asked, run } = setUp([{ state: 'AMBIGUOUS', sent_at_ms: 1 }], {
      lookup: () => ({ kind: 'failed', message: '' }),
    });
    expect(await run()).toMatchObject({ left: 1 });
    expect(asked.filter((one) => one.startsWith('post'))).toEqual([]);
  });

  test('6: a refused run is parked with the reason and holds back nobody; a person may send it again', async () => {
    const { store, run } = setUp([unit('A'), unit('A')], {
      post: (id, nth) => (id === 'run-1' && nth === 1 ? { kind: 'rejected', message: 'bad serial' } : created),
    });
    expect(await run()).toMatchObject({ delivered: 1, left: 0, nextAtMs: null });
    expect(store.row(1)).toMatchObject({ state: 'PARKED', upload_reason: 'bad serial' });
    expect(await retryParked(store, 'run-2')).toBe(0);
    expect(await retryParked(store)).toBe(1);
    expect(await run()).toMatchObject({ delivered: 1, left: 0 });
  });

  test('7: 401 holds everything; a held drain sends one look; the hold ends when the key works', async () => {
    let key = false;
    const { asked, store, run } = setUp([unit('A'), unit('B'), unit('C'), unit('D')], {
      post: () => (key ? created : { kind: 'unauthorised', message: 'revoked' }),
      reach: () => (asked.length === 1 || key ? { kind: 'online' } : { kind: 'unauthorised', message: 'revoked' }),
    });
    await run();
    expect(asked).toEqual(['reach', 'post run-1', 'post run-2']);
    expect(store.states()).toEqual({ 1: 'QUEUED', 2: 'QUEUED', 3: 'QUEUED', 4: 'QUEUED' });
    expect(await store.hold()).toMatchObject({ code: 'unauthorised', message: 'revoked' });
    expect(await run()).toMatchObject({ delivered: 0, left: 4, reachable: true });
    expect(asked.slice(3)).toEqual(['reach']);
    key = true;
    expect(await run()).toMatchObject({ delivered: 4 });
    expect(await store.hold()).toBeUndefined();
  });

  test('8: Retry-After quietens the station across drains', async () => {
    const { clock, asked, run } = setUp([unit('A'), unit('B'), unit('C')], {
      post: (_id, nth) => (nth <= 2 ? { kind: 'throttled', retryAfterMs: 20_000, message: '429' } : created),
    });
    const result = await run();
    expect(result.nextAtMs! - clock.nowMs()).toBeGreaterThanOrEqual(20_000);
    const before = asked.length;
    await clock.pass(15_000);
    expect(await run()).toMatchObject({ delivered: 0, left: 3 });
    expect(asked).toHaveLength(before);
    await clock.pass(10_000);
    expect(await run()).toMatchObject({ delivered: 3 });
  });

  test('8: the clock is set back in the middle: the newer wish for quiet holds, not the one of the clock before', async () => {
    const { clock, asked, run } = setUp([unit('A'), unit('B')], {
      post: (_id, nth) => {
        if (nth === 2) clock.wallMs -= 3 * 3_600_000;
        return nth <= 2 ? { kind: 'throttled', retryAfterMs: 20_000, message: '429' } : created;
      },
    });
    await run();
    const before = asked.length;
    await clock.pass(15_000);
    expect(await run()).toMatchObject({ delivered: 0, left: 2 });
    expect(asked).toHaveLength(before);
    await clock.pass(10_000);
    expect(await run()).toMatchObject({ delivered: 2 });
  });

  test('9: a station without a network makes no run ambiguous', async () => {
    const { asked, store, run } = setUp([{}, {}], { reach: () => ({ kind: 'offline', message: '' }) });
    expect(await run()).toMatchObject({ delivered: 0, left: 2, reachable: false });
    expect(asked).toEqual(['reach']);
    expect(store.states()).toEqual({ 1: 'QUEUED', 2: 'QUEUED' });
  });

  test('9: a network that goes away in the middle costs only what was on the wire', async () => {
    let up = true;
    const { store, run } = setUp(
      Array.from({ length: 30 }, () => ({})),
      {
        post: (_id, nth) => {
          up = nth < 5;
          return up ? created : doubtful;
        },
        reach: () => (up ? { kind: 'online' } : { kind: 'offline', message: '' }),
        lookup: () => ({ kind: 'failed', message: '' }),
      },
    );
    const result = await run();
    expect(result.reachable).toBe(false);
    expect(Object.values(store.states()).filter((state) => state === 'AMBIGUOUS').length).toBeLessThanOrEqual(2);
  });

  test('10: a server that takes no run makes few of them ambiguous', async () => {
    const { store, run } = setUp(
      Array.from({ length: 30 }, () => ({})),
      { post: () => doubtful },
    );
    expect(await run()).toMatchObject({ left: 30, reachable: true });
    expect(Object.values(store.states()).filter((state) => state === 'AMBIGUOUS').length).toBeLessThanOrEqual(4);
  });

  test('a budget and an abort end it early; a rate spreads it out', async () => {
    const rows = Array.from({ length: 10 }, () => ({}));
    const budget = setUp(rows, {}, { budgetMs: 120 });
    expect((await budget.run()).delivered).toBe(4);
    const abort = new AbortController();
    const aborted = setUp(rows, { post: () => (abort.abort(), created) }, { signal: abort.signal });
    expect((await aborted.run()).delivered).toBe(2);
    const slow = setUp(rows, {}, { settings: { ambiguousWaitMs: 1, concurrency: 4, ratePerS: 2 } });
    expect((await slow.run()).delivered).toBe(10);
    expect(slow.clock.monotonicMs()).toBeGreaterThanOrEqual(4500);
  });

  test('9, 21: a paced drain’s first run is its look: without a network one run is doubtful, and no other', async () => {
    const settings = { ambiguousWaitMs: 90_000, concurrency: 4, ratePerS: 2 };
    const offline: Answers = { post: () => doubtful, reach: () => ({ kind: 'offline', message: '' }) };
    const { asked, store, run } = setUp([{}, {}, {}], offline, { settings });
    expect(await run()).toMatchObject({ left: 3, reachable: false });
    expect(asked).toEqual(['post run-1', 'reach']);
    await run();
    expect(asked).toEqual(['post run-1', 'reach', 'reach']);
    expect(store.states()).toEqual({ 1: 'AMBIGUOUS', 2: 'QUEUED', 3: 'QUEUED' });
  });

  test('5: what is sealed during a paced drain overtakes none that was sealed before it, copied or held back', async () => {
    const settings = { ambiguousWaitMs: 90_000, concurrency: 2, ratePerS: 10 };
    const { store, asked, run } = setUp(
      [unit('X'), unit('B'), unit('C')],
      {
        post: (id) => {
          if (id === 'run-1') {
            store.add(rowOf(4, { serial_number: 'A', state: 'AMBIGUOUS', copied_at: 'now' }), 0);
            store.add(rowOf(5, { serial_number: 'A' }), 0);
            // Joins two queues that are under way, so it waits for the next drain, and with it what comes after it.
            store.add(rowOf(6, { serial_number: 'E', sub_keys: ['B', 'C'] }), 0);
            store.add(rowOf(7, { serial_number: 'E' }), 0);
          }
          return created;
        },
      },
      { settings },
    );
    const { nextAtMs } = await run();
    expect(nextAtMs, 'what waits for the next drain says so').not.toBeNull();
    await run();
    const order = asked.filter((line) => line.startsWith('post'));
    for (const [earlier, later] of [
      [4, 5],
      [6, 7],
    ])
      expect(order.indexOf(`post run-${later}`)).toBeGreaterThan(order.indexOf(`post run-${earlier}`));
    expect(asked).toContain('lookup run-4');
    expect(Object.values(store.states())).toEqual(Array.from({ length: 7 }, () => 'DELIVERED'));
  });

  test('24: whoever is not met is sent nothing, paced or not', async () => {
    for (const ratePerS of [0, 2]) {
      const settings = { ambiguousWaitMs: 90_000, concurrency: 4, ratePerS };
      const unmet = setUp([{}, {}], { meet: () => ({ kind: 'offline', message: 'no name' }) }, { settings });
      expect(await unmet.run()).toMatchObject({ delivered: 0, left: 2, reachable: false });
      expect(unmet.asked.filter((line) => line.startsWith('post'))).toEqual([]);
      expect(unmet.store.states()).toEqual({ 1: 'QUEUED', 2: 'QUEUED' });
    }
  });

  test('21: one fresh run goes at once; a backlog begins anywhere in the first interval; what is sealed meanwhile goes next', async () => {
    const settings = { ambiguousWaitMs: 90_000, concurrency: 4, ratePerS: 0.1 };
    const one = setUp([{}], {}, { settings });
    await one.run();
    expect(one.clock.monotonicMs()).toBe(MS);
    const many = setUp(
      [unit('A'), unit('B'), unit('C')],
      {
        post: (_id, nth) => {
          if (nth === 1)
            for (const [seq, of] of [
              [4, 'D'],
              [5, 'B'],
            ] as const)
              many.store.add(rowOf(seq, unit(of)), 0);
          return created;
        },
      },
      { settings },
    );
    expect(await many.run()).toMatchObject({ delivered: 5, left: 0 });
    expect(many.asked).toEqual(['post run-1', 'post run-4', 'post run-2', 'post run-3', 'post run-5']);
    expect(many.clock.monotonicMs()).toBe(5_000 + 4 * 10_000 + MS);
  });

  test('21: side by side grows with clear answers and halves with each that is none', async () => {
    let [now, most] = [0, 0];
    const wide = setUp(
      Array.from({ length: 40 }, () => ({})),
      {},
      { settings: { ambiguousWaitMs: 1, concurrency: 8, ratePerS: 0 } },
    );
    const { post } = wide.carrier;
    wide.carrier.post = async (...request) => {
      most = Math.max(most, (now += 1));
      return post(...request).finally(() => (now -= 1));
    };
    await wide.run();
    expect(most).toBe(8);
    // 2, 4, 8, then eight at a time.
    expect(wide.clock.monotonicMs()).toBeLessThanOrEqual(9 * MS);
  });

  test('21: a place is free at a clear answer, before that is on disk, and at any other only when it is heeded', async () => {
    const held = setUp([unit('A'), unit('B'), unit('C')], {}, { settings: { ...TWO, concurrency: 1 } });
    const { move } = held.store;
    const order: string[] = [];
    held.store.move = async (from, to) => {
      // The disk is slow, the server is not.
      if (to.state === 'DELIVERED') await held.clock.sleep(10 * MS);
      order.push(`${from.id} ${to.state}`);
      return move.call(held.store, from, to);
    };
    await held.run();
    expect(order.slice(0, 3)).toEqual(['run-1 CREATING', 'run-2 CREATING', 'run-1 DELIVERED']);
    const throttled = { kind: 'throttled', retryAfterMs: 60_000, message: 'slow down', isHearsay: false } as const;
    const quiet = setUp(
      [unit('A'), unit('B'), unit('C')],
      { post: () => throttled },
      { settings: { ...TWO, concurrency: 1 } },
    );
    await quiet.run();
    expect(quiet.asked).toEqual(['reach', 'post run-1']);
  });

  test('1, 11: a store that fails sends nothing more and loses nothing', async () => {
    const { asked, store, run } = setUp([{}, {}, {}]);
    store.move = async () => {
      throw new Error('full');
    };
    await expect(run()).rejects.toThrow('full');
    expect(asked).toEqual(['reach']);
    expect(store.states()).toEqual({ 1: 'QUEUED', 2: 'QUEUED', 3: 'QUEUED' });
  });

  test('1: a store that fails in the middle also stops what waits for its turn', async () => {
    const settings = { ambiguousWaitMs: 90_000, concurrency: 4, ratePerS: 2 };
    const rows = [unit('A'), unit('B'), unit('C'), unit('D'), unit('E')];
    const { asked, store, run } = setUp(rows, {}, { settings });
    const { move } = store;
    // The second answer cannot be written, while the next run waits for its turn.
    store.move = async (from, to) => {
      if (to.state === 'DELIVERED' && from.id === 'run-2') throw new Error('full');
      return move.call(store, from, to);
    };
    await expect(run()).rejects.toThrow('full');
    expect(asked).toEqual(['post run-1', 'post run-2']);
  });

  test('5, 12: what is sealed during a paced drain does not overtake a run that somebody else has moved', async () => {
    const settings = { ambiguousWaitMs: 90_000, concurrency: 4, ratePerS: 2 };
    const { clock, asked, store, run } = setUp([unit('A'), unit('B'), unit('C')], {}, { settings });
    const { move } = store;
    store.move = async (from, to) => {
      if (from.id !== 'run-1' || to.state !== 'CREATING') return move.call(store, from, to);
      store.add(rowOf(4, unit('A')), 0);
      await move.call(store, from, { state: 'AMBIGUOUS', attempts: 1 });
      return false;
    };
    const { left, nextAtMs } = await run();
    expect(asked).toEqual(['post run-2', 'post run-3']);
    expect(left, 'both are still to be sent').toBe(2);
    expect(nextAtMs! - clock.nowMs(), 'and is looked at soon').toBe(1_000);
  });
});
