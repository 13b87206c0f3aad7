/**
 * Who is listed at this station: its own people and the fleet's, with their badges and PINs as hashes.
 *
 * Kept on disk under names of its own; a list that was never written is an empty one. Above: sign-in.ts. Below:
 * fleet/people, the store. Knows nothing of who is signed in.
 */
import { Fault } from '#base/fault.ts';
import type { ListedPerson, PersonWish, SignInView } from '#engine/link/people-link.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import { DEFAULT_SIGN_IN, type Person, personOf, type SignInSettings } from '#fleet/people/person.ts';
import {
  badgeProblem,
  hashBadge,
  hashPin,
  isBadge,
  isPin,
  looksLikeBadge,
  pinProblem,
  type Random,
} from '#fleet/people/secret.ts';
import { unframed } from '#procedure/identify.ts';
import type { Store } from '#storage/store/store.ts';
import { lockedFault } from './configuration-changes.ts';

export interface PeopleBookOptions {
  readonly store: Pick<Store, 'get' | 'set'>;
  readonly random: Random;
  readonly newId: () => string;
}

interface Kept {
  readonly people: readonly Person[];
  /** Of those whom the fleet lists, by id. */
  readonly pins: Readonly<Record<string, string>>;
  readonly signIn: SignInSettings;
}

const BOOK = 'people';
const STATION_PIN = 'station-pin';
/** As configuration.ts keeps them: without a network, too. */
const FLEET_SETTINGS = 'fleet-settings';
const NOTHING: Kept = { people: [], pins: {}, signIn: {} };
/** The PIN that came with the enrolment stands for a supervisor: the way back when theirs is forgotten. */
export const STATION_PERSON = { id: 'station', name: 'Station PIN', role: 'supervisor' } as const;
const LONGEST_NAME = 100;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const LONGEST_EMAIL = 254;
const MOST_IDLE_MIN = 24 * 60;

export class PeopleBook {
  readonly #options: PeopleBookOptions;
  #kept = NOTHING;
  #fleet: Partial<FleetSettings> = {};
  #stationPin: string | undefined;

  constructor(options: PeopleBookOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { store } = this.#options;
    const [kept, fleet, stationPin] = await Promise.all([
      store.get<Kept>(BOOK),
      store.get<FleetSettings>(FLEET_SETTINGS),
      store.get<string>(STATION_PIN),
    ]);
    this.#kept = kept ?? NOTHING;
    this.#fleet = fleet ?? {};
    this.#stationPin = stationPin;
  }

