/**
 * The store on Dexie: every method one transaction, every failure a StorageFault.
 *
 * Made by open.ts. The questions of screens are in lists.ts, those of the outbox in outbox-rows.ts, the events in
 * journal.ts; here they become one object. Knows nothing of engine or network.
 */
import type { Clock } from '#base/clock.ts';
import type { Listener } from '#base/emitter.ts';
import type { Attachment, NewAttachment } from '#record/attachment.ts';
import { correctedBody } from '#record/correction.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunHeader, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import type { StorageFault } from '#storage/fault.ts';
import * as files from '#storage/store/attachments.ts';
import { Ballast } from '#storage/store/ballast.ts';
import { hashOf } from '#storage/store/chain.ts';
import type { Changes } from '#storage/store/changes.ts';
import type { Incident } from '#storage/store/incidents.ts';
import { Guard } from '#storage/store/guard.ts';
import { Journal } from '#storage/store/journal.ts';
import { DaySum } from '#storage/store/day-sum.ts';
import { chainPlace, lastSeq } from '#storage/store/ledger.ts';
import * as lists from '#storage/store/lists.ts';
import { doubt } from '#storage/store/mend.ts';
import { Moves } from '#storage/store/moves.ts';
import { Outside } from '#storage/store/outside.ts';
import * as outbox from '#storage/store/outbox-rows.ts';
import { rowAtStart } from '#storage/store/row.ts';
import { Sealing } from '#storage/store/sealing.ts';
import { SecondCopy } from '#storage/store/second-copy.ts';
import type { Anchor, Shadow } from '#storage/store/shadow.ts';
import type { StateCounts } from '#storage/store/state-counts.ts';
import type { Store, StoredRelease } from '#storage/store/store.ts';
import { META, type Tables } from '#storage/store/tables.ts';
import { takeBreak } from '#storage/store/verify.ts';
import { Upkeep } from '#storage/store/upkeep.ts';

export interface Parts {
  readonly tables: Tables;
  readonly changes: Changes;
  readonly states: StateCounts;
  readonly clock: Clock;
  /** null where this browser keeps no second memory. */
  readonly shadow: Shadow | null;
  /** null in a world that begins and seals nothing. */
  readonly anchor: Anchor | null;
  /** What of comparing the two copies was left for later. @returns what was found */
  readonly compareCopies: () => Promise<readonly Omit<Incident, 'read'>[]>;
}

export class DexieStore implements Store {
  readonly upkeep: Upkeep;
  readonly outside: Outside;
  readonly #tables: Tables;
  readonly #journal: Journal;
  readonly #sealing: Sealing;
  readonly #second: SecondCopy;
  readonly #ballast: Ballast;
  readonly #moves: Moves;
  readonly #days: DaySum;
  readonly #parts: Parts;
  readonly #guard: Guard;

