/**
 * The station's own count of runs, and whether the store still is the one that it was.
 *
 * Compares store and anchor once, at opening. A replaced store goes on with the numbers that follow the last known
 * one, so that no `station_seq` is ever used twice. Knows nothing of runs.
 */
import { Fault } from '#base/fault.ts';
import type { StorageFault } from '#storage/fault.ts';
import type { AnchorPort } from '#storage/store/anchor.ts';
import { META, type Tables } from '#storage/store/tables.ts';

interface Replaced {
  /** The last run that the lost store is known to have held. */
  readonly lastSeq: number;
}

/** Usable inside a transaction that covers `meta`. */
export async function lastSeq({ meta }: Tables): Promise<number> {
  return ((await meta.get(META.lastSeq))?.value as number | undefined) ?? 0;
}

/** @returns the id of this installation */
export async function settleLedger(
  tables: Tables,
  anchor: AnchorPort | null,
  newInstallId: () => string,
): Promise<string> {
  // The anchor first: it follows the store, so a store read later can only be further.
  const known = await anchor?.read().catch(() => undefined);
  const installId = await tables.transaction('rw', tables.meta, async () => {
    const stored = (await tables.meta.get(META.install))?.value as string | undefined;
    const last = await lastSeq(tables);
    if (stored !== undefined && (!known || known.lastSeq <= last)) return stored;
    const id = known?.installId ?? stored ?? newInstallId();
    await tables.meta.put({ key: META.install, value: id });
    if (known && known.lastSeq > last) {
      await tables.meta.put({ key: META.lastSeq, value: known.lastSeq });
      await tables.meta.put({ key: META.replaced, value: { lastSeq: known.lastSeq } satisfies Replaced });
    }
    return id;
  });
  await anchor?.write({ installId, lastSeq: await lastSeq(tables) }).catch(() => undefined);
  return installId;
}

/** What to tell the person while the loss has not been acknowledged (meta `replaced` deleted); null when all is well. */
export async function replacedFault({ meta }: Tables): Promise<StorageFault | null> {
  const replaced = (await meta.get(META.replaced))?.value as Replaced | undefined;
  if (!replaced) return null;
  return new Fault(
    'replaced',
    `The browser has lost this station’s data: runs up to number ${replaced.lastSeq} may be gone from this disk.`,
    'Look in TofuPilot whether the last runs arrived, and have the disk of this computer checked.',
  );
}
