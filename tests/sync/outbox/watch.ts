/**
 * What must hold at every moment of a schedule, seen from outside the code under test: on the disk, between the drain
 * and its carrier, and at the lock. Each complaint begins with the number of the rule (src/sync/outbox/RULES.md).
 *
 * schedule.ts puts it around a drain and judges the end itself. Knows nothing of why something happens.
 */
import type { RunRow } from '#record/run-row.ts';
import type { FileCarrier, Hold, RunCarrier } from '#sync/outbox/ports.ts';
import type { DrainOptions } from '#sync/outbox/drain-options.ts';
import { MemoryOutbox } from '../memory-outbox.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** Side by side at first; one more for each clear answer. */
const FIRST_WIDTH = 2;
const TROUBLE_LIMIT = 3;

/** Nothing was created, and the server said so. */
const NOTHING_DONE = new Set(['throttled', 'rejected', 'unauthorised', 'payment']);

export class Watch {
  readonly problems: string[] = [];
  readonly disk: WatchedOutbox;
  readonly clock: VirtualClock;
  /** Whether sealed bytes may be unreadable here: the one reason of this machine's own to park a run. */
  readonly isDiskBad: boolean;
  /** How often the wall clock was set; a wait that was being kept then is not judged. */
  jumps = 0;
  /** Set while a person acts: nobody else takes a run out of PARKED. */
  personActs = false;
  /** Runs of which a POST has begun that no answer has cleared. */
  readonly unclear = new Set<string>();
  readonly refused = new Set<string>();
  isFileRefused = false;
  looks = 0;
  quiet = { untilMs: 0, jumps: 0 };
  drains = 0;
  /** After the first complaint a schedule need not go on. */
  onProblem: () => void = () => undefined;

  constructor(clock: VirtualClock, isDiskBad: boolean) {
    this.clock = clock;
    this.isDiskBad = isDiskBad;
    this.disk = new WatchedOutbox(this);
  }

  say(problem: string): void {
    this.problems.push(problem);
    this.onProblem();
  }

  /** A row as it was and as it is now. */
  moved(was: RunRow, now: RunRow): void {
    if (was.state === 'PARKED' && now.state !== 'PARKED' && !this.personActs && now.state !== 'DELIVERED')
      if (now.state !== 'ATTACHING' || was.remote_id !== '') this.say(`6: ${was.id} left PARKED by itself`);
    if (now.state === 'PARKED' && was.state !== 'PARKED') this.#parked(was, now);
    if (now.exported_at !== undefined && now.state === 'QUEUED') this.say(`15: ${now.id} is QUEUED after an export`);
    if (now.copied_at !== undefined && now.state === 'QUEUED') this.say(`15: ${now.id} is QUEUED after it was copied`);
    const files = [...this.disk.files.values()].filter(({ run }) => run === now.id);
    if (now.state === 'DELIVERED' && files.some(({ state }) => state !== 'LINKED'))
      this.say(`16: ${now.id} is DELIVERED before its files`);
    if (now.state === 'PARKED' && was.state === 'ATTACHING' && files.some(({ state }) => !isSettled(state)))
      this.say(`20: ${now.id} is PARKED before its other files are linked`);
  }

  #parked(was: RunRow, { id, upload_reason: reason }: RunRow): void {
    if (reason === '') this.say(`6: ${id} is PARKED without a reason`);
    const isAllowed =
      was.state === 'CREATING'
        ? this.refused.has(id)
        : was.state === 'ATTACHING'
          ? this.isFileRefused || this.isDiskBad
          : this.isDiskBad;
    if (!isAllowed) this.say(`11: ${id} was parked by nobody’s refusal`);
  }

  /** The server has been asked to create a run. */
  posted(id: string): void {
    const row = this.disk.rows.get(id);
    if (row?.state !== 'CREATING') this.say(`1: posted ${id} while ${row?.state}`);
    else if (row.attempts === 0 || row.sent_at_ms !== this.clock.nowMs())
      this.say(`1: posted ${id} without attempt and time`);
  }
}