  constructor(parts: Parts) {
    const { tables, shadow, anchor, clock, compareCopies } = parts;
    this.#parts = parts;
    this.#tables = tables;
    this.#journal = new Journal(tables);
    this.#moves = new Moves((moves) => outbox.moveAll(tables, moves));
    this.#sealing = new Sealing(tables, this.#journal, anchor?.installId ?? '');
    this.#second = new SecondCopy(tables, shadow, anchor, clock);
    this.#ballast = new Ballast(tables, clock);
    this.#days = new DaySum(tables);
    this.upkeep = new Upkeep({
      tables,
      clock,
      ballast: this.#ballast,
      second: this.#second,
      compareCopies,
      installId: anchor?.installId ?? null,
    });
    this.#guard = new Guard(tables.backendDB());
    this.#guard.onLost(() => this.close());
    this.outside = new Outside({ tables, guard: this.#guard, second: this.#second, nowMs: () => clock.nowMs() });
  }

  async beginRun(header: Omit<RunHeader, 'seq'>): Promise<RunHeader> {
    const { runs, journal, meta } = this.#tables;
    const begun = await this.#guarded(async () => {
      await this.#ballast.demandRoom();
      return this.#tables.transaction('rw', [runs, journal, meta], async () => {
        const tables = this.#tables;
        const [last, chain, kept] = await Promise.all([lastSeq(tables), chainPlace(tables), takeBreak(tables)]);
        const seq = last + 1;
        const whole: RunHeader = { ...header, seq, ...(chain ? { chain_prev: chain.head } : {}), ...kept };
        await Promise.all([
          this.#ballast.probe(),
          meta.put({ key: META.lastSeq, value: seq }),
          runs.add(rowAtStart(whole)),
          journal.add({ run: whole.id, n: 0, events: [{ kind: 'run-started', header: whole }] }),
        ]);
        return whole;
      });
    });
    this.#journal.began(begun.id);
    this.#second.began(begun.seq);
    return begun;
  }

  append(runId: string, events: readonly RunEvent[]): Promise<void> {
    return this.#guarded(() => this.#ballast.withRoom(() => this.#journal.append(runId, events)));
  }

  addAttachment(runId: string, file: NewAttachment): Promise<Attachment> {
    return this.#guarded(async () => {
      const added = await this.#ballast.withRoom(() => files.addAttachment(this.#tables, runId, file));
      await this.#second.fileAdded(added, file.bytes);
      return added;
    });
  }

  async seal(runId: string, lastEvents: readonly RunEvent[], record: RunRecord, body: string): Promise<void> {
    await this.#guarded(async () => {
      const row = await this.#ballast.withRoom(() => this.#sealing.seal(runId, lastEvents, record, body));
      await this.#second.sealed(row, body, record);
    });
    this.#journal.ended(runId);
  }

  unfinished(): Promise<RunRecord[]> {
    return this.#guarded(async () => {
      const records: RunRecord[] = [];
      for (const row of await outbox.running(this.#tables)) {
        const record = await this.#journal.record(row.id).catch(() => undefined);
        if (record) records.push(record);
        else await this.#setAside(row);
      }
      return records;
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
    return this.#guarded(() => lists.counts(this.#tables, this.#parts.states, day));
  }

  today(dayStart: string): Promise<{ runs: number; firstPassYield: number }> {
    return this.#guarded(() => this.#days.today(dayStart));
  }

  runsOfUnit(serial: string, procedureId: string, since: string): Promise<number> {
    return this.#guarded(() => lists.runsOfUnit(this.#tables, serial, procedureId, since));
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
    return this.#guarded(async () => {
      const { runs, bodies } = this.#tables;
      const [row, found] = await Promise.all([runs.get(id), bodies.get(id).catch(() => undefined)]);
      if (!row) return undefined;
      const isGood = found !== undefined && (!row.chain || (await hashOf(found.body)) === row.chain.body);
      const body = isGood ? found.body : await this.#second.mendBody(row);
      if (body === null) return undefined;
      const texts = (row.corrections ?? []).map(({ text }) => text);
      return { body: correctedBody(body, texts), procedureId: row.procedure_id, serial: row.serial_number };
    });
  }

  move(from: outbox.Move['from'], to: outbox.Move['to']): Promise<boolean> {
    return this.#guarded(async () => {
      if (to.state === 'CREATING') return this.#begin(from, to);
      const moved = await this.#moves.move(from, to);
      if (moved && to.state === 'DELIVERED') this.#second.delivered(from.id);
      return moved;
    });
  }

  /** A person's correction of a run that was refused; the shape is that of sync/outbox/correct.ts. */
  correct(from: RunRow, text: string, to: Partial<RunRow>): Promise<boolean> {
    return this.#guarded(async () => {
      const row = await this.#ballast.withRoom(() => this.#sealing.correct(from, text, to));
      if (row) await this.#second.corrected(row);
      return row !== null;
    });
  }

  attachments(runId: string): Promise<Attachment[]> {
    return this.#guarded(() => this.#second.attachments(runId));
  }

  attachmentBytes(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#guarded(() => this.#second.attachmentBytes(id));
  }

  moveAttachment(from: Pick<Attachment, 'id' | 'state' | 'attempts'>, to: Partial<Attachment>): Promise<boolean> {
    return this.#guarded(() => files.moveAttachment(this.#tables, from, to));
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

  onChange(listener: () => void): () => void {
    return this.#parts.changes.on(listener);
  }

  /** The database was taken away under the open store; nothing can be written any more. */
  onLost(listener: Listener<StorageFault>): () => void {
    return this.#guard.onLost(listener);
  }

  close(): void {
    this.#parts.changes.close();
    this.#second.close();
    this.#tables.close();
  }

  /** What a run had measured cannot be read: the run stays visible, and stands in nobody's way. */
  async #setAside(row: RunRow): Promise<void> {
    const why = 'What it had measured cannot be read on this machine.';
    await this.#second.quarantine('journal', row.id, why, row);
    await outbox.move(this.#tables, row, { state: 'PARKED', outcome: 'ERROR', reason: why, upload_reason: why });
    await this.upkeep.report({
      code: 'quarantined',
      message: `Run ${row.seq} of ${row.serial_number} was under way when the station stopped, and cannot be read.`,
      remedy: 'Test this unit again, and have the disk of this computer checked.',
    });
  }

  /** Both memories are told at once: a run waits for both before it is posted. */
  async #begin(from: outbox.Move['from'], to: outbox.Move['to']): Promise<boolean> {
    const [mayPost, moved] = await Promise.all([this.#second.mayPost(from), this.#moves.move(from, to)]);
    if (mayPost || !moved) return moved;
    const attempts = to.attempts ?? from.attempts;
    const why = 'The second copy says that it may have been sent: it is looked up first.';
    await this.#moves.move({ ...from, state: 'CREATING', attempts }, doubt(attempts, this.#parts.clock.nowMs(), why));
    return false;
  }

  #guarded<T>(work: () => PromiseLike<T>): Promise<T> {
    return this.#guard.run(work);
  }
}
