/**
 * What went wrong with this station's memory: said until a person has read it, and kept after that.
 *
 * A list in `meta`. Above it: whoever finds something (ledger, mend, verify); the door shows what is unread. Knows
 * nothing of screens.
 */
import { META, type Tables } from '#storage/store/tables.ts';

/**
 * replaced: the browser had put an empty store in the place of the old one. repaired: part of the store was lost or
 * put back, and was mended. quarantined: something could not be read and is kept apart. chain-broken: a sealed run is
 * no longer what was sealed. single-copy: the second copy could not be written. unreadable: a run that waits cannot be
 * read; the next opening mends it.
 */
export type IncidentCode = 'replaced' | 'repaired' | 'quarantined' | 'chain-broken' | 'single-copy' | 'unreadable';

export interface Incident {
  readonly code: IncidentCode;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly message: string;
  readonly remedy: string;
  readonly read: boolean;
}

/** Enough for the life of a disk that fails; the oldest go first. */
const MOST_KEPT = 200;

export async function incidents({ meta }: Tables): Promise<readonly Incident[]> {
  return ((await meta.get(META.incidents))?.value as readonly Incident[] | undefined) ?? [];
}

/** Usable inside a transaction that covers `meta`. */
export async function record(tables: Tables, found: readonly Omit<Incident, 'read'>[]): Promise<void> {
  if (found.length === 0) return;
  const all = [...(await incidents(tables)), ...found.map((incident) => ({ ...incident, read: false }))];
  await tables.meta.put({ key: META.incidents, value: all.slice(-MOST_KEPT) });
}

export function markRead(tables: Tables, code: IncidentCode): Promise<void> {
  return tables.transaction('rw', tables.meta, async () => {
    const all = (await incidents(tables)).map((one) => (one.code === code ? { ...one, read: true } : one));
    await tables.meta.put({ key: META.incidents, value: all });
  });
}