function isSettled(state: string): boolean {
  return state === 'LINKED' || state === 'PARKED';
}

/** The disk, told of. */
class WatchedOutbox extends MemoryOutbox {
  readonly #watch: Watch;
  held: Hold | undefined;
  #looksAtHold = 0;

  constructor(watch: Watch) {
    super();
    this.#watch = watch;
  }

  override async move(from: Pick<RunRow, 'id' | 'state' | 'attempts'>, to: Partial<RunRow>): Promise<boolean> {
    const was = this.rows.get(from.id);
    const isDone = await super.move(from, to);
    if (isDone && was) this.#watch.moved(was, this.rows.get(from.id)!);
    return isDone;
  }

  override async setHold(hold: Hold | undefined): Promise<void> {
    if (hold) this.#looksAtHold = this.#watch.looks;
    else if (this.held && this.#watch.looks === this.#looksAtHold)
      this.#watch.say('7: the hold was lifted without a look');
    this.held = hold;
    await super.setHold(hold);
  }
}

type Told = { readonly kind: string; readonly retryAfterMs?: number; readonly isHearsay?: boolean };

/** One drain: what it asks of its carrier, in which order. */
export class WatchedDrain {
  /** A drain whose page has died is nobody's any more. */
  isDead = false;
  readonly #watch: Watch;
  readonly #settings: DrainOptions['settings'];
  readonly #beganMs: number;
  #looked = false;
  #offline = false;
  #needsLook = false;
  #looksUnderWay = 0;
  #inDoubt = 0;
  #isRefused = false;
  #quiet = { untilMs: 0, jumps: 0 };
  #open = 0;
  #clear = 0;
  #posts = 0;
  readonly #absent = new Set<string>();
  readonly #addresses = new Map<string, number>();

  constructor(watch: Watch, settings: DrainOptions['settings']) {
    this.#watch = watch;
    this.#settings = settings;
    this.#beganMs = watch.clock.monotonicMs();
    if ((watch.drains += 1) > 1) this.#say('12: two drains at once');
  }

