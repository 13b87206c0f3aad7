/**
 * Whether two speak under one name, and which of them has it.
 *
 * Two that take turns are two; one that has gone and one that came are one after the other. The name belongs to the
 * highest term, then to who has had it longest, then to who started first: every server and every order of arrival comes
 * to the same answer, with nothing on a disk. Pure. Knows nothing of stations' readings.
 */
import type { Speaker } from '#fleet/health/heartbeat.ts';

/** One speaker, as far as a server has heard it without a break. Times are the server's own, ms. */
export interface Voice {
  readonly speaker: Speaker;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Since when its installation is heard without a break, in this session or in those before. */
  readonly presentMs: number;
}

/** @param voices of one name, all of them heard lately @returns those that take turns with this one, the one with the best right first */
export function rivalsOf<V extends Voice>(one: Voice, voices: readonly V[]): readonly V[] {
  return voices.filter((other) => other !== one && takeTurns(one, other)).toSorted(byRight);
}

/** @returns all that take turns with another one, the one that has the name first; empty when nobody does */
export function colliding<V extends Voice>(voices: readonly V[]): readonly V[] {
  return voices.filter((one) => rivalsOf(one, voices).length > 0).toSorted(byRight);
}

/** Whether the name is this one's rather than the other's. */
export function hasRight(one: Voice, other: Voice): boolean {
  return byRight(one, other) < 0;
}

/** Each was heard after the other had begun. */
function takeTurns(one: Voice, other: Voice): boolean {
  if (one.speaker.installation !== other.speaker.installation)
    return one.lastMs > other.presentMs && other.lastMs > one.presentMs;
  // A page that was loaded anew: what it had sent before may arrive after the first word of the new one. On one clock
  // it was sent before that one began. A copied disk speaks on, whatever its clock says.
  return (
    one.lastMs > other.firstMs &&
    other.lastMs > one.firstMs &&
    isAfter(one.speaker.sent_at, other.speaker.started_at) &&
    isAfter(other.speaker.sent_at, one.speaker.started_at)
  );
}

/** Negative: the name is the first one's. */
function byRight({ speaker: one }: Voice, { speaker: other }: Voice): number {
  return (
    other.term - one.term ||
    Date.parse(one.since) - Date.parse(other.since) ||
    Date.parse(one.started_at) - Date.parse(other.started_at) ||
    (one.session < other.session ? -1 : 1)
  );
}

function isAfter(one: string, other: string): boolean {
  return Date.parse(one) > Date.parse(other);
}
