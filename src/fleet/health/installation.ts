/**
 * Which browser's data this station is, and what it counts from start to start.
 *
 * Plain data that a door keeps between two sessions, and the steps from one state to the next. Pure. Knows nothing of
 * where it is kept.
 */
import {
  type CodeCounts,
  type Collision,
  type Heartbeat,
  MOST_CODES,
  OUTCOMES,
  type Speaker,
} from '#fleet/health/heartbeat.ts';

export interface Installation {
  /** The name that it has had since `since`. */
  readonly station: string;
  readonly id: string;
  readonly since: string;
  readonly term: number;
  /** What a server said last of another one under this name; null: there is none, as far as is known. */
  readonly collision: Collision | null;
  /** A supervisor has given it the name: it waits until the other one starts no run any more. */
  readonly isTaking: boolean;
  readonly counts: Counts;
}

/** Each only grows, so that a reader can tell what came between two heartbeats. */
export type Counts = Pick<
  Heartbeat,
  'runs' | 'refusals' | 'faults' | 'fixture_losses' | 'starts' | 'crashes' | 'tallies'
>;

export const NO_COUNTS: Counts = {
  runs: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Counts['runs'],
  refusals: {},
  faults: {},
  fixture_losses: 0,
  starts: 0,
  crashes: 0,
};

/**
 * The installation under its present name.
 * @param kept undefined: this browser's data never was a station
 * @param storeId of this browser's data
 * @param at UTC, ISO 8601
 */
export function installationAs(
  kept: Installation | undefined,
  station: string,
  storeId: string,
  at: string,
): Installation {
  if (kept?.station === station) return kept;
  const { id = storeId, counts = NO_COUNTS } = kept ?? {};
  // What was known of another one was known of the old name.
  return { id, counts, station, since: at, term: 0, collision: null, isTaking: false };
}

/** A server has told who else there is. A copied disk has the same id: the later one becomes an installation of its own. */
export function informed(
  one: Installation,
  collision: Collision | null,
  fresh: { readonly id: string; readonly at: string },
): Installation {
  const isCopy = collision?.role === 'later' && collision.other.installation === one.id;
  const isTaking = one.isTaking && collision?.role !== 'later';
  return { ...one, ...(isCopy ? { id: fresh.id, since: fresh.at } : {}), collision, isTaking };
}

/** A supervisor has said that this one has the name from now on. */
export function takingOver(one: Installation): Installation {
  return { ...one, term: 1 + Math.max(one.term, one.collision?.other.term ?? 0), isTaking: true };
}

export function speakerOf(
  { station, id, since, term }: Installation,
  session: Pick<Speaker, 'session' | 'started_at' | 'sent_at'>,
): Speaker {
  return { station, installation: id, since, term, ...session };
}

/** One more of this code; of too many the rarest are left out, but never this one. */
export function countedUp(counts: CodeCounts, code: string): CodeCounts {
  const more = { ...counts, [code]: (counts[code] ?? 0) + 1 };
  const codes = Object.keys(more);
  if (codes.length <= MOST_CODES) return more;
  const rarest = codes.filter((one) => one !== code).toSorted((a, b) => more[a]! - more[b]!)[0]!;
  const { [rarest]: _, ...rest } = more;
  return rest;
}
