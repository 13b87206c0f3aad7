/** A list of people, a sign-in and a view on a store in memory, for tests of the front desk. */
import type { PersonWish } from '#engine/link/people-link.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import { PeopleBook } from '../../src/bench-worker/people-book.ts';
import { SignIn } from '../../src/bench-worker/sign-in.ts';
import { View } from '../../src/bench-worker/view.ts';
import { FakeClock } from '../base/fake-clock.ts';

/** What stays when the page is loaded anew. */
export class MemorySettings {
  readonly kept = new Map<string, unknown>();
  async get<T>(key: string): Promise<T | undefined> {
    return structuredClone(this.kept.get(key)) as T | undefined;
  }
  async set(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.kept.delete(key);
    else this.kept.set(key, structuredClone(value));
  }
}

export const ANA: PersonWish = { name: 'Ana', email: 'ana@example.com', role: 'operator', badge: 'EMP-1' };
export const BEN: PersonWish = { name: 'Ben', email: '', role: 'technician', badge: 'EMP-2', pin: '2222' };
export const MEI: PersonWish = {
  name: 'Mei',
  email: 'mei@example.com',
  role: 'supervisor',
  badge: 'EMP-3',
  pin: '333333',
};

export interface PeopleStage {
  readonly store: MemorySettings;
  readonly clock: FakeClock;
  readonly view: View;
  readonly book: PeopleBook;
  readonly signIn: SignIn;
  readonly state: { busy: boolean; signedOut: number };
  /** By name. */
  id(name: string): string;
}

export async function peopleStage(
  wishes: readonly PersonWish[] = [],
  fleet: Partial<FleetSettings> = {},
  store = new MemorySettings(),
  clock = new FakeClock(),
): Promise<PeopleStage> {
  await store.set('fleet-settings', fleet);
  const view = new View(() => {});
  let ids = 0;
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const book = new PeopleBook({ store, random, newId: () => `person-${(ids += 1)}` });
  const state = { busy: false, signedOut: 0 };
  const signIn = new SignIn({
    book,
    store,
    view,
    clock,
    isBusy: () => state.busy,
    onSignOut: () => void (state.signedOut += 1),
  });
  await signIn.load();
  for (const wish of wishes) await book.save(wish);
  signIn.show();
  const id = (name: string) => book.people.find((person) => person.name === name)!.id;
  return { store, clock, view, book, signIn, state, id };
}
