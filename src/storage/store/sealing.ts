/**
 * The end of a run: last events, exact bytes, row and place in the chain, in one strict transaction.
 *
 * One sealing at a time, because each needs the head of the one before. Above it: dexie-store.ts, which then writes
 * the second copy. Knows nothing of that.
 */
import { Fault } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import { type ChainPlace, genesis, hashOf, link } from '#storage/store/chain.ts';
import type { Journal } from '#storage/store/journal.ts';
import { chainPlace } from '#storage/store/ledger.ts';
import { rowAtSeal } from '#storage/store/row.ts';
import { META, type Tables } from '#storage/store/tables.ts';

export class Sealing {
  readonly #tables: Tables;
  readonly #journal: Journal;
  readonly #installId: string;
  readonly #turns = new Turns();

  constructor(tables: Tables, journal: Journal, installId: string) {
    this.#tables = tables;
    this.#journal = journal;
    this.#installId = installId;
  }

  /** @returns the row as it is on disk now */
  seal(runId: string, lastEvents: readonly RunEvent[], record: RunRecord, body: string): Promise<RunRow> {
    return this.#turns.take(async () => {
      const bodyHash = await hashOf(body);
      for (;;) {
        // Hashed before the transaction: awaiting anything else would end it.
        const previous = (await chainPlace(this.#tables)) ?? (await genesis(this.#installId));
        const chain = await link(previous, record.seq, bodyHash);
        const row = await this.#write(runId, lastEvents, body, previous, (open) => rowAtSeal(open, record, chain));
        if (row) return row;
      }
    });
  }

  /**
   * A correction is a link of its own: the sealed bytes and their link stay.
   * @returns the row as it is on disk now; null when someone else has moved it
   */
  correct(from: RunRow, text: string, to: Partial<RunRow>): Promise<RunRow | null> {
    return this.#turns.take(async () => {
      const textHash = await hashOf(text);
      for (;;) {
        const previous = (await chainPlace(this.#tables)) ?? (await genesis(this.#installId));
        const { n, head } = await link(previous, from.seq, textHash);
        const row = await this.#add(from, { text, n, head }, previous, to);
        if (row !== 'again') return row;
      }
    });
  }

  #add(
    from: RunRow,
    correction: { readonly text: string } & ChainPlace,
    previous: ChainPlace,
    to: Partial<RunRow>,
  ): Promise<RunRow | null | 'again'> {
    const { runs, meta } = this.#tables;
    return this.#tables.transaction('rw', [runs, meta], async () => {
      const now = await chainPlace(this.#tables);
      if (now && now.head !== previous.head) return 'again';
      const there = await runs.get(from.id);
      if (there?.state !== from.state || there.attempts !== from.attempts) return null;
      const row = { ...there, ...to, corrections: [...(there.corrections ?? []), correction] };
      await runs.put(row);
      const ids = ((await meta.get(META.corrected))?.value as string[] | undefined) ?? [];
      await meta.put({ key: META.corrected, value: [...new Set([...ids, row.id])] });
      await meta.put({ key: META.chain, value: { n: correction.n, head: correction.head } satisfies ChainPlace });
      return row;
    });
  }

  /** @returns null when another world has sealed meanwhile: the place is computed anew */
  #write(
    runId: string,
    lastEvents: readonly RunEvent[],
    body: string,
    previous: ChainPlace,
    sealed: (open: RunRow) => RunRow,
  ): Promise<RunRow | null> {
    const { runs, bodies, journal, meta } = this.#tables;
    return this.#tables.transaction('rw', [runs, bodies, journal, meta], async () => {
      const [open, now, n] = await Promise.all([runs.get(runId), chainPlace(this.#tables), this.#journal.next(runId)]);
      if (open?.state !== 'RUNNING')
        throw new Fault('failed', `Run ${runId} is not open, so it cannot be sealed.`, 'Reload the page.');
      if (now && now.head !== previous.head) return null;
      const row = sealed(open);
      await Promise.all([
        ...(lastEvents.length > 0 ? [journal.add({ run: runId, n, events: lastEvents })] : []),
        bodies.add({ id: runId, body }),
        runs.put(row),
        meta.put({ key: META.chain, value: { n: row.chain!.n, head: row.chain!.head } satisfies ChainPlace }),
      ]);
      return row;
    });
  }
}
