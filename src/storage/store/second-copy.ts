/**
 * Keeps the second memory in step with the store, and asks it before a run is posted.
 *
 * Its rule: the store is written first, the second copy after it, and both before anybody hears "saved". A failure of
 * the second copy never stops a run: it is told, and made good at the next opening. Above it: dexie-store.ts.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { messageOf } from '#base/fault.ts';
import type { Attachment } from '#record/attachment.ts';
import type { RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import { attachmentBytes, attachmentsOf, chunksIn } from '#storage/store/attachments.ts';
import { hashOf } from '#storage/store/chain.ts';
import type { Incident } from '#storage/store/incidents.ts';
import { restoreChunks, restoreFiles } from '#storage/store/mend-files.ts';
import type { Anchor, Shadow } from '#storage/store/shadow.ts';
import type { Tables } from '#storage/store/tables.ts';

type Found = Omit<Incident, 'read' | 'at'>;

export class SecondCopy {
  readonly #tables: Tables;
  readonly #shadow: Shadow | null;
  readonly #clock: Clock;
  readonly #found = new Emitter<Found>();
  #anchor: Anchor | null;

  /** @param anchor null in a world that begins and seals nothing */
  constructor(tables: Tables, shadow: Shadow | null, anchor: Anchor | null, clock: Clock) {
    this.#tables = tables;
    this.#shadow = shadow;
    this.#anchor = anchor;
    this.#clock = clock;
  }

  /** Not waited for: the anchor may lag, and the unit is waiting. */
  began(lastSeq: number): void {
    if (!this.#anchor) return;
    this.#anchor = { ...this.#anchor, lastSeq: Math.max(lastSeq, this.#anchor.lastSeq) };
    void this.#shadow?.setAnchor(this.#anchor).catch(() => undefined);
  }

  async sealed(row: RunRow, body: string, record: RunRecord): Promise<void> {
    if (!this.#shadow) return;
    const { n, head } = row.chain!;
    if (this.#anchor) this.#anchor = { ...this.#anchor, chain: { n, head } };
    try {
      await this.#shadow.keep({ row, body, record }, this.#anchor ?? undefined);
    } catch (thrown) {
      this.#found.emit({
        code: 'single-copy',
        message: `The second copy of run ${row.seq} could not be written: ${messageOf(thrown)}`,
        remedy: 'The run itself is saved. Free disk space, then reload the page: the copy is made then.',
      });
    }
  }

  async fileAdded(file: Attachment, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.#shadow?.files.keep(file, chunksIn(bytes));
    } catch (thrown) {
      this.#found.emit({
        code: 'single-copy',
        message: `The second copy of ${file.name} could not be written: ${messageOf(thrown)}`,
        remedy: 'The file itself is saved. Free disk space, then reload the page: the copy is made then.',
      });
    }
  }

  /** The store's list of a run's files; what it has lost is put back first. */
  async attachments(run: string): Promise<Attachment[]> {
    const found = await attachmentsOf(this.#tables, run);
    const row = await this.#tables.runs.get(run);
    if (!this.#shadow || row?.state === 'DELIVERED' || found.length >= (row?.attachments ?? 0)) return found;
    const count = await restoreFiles(this.#tables, this.#shadow.files, run).catch(() => 0);
    return count > 0 ? attachmentsOf(this.#tables, run) : found;
  }

  /** The store's bytes of a file; damaged ones are put back first. @returns undefined when there are no good ones */
  async attachmentBytes(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await attachmentBytes(this.#tables, id).catch(() => undefined);
    if (bytes) return bytes;
    const file = await this.#tables.attachments.get(id);
    return file && (await this.#mendBytes(file)) ? attachmentBytes(this.#tables, id) : undefined;
  }

  /** Gives up files whose run was delivered, or never came to its end, just before the station stopped. */
  async sweepFiles(): Promise<void> {
    const files = this.#shadow?.files;
    if (!files) return;
    const ids = await files.runs();
    const rows = await this.#tables.runs.bulkGet(ids);
    await files.drop(ids.filter((_, at) => rows[at] === undefined || rows[at].state === 'DELIVERED'));
  }

  async #mendBytes(file: Attachment): Promise<boolean> {
    const files = this.#shadow?.files;
    if (!files || !(await restoreChunks(this.#tables, files, file).catch(() => false))) return false;
    this.#found.emit({
      code: 'quarantined',
      message: `${file.name} was damaged on this disk and came back from the second copy.`,
      remedy: 'Nothing is lost. Have the disk of this computer checked.',
    });
    return true;
  }

  /** The sealed bytes are there already; only the row has changed. */
  async corrected(row: RunRow): Promise<void> {
    const { n, head } = row.corrections!.at(-1)!;
    if (this.#anchor) this.#anchor = { ...this.#anchor, chain: { n, head } };
    const copy = await this.#shadow?.run(row.id).catch(() => undefined);
    if (copy) await this.#shadow!.keep({ ...copy, row }, this.#anchor ?? undefined).catch(() => undefined);
  }

  /**
   * Notes that a run is about to be posted.
   * @returns false when the second memory knows better: it was delivered, or sent more often than the row says
   */
  async mayPost(row: Pick<RunRow, 'id' | 'state' | 'attempts'>): Promise<boolean> {
    const witness = await this.#shadow?.beginSend(row.id, row.attempts + 1).catch(() => null);
    if (!witness || row.state !== 'QUEUED') return true;
    return witness.kept && witness.attempts <= row.attempts;
  }

  delivered(id: string): void {
    void this.#shadow?.drop([id]).catch(() => undefined);
  }

  /** The bytes of a run whose own are damaged or gone, put back into the store; null when there are no good ones. */
  async mendBody(row: RunRow): Promise<string | null> {
    const copy = await this.#shadow?.run(row.id).catch(() => undefined);
    if (!copy || (row.chain && (await hashOf(copy.body)) !== row.chain.body)) return null;
    const { bodies } = this.#tables;
    const damaged = await bodies.get(row.id).catch(() => undefined);
    const reason = damaged ? 'Its bytes are not those that were sealed.' : 'Its bytes could not be read.';
    await this.quarantine('bodies', row.id, reason, damaged);
    // A database that cannot take it is found at the next opening; the bytes are good either way.
    await bodies.put({ id: row.id, body: copy.body }).catch(() => undefined);
    this.#found.emit({
      code: 'quarantined',
      message: `Run ${row.seq} of ${row.serial_number} was damaged on this disk and came back from the second copy.`,
      remedy: 'Nothing is lost. Have the disk of this computer checked.',
    });
    return copy.body;
  }

  /** For the next opening, which makes the store anew. */
  async markUnreadable(): Promise<void> {
    if (!this.#anchor) return;
    this.#anchor = { ...this.#anchor, unreadable: true };
    await this.#shadow?.setAnchor(this.#anchor).catch(() => undefined);
  }

  async quarantine(table: string, key: string, reason: string, value: unknown): Promise<void> {
    const at = new Date(this.#clock.nowMs()).toISOString();
    await this.#shadow?.quarantine([{ at, table, key, reason, value }]).catch(() => undefined);
  }

  onIncident(listener: Listener<Found>): () => void {
    return this.#found.on(listener);
  }

  close(): void {
    this.#shadow?.close();
  }
}
