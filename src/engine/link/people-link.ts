/**
 * What page and bench worker say to each other about people and about the unit that is being identified; part of
 * station-link.ts.
 *
 * Plain data only. No code, no PIN and no hash of one is ever told to the page. Knows nothing of how either does its part.
 */
import type { LocalText } from '#procedure/local-text.ts';
import type { FailSeenBy, Role } from '#record/role.ts';

/** What not everybody may do. */
export type Right =
  'start' | 'procedure' | 'simulated' | 'fixture' | 'workshop' | 'uploads' | 'export' | 'release' | 'enrol' | 'people';

export interface ListedPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly hasBadge: boolean;
  readonly hasPin: boolean;
  /** By the fleet's file: only its PIN is this station's. */
  readonly isFromFleet: boolean;
}

export interface PeopleView {
  /** By name. */
  readonly listed: readonly ListedPerson[];
  readonly signedIn: { readonly id: string; readonly name: string; readonly role: Role } | null;
  /** A supervisor is listed, so nothing is tested by nobody. */
  readonly isRequired: boolean;
  /** What may not be done now, and who can, in words. */
  readonly barred: Readonly<Partial<Record<Right, string>>>;
  /** The enrolment brought a PIN that stands for a supervisor. */
  readonly hasStationPin: boolean;
  readonly signIn: SignInView;
}

/** As it holds here: this station's own word, else the fleet's, else the default. */
export interface SignInView {
  /** Minutes. */
  readonly idleMin: number;
  readonly retestReason: boolean;
  readonly retestBy: Role;
  readonly failSeenBy: FailSeenBy;
}

/** A unit that did not pass. */
export interface FailedUnit {
  /** Of its run. */
  readonly id: string;
  readonly serial: string;
}

/** The next thing that must be known of the unit before it is tested. */
export interface AskView {
  readonly serial: string;
  readonly key: string;
  readonly label: LocalText;
  readonly kind: 'number' | 'sub-unit' | 'text' | 'approval';
  readonly description: LocalText;
  readonly placeholder: string;
  readonly isOptional: boolean;
  /** From 1. */
  readonly index: number;
  readonly count: number;
  /** What was said so far. */
  readonly known: readonly { readonly label: LocalText; readonly value: string }[];
  /** Why the last answer was none; null before there was one. */
  readonly trouble: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

export interface PersonWish {
  /** Absent: somebody new. */
  readonly id?: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** A new code; empty takes it away; absent leaves it as it is. */
  readonly badge?: string;
  readonly pin?: string;
}

/** What a scan was taken for. `unit`: a run, or a refusal. `not-taken`: nothing came of it, it may be scanned again. */
export type ScanTaken = 'unit' | 'asked' | 'person' | 'not-taken';

export interface PeopleCommands {
  /** Fails with a Fault: `pin-wrong`, `pin-wait`. */
  signIn(id: string, pin: string): void;
  signOut(): void;
  /** Fails with a Fault that says what is wrong, or who may. */
  savePerson(wish: PersonWish): void;
  removePerson(id: string): void;
  setSignIn(settings: SignInView): void;
  /** Somebody who may lets this unit be tested again, without signing in. Fails as `signIn` does; else what follows is in the view. */
  approve(id: string, pin: string): void;
  /** A person has seen these runs' units, which did not pass. Fails with a Fault that says who may: `not-allowed`. */
  acknowledge(ids: readonly string[]): void;
  /** The unit that is being identified is put aside. */
  cancelUnit(): void;
}
