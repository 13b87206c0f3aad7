/**
 * Who is signed in at this station, until when, and what they may do. Asked before anything is done that not everybody may.
 *
 * Stop and emergency stop never ask. Above: station.ts and front-desk.ts. Below: people-book.ts. Knows nothing of units.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import type { Right } from '#engine/link/people-link.ts';
import { ACTIONS, LOWEST_ROLE, may, type Person, whoCan } from '#fleet/people/person.ts';
import { pinWaitMs, type WrongPins } from '#fleet/people/pin-wait.ts';
import { pinProblem } from '#fleet/people/secret.ts';
import { isAtLeast, type Role } from '#record/role.ts';
import type { Store } from '#storage/store/store.ts';
import type { PeopleBook } from './people-book.ts';
import type { View } from './view.ts';

export interface SignInOptions {
  readonly book: PeopleBook;
  readonly store: Pick<Store, 'get' | 'set'>;
  readonly view: View;
  readonly clock: Clock;
  /** A run is no idle time. */
  readonly isBusy: () => boolean;
  readonly onSignOut: () => void;
}

const SIGNED_IN = 'signed-in';
const WRONG_PINS = 'wrong-pins';
const NOT_ALLOWED = 'not-allowed';
/** How often the time is looked at, and how often the last sign of life is written down: a minute more or less is nothing. */
const LOOK_MS = 30_000;
const WORDS: Readonly<Record<Right, string>> = {
  start: 'test a unit',
  procedure: 'change the procedure',
  simulated: 'switch between fixture and simulation',
  fixture: 'speak to a fixture by hand or enter its calibration',
  workshop: 'write procedures and try them out',
  uploads: 'retry or correct uploads',
  export: 'take runs out of this station or bring them in',
  release: 'choose another release of a procedure',
  enrol: 'enrol this browser anew',
  people: 'change who works here and how they sign in',
};

interface Kept {
  readonly id: string;
  readonly at_ms: number;
}

export class SignIn {
  readonly #options: SignInOptions;
  #id: string | null = null;
  #lastMs = 0;
  #writtenMs = 0;
  /** Tries are counted one after the other. */
  readonly #turns = new Turns();

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** Takes up what is on disk: a reload signs nobody out. */
  async load(): Promise<void> {
    const { book, store, clock } = this.#options;
    await book.load();
    const kept = await store.get<Kept>(SIGNED_IN);
    const sinceMs = clock.nowMs() - (kept?.at_ms ?? 0);
    this.#id = kept && sinceMs >= 0 && sinceMs < this.#idleMs ? kept.id : null;
    this.#lastMs = clock.monotonicMs() - (this.#id === null ? 0 : sinceMs);
    this.show();
  }

  /** Null also for somebody who is not listed any more. */
  get current(): Person | null {
    return (this.#id === null ? null : this.#options.book.find(this.#id)) ?? null;
  }

  may(right: Right): boolean {
    const { book } = this.#options;
    if (!book.isRequired) return true;
    return this.current !== null && may(this.current.role, right);
  }

  mayBe(lowest: Role): boolean {
    if (!this.#options.book.isRequired) return true;
    return this.current !== null && isAtLeast(this.current.role, lowest);
  }

  /** @returns false, with a notice that says who can */
  allows(right: Right): boolean {
    this.touch();
    if (this.may(right)) return true;
    const { code, message, remedy } = this.#refusal(right);
    this.#options.view.notice({ code, tone: 'warning', message, remedy });
    return false;
  }

  /** @throws {Fault} `not-allowed` */
  demand(right: Right): void {
    this.touch();
    if (!this.may(right)) throw this.#refusal(right);
  }

  /** @throws {Fault} `pin-wrong`, `pin-wait` */
  byPin(id: string, pin: string): Promise<Person> {
    return this.#turns.take(() => this.#byPin(id, pin));
  }

  async #byPin(id: string, pin: string): Promise<Person> {
    const { book, store, clock } = this.#options;
    const person = book.find(id);
    if (!person?.pin)
      throw new Fault('pin-wrong', 'There is nobody with this PIN.', 'Choose your name, or scan your badge.');
    const all = (await store.get<Record<string, WrongPins>>(WRONG_PINS)) ?? {};
    const waitMs = pinWaitMs(all[id], clock.nowMs());
    if (waitMs > 0)
      throw new Fault(
        'pin-wait',
        `Too many wrong PINs for ${person.name}.`,
        `Wait ${inWords(waitMs)}, or scan a badge.`,
      );
    // A try that could not be one costs nothing.
    if (pinProblem(pin) !== null) throw new Fault('pin-wrong', pinProblem(pin)!, 'Enter it again.');
    // Counted before it is looked at: who reloads the page in between has tried all the same.
    const tried = { count: (all[id]?.count ?? 0) + 1, at_ms: clock.nowMs() };
    await store.set(WRONG_PINS, { ...all, [id]: tried });
    if (!(await book.isPinOf(person, pin))) {
      const nextMs = pinWaitMs(tried, clock.nowMs());
      const remedy = nextMs > 0 ? `Wait ${inWords(nextMs)} before the next try.` : 'Enter it again.';
      throw new Fault('pin-wrong', `This is not the PIN of ${person.name}.`, remedy);
    }
    const { [id]: _, ...others } = all;
    await store.set(WRONG_PINS, others);
    return person;
  }

  signIn({ id }: Person): void {
    this.#id = id;
    this.#writtenMs = -Infinity;
    this.touch();
    this.#options.view.dismiss(NOT_ALLOWED);
    this.show();
  }

  async signOut(): Promise<void> {
    this.#id = null;
    this.#options.onSignOut();
    this.show();
    await this.#options.store.set(SIGNED_IN, undefined);
  }

  /** Somebody is here. */
  touch(): void {
    const { clock, store } = this.#options;
    this.#lastMs = clock.monotonicMs();
    if (this.#id === null || this.#lastMs - this.#writtenMs < LOOK_MS) return;
    this.#writtenMs = this.#lastMs;
    // Nobody waits for it: at worst somebody signs in again after a reload.
    void store.set(SIGNED_IN, { id: this.#id, at_ms: clock.nowMs() } satisfies Kept).catch(() => {});
  }

  /** Until `signal` aborts: nobody stays signed in who is not there. */
  async watch(signal: AbortSignal): Promise<void> {
    const { clock, isBusy } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal).catch(() => {});
      if (isBusy()) this.touch();
      else if (this.#id !== null && clock.monotonicMs() - this.#lastMs >= this.#idleMs) await this.signOut();
    }
  }

  /** Tells the page; also after the fleet or the list has changed. */
  show(): void {
    const { book, view } = this.#options;
    const person = this.current;
    const barred = ACTIONS.filter((right) => !this.may(right));
    view.change({
      people: {
        listed: book.listed,
        signedIn: person && { id: person.id, name: person.name, role: person.role },
        isRequired: book.isRequired,
        barred: Object.fromEntries(barred.map((right) => [right, whoCan(LOWEST_ROLE[right])])),
        hasStationPin: book.hasStationPin,
        signIn: book.signIn,
      },
    });
  }

  get #idleMs(): number {
    return this.#options.book.signIn.idleMin * 60_000;
  }

  #refusal(right: Right): Fault {
    const person = this.current;
    const who = person
      ? `${person.name} is ${article(person.role)} and may not`
      : 'Nobody is signed in, and nobody may';
    return new Fault(NOT_ALLOWED, `${who} ${WORDS[right]}.`, whoCan(LOWEST_ROLE[right]));
  }
}

function article(role: Role): string {
  return role === 'operator' ? 'an operator' : `a ${role}`;
}

function inWords(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
