/** What somebody is at a station; stands with every run that they start. Lowest first. */
export const ROLES = ['operator', 'technician', 'supervisor'] as const;
export type Role = (typeof ROLES)[number];
/** Who has to say that a unit which did not pass was seen, before the next one is tested: the lowest role. */
export const FAIL_SEEN_BY = ['nobody', ...ROLES] as const;
export type FailSeenBy = (typeof FAIL_SEEN_BY)[number];

export function isAtLeast(role: Role, lowest: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(lowest);
}
