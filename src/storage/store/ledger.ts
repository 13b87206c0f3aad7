/**
 * The station's own count of runs, openings and sealings, and whether the store still is the one that it was.
 *
 * Compares the store with its second memory once, at every opening. A store that was lost goes on with the numbers
 * that follow the last known one, so that no `station_seq` is ever used twice. Knows nothing of how a run comes back
 * (mend.ts).
 */
import type { Table } from 'dexie';
import { Fault } from '#base/fault.ts';
import { type ChainPlace, genesis } from '#storage/store/chain.ts';
import { type Incident, record } from '#storage/store/incidents.ts';
import type { Anchor } from '#storage/store/shadow.ts';
import type { StateCounts } from '#storage/store/state-counts.ts';
import { META, type Tables } from '#storage/store/tables.ts';

/** What the store says of itself. */
export interface Standing {
  readonly installId: string | undefined;
  readonly birthId: string | undefined;
  readonly opened: number;
  readonly lastSeq: number;
  /** Of the runs that are there. */
  readonly newestSeq: number;
  readonly chain: ChainPlace | null;
  /** Numbers whose runs are known to be lost; null before this was first counted. */
  readonly lost: number | null;
}

/** replaced: not the store that the anchor knows. partly-lost: the same one, and something of it is missing. */
export type Finding = 'replaced' | 'partly-lost' | null;

/** Usable inside a transaction that covers `meta`. */
export async function lastSeq({ meta }: Tables): Promise<number> {
  return ((await meta.get(META.lastSeq))?.value as number | undefined) ?? 0;
}

/** Usable inside a transaction that covers `meta`. */
export async function chainPlace({ meta }: Tables): Promise<ChainPlace | null> {
  return ((await meta.get(META.chain))?.value as ChainPlace | undefined) ?? null;
}

export async function standing(tables: Tables): Promise<Standing> {
  return tables.transaction('r', [tables.meta, tables.runs], async () => {
    const keys = [META.install, META.birth, META.opened, META.lastSeq, META.lost, META.chain];
    const [install, birth, opened, last, lost, chain] = (await tables.meta.bulkGet(keys)).map((entry) => entry?.value);
    const newest = await tables.runs.orderBy('seq').last();
    return {
      installId: install as string | undefined,
      birthId: birth as string | undefined,
      opened: (opened as number | undefined) ?? 0,
      lastSeq: (last as number | undefined) ?? 0,
      newestSeq: newest?.seq ?? 0,
      lost: (lost as number | undefined) ?? null,
      chain: (chain as ChainPlace | undefined) ?? null,
    };
  });
}

/**
 * Chromium mends a damaged SQLite file by itself: what lists a run may then have survived without the run, or the run
 * without what lists it. Neither would ever be sent, and nobody would miss it.
 * @returns how many runs are there
 * @throws {Fault} `failed`
 */
export async function demandAgreement({ runs, attachments }: Tables, states: StateCounts): Promise<number> {
  const byState = async () => Object.values(await states.get()).reduce((sum, count) => sum + count, 0);
  const [count] = await Promise.all([
    // A newer version may know more states, and has left its runs here.
    agreeing(runs, [byState, () => runs.orderBy('[state+seq]').count()]),
    agreeing(attachments, [() => attachments.orderBy('run').count()]),
  ]);
  return count;
}

/** @param lists ways to count what is listed; the next only where the one before does not agree */
async function agreeing(table: Table, lists: readonly (() => PromiseLike<number>)[]): Promise<number> {
  const there = await table.count();
  let inList = 0;
  for (const list of lists) {
    inList = await list();
    if (there === inList) return there;
  }
  throw new Fault(
    'failed',
    `${there} ${table.name} are in the store and ${inList} in its list.`,
    'Have the disk of this computer checked.',
  );
}

/** @param runs how many are there */
export function compare(store: Standing, runs: number, known: Anchor | undefined): Finding {
  if (known && store.birthId !== known.birthId) return 'replaced';
  if (store.lost !== null && runs + store.lost < store.lastSeq) return 'partly-lost';
  if (!known) return null;
  // The anchor follows the store: whatever it knows, the store must have known before.
  const isOlder =
    store.opened < known.opened ||
    store.lastSeq < known.lastSeq ||
    (store.chain?.n ?? 0) < (known.chain?.n ?? 0) ||
    (store.chain?.n === known.chain?.n && store.chain?.head !== known.chain?.head);
  return isOlder ? 'partly-lost' : null;
}

/** How many runs there were when this number was the last one. */
export interface Counted {
  readonly runs: number;
  readonly lastSeq: number;
}

export interface Settled {
  readonly anchor: Anchor;
  /** How many numbers belong to runs that are not on this disk any more, found lost only now. */
  readonly newlyLost: number;
}

/** Takes over whatever is further of store and anchor, and counts this opening; one transaction. */
export async function settle(
  tables: Tables,
  known: Anchor | undefined,
  found: {
    readonly finding: Finding;
    readonly generation: number;
    readonly counted: Counted;
    readonly incidents: (newlyLost: number) => readonly Omit<Incident, 'read'>[];
  },
  newId: () => string,
): Promise<Settled> {
  const stored = (await tables.meta.get(META.install))?.value as string | undefined;
  const installId = known?.installId ?? stored ?? newId();
  // Hashed before the transaction: awaiting anything else would end it.
  const first = await genesis(installId);
  return tables.transaction('rw', [tables.meta, tables.runs], async () => {
    const now = await standing(tables);
    const last = Math.max(now.lastSeq, known?.lastSeq ?? 0, now.newestSeq);
    const chain = further(now.chain, known?.chain ?? null) ?? first;
    const lost = last - (now.lastSeq === found.counted.lastSeq ? found.counted.runs : await tables.runs.count());
    const newlyLost = lost - (now.lost ?? (found.finding === 'replaced' ? 0 : lost));
    const anchor: Anchor = {
      installId,
      generation: found.generation,
      birthId: now.birthId ?? newId(),
      lastSeq: last,
      chain,
      opened: Math.max(now.opened, known?.opened ?? 0) + 1,
    };
    await tables.meta.bulkPut([
      { key: META.install, value: installId },
      { key: META.birth, value: anchor.birthId },
      { key: META.opened, value: anchor.opened },
      { key: META.lastSeq, value: last },
      { key: META.lost, value: lost },
      { key: META.chain, value: chain },
    ]);
    // What came before is accounted for by the words of this finding; the chain is checked from here on.
    if (found.finding) {
      const open = await tables.runs.where('[state+seq]').between(['RUNNING', 0], ['RUNNING', Infinity]).first();
      await tables.meta.put({ key: META.verified, value: { ...chain, seq: open ? open.seq - 1 : last } });
    }
    await record(tables, found.incidents(newlyLost));
    return { anchor, newlyLost };
  });
}

function further(one: ChainPlace | null, other: ChainPlace | null): ChainPlace | null {
  return (one?.n ?? -1) >= (other?.n ?? -1) ? one : other;
}
