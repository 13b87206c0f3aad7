/**
 * Who may work at a station, as it lists them, and what each role may do: the one table.
 *
 * Above: the bench worker, which asks it before it acts; the server, which checks the fleet's file. Knows nothing of who
 * is signed in (the bench worker) and how a PIN is checked (secret.ts).
 */
import { type FailSeenBy, isAtLeast, type Role, ROLES } from '#record/role.ts';

export interface Person {
  /** Of the station's own making; of one that the fleet lists, `fleet:` and the name. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly role: Role;
  /** Hash of the code on the badge; absent: no badge. */
  readonly badge?: string;
  /** Hash; absent: no PIN. */
  readonly pin?: string;
}

/** What the fleet's file says of one. A PIN is set at a station only: short ones are no secret in a file that stations read. */
export interface FleetOperator {
  readonly name: string;
  readonly email?: string | undefined;
  readonly role: Role;
  readonly badge: string;
}

/** How people sign in, test again and see what failed, as a fleet or a station states it. */
export interface SignInSettings {
  /** Minutes without a scan or a press after which nobody is signed in any more. */
  readonly idle_min?: number | undefined;
  /** A scan of this form is a badge, known or not. */
  readonly badge_pattern?: string | undefined;
  /** A unit that was tested today is tested again only with a reason. */
  readonly retest_reason?: boolean | undefined;
  /** The lowest role that may test a unit again by itself. */
  readonly retest_by?: Role | undefined;
  /** The lowest role that acknowledges a unit which did not pass. */
  readonly fail_seen_by?: FailSeenBy | undefined;
}

/**
 * 15 minutes: longer than a test and the way to the next unit, shorter than a break. Anybody may test again, and nobody is
 * held up by a unit that did not pass, unless it is stated otherwise.
 */
export const DEFAULT_SIGN_IN = {
  idle_min: 15,
  retest_reason: false,
  retest_by: 'operator',
  fail_seen_by: 'nobody',
} as const;

/** The lowest role for each; stop and emergency stop are not in it, because everybody may always do that. */
export const LOWEST_ROLE = {
  start: 'operator',
  procedure: 'technician',
  simulated: 'technician',
  fixture: 'technician',
  workshop: 'technician',
  uploads: 'technician',
  export: 'technician',
  release: 'supervisor',
  enrol: 'supervisor',
  people: 'supervisor',
} as const satisfies Readonly<Record<string, Role>>;
export type Action = keyof typeof LOWEST_ROLE;
export const ACTIONS = Object.keys(LOWEST_ROLE) as readonly Action[];

export function may(role: Role, action: Action): boolean {
  return isAtLeast(role, LOWEST_ROLE[action]);
}

/** `A technician or a supervisor can do this.` */
export function whoCan(lowest: Role): string {
  const roles = ROLES.filter((role) => isAtLeast(role, lowest)).map((role) =>
    role === 'operator' ? 'an operator' : `a ${role}`,
  );
  const text = [roles.slice(0, -1).join(', '), roles.at(-1)].filter(Boolean).join(' or ');
  return `${text[0]!.toUpperCase()}${text.slice(1)} can do this.`;
}

export function personOf({ name, email, role, badge }: FleetOperator): Person {
  return { id: `fleet:${name}`, name, ...(email ? { email } : {}), role, badge };
}
