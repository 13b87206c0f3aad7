/**
 * What is being changed about one person, or about how people sign in: as typed, and what the station said to it.
 *
 * Knows nothing of markup; PersonForm.svelte and PeopleCard.svelte have that.
 */
import type { ListedPerson, PersonWish } from '#engine/link/people-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { Role } from '#record/role.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';

type Save = (wish: PersonWish) => Promise<void>;

export class PersonDesk {
  name = $state('');
  email = $state('');
  role = $state<Role>('operator');
  /** A new code; empty: as it is. */
  badge = $state('');
  pin = $state('');
  losesBadge = $state(false);
  losesPin = $state(false);
  readonly person: ListedPerson | null;
  readonly #save: Save;
  #problem = $state.raw<Word | null>(null);
  #isBusy = $state(false);

  /** @param person null: somebody new */
  constructor(person: ListedPerson | null, firstRole: Role, save: Save) {
    this.person = person;
    this.#save = save;
    this.name = person?.name ?? '';
    this.email = person?.email ?? '';
    this.role = person?.role ?? firstRole;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** @returns true when it is kept */
  async save(): Promise<boolean> {
    if (this.#isBusy) return false;
    this.#isBusy = true;
    this.#problem = null;
    const { person, name, email, role } = this;
    try {
      await this.#save({
        ...(person ? { id: person.id } : {}),
        name,
        email,
        role,
        ...said('badge', this.badge.trim(), this.losesBadge),
        ...said('pin', this.pin.trim(), this.losesPin),
      });
      return true;
    } catch (thrown) {
      this.#problem = wordOf(thrown);
      return false;
    } finally {
      this.#isBusy = false;
    }
  }
}

function said(key: 'badge' | 'pin', text: string, isLost: boolean): Pick<PersonWish, 'badge' | 'pin'> {
  if (text !== '') return { [key]: text };
  return isLost ? { [key]: '' } : {};
}
