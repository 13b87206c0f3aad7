/**
 * The sheet in which a person says who they are: whose name, which PIN, and what the station said to it.
 *
 * Knows nothing of markup; SignInSheet.svelte has that. A badge needs none of this: it is a scan.
 */
import type { ListedPerson } from '#engine/link/people-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import { isAtLeast } from '#record/role.ts';
import { wordOf } from '#ui/parts/loaded.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export type Candidate = Pick<ListedPerson, 'id' | 'name' | 'role'>;

/** The PIN that the enrolment brought. */
const STATION_PIN: Candidate = { id: 'station', name: 'Station PIN', role: 'supervisor' };
const LONGEST_PIN = 12;

export class SignInDesk {
  pin = $state('');
  readonly #station: StationState;
  /** What the PIN is for; null while the sheet is closed. */
  #purpose = $state.raw<'sign-in' | 'approval' | null>(null);
  #chosen = $state.raw<Candidate | null>(null);
  #problem = $state.raw<Word | null>(null);
  #isBusy = $state(false);

  constructor(station: StationState) {
    this.#station = station;
  }

  get purpose(): 'sign-in' | 'approval' | null {
    return this.#purpose;
  }

  get chosen(): Candidate | null {
    return this.#chosen;
  }

  get problem(): Word | null {
    return this.#problem;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Nothing can be tested before somebody has signed in. */
  get isNeeded(): boolean {
    const { isRequired, signedIn } = this.#station.view.people;
    return isRequired && !signedIn;
  }

  /** Those who have a PIN, and whose role will do. */
  get candidates(): readonly Candidate[] {
    const { listed, hasStationPin, isRequired, signIn } = this.#station.view.people;
    const all: readonly (Candidate & { readonly hasPin: boolean })[] = [
      ...listed,
      ...(hasStationPin && isRequired ? [{ ...STATION_PIN, hasPin: true }] : []),
    ];
    const lowest = this.#purpose === 'approval' ? signIn.retestBy : 'operator';
    return all.filter(({ hasPin, role }) => hasPin && isAtLeast(role, lowest));
  }

  open(purpose: 'sign-in' | 'approval'): void {
    this.back();
    this.#purpose = purpose;
  }

  close(): void {
    this.back();
    this.#purpose = null;
  }

  choose(person: Candidate): void {
    this.back();
    this.#chosen = person;
  }

  /** To the names. */
  back(): void {
    this.#chosen = null;
    this.#problem = null;
    this.pin = '';
  }

  press(digit: string): void {
    this.pin = (this.pin + digit).slice(0, LONGEST_PIN);
  }

  erase(): void {
    this.pin = this.pin.slice(0, -1);
  }

  async enter(): Promise<void> {
    const { call } = this.#station.port;
    if (!this.#chosen || this.pin === '' || this.#isBusy) return;
    this.#isBusy = true;
    this.#problem = null;
    try {
      if (this.#purpose === 'approval') await call.approve(this.#chosen.id, this.pin);
      else await call.signIn(this.#chosen.id, this.pin);
      this.close();
    } catch (thrown) {
      this.#problem = wordOf(thrown);
      this.pin = '';
    } finally {
      this.#isBusy = false;
    }
  }

  async signOut(): Promise<void> {
    await this.#station.port.call.signOut();
    this.close();
  }
}
