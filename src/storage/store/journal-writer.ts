/**
 * Group commit: events of one run go to the journal in order, as many together as came while the disk was busy.
 *
 * Stands between an engine's events and `Store.append`. What reached the disk is told in order; after one failure
 * nothing more is written, so the journal has no hole. Knows nothing of what the events mean.
 */
import { Emitter } from '#base/emitter.ts';
import { Fault } from '#base/fault.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { Store } from '#storage/store/store.ts';

export interface JournalWriter {
  /** Resolves when this event is on disk. @throws {StorageFault} its own failure, or that of an event before it; {Fault} `aborted` when it is left to the seal */
  write(event: RunEvent): Promise<void>;
  /**
   * Begins nothing more; resolves when what is under way is on disk, or is known not to be. What was not told is the
   * caller's to keep: a run's last events go with its seal, which saves a trip to the disk while a unit waits.
   */
  finish(): Promise<void>;
}

interface Batch {
  readonly events: RunEvent[];
  readonly done: Promise<void>;
  readonly settle: { resolve(): void; reject(thrown: unknown): void };
}

export function createJournalWriter(
  store: Pick<Store, 'append'>,
  runId: string,
  onDurable: (events: readonly RunEvent[]) => void,
): JournalWriter {
  const durable = new Emitter<readonly RunEvent[]>();
  durable.on(onDurable);
  let next = emptyBatch();
  let inFlight: Promise<void> = Promise.resolve();
  let busy = false;
  let finished = false;
  let failure: { readonly thrown: unknown } | null = null;

  async function pump(): Promise<void> {
    while (next.events.length > 0 && !failure && !finished) {
      const batch = next;
      next = emptyBatch();
      inFlight = batch.done;
      try {
        await store.append(runId, batch.events);
      } catch (thrown) {
        failure = { thrown };
        batch.settle.reject(thrown);
        next.settle.reject(thrown);
        break;
      }
      durable.emit(batch.events);
      batch.settle.resolve();
    }
    busy = false;
  }

  return {
    write(event) {
      if (failure) return Promise.reject(failure.thrown);
      next.events.push(event);
      const { done } = next;
      if (!busy) {
        busy = true;
        // One turn later, so that events emitted together go together.
        queueMicrotask(() => void pump());
      }
      return done;
    },
    async finish() {
      finished = true;
      await inFlight.catch(() => undefined);
      next.settle.reject(new Fault('aborted', 'The journal was finished before this event.', 'Seal the run with it.'));
    },
  };
}

function emptyBatch(): Batch {
  let settle!: Batch['settle'];
  const done = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  // A caller may leave the promise alone and rely on flush().
  done.catch(() => undefined);
  return { events: [], done, settle };
}
