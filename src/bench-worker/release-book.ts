/**
 * What this station knows of signed releases: whose signature counts, the index, what is kept, in use, and held by hand.
 *
 * Plain data and pure changes of it; releases.ts keeps it on disk. Knows nothing of fetching.
 */
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';
import type { PublishedProcedure, ReleaseIndex } from '#fleet/distribution/signed/release-index.ts';
import type { KeyList, TrustedKey } from '#fleet/distribution/signed/trusted-keys.ts';
import { type Asker, type Halt, rolledOut } from '#fleet/distribution/signed/rollout.ts';
import { wantedRelease } from '#fleet/distribution/signed/wanted-release.ts';

/** A shift's mistake is found within days; five releases reach back further than that, and take little room. */
export const MOST_KEPT = 5;

export interface KeptEntry {
  readonly offered: OfferedProcedure;
  /** Of the index that brought it: a higher one is newer. */
  readonly number: number;
  /** Whose signature made it count. */
  readonly key: Pick<TrustedKey, 'id' | 'name'>;
  /** ISO 8601. */
  readonly arrived_at: string;
}

export interface ProcedureBook {
  /** Newest first. */
  readonly kept: readonly KeptEntry[];
  /** Hash of one that is kept. */
  readonly in_use: string;
  readonly since: string;
  /** A person has chosen what is in use. */
  readonly held?: { readonly by: string; readonly at: string };
}

export interface Book {
  readonly keys: KeyList | null;
  readonly index: ReleaseIndex | null;
  /** By folder. */
  readonly procedures: Readonly<Record<string, ProcedureBook>>;
  /** Of rollouts in the index: once heard they stay, whatever a server says later. Absent: none ever was. */
  readonly halts?: readonly KeptHalt[];
}

export interface KeptHalt extends Halt {
  /** This station, by what it has seen itself; or the fleet, by way of a server. */
  readonly by: 'station' | 'fleet';
  readonly at: string;
}

export type Scene = Asker;

export const EMPTY_BOOK: Book = { keys: null, index: null, procedures: {} };

export function usedEntry({ kept, in_use }: ProcedureBook): KeptEntry {
  return kept.find(({ offered }) => offered.release === in_use)!;
}

export function isRevoked({ keys }: Book, { key }: KeptEntry): boolean {
  return keys?.keys.find(({ id }) => id === key.id)?.revoked !== undefined;
}

/** What the index says of a procedure, as far as it still does. */
export function publishedAs({ index }: Book, folder: string): PublishedProcedure | undefined {
  return index?.procedures.find(({ procedure }) => procedure === folder);
}

/** What should be on this machine: what is used and wanted, then the newest that are not newer than what is wanted. */
export function keepable(book: Book, one: PublishedProcedure, scene: Scene): readonly string[] {
  const wanted = wantedRelease(one, scene);
  const mine = book.procedures[one.procedure];
  const numbers = new Map<string, number>();
  for (const { release, number } of one.releases) if (number <= wanted.number) numbers.set(release, number);
  for (const { offered, number } of mine?.kept ?? []) numbers.set(offered.release, number);
  const newest = [...numbers].toSorted(([, a], [, b]) => b - a).map(([release]) => release);
  // Without the fleet's own there is no way back from a rollout.
  const first = [wanted.release, one.current, ...(mine ? [mine.in_use] : [])];
  return [...new Set([...first, ...newest])].slice(0, MOST_KEPT);
}

/** A release has arrived, or is believed by another key; the first one of its procedure is in use at once. */
export function withEntry(book: Book, entry: KeptEntry, { nowMs }: Scene): Book {
  const { folder, release } = entry.offered;
  const mine = book.procedures[folder] ?? { kept: [], in_use: release, since: timeOf(nowMs) };
  const others = mine.kept.filter(({ offered }) => offered.release !== release);
  const kept = [...others, entry].toSorted((a, b) => b.number - a.number);
  return withProcedure(book, folder, { ...mine, kept });
}

/** As the index wants it now, wherever nobody holds another release; what is no longer published or kept goes. */
export function settled(book: Book, scene: Scene): Book {
  let next = book;
  for (const [folder, mine] of Object.entries(book.procedures)) {
    const one = publishedAs(book, folder);
    if (one) next = withProcedure(next, folder, settledOne(book, mine, one, scene));
    else if (book.index) {
      const { [folder]: _, ...procedures } = next.procedures;
      next = { ...next, procedures };
    }
  }
  return next;
}

function settledOne(book: Book, mine: ProcedureBook, one: PublishedProcedure, scene: Scene): ProcedureBook {
  const wanted = wantedRelease(one, scene);
  const kept = (release: string) => mine.kept.find(({ offered }) => offered.release === release);
  const there = kept(wanted.release);
  const hasWayBack = wanted.release !== rolledOut(one, scene) || kept(one.current) !== undefined;
  const isDue = !mine.held && there && hasWayBack && mine.in_use !== wanted.release && !isRevoked(book, there);
  const next = isDue ? { ...mine, in_use: wanted.release, since: timeOf(scene.nowMs) } : mine;
  const wish = keepable({ ...book, procedures: { ...book.procedures, [one.procedure]: next } }, one, scene);
  const left = next.kept.filter(({ offered }) => wish.includes(offered.release));
  return left.length === next.kept.length ? next : { ...next, kept: left };
}

/** Halts of rollouts that the index has, each once; those of others are forgotten. */
export function halted(book: Book, heard: readonly KeptHalt[]): Book {
  const known = book.halts ?? [];
  const isKnown = (halt: Halt) => known.some((one) => one.procedure === halt.procedure && one.attempt === halt.attempt);
  const isOfIndex = ({ procedure, attempt }: Halt) => publishedAs(book, procedure)?.rollout?.attempt === attempt;
  const halts = [...known, ...heard.filter((halt) => !isKnown(halt))].filter(isOfIndex);
  const isSame = halts.length === known.length && halts.every((halt, at) => halt === known[at]);
  return isSame ? book : { ...book, halts };
}

/** @param held absent: the fleet's wish counts again */
export function using(book: Book, folder: string, release: string, held: ProcedureBook['held'], nowMs: number): Book {
  const { held: _, ...mine } = book.procedures[folder]!;
  const isNew = mine.in_use !== release;
  const next = { ...mine, in_use: release, since: isNew ? timeOf(nowMs) : mine.since };
  return withProcedure(book, folder, held ? { ...next, held } : next);
}

function withProcedure(book: Book, folder: string, mine: ProcedureBook): Book {
  if (book.procedures[folder] === mine) return book;
  return { ...book, procedures: { ...book.procedures, [folder]: mine } };
}

export function timeOf(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
