/** What somebody is at a station; stands with every run that they start. Lowest first. */
export const ROLES = ['operator', 'technician', 'supervisor'] as const;
export type Role = (typeof ROLES)[number];

export function isAtLeast(role: Role, lowest: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(lowest);
}
