/**
 * Whether what was sealed still is what was sealed: bodies against their hashes, and each run against the one before.
 *
 * Incremental: what was found good is not read again. Sealed runs never change, so a slow walk beside a working
 * station sees nothing half done. Above it: dexie-store.ts. Knows nothing of who is told.
 */
import type { RunRow } from '#record/run-row.ts';
import { type ChainPlace, hashOf, link } from '#storage/store/chain.ts';
import { chainPlace } from '#storage/store/ledger.ts';
import { META, type Tables } from '#storage/store/tables.ts';

/** Up to here the chain was found whole: every run up to `seq` and every link up to `n`. */
interface Verified extends ChainPlace {
  readonly seq: number;
}

/** A run whose link is missing or wrong, in words. */
export interface Break {
  readonly seq: number;
  readonly why: string;
}

/** Bodies in memory at once. */
const BATCH = 100;

/**
 * @param mendBody gets a damaged body back from the second copy; false when it cannot
 * @returns the first break since the last look; null when all is whole
 */
export async function verify(
  tables: Tables,
  first: ChainPlace,
  mendBody: (row: RunRow) => Promise<boolean>,
): Promise<Break | null> {
  const { links, chain, from } = await sealedSince(tables, first);
  let found: Break | null = null;
  let previous: ChainPlace = from;
  for (let at = 0; at < links.length; at += BATCH) {
    const batch = links.slice(at, at + BATCH);
    const bodies = await tables.bodies.bulkGet(batch.map(({ row }) => row.id)).catch(() => batch.map(() => undefined));
    for (const [index, { row, place, text }] of batch.entries()) {
      // A correction is its own text; a run's bytes are looked at below, because they may be mended.
      found ??=
        (await linkBreak(row.seq, place, previous, text === null ? row.chain!.body : await hashOf(text))) ?? null;
      previous = place;
      if (text !== null) continue;
      const body = bodies[index]?.body;
      // Retention takes the bodies of delivered runs, never their links.
      if (body === undefined && row.state === 'DELIVERED') continue;
      if (body !== undefined && (await hashOf(body)) === row.chain!.body) continue;
      if (!(await mendBody(row))) found ??= { seq: row.seq, why: 'its bytes are not those that were sealed' };
    }
  }
  if (chain && (previous.n !== chain.n || previous.head !== chain.head))
    found ??= { seq: links.at(-1)?.row.seq ?? from.seq, why: 'runs that were sealed after it are missing' };
  await remember(tables, chain ?? from, from.seq);
  return found;
}

/** Keeps a break for the run that begins next, which takes the word to the server. */
export function keepBreak(tables: Tables, { seq, why }: Break, at: string): Promise<void> {
  return tables.transaction('rw', tables.meta, async () => {
    const before = (await tables.meta.get(META.chainBreak))?.value as string | undefined;
    const found = `run ${seq}: ${why} (found ${at})`;
    await tables.meta.put({ key: META.chainBreak, value: before === undefined ? found : `${before}; ${found}` });
  });
}

/** What the next run takes along, once; inside the transaction that begins it. */
export async function takeBreak({ meta }: Tables): Promise<{ chain_break?: string }> {
  const kept = (await meta.get(META.chainBreak))?.value as string | undefined;
  if (kept === undefined) return {};
  await meta.delete(META.chainBreak);
  return { chain_break: kept };
}

async function linkBreak(
  seq: number,
  place: ChainPlace,
  previous: ChainPlace,
  hash: string,
): Promise<Break | undefined> {
  const right = await link(previous, seq, hash);
  if (place.n !== right.n) return { seq, why: 'a run that was sealed before it is missing' };
  if (place.head !== right.head) return { seq, why: 'it does not follow from the run before it' };
}

/** One link: a run's own, or a correction's, which has a text. */
interface Link {
  readonly row: RunRow;
  readonly place: ChainPlace;
  readonly text: string | null;
}

function sealedSince(tables: Tables, first: ChainPlace) {
  return tables.transaction('r', [tables.runs, tables.meta], async () => {
    const from = ((await tables.meta.get(META.verified))?.value as Verified | undefined) ?? { ...first, seq: 0 };
    const rows = await tables.runs
      .where('seq')
      .above(from.seq)
      .filter((row) => row.chain !== undefined)
      .toArray();
    const ids = ((await tables.meta.get(META.corrected))?.value as string[] | undefined) ?? [];
    const corrected = (await tables.runs.bulkGet(ids)).filter((row) => row !== undefined);
    const links: Link[] = [
      ...rows.map((row) => ({ row, place: row.chain!, text: null })),
      ...corrected.flatMap((row) => (row.corrections ?? []).map((place) => ({ row, place, text: place.text }))),
    ];
    const fresh = links.filter(({ place }) => place.n > from.n).sort((a, b) => a.place.n - b.place.n);
    return { links: fresh, chain: await chainPlace(tables), from };
  });
}

/** The next look begins before the first run that is still open, or was sealed while this look went on. */
function remember(tables: Tables, { n, head }: ChainPlace, fromSeq: number): Promise<void> {
  return tables.transaction('rw', [tables.runs, tables.meta], async () => {
    const pending = await tables.runs
      .where('seq')
      .above(fromSeq)
      .filter((row) => row.state === 'RUNNING' || (row.chain?.n ?? 0) > n)
      .first();
    const newest = (await tables.runs.orderBy('seq').last())?.seq ?? 0;
    const value: Verified = { n, head, seq: pending ? pending.seq - 1 : newest };
    await tables.meta.put({ key: META.verified, value });
  });
}
