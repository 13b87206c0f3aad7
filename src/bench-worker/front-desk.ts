/**
 * Every scan comes here first: is it a badge, an answer, or a unit, and may whoever is signed in test it?
 *
 * A badge wins over a serial number, and over whatever is asked. Above: station.ts. Below: sign-in.ts (who), identity-desk.ts
 * (which unit), and a run desk, which accepts the unit and tests it. Knows nothing of runs.
 */
import { Turns } from '#base/turns.ts';
import type { ScanTaken } from '#engine/link/people-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { Person } from '#fleet/people/person.ts';
import type { Answers } from '#procedure/asks.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { isAtLeast } from '#record/role.ts';
import type { RunHeader } from '#record/run-record.ts';
import type { Identified, IdentityDesk } from './identity-desk.ts';
import type { FailedUnits } from './failed-units.ts';
import type { PeopleBook } from './people-book.ts';
import type { SignIn } from './sign-in.ts';
import type { View } from './view.ts';

/** What a run is told of its unit and of the person, beside the scan. */
export interface RunFacts {
  readonly answers: Answers;
  readonly header: Pick<RunHeader, 'operator' | 'operator_role' | 'retest' | 'retest_reason' | 'allowed_by'>;
}

export const NO_FACTS: RunFacts = { answers: {}, header: { operator: '' } };

export interface FrontDeskOptions {
  readonly view: View;
  readonly book: Pick<PeopleBook, 'whoseBadge' | 'isRequired' | 'signIn'>;
  readonly signIn: Pick<SignIn, 'current' | 'signIn' | 'byPin' | 'touch'>;
  readonly identity: IdentityDesk;
  readonly failed: Pick<FailedUnits, 'look' | 'seenBy'>;
  /** What the next unit is tested with; null where nothing can be, and the run desk says why. */
  readonly procedure: () => Procedure | null;
  /** A unit is being identified: its slot stays the next one, whichever becomes free meanwhile. */
  readonly holdSlot: () => void;
  /** Whether there is a place for a unit. */
  readonly isFree: () => boolean;
  /** Resolves when the run is over. @returns false when no notice was taken of it */
  readonly start: (scan: string, facts: RunFacts) => Promise<boolean>;
}

export class FrontDesk {
  readonly #options: FrontDeskOptions;
  /** One scan at a time; a run that begins is not waited for. */
  readonly #turns = new Turns();

  constructor(options: FrontDeskOptions) {
    this.#options = options;
  }

  async take(scan: string): Promise<ScanTaken> {
    return (await this.#turns.take(() => this.#read(scan))).taken;
  }

  /** As a badge does it, for who has none at hand. @throws {Fault} `pin-wrong`, `pin-wait` */
  async approve(id: string, pin: string): Promise<void> {
    const { signIn } = this.#options;
    const person = await signIn.byPin(id, pin);
    // The run that may begin is not waited for.
    await this.#turns.take(() => this.#byPerson(person));
  }

  cancel(): void {
    this.#options.identity.cancel();
  }

  async #read(scan: string): Promise<Read> {
    const { book, failed, signIn, view } = this.#options;
    const owner = await book.whoseBadge(scan);
    if (owner === 'unknown') return this.#refuse(STRANGER);
    if (owner !== null) return this.#byPerson(owner);
    signIn.touch();
    if (book.isRequired && !signIn.current) return this.#refuse(NOBODY);
    if (!this.#options.isFree()) return { taken: 'not-taken' };
    // An answer is about a unit that was taken before.
    const unseen = view.current.asking ? null : await failed.look();
    if (unseen) return this.#refuse(unseen);
    view.change({ refusal: null });
    return this.#identify(scan);
  }

  async #byPerson(person: Person): Promise<Read> {
    const { identity, book, failed, signIn, view } = this.#options;
    if (identity.isAskingForApproval) {
      identity.approve(person, book.signIn.retestBy);
      return this.#identify('');
    }
    const isSeen = await failed.seenBy((lowest) => isAtLeast(person.role, lowest));
    // Who only comes to look at what failed takes nobody's place.
    if (!isSeen || !signIn.current) signIn.signIn(person);
    view.change({ refusal: null });
    return { taken: 'person' };
  }

  async #identify(scan: string): Promise<Read> {
    const { identity, procedure, holdSlot } = this.#options;
    const wanted = procedure();
    if (!wanted) return { taken: this.#test({ scan, answers: {}, facts: {} }) };
    const found = await identity.identify(scan, wanted);
    if (found === null) holdSlot();
    if (found === null) return { taken: 'asked' };
    // Begun within its turn, so that the next scan finds the place taken.
    return 'code' in found ? this.#refuse(found) : { taken: this.#test(found) };
  }

  async #test({ scan, answers, facts }: Identified): Promise<ScanTaken> {
    const person = this.#options.signIn.current;
    const operator = person?.email ?? person?.name ?? '';
    const header = { operator, ...(person ? { operator_role: person.role } : {}), ...facts };
    const taken = await this.#options.start(scan, { answers, header });
    this.#options.signIn.touch();
    return taken ? 'unit' : 'not-taken';
  }

  #refuse(word: Word): Read {
    this.#options.view.refuse(word);
    return { taken: 'unit' };
  }
}

/** In an object, so that a turn does not wait for the run that it began. */
interface Read {
  readonly taken: ScanTaken | Promise<ScanTaken>;
}

const NOBODY: Word = {
  code: 'sign-in-needed',
  message: 'Nobody is signed in.',
  remedy: 'Scan your badge, or sign in with your PIN. Then scan the unit again.',
};

const STRANGER: Word = {
  code: 'badge-unknown',
  message: 'This badge is nobody’s at this station.',
  remedy: 'Ask a supervisor to add you under Settings.',
};
