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
}

/** @param voices of one name, all of them heard lately @returns those that take turns, the one that has the name first; empty when nobody does */
export function colliding(voices: readonly Voice[]): readonly Voice[] {
  const among = voices.filter((one) => voices.some((other) => one !== other && takeTurns(one, other)));
  return among.toSorted(byRight);
}

/** Each was heard after the other had begun. */
function takeTurns(one: Voice, other: Voice): boolean {
  if (one.lastMs <= other.firstMs || other.lastMs <= one.firstMs) return false;
  if (one.speaker.installation !== other.speaker.installation) return true;
  // A page that was loaded anew: what it had sent before may arrive after the first word of the new one. On one clock
  // it was sent before that one began. A copied disk speaks on, whatever its clock says.
  return (
    isAfter(one.speaker.sent_at, other.speaker.started_at) && isAfter(other.speaker.sent_at, one.speaker.started_at)
  );
}

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