  /** It has ended; `isWhole`: by itself, so that everything it had to write is on disk. */
  end(isWhole: boolean): void {
    const { disk } = this.#watch;
    if (isWhole && this.#isRefused && !disk.held) this.#say('7: a refused key is not on hold');
    if (isWhole && this.#quiet.untilMs > this.#watch.quiet.untilMs) this.#watch.quiet = this.#quiet;
    this.#watch.drains -= 1;
    this.isDead = true;
  }

  carrier(real: RunCarrier): RunCarrier {
    return {
      ...real,
      post: async (body, signal) => {
        const { client_run_id: id } = (JSON.parse(body) as { metadata: { client_run_id: string } }).metadata;
        this.#posting(id);
        const answer = await real.post(body, signal);
        this.#open -= 1;
        return this.#posted(id, this.#heard(answer));
      },
      lookup: async (run, signal) => {
        const answer = this.#heard(await real.lookup(run, signal));
        if (answer.kind === 'absent') this.#absent.add(run.id);
        return answer;
      },
      reach: async (signal) => {
        this.#needsLook = false;
        this.#looksUnderWay += 1;
        const answer = this.#heard(await real.reach(signal));
        this.#looksUnderWay -= 1;
        if (answer.kind === 'online') [this.#looked, this.#isRefused] = [true, false];
        if (answer.kind === 'online') this.#watch.looks += 1;
        if (answer.kind === 'offline') this.#offline = true;
        return answer;
      },
      meet: async (signal) => {
        const answer = this.#heard(await real.meet(signal));
        if (answer.kind === 'offline') this.#offline = true;
        return answer;
      },
      files: this.#files(real.files),
    };
  }

  #posting(id: string): void {
    const { clock, disk, quiet, jumps, unclear } = this.#watch;
    const { ratePerS, concurrency } = this.#settings;
    const nowMs = clock.monotonicMs();
    const isPaced = ratePerS > 0;
    const row = disk.rows.get(id);
    const hasCopy = row?.exported_at !== undefined || row?.copied_at !== undefined;
    if ((hasCopy || unclear.has(id)) && !this.#absent.delete(id))
      this.#say(`${hasCopy ? 15 : 4}: ${id} was posted unseen`);
    if (disk.held) this.#say(`7: posted ${id} while the key is refused`);
    if (nowMs < this.#quiet.untilMs || (quiet.jumps === jumps && nowMs < quiet.untilMs))
      this.#say(`8: posted ${id} in the quiet`);
    if (!isPaced && !this.#looked) this.#say(`9: posted ${id} before a look`);
    if (this.#offline || this.#needsLook) this.#say(`9: posted ${id} without a look after a doubtful answer`);
    if (this.#inDoubt >= TROUBLE_LIMIT) this.#say(`10: posted ${id} after three doubtful answers`);
    this.#open += 1;
    this.#posts += 1;
    if (this.#open > Math.min(concurrency, FIRST_WIDTH + this.#clear))
      this.#say(`21: ${this.#open} POSTs at once after ${this.#clear} clear answers`);
    if (isPaced && this.#posts > 1 + ((nowMs - this.#beganMs) / 1000) * ratePerS + 1e-6)
      this.#say(`21: posted ${id} before its turn`);
    unclear.add(id);
  }

  #posted<A extends Told>(id: string, answer: A): A {
    const { unclear, refused } = this.#watch;
    const isDoubtful = answer.kind === 'doubtful';
    if (answer.kind === 'created' || (NOTHING_DONE.has(answer.kind) && !answer.isHearsay)) unclear.delete(id);
    if (answer.kind === 'rejected') refused.add(id);
    if (answer.kind === 'created' || answer.kind === 'rejected') [this.#inDoubt, this.#clear] = [0, this.#clear + 1];
    if (isDoubtful) this.#inDoubt += 1;
    if (isDoubtful && this.#looksUnderWay === 0) this.#needsLook = true;
    return answer;
  }

  #heard<A extends Told>(answer: A): A {
    if (answer.kind === 'unauthorised' || answer.kind === 'payment') this.#isRefused = true;
    if (answer.retryAfterMs !== undefined) {
      const { clock, jumps } = this.#watch;
      const untilMs = clock.monotonicMs() + answer.retryAfterMs;
      if (untilMs > this.#quiet.untilMs) this.#quiet = { untilMs, jumps };
    }
    return answer;
  }

  #files(real: FileCarrier): FileCarrier {
    const { clock, disk } = this.#watch;
    const isOnDisk = (remoteId: string, state: string) =>
      [...disk.files.values()].some((file) => file.remote_id === remoteId && file.state === state);
    const heard = <A extends Told>(answer: A): A => {
      if (answer.kind === 'rejected') this.#watch.isFileRefused = true;
      return this.#heard(answer);
    };
    return {
      slot: async (name, signal) => {
        const answer = heard(await real.slot(name, signal));
        if (answer.kind === 'slot') this.#addresses.set(answer.address, clock.monotonicMs());
        return answer;
      },
      store: async (address, ...rest) => {
        if (this.#addresses.get(address) !== clock.monotonicMs())
          this.#say(`17: ${address} was not asked for just now`);
        this.#addresses.delete(address);
        return heard(await real.store(address, ...rest));
      },
      finalize: async (remoteId, signal) => {
        if (!isOnDisk(remoteId, 'STORED')) this.#say(`18: ${remoteId} is finalised and not on disk as stored`);
        return heard(await real.finalize(remoteId, signal));
      },
      link: async (run, remoteIds, signal) => {
        for (const id of remoteIds)
          if (!isOnDisk(id, 'LINKING')) this.#say(`18: ${id} is linked and not on disk as begun`);
        return heard(await real.link(run, remoteIds, signal));
      },
      linked: async (run, signal) => heard(await real.linked(run, signal)),
    };
  }

  #say(problem: string): void {
    if (!this.isDead) this.#watch.say(problem);
  }
}
