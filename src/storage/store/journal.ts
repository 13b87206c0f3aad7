/**
 * The append-only journal of run events.
 *
 * Appends go to the raw database behind Dexie: they are on the path of every measurement, and must cost no more than
 * a put. Above it: the store. Knows nothing of rows, bodies or what an event means, but for rebuilding a record.
 */
import Dexie from 'dexie';
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { RunRecord } from '#record/run-record.ts';
import type { JournalEntry, Tables } from '#storage/store/tables.ts';

export class Journal {
  readonly #tables: Tables;
  /** Number of the next entry, by run; only a run that this world writes is here. */
  readonly #next = new Map<string, number>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** A new run's first entry was written by the caller's own transaction. */
  began(run: string): void {
    this.#next.set(run, 1);
  }

  /** The run is sealed: nothing will be appended. */
  ended(run: string): void {
    this.#next.delete(run);
  }

  async append(run: string, events: readonly RunEvent[]): Promise<void> {
    const n = this.#next.get(run) ?? (await this.next(run));
    this.#next.set(run, n + 1);
    try {
      await this.#add({ run, n, events });
    } catch (thrown) {
      this.#next.delete(run);
      throw thrown;
    }
  }

  /** Usable inside a Dexie transaction that covers `journal`. */
  async next(run: string): Promise<number> {
    return ((await this.#entries(run).last())?.n ?? -1) + 1;
  }

  /** The run as its events tell it; undefined when its beginning is missing. */
  async record(run: string): Promise<RunRecord | undefined> {
    const events = (await this.#entries(run).toArray()).flatMap((entry) => entry.events);
    const first = events[0];
    if (first?.kind !== 'run-started') return undefined;
    const record = recordOf(first.header);
    for (const event of events) applyEvent(record, event);
    return record;
  }

  #entries(run: string) {
    return this.#tables.journal.where('[run+n]').between([run, Dexie.minKey], [run, Dexie.maxKey]);
  }

  #add(entry: JournalEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#tables.backendDB().transaction('journal', 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new DOMException('The write was aborted.', 'AbortError'));
      // `add`, never `put`: a second writer of the same run must fail, not overwrite.
      transaction.objectStore('journal').add(entry);
      transaction.commit();
    });
  }
}
