/**
 * The files of one run on their way: slot, bytes, "read it", and when all are there, the run that they belong to.
 *
 * The run is at the server already. Until the link a file belongs to nobody, so that a lost answer leaves an orphan
 * that no person sees and never a second row; only the link needs the care of a POST. Above it: courier.ts, which
 * gives each step its turn. Knows nothing of order and concurrency.
 */
import { messageOf } from '#base/fault.ts';
import type { Attachment } from '#record/attachment.ts';
import type { RunRow } from '#record/run-row.ts';
import { fullJitterMs, throttleMs } from '#sync/outbox/backoff.ts';
import type { DrainOptions } from '#sync/outbox/drain-options.ts';
import type {
  Doubtful,
  FinalizeAnswer,
  LinkAnswer,
  Refused,
  SlotAnswer,
  StoreAnswer,
  Throttled,
} from '#sync/outbox/ports.ts';
import { type Instant, isElsewhere, type OutboxEvent, passedMs } from '#sync/outbox/transition.ts';

/** What the courier of runs does for this one. */
export interface FileCourierParts {
  readonly options: DrainOptions;
  readonly instant: () => Instant;
  readonly apply: (row: RunRow, event: OutboxEvent) => Promise<RunRow | null>;
  /** What an answer means for everything else of this station. */
  readonly heed: (answer: Trouble) => Promise<void>;
  /** Waits until another request may go. @returns false: none may */
  readonly turn: () => Promise<boolean>;
}

type Trouble = Throttled | Refused | Doubtful | { readonly kind: 'failed'; readonly message: string };
type Moved = Promise<RunRow | null>;

export class FileCourier {
  readonly #parts: FileCourierParts;

  constructor(parts: FileCourierParts) {
    this.#parts = parts;
  }

  /** One file further, or the link. @returns the row as it is now; null when someone else has taken it */
  async step(row: RunRow): Moved {
    const files = await this.#parts.options.store.attachments(row.id);
    // What failed often lets the others pass.
    const open = files.filter(({ state }) => state === 'STAGED' || state === 'STORED');
    const next = open.toSorted((a, b) => a.attempts - b.attempts || a.n - b.n)[0];
    if (next) return next.state === 'STAGED' ? this.#send(row, next) : this.#finalize(row, next);
    const linking = files.filter(({ state }) => state === 'LINKING');
    if (linking.length > 0) return this.#look(row, linking);
    const ready = files.filter(({ state }) => state === 'FINALIZED');
    if (ready.length > 0) return isElsewhere(row) ? this.#linkLacking(row, ready) : this.#link(row, ready);
    return this.#end(row, files);
  }

