/**
 * Units that did not pass, until a person has said that they were seen: no other one is tested before, where that is asked
 * for.
 *
 * Read from the runs on disk each time, so that no reload and no crash forgets one. Above: people.ts, front-desk.ts.
 * Knows nothing of screens.
 */
import { Fault } from '#base/fault.ts';
import type { FailedUnit } from '#engine/link/people-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import { whoCan } from '#fleet/people/person.ts';
import type { FailSeenBy, Role } from '#record/role.ts';
import type { RunOutcome } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import type { Store } from '#storage/store/store.ts';
import type { View } from './view.ts';

export interface FailedUnitsOptions {
  readonly store: Pick<Store, 'get' | 'set' | 'recent'>;
  readonly view: View;
  /** The lowest role that acknowledges them, now. */
  readonly seenBy: () => FailSeenBy;
  /** Whether whoever is signed in is at least this. */
  readonly mayBe: (lowest: Role) => boolean;
}

/** As it lies on disk. */
interface Kept {
  /** Runs up to this number were before anybody asked for it. */
  readonly from: number;
  /** Runs that a person has acknowledged. */
  readonly seen: readonly string[];
}

const KEPT = 'failed-units';
const CODE = 'fail-unseen';
/** Four times as many as there can be slots: whatever has not passed is among them. */
const LAST_RUNS = 64;
/** A run that a person stopped says nothing of its unit, and they were there. */
const WANTED: readonly (RunOutcome | null)[] = ['FAIL', 'ERROR', 'TIMEOUT'];

export class FailedUnits {
  readonly #options: FailedUnitsOptions;
  /** Something lies on disk, for all that is known here. */
  #mayBeKept = true;

  constructor(options: FailedUnitsOptions) {
    this.#options = options;
  }

  /** Looks, and shows. @returns why no other unit is tested; null: nothing stands against it */
  async look(): Promise<Word | null> {
    const failed = await this.#find();
    this.#show(failed);
    return failed.length > 0 ? wordOf(failed) : null;
  }

  /** @throws {Fault} `not-allowed` with who may */
  async acknowledge(ids: readonly string[]): Promise<void> {
    const lowest = this.#options.seenBy();
    // No longer asked for: nothing is kept that would be asked for later.
    if (lowest === 'nobody') return;
    if (!this.#options.mayBe(lowest))
      throw new Fault('not-allowed', 'Your role may not acknowledge a unit that did not pass.', whoCan(lowest));
    await this.#see(ids);
  }

  /** Somebody puts their badge there. @returns false when nothing waits for a person */
  async seenBy(mayAcknowledge: (lowest: Role) => boolean): Promise<boolean> {
    const lowest = this.#options.seenBy();
    const failed = lowest === 'nobody' ? [] : await this.#find();
    if (lowest === 'nobody' || failed.length === 0 || !mayAcknowledge(lowest)) return false;
    await this.#see(failed.map(({ id }) => id));
    return true;
  }

  async #see(ids: readonly string[]): Promise<void> {
    const { store, view } = this.#options;
    const { from = 0, seen = [] } = (await store.get<Kept>(KEPT)) ?? {};
    const last = new Set((await store.recent(LAST_RUNS)).map(({ id }) => id));
    const kept: Kept = { from, seen: [...new Set([...ids, ...seen])].filter((id) => last.has(id)) };
    await store.set(KEPT, kept);
    if ((await this.look()) === null && view.current.refusal?.code === CODE) view.change({ refusal: null });
  }

  async #find(): Promise<readonly FailedUnit[]> {
    const { store, seenBy } = this.#options;
    // Where it is not asked for, which is nearly everywhere, nothing is read.
    if (seenBy() === 'nobody') return this.#forget();
    this.#mayBeKept = true;
    const kept = await store.get<Kept>(KEPT);
    const rows = (await store.recent(LAST_RUNS)).filter(isOwn);
    if (kept)
      return rows.filter((row) => isFailed(row, kept)).map((row) => ({ id: row.id, serial: row.serial_number }));
    await store.set(KEPT, { from: rows[0]?.seq ?? 0, seen: [] } satisfies Kept);
    return [];
  }

  /** Asked for anew, it begins anew. */
  async #forget(): Promise<readonly FailedUnit[]> {
    const { store } = this.#options;
    if (this.#mayBeKept && (await store.get<Kept>(KEPT))) await store.set(KEPT, undefined);
    this.#mayBeKept = false;
    return [];
  }

  #show(failed: readonly FailedUnit[]): void {
    const { view } = this.#options;
    const ids = (units: readonly FailedUnit[] = []) => units.map(({ id }) => id).join();
    if (ids(failed) !== ids(view.current.failed)) view.change({ failed });
  }
}

function isOwn({ carried_from: from }: RunRow): boolean {
  return from === undefined;
}

function isFailed({ id, seq, outcome }: RunRow, { from, seen }: Kept): boolean {
  return seq > from && WANTED.includes(outcome) && !seen.includes(id);
}

function wordOf(failed: readonly FailedUnit[]): Word {
  const serials = [...new Set(failed.map(({ serial }) => serial))];
  return {
    code: CODE,
    message: `${serials.join(', ')} did not pass, and nobody has acknowledged that.`,
    remedy: 'Set it aside and acknowledge it. Then scan again.',
  };
}
