/**
 * What an opening does when the store is not what it was: find out, mend, say so.
 *
 * A new empty store: undelivered runs come back from the second copy. A store that cannot be read: what can be read is
 * taken out and put into a new one first. The order keeps a crash in the middle harmless: the finding is written down
 * last, so the next opening finds the same again. A store in which no number is missing is opened at once; its two copies
 * are then compared run by run beside the work. Above it: open.ts.
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import { storageFault } from '#storage/fault.ts';
import { Ballast } from '#storage/store/ballast.ts';
import type { Incident } from '#storage/store/incidents.ts';
import { compare, demandAgreement, type Finding, settle, standing } from '#storage/store/ledger.ts';
import { copyMissing, restore, type Restored, stragglers } from '#storage/store/mend.ts';
import { firstUndelivered, undelivered } from '#storage/store/outbox-rows.ts';
import { putAll, salvage } from '#storage/store/salvage.ts';
import type { Anchor, Shadow } from '#storage/store/shadow.ts';
import type { Sighting } from '#storage/store/sighting.ts';
import type { StateCounts } from '#storage/store/state-counts.ts';
import type { Tables } from '#storage/store/tables.ts';

export interface Place {
  readonly tables: Tables;
  readonly generation: number;
  readonly states: StateCounts;
}

export interface Patient {
  readonly place: Place;
  /** What the second memory knew before the store was opened. */
  readonly known: Anchor | undefined;
  readonly shadow: Shadow | null;
  readonly sighting: Sighting;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Gives the database up and opens a new one. */
  readonly renew: () => Promise<Place>;
}

export interface Mended {
  readonly anchor: Anchor;
  /** What was left of comparing the two copies; done once, by whoever calls it first. @returns what was found */
  readonly compareCopies: () => Promise<readonly Omit<Incident, 'read'>[]>;
}

/** @throws {StorageFault} `full`, `closed`, `blocked`, and `failed` when even a new database cannot be used */
export async function mend(patient: Patient): Promise<Mended> {
  if (patient.known?.unreadable) return renewed(patient, 'a run that waits could not be read');
  try {
    return await examine(patient, patient.place, null);
  } catch (thrown) {
    if (storageFault(thrown).code !== 'failed') throw thrown;
    return renewed(patient, messageOf(thrown));
  }
}

async function renewed(patient: Patient, why: string): Promise<Mended> {
  const { place, shadow, clock, renew } = patient;
  const saved = await salvage(place.tables, new Date(clock.nowMs()).toISOString());
  if (saved.unreadable.length > 0) await shadow?.quarantine(saved.unreadable).catch(() => undefined);
  const fresh = await renew();
  await putAll(fresh.tables, saved);
  return examine(patient, fresh, why);
}

/** @param unreadable why the database before this one was given up; null when it was not */
async function examine(
  { shadow, known, sighting, clock, newId }: Patient,
  { tables, generation, states }: Place,
  unreadable: string | null,
): Promise<Mended> {
  const nowMs = clock.nowMs();
  const [runs, before] = await Promise.all([
    demandAgreement(tables, states),
    standing(tables),
    // A row that cannot be read would stop every drain. Of a long backlog the rest is read beside the work (upkeep.ts).
    known && shadow ? firstUndelivered(tables, FIRST_READ) : undelivered(tables),
  ]);
  const finding: Finding = unreadable === null ? compare(before, runs, known) : 'partly-lost';
  // No number is missing and nothing is older than the anchor: whatever the second copy holds, the store has too.
  const isWhole = finding === null && known !== undefined;
  const restored = shadow && !isWhole ? await restore(tables, shadow, nowMs) : NOTHING;
  const counted = { runs: restored.runs > 0 ? await tables.runs.count() : runs, lastSeq: before.lastSeq };
  const cause = unreadable ?? sighting.failure;
  const at = new Date(nowMs).toISOString();
  const incidents = (lost: number) => words(finding, restored, lost, cause, at);
  // On a full disk too: what is saved must still be seen and delivered.
  const { anchor } = await new Ballast(tables, clock).withRoom(() =>
    settle(tables, known, { finding, incidents, generation, counted }, newId),
  );
  if (!shadow) return { anchor, compareCopies: async () => [] };
  // What begins from here on is copied by whoever seals it.
  const own = await stragglers(tables, anchor.lastSeq);
  const copy = () => copyMissing(tables, shadow, { trusted: known === undefined, isOld: own, nowMs });
  if (isWhole) {
    await shadow.setAnchor(anchor).catch(() => undefined);
    return {
      anchor,
      compareCopies: once(async () => {
        const late = await restore(tables, shadow, nowMs);
        await copy();
        return words(null, late, 0, null, at);
      }),
    };
  }
  // Without an anchor the second copy can say nothing, so a new one gets it when it is complete.
  const copying = copy().finally(() => shadow.setAnchor(anchor).catch(() => undefined));
  copying.catch(() => undefined);
  // A new second copy may have ten thousand runs to take over, and nobody should wait for that.
  if (known) await copying.catch(() => undefined);
  return { anchor, compareCopies: once(async () => (await copying, [])) };
}

/** Several times what a drain has under way at once; ten thousand would take a second. */
const FIRST_READ = 50;
const NOTHING: Restored = { runs: 0, quarantined: 0 };

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= work());
}

function words(
  finding: Finding,
  { runs, quarantined }: Restored,
  lost: number,
  cause: string | null,
  at: string,
): Omit<Incident, 'read'>[] {
  const found: Omit<Incident, 'read'>[] = [];
  const said = cause ? ` (The browser said: ${cause})` : '';
  const back = `${runs} undelivered ${runs === 1 ? 'run' : 'runs'} came back from the second copy`;
  const gone = lost > 0 ? `; ${lost} other ${lost === 1 ? 'run is' : 'runs are'} no longer on this disk` : '';
  if (finding === 'replaced')
    found.push({
      code: 'replaced',
      at,
      message: `The browser had put an empty store in the place of this station’s data: ${back}${gone}.${said}`,
      remedy: 'Runs that TofuPilot has are safe there. Have the disk of this computer checked.',
    });
  else if (finding === 'partly-lost' || runs > 0)
    found.push({
      code: 'repaired',
      at,
      message: `Part of this station’s data was damaged and has been repaired: ${back}${gone}.${said}`,
      remedy: 'Runs that TofuPilot has are safe there. Have the disk of this computer checked.',
    });
  if (quarantined > 0)
    found.push({
      code: 'quarantined',
      at,
      message: `${quarantined} ${quarantined === 1 ? 'run' : 'runs'} could not be read from the second copy and ${quarantined === 1 ? 'is' : 'are'} kept apart.`,
      remedy: 'Look in TofuPilot whether the last runs arrived; test again what is missing.',
    });
  return found;
}