  async #end(row: RunRow, files: readonly Attachment[]): Moved {
    if (files.some(({ state }) => state !== 'LINKED' && state !== 'PARKED')) return row;
    const lost = (row.attachments ?? 0) - files.length;
    const problems = files.filter(({ state }) => state === 'PARKED').map(({ name, reason }) => `${name}: ${reason}`);
    if (lost > 0) problems.push(`${lost} of its files cannot be found on this machine any more.`);
    if (problems.length === 0) return this.#parts.apply(row, { kind: 'files-linked' });
    return this.#parts.apply(row, { kind: 'files-refused', message: problems.join(' ') });
  }

  async #send(row: RunRow, file: Attachment): Moved {
    const { store, carrier, signal } = this.#parts.options;
    const bytes = await store.attachmentBytes(file.id);
    if (!bytes) return this.#park(row, file, 'Its bytes cannot be read on this machine.');
    const slot = await carrier.files.slot(file.name, signal).catch(failed);
    if (slot.kind !== 'slot') return this.#notYet(row, file, slot);
    // At once, whatever the pace: the address lives for a minute, and the storage is not what the pace protects.
    const answer = await carrier.files.store(slot.address, bytes, file.content_type, signal).catch(failed);
    if (answer.kind !== 'stored') return this.#notYet(row, file, answer);
    const to = { state: 'STORED', remote_id: slot.remoteId } as const;
    if (!(await store.moveAttachment(file, to)) || !(await this.#parts.turn())) return row;
    return this.#finalize(row, { ...file, ...to });
  }

  /** Failed, this step is repeated alone: another slot would be another file. */
  async #finalize(row: RunRow, file: Attachment): Moved {
    const { store, carrier, signal } = this.#parts.options;
    const answer = await carrier.files.finalize(file.remote_id, signal).catch(failed);
    if (answer.kind !== 'finalized') return this.#notYet(row, file, answer);
    await store.moveAttachment(file, { state: 'FINALIZED', reason: '' });
    const files = await store.attachments(row.id);
    const count = files.filter(({ state }) => state !== 'STAGED' && state !== 'STORED' && state !== 'PARKED').length;
    return this.#parts.apply(row, { kind: 'files-sent', count });
  }

  /** Another holder of this run may have linked its files: what the run has under this name and size is not linked again. */
  async #linkLacking(row: RunRow, files: readonly Attachment[]): Moved {
    const { store, carrier, signal } = this.#parts.options;
    const answer = await carrier.files.linked(row.remote_id, signal).catch(failed);
    if (answer.kind !== 'files') return this.#wait(row, answer, row.attempts);
    const has = (file: Attachment) => answer.files.some(({ name, size }) => name === file.name && size === file.size);
    const lacking = files.filter((file) => !has(file));
    for (const file of files.filter(has)) await store.moveAttachment(file, { state: 'LINKED', reason: '' });
    if (lacking.length === 0) return this.#end(row, await store.attachments(row.id));
    return (await this.#parts.turn()) ? this.#link(row, lacking) : row;
  }

  async #link(row: RunRow, files: readonly Attachment[]): Moved {
    const { store, carrier, signal } = this.#parts.options;
    // As with a POST: nothing is begun that is not on disk as begun.
    const intent = await this.#parts.apply(row, { kind: 'linking' });
    if (!intent) return null;
    const linking: Attachment[] = [];
    for (const file of files) {
      if (file.state !== 'LINKING' && !(await store.moveAttachment(file, { state: 'LINKING' }))) return intent;
      linking.push({ ...file, state: 'LINKING' });
    }
    const ids = linking.map(({ remote_id }) => remote_id);
    const answer: LinkAnswer = await carrier.files
      .link(row.remote_id, ids, signal)
      .catch((thrown: unknown) => ({ kind: 'doubtful', message: messageOf(thrown) }));
    switch (answer.kind) {
      case 'linked':
        return this.#linked(intent, linking);
      case 'doubtful':
        await this.#parts.heed(answer);
        return intent;
      case 'rejected':
        for (const file of linking) await store.moveAttachment(file, { state: 'PARKED', reason: answer.message });
        return this.#end(intent, await store.attachments(row.id));
      default:
        // Nothing was done, for sure.
        for (const file of linking) await store.moveAttachment(file, { state: 'FINALIZED' });
        return this.#wait(intent, answer, 0);
    }
  }

  /** A link whose answer was lost: only what is not there is linked again, and not before it cannot come by itself. */
  async #look(row: RunRow, linking: readonly Attachment[]): Moved {
    const { carrier, signal, settings } = this.#parts.options;
    const began = this.#parts.instant();
    const answer = await carrier.files.linked(row.remote_id, signal).catch(failed);
    if (answer.kind !== 'files') return this.#wait(row, answer, row.attempts);
    const linked = new Set(answer.files.map(({ remoteId }) => remoteId));
    const missing = linking.filter(({ remote_id }) => !linked.has(remote_id));
    const there = linking.filter((file) => !missing.includes(file));
    if (missing.length === 0) return this.#linked(row, there);
    for (const file of there) await this.#parts.options.store.moveAttachment(file, { state: 'LINKED' });
    const leftMs = settings.ambiguousWaitMs - passedMs(row, began);
    if (leftMs <= 0) return (await this.#parts.turn()) ? this.#link(row, missing) : row;
    const untilMs = began.nowMs + Math.min(leftMs, settings.ambiguousWaitMs);
    // Both clocks before the time that was written: one of them was set back, and the wait begins anew.
    const waiting = leftMs > settings.ambiguousWaitMs ? await this.#parts.apply(row, { kind: 'linking' }) : row;
    const message = 'The answer about its files was lost; they are looked up again before they are sent again.';
    return waiting && this.#parts.apply(waiting, { kind: 'files-wait', untilMs, message });
  }

  async #linked(row: RunRow, files: readonly Attachment[]): Moved {
    const { store } = this.#parts.options;
    for (const file of files) await store.moveAttachment(file, { state: 'LINKED', reason: '' });
    return this.#end(row, await store.attachments(row.id));
  }

  async #notYet(
    row: RunRow,
    file: Attachment,
    answer: Exclude<SlotAnswer | StoreAnswer | FinalizeAnswer, { kind: 'slot' | 'stored' | 'finalized' }>,
  ): Moved {
    const { store } = this.#parts.options;
    const attempts = file.attempts + 1;
    switch (answer.kind) {
      case 'rejected':
        return this.#park(row, file, answer.message);
      case 'expired':
      case 'unknown':
        // The bytes go again, to a new address; the old file stays nobody's. The first time at once.
        await store.moveAttachment(file, { state: 'STAGED', remote_id: '', attempts, reason: answer.message });
        return attempts === 1 ? row : this.#wait(row, { kind: 'failed', message: answer.message }, attempts, false);
      case 'failed':
        await store.moveAttachment(file, { state: file.state, attempts, reason: answer.message });
        return this.#wait(row, answer, attempts);
      default:
        return this.#wait(row, answer, attempts);
    }
  }

  async #park(row: RunRow, file: Attachment, reason: string): Moved {
    await this.#parts.options.store.moveAttachment(file, { state: 'PARKED', reason });
    return row;
  }

  async #wait(row: RunRow, answer: Trouble, attempts: number, concernsAll = true): Moved {
    const { clock, random } = this.#parts.options;
    const pauseMs =
      answer.kind === 'throttled'
        ? throttleMs(answer.retryAfterMs, attempts, random())
        : fullJitterMs(attempts, random());
    const untilMs = clock.nowMs() + pauseMs;
    const moved = await this.#parts.apply(row, { kind: 'files-wait', untilMs, message: answer.message });
    if (concernsAll) await this.#parts.heed(answer);
    return moved;
  }
}

function failed(thrown: unknown): { readonly kind: 'failed'; readonly message: string } {
  return { kind: 'failed', message: messageOf(thrown) };
}
