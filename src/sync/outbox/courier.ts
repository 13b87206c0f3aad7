/**
 * One run's way to the server, step by step, and the station's own state of mind during one drain.
 *
 * Each step writes what it is about to do, does it, and writes what came of it. A step never throws for what a server
 * does; it throws when the store fails, because then nothing more may be sent. Knows nothing of order and concurrency
 * (drain.ts).
 */
import { messageOf } from '#base/fault.ts';
import type { RunRow } from '#record/run-row.ts';
import { believable, throttleMs } from '#sync/outbox/backoff.ts';
import type { DrainOptions } from '#sync/outbox/drain-options.ts';
import { FileCourier } from '#sync/outbox/file-courier.ts';
import { type Freight, Lanes } from '#sync/outbox/lanes.ts';
import type { LookupAnswer, PostAnswer, ReachAnswer, Refused, Throttled } from '#sync/outbox/ports.ts';
import { type Instant, type Moment, type OutboxEvent, transition } from '#sync/outbox/transition.ts';

/** Whatever becomes of the others. */
type Clear = Extract<PostAnswer, { kind: 'created' | 'rejected' }>;
type Sealed = { body: string; procedureId: string; serial: string };

/** Three bad answers in a row from a server that answers a GET: it is ill, and more runs would only become doubtful. */
const TROUBLE_LIMIT = 3;
/** Without news from outside, a server that was not there is looked for again after 5 to 10 s; one GET each time. */
const UNREACHED_PAUSE_MS = 5_000;
/** Side by side at first; one more after each clear answer, half as many after one that is none. */
const FIRST_WIDTH = 2;
/** A refused key rarely becomes right by itself; enrolment wakes the queue at once. */
const HELD_PAUSE_MS = 60_000;

