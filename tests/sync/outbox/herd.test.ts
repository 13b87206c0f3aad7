/** A thousand stations come back at the same second, each with fifty runs, to a server that takes 20 requests a second. */
import { expect, test } from 'vitest';
import { drain } from '#sync/outbox/drain.ts';
import type { PostAnswer, ReachAnswer, RunCarrier, Throttled } from '#sync/outbox/ports.ts';
import { chanceFrom } from '../chance.ts';
import { MemoryOutbox, rowOf } from '../memory-outbox.ts';
import { noFiles } from '../no-files.ts';
import { VirtualClock } from '../virtual-clock.ts';

const STATIONS = 1000;
const RUNS = 50;
const LIMIT_PER_S = 20;
/** What the fleet's settings say for this fleet: five sixths of what the server takes, shared. */
const RATE_PER_S = ((5 / 6) * LIMIT_PER_S) / STATIONS;
const SERVICE_MS = 200;

/** A limiter as servers have them: a bucket of one second's requests, refilled evenly; who finds it empty gets 429. */
class LimitedServer implements RunCarrier {
  readonly files = noFiles;
  readonly perSecond = new Map<number, number>();
  readonly created = new Map<string, number>();
  requests = 0;
  refused = 0;
  #tokens = LIMIT_PER_S;
  #atMs = 0;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async post(body: string): Promise<PostAnswer> {
    const refusal = this.#take();
    await this.#clock.sleep(SERVICE_MS);
    if (refusal) return refusal;
    this.created.set(body, (this.created.get(body) ?? 0) + 1);
    return { kind: 'created', remoteId: 'r' };
  }

  async reach(): Promise<ReachAnswer> {
    const refusal = this.#take();
    await this.#clock.sleep(SERVICE_MS);
    return refusal ?? { kind: 'online' };
  }

  /** The relay answers this one itself. */
  async meet(): Promise<ReachAnswer> {
    return { kind: 'online' };
  }

  async lookup(): Promise<{ kind: 'absent' }> {
    this.#take();
    return { kind: 'absent' };
  }

  #take(): Throttled | null {
    const nowMs = this.#clock.monotonicMs();
    const second = Math.floor(nowMs / 1000);
    this.requests += 1;
    this.perSecond.set(second, (this.perSecond.get(second) ?? 0) + 1);
    this.#tokens = Math.min(LIMIT_PER_S, this.#tokens + ((nowMs - this.#atMs) / 1000) * LIMIT_PER_S);
    this.#atMs = nowMs;
    if (this.#tokens < 1) {
      this.refused += 1;
      return { kind: 'throttled', retryAfterMs: 0, message: '429' };
    }
    this.#tokens -= 1;
    return null;
  }
}

async function comeBack(ratePerS: number, seed: number): Promise<{ server: LimitedServer; tookMs: number }> {
  const clock = new VirtualClock();
  const server = new LimitedServer(clock);
  const chance = chanceFrom(seed);
  const station = async (number: number) => {
    const rows = Array.from({ length: RUNS }, (_, index) => {
      const seq = number * RUNS + index + 1;
      return rowOf(seq, { serial_number: `SN-${seq}` });
    });
    const store = new MemoryOutbox(rows);
    for (;;) {
      const { nextAtMs } = await drain({
        store,
        carrier: server,
        clock,
        random: chance,
        settings: { ambiguousWaitMs: 90_000, concurrency: 8, ratePerS },
        signal: new AbortController().signal,
        today: () => '2026-11-20',
      });
      if (nextAtMs === null) return;
      await clock.sleep(Math.max(1, nextAtMs - clock.nowMs()));
    }
  };
  await clock.until(Promise.all(Array.from({ length: STATIONS }, (_, number) => station(number))));
  return { server, tookMs: clock.monotonicMs() };
}

test('21: a herd comes back at most 2 % dearer and 25 % slower than possible, at most twice the limit in any second', async () => {
  const { server, tookMs } = await comeBack(RATE_PER_S, 1);
  const runs = STATIONS * RUNS;
  const peak = Math.max(...server.perSecond.values());
  const least = (runs / LIMIT_PER_S) * 1000;
  console.log(
    `herd: ${server.requests} requests for ${runs} runs (${server.refused} refused), peak ${peak}/s, ${Math.round(tookMs / 1000)} s of ${least / 1000} s`,
  );
  expect(server.created.size).toBe(runs);
  expect(Math.max(...server.created.values())).toBe(1);
  expect(server.requests).toBeLessThanOrEqual(runs * 1.02);
  expect(peak).toBeLessThanOrEqual(2 * LIMIT_PER_S);
  expect(tookMs).toBeLessThanOrEqual(least * 1.25);
}, 300_000);
