/**
 * A person's wish to try parked runs again.
 *
 * Any number of times, and never a loss: a run that is refused again is parked again. Knows nothing of screens.
 */
import type { OutboxStore } from '#sync/outbox/ports.ts';
import { transition } from '#sync/outbox/transition.ts';

/** @param id one run; every parked run without it. @returns how many were put back */
export async function retryParked(store: OutboxStore, id?: string): Promise<number> {
  let count = 0;
  for (const row of await store.undelivered()) {
    if (id !== undefined && row.id !== id) continue;
    if (row.state !== 'PARKED') continue;
    if (row.attachments)
      for (const file of await store.attachments(row.id))
        if (file.state === 'PARKED') await store.moveAttachment(file, { state: 'STAGED', remote_id: '', reason: '' });
    const change = transition(row, { kind: 'retried' }, { nowMs: 0, chance: 0, today: '', ambiguousWaitMs: 0 });
    if (change && (await store.move(row, change))) count += 1;
  }
  return count;
}