export class Courier {
  readonly #options: DrainOptions;
  readonly #beganMs: number;
  readonly #files: FileCourier;
  readonly #lanes = new Lanes(() => this.width);
  #stopped = false;
  #trouble = 0;
  #turnMs = 0;
  #reaching: Promise<void> | null = null;
  #width = FIRST_WIDTH;
  reachable = true;
  /** Wall clock, ms: nothing is worth trying before. */
  quietUntilMs = 0;

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#beganMs = options.clock.monotonicMs();
    this.#files = new FileCourier({
      options,
      instant: () => this.#instant(),
      apply: (row, event) => this.#apply(row, event),
      heed: (answer) => this.#heed(answer),
      turn: async () => (await this.#turn()) && this.mayBegin(),
    });
  }

  /** Whoever was sending when this drain began is gone, so the outcome of its upload is unknown. */
  async recover(rows: readonly RunRow[]): Promise<RunRow[]> {
    const recovered: RunRow[] = [];
    for (const row of rows) {
      const left = row.state === 'CREATING' ? await this.#apply(row, { kind: 'drain-began' }) : row;
      if (left) recovered.push(left);
    }
    return recovered;
  }

  /** How many runs may be under way. Without a pace as many again as requests: while half is at the disk, no lane is empty. */
  get room(): number {
    return this.#options.settings.ratePerS > 0 ? this.width : 2 * this.width;
  }

  /** How many requests may be under way. */
  get width(): number {
    return Math.min(this.#width, this.#options.settings.concurrency);
  }

  /**
   * Looks whether anything may be sent at all.
   * @param rows what waits, by order of sending
   * @returns false: not now
   */
  async open(rows: readonly RunRow[]): Promise<boolean> {
    const { store, clock, settings, random } = this.#options;
    const nowMs = clock.nowMs();
    const quietUntilMs = believable(await store.notBefore(), nowMs);
    if (quietUntilMs > nowMs) {
      this.quietUntilMs = quietUntilMs;
      return false;
    }
    const isPaced = settings.ratePerS > 0;
    // Stations that come back at the same second begin anywhere in the first interval; one fresh run goes at once.
    if (isPaced && rows.length > 1) this.#turnMs = clock.monotonicMs() + (random() * 1000) / settings.ratePerS;
    if (isPaced && rows.every(({ state }) => state === 'QUEUED') && !(await store.hold())) {
      this.#width = 1;
      return true;
    }
    if (!(await this.#turn())) return false;
    await this.#look('reach');
    return !this.#stopped;
  }

  mayBegin(): boolean {
    const { signal, clock, budgetMs = Infinity } = this.#options;
    return !this.#stopped && !signal.aborted && clock.monotonicMs() - this.#beganMs < budgetMs;
  }

  /** @returns the row as it is now; null when someone else has taken it */
  step(row: RunRow): Promise<RunRow | null> {
    return this.#orStop(async () => {
      if (row.state === 'ATTACHING')
        return this.#inLane('file', async () => ((await this.#mayGo()) ? this.#files.step(row) : row));
      if (!(await this.#mayGo())) return row;
      const sealed = await this.#options.store.sealed(row.id);
      if (!sealed) return this.#apply(row, { kind: 'unreadable' });
      const went = await this.#inLane('run', async () => (this.mayBegin() ? this.#send(row, sealed) : { row }));
      return 'answer' in went ? this.#apply(went.row, { kind: 'posted', answer: went.answer }) : went.row;
    });
  }

  /** A failure is known before the lane is free. */
  #inLane<T>(freight: Freight, work: () => Promise<T>): Promise<T> {
    return this.#lanes.in(freight, () => this.#orStop(work));
  }

  async #orStop<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      // The store failed: what waits for its turn could not be written down either.
      this.#stopped = true;
      throw thrown;
    }
  }

  /** Waits until another request may go. @returns false: none may */
  async #mayGo(): Promise<boolean> {
    if (!(await this.#turn()) || !this.mayBegin()) return false;
    // What names no server process would be taken by each one that a browser's own repetition comes to.
    await this.#look('meet');
    return this.mayBegin();
  }

  /** @returns with a clear answer to its POST, which is not written down yet; without: nothing is left to be written */
  async #send(row: RunRow, sealed: Sealed): Promise<{ row: RunRow | null } | { row: RunRow; answer: Clear }> {
    const intent =
      row.state === 'AMBIGUOUS' ? await this.#lookUp(row, sealed) : await this.#apply(row, { kind: 'send' });
    if (intent?.state !== 'CREATING') return { row: intent };
    const answer = await this.#options.carrier
      .post(sealed.body, this.#options.signal)
      .catch((thrown: unknown): PostAnswer => ({ kind: 'doubtful', message: messageOf(thrown) }));
    if (answer.kind === 'created' || answer.kind === 'rejected') {
      this.#trouble = 0;
      this.#width = Math.min(this.#width + 1, this.#options.settings.concurrency);
      return { row: intent, answer };
    }
    const moved = await this.#apply(intent, { kind: 'posted', answer });
    await this.#heed(answer);
    return { row: moved };
  }

  async #lookUp(row: RunRow, sealed: Sealed): Promise<RunRow | null> {
    const { carrier, signal } = this.#options;
    const began = this.#instant();
    const answer = await carrier
      .lookup({ id: row.id, ...sealed }, signal)
      .catch((thrown: unknown): LookupAnswer => ({ kind: 'failed', message: messageOf(thrown) }));
    // Stopped meanwhile: an absence found now must not begin another POST.
    if (answer.kind === 'absent' && !this.mayBegin()) return row;
    const moved = await this.#apply(row, { kind: 'looked-up', answer, began });
    await this.#heed(answer);
    return moved;
  }

  /** What an answer that is not clear means for every other run of this station. */
  async #heed(answer: Exclude<PostAnswer, Clear> | LookupAnswer): Promise<void> {
    switch (answer.kind) {
      case 'throttled':
        return this.#quieten(answer);
      case 'unauthorised':
      case 'payment':
        return this.#hold(answer);
      case 'doubtful':
      case 'failed':
        this.#trouble += 1;
        this.#width = Math.max(1, this.#width >> 1);
        if (this.#trouble >= TROUBLE_LIMIT) this.#pause(UNREACHED_PAUSE_MS);
        if ('retryAfterMs' in answer) return this.#quieten({ retryAfterMs: answer.retryAfterMs ?? 0 });
        // Several may fail together; one look is enough for all of them.
        return (this.#reaching ??= this.#look('reach').finally(() => (this.#reaching = null)));
      case 'found':
      case 'absent':
        // A server that only answers questions is not a server that takes runs.
        return;
    }
  }

  async #look(how: 'reach' | 'meet'): Promise<void> {
    const { carrier, store, signal } = this.#options;
    const answer = await carrier[how](signal).catch((thrown: unknown): ReachAnswer => ({
      kind: 'offline',
      message: messageOf(thrown),
    }));
    if (answer.kind === 'throttled') return this.#quieten(answer);
    if (answer.kind === 'unauthorised' || answer.kind === 'payment') return this.#hold(answer);
    if (answer.kind === 'online') {
      if (how === 'reach' && (await store.hold())) await store.setHold(undefined);
      return;
    }
    this.reachable = false;
    this.#pause(UNREACHED_PAUSE_MS);
  }

  async #hold({ kind, message }: Refused): Promise<void> {
    const { store, clock } = this.#options;
    this.#pause(HELD_PAUSE_MS);
    if ((await store.hold())?.code !== kind) await store.setHold({ code: kind, message, since_ms: clock.nowMs() });
  }

  async #quieten({ retryAfterMs }: Pick<Throttled, 'retryAfterMs'>): Promise<void> {
    const { store, clock, random } = this.#options;
    this.#stopped = true;
    this.#waitFor(clock.nowMs(), throttleMs(retryAfterMs, 0, random()));
    await store.setNotBefore(this.quietUntilMs);
  }

  #pause(pauseMs: number): void {
    const { clock, random } = this.#options;
    this.#stopped = true;
    this.#waitFor(clock.nowMs(), Math.round(pauseMs * (1 + random())));
  }

  /** The longer wait holds; one of a clock that has been set back since is none. */
  #waitFor(nowMs: number, forMs: number): void {
    this.quietUntilMs = Math.max(believable(this.quietUntilMs, nowMs), nowMs + forMs);
  }

  /** Requests are begun at least 1 / rate apart. @returns false when aborted while waiting */
  async #turn(): Promise<boolean> {
    const { clock, settings, signal } = this.#options;
    if (settings.ratePerS <= 0) return true;
    const nowMs = clock.monotonicMs();
    const mineMs = Math.max(nowMs, this.#turnMs);
    this.#turnMs = mineMs + 1000 / settings.ratePerS;
    if (mineMs === nowMs) return true;
    return clock.sleep(mineMs - nowMs, signal).then(
      () => true,
      () => false,
    );
  }

  async #apply(row: RunRow, event: OutboxEvent): Promise<RunRow | null> {
    const { store, onProgress } = this.#options;
    const change = transition(row, event, this.#moment());
    if (!change || !(await store.move(row, change))) return null;
    const moved = { ...row, ...change };
    onProgress?.(moved);
    return moved;
  }

  #instant(): Instant {
    const { clock, carrier } = this.#options;
    return { nowMs: clock.nowMs(), server: carrier.serverTime?.() ?? null };
  }

  #moment(): Moment {
    const { random, today, settings } = this.#options;
    return {
      ...this.#instant(),
      chance: random(),
      today: today(),
      ambiguousWaitMs: settings.ambiguousWaitMs,
    };
  }
}
