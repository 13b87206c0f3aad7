/**
 * The people of this station in one place: the list, who is signed in, and what the page may ask about either.
 *
 * Above: station.ts and main.ts. Below: people-book.ts, sign-in.ts. Knows nothing of units and runs.
 */
import { systemClock } from '#base/clock.ts';
import type { PersonWish, Right, SignInView } from '#engine/link/people-link.ts';
import { pinProblem } from '#fleet/people/secret.ts';
import type { Store } from '#storage/store/store.ts';
import { FailedUnits } from './failed-units.ts';
import { paced } from './paced.ts';
import { PeopleBook } from './people-book.ts';
import { SignIn } from './sign-in.ts';
import type { View } from './view.ts';

/** Of the station, once it has started. */
interface Parts {
  readonly desk: { readonly busy: boolean };
  readonly front: { cancel(): void };
}

export class People {
  readonly book: PeopleBook;
  readonly signIn: SignIn;
  readonly failed: FailedUnits;
  readonly #store: Store;
  readonly #view: View;

  constructor(store: Store, view: View, parts: () => Parts | undefined) {
    const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
    this.#store = store;
    this.#view = view;
    this.book = new PeopleBook({ store, random, newId: () => crypto.randomUUID() });
    this.signIn = new SignIn({
      book: this.book,
      store,
      view,
      clock: systemClock,
      isBusy: () => parts()?.desk.busy === true,
      // A unit that is being identified is nobody's then.
      onSignOut: () => parts()?.front.cancel(),
    });
    this.failed = new FailedUnits({
      store,
      view,
      seenBy: () => this.book.signIn.failSeenBy,
      mayBe: (lowest) => this.signIn.mayBe(lowest),
    });
  }

  /** This tab is the station: another one may have been until now. */
  async load(): Promise<void> {
    await this.signIn.load();
    await this.failed.look();
    const look = paced(systemClock, async () => void (await this.failed.look().catch(() => null)));
    this.#store.onChange(() => void look(undefined));
  }

  /** The fleet may list others now. */
  async reload(): Promise<void> {
    await this.book.load();
    this.signIn.show();
    await this.failed.look();
  }

  /** @returns false, with a notice that says who can */
  allows(right: Right): boolean {
    return this.signIn.allows(right);
  }

  /** @throws {Fault} `not-allowed` */
  async demand(right: Right): Promise<void> {
    // In a tab that is not the station others sign in and out, in the other one.
    if (this.#view.current.status === 'standby') await this.signIn.load();
    this.signIn.demand(right);
  }

  async enter(id: string, pin: string): Promise<void> {
    this.signIn.signIn(await this.signIn.byPin(id, pin));
  }

  async save(wish: PersonWish): Promise<void> {
    await this.demand('people');
    await this.book.save(wish);
    this.signIn.show();
  }

  async remove(id: string): Promise<void> {
    await this.demand('people');
    await this.book.remove(id);
    this.signIn.show();
  }

  async configure(settings: SignInView): Promise<void> {
    await this.demand('people');
    await this.book.configure(settings);
    this.signIn.show();
    await this.failed.look();
  }

  /** Who enrols for the first time is nobody's operator yet. @throws {Fault} `not-allowed` */
  async demandEnrolment(): Promise<void> {
    if (this.#view.current.station !== '') await this.demand('enrol');
  }

  /** @param pin of the enrolment; absent: it brought none. One that cannot be used stands in nobody's way. */
  async setStationPin(pin: string | undefined): Promise<void> {
    const problem = pin === undefined ? null : pinProblem(pin);
    if (problem !== null)
      this.#view.notice({
        code: 'station-pin',
        tone: 'warning',
        message: `The enrolment’s PIN cannot be used, so this station has none. ${problem}`,
        remedy: 'Enrol again with another one if you need it.',
      });
    await this.book.setStationPin(problem === null ? pin : undefined);
    this.signIn.show();
  }
}
