/**
 * What copies outside of this browser (the picked folder, files) are compared with, and how a lost run comes back from one.
 *
 * A part of the store, reached as `store.outside`. Above it: sync/folder and sync/transfer, by the shape of their ports.
 * Knows nothing of folders and files.
 */
import Dexie from 'dexie';
import type { RunRow } from '#record/run-row.ts';
import { chunksOf } from '#storage/store/attachments.ts';
import { hashOf } from '#storage/store/chain.ts';
import type { Guard } from '#storage/store/guard.ts';
import { lastSeq } from '#storage/store/ledger.ts';
import { doubt } from '#storage/store/mend.ts';
import type { SecondCopy } from '#storage/store/second-copy.ts';
import { META, type Tables } from '#storage/store/tables.ts';

/** As a copy holds it. */
export interface OutsideRun {
  readonly id: string;
  readonly body: string;
  /** In the order in which they were added. */
  readonly files: readonly {
    readonly name: string;
    readonly content_type: string;
    readonly size: number;
    /** 64 hexadecimal digits. */
    readonly sha256: string;
    readonly bytes: Uint8Array<ArrayBuffer>;
  }[];
}

export interface OutsideParts {
  readonly tables: Tables;
  readonly guard: Guard;
  readonly second: SecondCopy;
  readonly nowMs: () => number;
}

export class Outside {
  readonly #parts: OutsideParts;

  constructor(parts: OutsideParts) {
    this.#parts = parts;
  }

  /** Those that are here, in any state. */
  rows(ids: readonly string[]): Promise<RunRow[]> {
    const { tables, guard } = this.#parts;
    return guard.run(async () => (await tables.runs.bulkGet([...ids])).filter((row) => row !== undefined));
  }

  lastSeq(): Promise<number> {
    const { tables, guard } = this.#parts;
    return guard.run(() => lastSeq(tables));
  }

  /** Delivered runs of a higher number whose bytes are still here, by number. */
  deliveredSince(seq: number): Promise<string[]> {
    const { tables, guard } = this.#parts;
    return guard.run(async () => {
      const [ids, whole] = await Promise.all([
        tables.runs.where('[state+seq]').between(['DELIVERED', seq], ['DELIVERED', Dexie.maxKey], false).primaryKeys(),
        tables.bodies.toCollection().primaryKeys(),
      ]);
      const kept = new Set(whole);
      return ids.filter((id) => kept.has(id));
    });
  }

  /** Which of these were delivered so long ago that retention has reduced them to their row. */
  reduced(ids: readonly string[]): Promise<string[]> {
    const { tables, guard } = this.#parts;
    return guard.run(async () => {
      const [rows, bodies] = await Promise.all([
        tables.runs.bulkGet([...ids]),
        tables.bodies
          .where('id')
          .anyOf([...ids])
          .primaryKeys(),
      ]);
      const kept = new Set(bodies);
      return rows.filter((row) => row?.state === 'DELIVERED' && !kept.has(row.id)).map((row) => row!.id);
    });
  }

  /**
   * Puts back what cannot be read here any more. The run may have been sent meanwhile, so it is looked up first.
   * @returns false when these are not the bytes that were sealed, or the run needs none
   */
  giveBack(run: OutsideRun): Promise<boolean> {
    const { tables, guard, nowMs } = this.#parts;
    const { runs, bodies, attachments, chunks } = tables;
    return guard.run(async () => {
      const hash = await hashOf(run.body);
      return tables.transaction('rw', [runs, bodies, attachments, chunks], async () => {
        const row = await runs.get(run.id);
        if (!row || row.state === 'DELIVERED' || row.chain?.body !== hash) return false;
        await bodies.put({ id: run.id, body: run.body });
        const here = await attachments.where('run').equals(run.id).toArray();
        for (const [n, { bytes, name, content_type, size, sha256 }] of run.files.entries()) {
          const id = `${run.id}/${n}`;
          const what = { id, run: run.id, n, name, content_type, size, sha256: `sha256:${sha256}` };
          if (!here.some((file) => file.id === id))
            await attachments.put({ ...what, state: 'STAGED', remote_id: '', attempts: 0, reason: '' });
          await chunks.bulkPut(chunksOf(id, bytes));
        }
        const why = 'Its bytes came back from a copy, and it is looked up before it is sent.';
        const again =
          row.remote_id === '' ? doubt(row.attempts, nowMs(), why) : { state: 'ATTACHING' as const, next_at_ms: 0 };
        await runs.put({ ...row, ...again, ...(row.attachments ? { came_back: true } : {}) });
        return true;
      });
    });
  }

  /** A store that was lost begins to count anew: its next number comes after every one that a copy is known to have. */
  async numbersFollow(seq: number): Promise<void> {
    const { tables, guard, second } = this.#parts;
    const isNew = await guard.run(() =>
      tables.transaction('rw', tables.meta, async () => {
        const last = await lastSeq(tables);
        if (seq <= last) return false;
        const lost = ((await tables.meta.get(META.lost))?.value as number | undefined) ?? 0;
        await tables.meta.bulkPut([
          { key: META.lastSeq, value: seq },
          { key: META.lost, value: lost + seq - last },
        ]);
        return true;
      }),
    );
    if (isNew) second.began(seq);
  }
}