  get people(): readonly Person[] {
    const { people, pins } = this.#kept;
    const theirs = (this.#fleet.operators ?? []).map(personOf);
    const ofFleet = theirs.map((person) => (pins[person.id] ? { ...person, pin: pins[person.id]! } : person));
    return [...people, ...ofFleet].toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  }

  get listed(): ListedPerson[] {
    return this.people.map(({ id, name, email = '', role, badge, pin }) => ({
      id,
      name,
      email,
      role,
      hasBadge: badge !== undefined,
      hasPin: pin !== undefined,
      isFromFleet: id.startsWith('fleet:'),
    }));
  }

  get hasStationPin(): boolean {
    return this.#stationPin !== undefined;
  }

  /** Until a supervisor is listed nobody could open what is closed, so nothing is. */
  get isRequired(): boolean {
    return this.people.some(({ role }) => role === 'supervisor');
  }

  get signIn(): SignInView {
    const own = this.ownSignIn;
    const fleet = this.#fleet.sign_in ?? {};
    return {
      idleMin: own.idle_min ?? fleet.idle_min ?? DEFAULT_SIGN_IN.idle_min,
      retestReason: own.retest_reason ?? fleet.retest_reason ?? DEFAULT_SIGN_IN.retest_reason,
      retestBy: own.retest_by ?? fleet.retest_by ?? DEFAULT_SIGN_IN.retest_by,
      failSeenBy: own.fail_seen_by ?? fleet.fail_seen_by ?? DEFAULT_SIGN_IN.fail_seen_by,
    };
  }

  /** What a supervisor has said here, as far as the fleet has not locked it. */
  get ownSignIn(): SignInSettings {
    const { locked = [] } = this.#fleet;
    return Object.fromEntries(
      Object.entries(this.#kept.signIn).filter(([key]) => !locked.includes(`sign_in.${key}`)),
    ) as SignInSettings;
  }

  find(id: string): Person | undefined {
    if (id === STATION_PERSON.id && this.#stationPin !== undefined) return { ...STATION_PERSON, pin: this.#stationPin };
    return this.people.find((person) => person.id === id);
  }

  /** @returns null where the scan is no badge; `unknown` where it has the form of one and is nobody's */
  async whoseBadge(scanned: string): Promise<Person | 'unknown' | null> {
    const code = unframed(scanned);
    const badged = this.people.filter(({ badge }) => badge !== undefined);
    const found = await Promise.all(badged.map(({ badge }) => isBadge(code, badge!)));
    const owner = badged[found.indexOf(true)];
    return owner ?? (looksLikeBadge(code, this.#fleet.sign_in?.badge_pattern) ? 'unknown' : null);
  }

  async isPinOf(person: Person, pin: string): Promise<boolean> {
    return person.pin !== undefined && (await isPin(pin, person.pin));
  }

  /** @throws {Fault} `person-refused` with what is wrong */
  async save(wish: PersonWish): Promise<void> {
    const before = wish.id === undefined ? undefined : this.people.find(({ id }) => id === wish.id);
    if (wish.id !== undefined && !before) throw refused('This person is not listed any more.');
    if (before?.id.startsWith('fleet:')) return this.#saveFleetPin(before, wish.pin);
    const [name, email] = [wish.name.trim(), wish.email.trim()];
    if (name === '' || name.length > LONGEST_NAME) throw refused(`A name has 1 to ${LONGEST_NAME} characters.`);
    if (email !== '' && (!EMAIL.test(email) || email.length > LONGEST_EMAIL))
      throw refused(`“${email}” is no e-mail address.`);
    const twin = this.people.find(
      (other) => other.id !== before?.id && other.name.toLowerCase() === name.toLowerCase(),
    );
    if (twin) throw refused(`${twin.name} is listed already.`);
    const badge = await this.#badgeOf(wish.badge, before);
    const pin = await this.#pinOf(wish.pin, before?.pin);
    if (badge === undefined && pin === undefined) throw refused('A badge or a PIN is needed to sign in.');
    const person: Person = {
      id: before?.id ?? this.#options.newId(),
      name,
      ...(email === '' ? {} : { email }),
      role: wish.role,
      ...(badge === undefined ? {} : { badge }),
      ...(pin === undefined ? {} : { pin }),
    };
    const others = this.#kept.people.filter(({ id }) => id !== person.id);
    await this.#keep({ ...this.#kept, people: [...others, person] });
  }

  async remove(id: string): Promise<void> {
    if (id.startsWith('fleet:')) throw refused('The fleet’s file lists this person.', 'Take them out of fleet.yaml.');
    await this.#keep({ ...this.#kept, people: this.#kept.people.filter((person) => person.id !== id) });
  }

  async configure(wish: SignInView): Promise<void> {
    const { idleMin } = wish;
    if (!Number.isInteger(idleMin) || idleMin < 1 || idleMin > MOST_IDLE_MIN)
      throw refused(`The time has 1 to ${MOST_IDLE_MIN} whole minutes.`);
    const wished = settingsOf(wish);
    const now = settingsOf(this.signIn);
    const said = { ...DEFAULT_SIGN_IN, ...this.#fleet.sign_in };
    const own: Record<string, string | number | boolean> = { ...this.ownSignIn };
    for (const key of Object.keys(wished) as (keyof typeof wished)[]) {
      if (wished[key] === now[key]) continue;
      if (this.#fleet.locked?.includes(`sign_in.${key}`)) throw lockedFault(`sign_in.${key}`);
      // What is as the fleet has it follows the fleet again.
      if (wished[key] === said[key]) delete own[key];
      else own[key] = wished[key];
    }
    await this.#keep({ ...this.#kept, signIn: own as SignInSettings });
  }

  /** @param pin of the enrolment; absent: it brought none */
  async setStationPin(pin: string | undefined): Promise<void> {
    this.#stationPin = pin === undefined ? undefined : await hashPin(pin, this.#options.random);
    await this.#options.store.set(STATION_PIN, this.#stationPin);
  }

  async #saveFleetPin({ id, pin: before }: Person, wished: string | undefined): Promise<void> {
    const pin = await this.#pinOf(wished, before);
    const { [id]: _, ...others } = this.#kept.pins;
    await this.#keep({ ...this.#kept, pins: pin === undefined ? others : { ...others, [id]: pin } });
  }

  async #badgeOf(wished: string | undefined, before: Person | undefined): Promise<string | undefined> {
    if (wished === undefined) return before?.badge;
    const code = unframed(wished);
    if (code === '') return undefined;
    const problem = badgeProblem(code);
    if (problem !== null) throw refused(problem);
    const owner = await this.whoseBadge(code);
    if (owner !== null && owner !== 'unknown' && owner.id !== before?.id)
      throw refused(`This badge is ${owner.name}’s.`);
    return hashBadge(code, this.#options.random);
  }

  async #pinOf(wished: string | undefined, before: string | undefined): Promise<string | undefined> {
    if (wished === undefined) return before;
    if (wished === '') return undefined;
    const problem = pinProblem(wished);
    if (problem !== null) throw refused(problem);
    return hashPin(wished, this.#options.random);
  }

  async #keep(kept: Kept): Promise<void> {
    await this.#options.store.set(BOOK, kept);
    this.#kept = kept;
  }
}

function settingsOf({ idleMin, retestReason, retestBy, failSeenBy }: SignInView) {
  return { idle_min: idleMin, retest_reason: retestReason, retest_by: retestBy, fail_seen_by: failSeenBy };
}

function refused(message: string, remedy = 'Change it and save again.'): Fault {
  return new Fault('person-refused', message, remedy);
}
