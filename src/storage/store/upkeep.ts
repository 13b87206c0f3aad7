/**
 * Looking after the store beside the work: what happened to it and who has read of it, the chain, old runs, room.
 *
 * A part of the store, reached as `store.upkeep`. Above it: a door, which decides when. Knows nothing of screens.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { messageOf } from '#base/fault.ts';
import { storageFault } from '#storage/fault.ts';
import type { Ballast } from '#storage/store/ballast.ts';
import { genesis } from '#storage/store/chain.ts';
import { incidents, type Incident, type IncidentCode, markRead, record } from '#storage/store/incidents.ts';
import { undelivered } from '#storage/store/outbox-rows.ts';
import type { Retention } from '#storage/default-retention.ts';
import { reduce } from '#storage/store/retention.ts';
import type { SecondCopy } from '#storage/store/second-copy.ts';
import type { Tables } from '#storage/store/tables.ts';
import { keepBreak, verify } from '#storage/store/verify.ts';

export interface UpkeepParts {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly ballast: Ballast;
  readonly second: SecondCopy;
  /** The part of comparing the two copies that an opening leaves for later. @returns what was found */
  readonly compareCopies: () => Promise<readonly Omit<Incident, 'read'>[]>;
  /** null in a world that seals nothing: there is no chain to check. */
  readonly installId: string | null;
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #news = new Emitter<Incident>();

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    parts.second.onIncident((incident) => void this.report(incident));
  }

  /** What happened to this station's memory and nobody has read yet, oldest first. */
  unread(): Promise<Incident[]> {
    return guarded(async () => (await incidents(this.#parts.tables)).filter(({ read }) => !read));
  }

  markRead(code: IncidentCode): Promise<void> {
    return guarded(() => markRead(this.#parts.tables, code));
  }

  onIncident(listener: Listener<Incident>): () => void {
    return this.#news.on(listener);
  }

  async report(found: Omit<Incident, 'at' | 'read'>): Promise<void> {
    const { tables, clock } = this.#parts;
    const incident = { ...found, at: new Date(clock.nowMs()).toISOString() };
    // It is told even where it cannot be written down.
    await tables
      .transaction('rw', tables.meta, () => record(tables, [incident]))
      .catch((thrown: unknown) => console.warn('an incident was not kept:', messageOf(thrown)));
    this.#news.emit({ ...incident, read: false });
  }

  /** Brings the two copies in step, as far as the opening did not have to; what is found or fails becomes an incident. */
  async compareCopies(): Promise<void> {
    try {
      for (const found of await this.#parts.compareCopies()) await this.report(found);
    } catch (thrown) {
      const fault = storageFault(thrown);
      if (fault.code === 'closed') return;
      await this.report({
        code: 'single-copy',
        message: `The second copy could not be brought up to date: ${fault.message}`,
        remedy: 'The runs themselves are saved. Free disk space, then reload the page: the copy is made then.',
      });
    }
  }

  /** Reads every row that waits: one that cannot be read would stop every drain, so the next opening is to mend it. */
  async readWaiting(): Promise<void> {
    const { tables, second } = this.#parts;
    try {
      await undelivered(tables);
    } catch (thrown) {
      const fault = storageFault(thrown);
      if (fault.code !== 'failed') throw fault;
      await second.markUnreadable();
      await this.report({
        code: 'unreadable',
        message: `A run that waits cannot be read on this disk, so nothing is sent: ${fault.message}`,
        remedy: 'Reload the page: the station then repairs its data from the second copy. Have the disk checked.',
      });
    }
  }

  /** Checks the chain from where the last check ended; a break becomes an incident. */
  async verify(): Promise<void> {
    const { tables, clock, second, installId } = this.#parts;
    if (installId === null) return;
    const first = await genesis(installId);
    const found = await guarded(() => verify(tables, first, async (row) => (await second.mendBody(row)) !== null));
    if (!found) return;
    await guarded(() => keepBreak(tables, found, new Date(clock.nowMs()).toISOString()));
    await this.report({
      code: 'chain-broken',
      message: `The record of run ${found.seq} has been changed after it was sealed: ${found.why}.`,
      remedy: 'Compare this run with TofuPilot, and find out who or what wrote to this browser’s data.',
    });
  }

  /** Every other procedure release goes. */
  async keepReleases(hashes: readonly string[]): Promise<void> {
    await guarded(() => this.#parts.tables.releases.where('release').noneOf(hashes).delete());
  }

  /** Reduces delivered runs to their rows. @returns their ids */
  reduce(retention: Retention): Promise<string[]> {
    const { tables, clock, second } = this.#parts;
    return guarded(async () => {
      await second.sweepFiles().catch(() => undefined);
      return reduce(tables, retention, clock.nowMs());
    });
  }

  /** Makes sure of the room that lets a run be finished. @returns false when the disk is too full for it */
  keepBallast(): Promise<boolean> {
    return guarded(() => this.#parts.ballast.ensure());
  }
}

async function guarded<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storageFault(thrown);
  }
}
