/**
 * The store on Dexie: every method one transaction, every failure a StorageFault.
 *
 * Made by open.ts. The questions of screens are in lists.ts, those of the outbox in outbox-rows.ts, the events in
 * journal.ts; here they become one object. Knows nothing of engine or network.
 */
import { Emitter, type Listener } from '#base/emitter.ts';
import { Fault } from '#base/fault.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import { storageFault, type StorageFault } from '#storage/fault.ts';
import type { AnchorPort } from '#storage/store/anchor.ts';
import type { Changes } from '#storage/store/changes.ts';
import { Journal } from '#storage/store/journal.ts';
import { lastSeq, replacedFault } from '#storage/store/ledger.ts';
import * as lists from '#storage/store/lists.ts';
import * as outbox from '#storage/store/outbox-rows.ts';
import { rowAtSeal, rowAtStart } from '#storage/store/row.ts';
import type { Store, StoredRelease } from '#storage/store/store.ts';
import { META, type Tables } from '#storage/store/tables.ts';

export interface Parts {
  readonly tables: Tables;
  readonly changes: Changes;
  readonly anchor: AnchorPort | null;
  readonly installId: string;
}

export class DexieStore implements Store {
  readonly #tables: Tables;
  readonly #journal: Journal;
  readonly #parts: Parts;
  readonly #losses = new Emitter<StorageFault>();
  #lost: StorageFault | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#tables = parts.tables;
    this.#journal = new Journal(parts.tables);
    const database = parts.tables.backendDB();
    database.addEventListener('versionchange', () =>
      this.#lose('A newer version of the app has taken over the database.', 'Reload the page.'),
    );
    database.addEventListener('close', () =>
      this.#lose('The browser has closed the database: its data was cleared or its disk failed.', 'Reload the page.'),
    );
  }

  async beginRun(header: Omit<RunHeader, 'seq'>): Promise<RunHeader> {
    const { runs, journal, meta } = this.#tables;
    const begun = await this.#guarded(() =>
      this.#tables.transaction('rw', [runs, journal, meta], async () => {
        const seq = (await lastSeq(this.#tables)) + 1;
        const whole: RunHeader = { ...header, seq };
        await meta.put({ key: META.lastSeq, value: seq });
        await runs.add(rowAtStart(whole));
        await journal.add({ run: whole.id, n: 0, events: [{ kind: 'run-started', header: whole }] });
        return whole;
      }),
    );
    this.#journal.began(begun.id);
    // Not awaited: the anchor may lag, and the unit is waiting.
    void this.#parts.anchor?.write({ installId: this.#parts.installId, lastSeq: begun.seq }).catch(() => undefined);
    return begun;
  }

  append(runId: string, events: readonly RunEvent[]): Promise<void> {
    return this.#guarded(() => this.#journal.append(runId, events));
  }

  async seal(runId: string, lastEvents: readonly RunEvent[], record: RunRecord, body: string): Promise<void> {
    const { runs, bodies, journal } = this.#tables;
    await this.#guarded(() =>
      this.#tables.transaction('rw', [runs, bodies, journal], async () => {
        const row = await runs.get(runId);
        if (row?.state !== 'RUNNING')
          throw new Fault('failed', `Run ${runId} is not open, so it cannot be sealed.`, 'Reload the page.');
        if (lastEvents.length > 0)
          await journal.add({ run: runId, n: await this.#journal.next(runId), events: lastEvents });
        await bodies.add({ id: runId, body });
        await runs.put(rowAtSeal(row, record));
      }),
    );
    this.#journal.ended(runId);
  }

  unfinished(): Promise<RunRecord[]> {
    return this.#guarded(async () => {
      const ids = await this.#tables.runs
        .where('[state+seq]')
        .between(['RUNNING', 0], ['RUNNING', Infinity])
        .primaryKeys();
      const records = await Promise.all(ids.map((id) => this.#journal.record(id)));
      return records.filter((record) => record !== undefined);
    });
  }

  recent(limit: number): Promise<RunRow[]> {
    return this.history({ limit });
  }

  history(query: lists.HistoryQuery): Promise<RunRow[]> {
    return this.#guarded(() => lists.history(this.#tables, query));
  }

  queue(limit: number): Promise<RunRow[]> {
    return this.#guarded(() => lists.queue(this.#tables, limit));
  }

  record(id: string): Promise<{ row: RunRow; record: RunRecord } | null> {
    return this.#guarded(async () => {
      const [row, record] = await Promise.all([this.#tables.runs.get(id), this.#journal.record(id)]);
      return row && record ? { row, record } : null;
    });
  }

  counts(day: string): Promise<{ waiting: number; parked: number; uploadedToday: number }> {
    return this.#guarded(() => lists.counts(this.#tables, day));
  }

  today(dayStart: string): Promise<{ runs: number; firstPassYield: number }> {
    return this.#guarded(() => lists.today(this.#tables, dayStart));
  }

  usualMs(procedureId: string): Promise<number> {
    return this.#guarded(() => lists.usualMs(this.#tables, procedureId));
  }

  get<T>(key: string): Promise<T | undefined> {
    return this.#guarded(async () => (await this.#tables.meta.get(key))?.value as T | undefined);
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#guarded(async () =>
      value === undefined ? this.#tables.meta.delete(key) : void (await this.#tables.meta.put({ key, value })),
    );
  }

  release(hash: string): Promise<StoredRelease | undefined> {
    return this.#guarded(() => this.#tables.releases.get(hash));
  }

  async saveRelease(release: StoredRelease): Promise<void> {
    await this.#guarded(() => this.#tables.releases.put(release));
  }

  undelivered(): Promise<RunRow[]> {
    return this.#guarded(() => outbox.undelivered(this.#tables));
  }

  sealed(id: string): Promise<{ body: string; procedureId: string; serial: string } | undefined> {
    return this.#guarded(() => outbox.sealed(this.#tables, id));
  }

  move(from: Pick<RunRow, 'id' | 'state' | 'attempts'>, to: Partial<RunRow>): Promise<boolean> {
    return this.#guarded(() => outbox.move(this.#tables, from, to));
  }

  hold(): Promise<outbox.StoredHold | undefined> {
    return this.#guarded(() => outbox.hold(this.#tables));
  }

  setHold(hold: outbox.StoredHold | undefined): Promise<void> {
    return this.#guarded(() => outbox.setHold(this.#tables, hold));
  }

  notBefore(): Promise<number> {
    return this.#guarded(() => outbox.notBefore(this.#tables));
  }

  setNotBefore(atMs: number): Promise<void> {
    return this.#guarded(() => outbox.setNotBefore(this.#tables, atMs));
  }

  /** That the browser had replaced the store by an empty one; until `set('replaced', undefined)`. */
  replaced(): Promise<StorageFault | null> {
    return this.#guarded(() => replacedFault(this.#tables));
  }

  onChange(listener: () => void): () => void {
    return this.#parts.changes.on(listener);
  }

  /** The database was taken away under the open store; nothing can be written any more. */
  onLost(listener: Listener<StorageFault>): () => void {
    if (this.#lost) listener(this.#lost);
    return this.#losses.on(listener);
  }

  close(): void {
    this.#parts.changes.close();
    this.#parts.anchor?.close();
    this.#tables.close();
  }

  #lose(message: string, remedy: string): void {
    if (this.#lost) return;
    this.#lost = new Fault('closed', message, remedy);
    this.close();
    this.#losses.emit(this.#lost);
  }

  async #guarded<T>(work: () => PromiseLike<T>): Promise<T> {
    if (this.#lost) throw this.#lost;
    try {
      return await work();
    } catch (thrown) {
      throw this.#lost ?? storageFault(thrown);
    }
  }
}
