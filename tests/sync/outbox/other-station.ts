/**
 * A person who takes waiting runs along in a file now and then, another station that delivers some of them, and the
 * receipts that come back.
 *
 * Marks rows as sync/transfer does, under the outbox's lock; a receipt comes at any moment. It takes along only what
 * was never posted: two stations that send at the same second are told apart by nobody. Or a folder that a person
 * picked: rows are marked as sync/folder does it, in the middle of a drain too, and whoever opens the folder delivers
 * what he finds there. Knows nothing of drains.
 */
import { transition } from '#sync/outbox/transition.ts';
import type { RunRow } from '#record/run-row.ts';
import type { OutboxStore } from '#sync/outbox/ports.ts';
import type { WithLock } from '#sync/outbox/web-lock.ts';
import type { SimServer } from '../sim-server.ts';
import type { VirtualClock } from '../virtual-clock.ts';

export interface Journey {
  readonly store: OutboxStore;
  readonly server: SimServer;
  readonly clock: VirtualClock;
  readonly chance: () => number;
  readonly withLock: WithLock;
  readonly isPoison: (id: string) => boolean;
}

const NEVER = new AbortController().signal;

/** One file, out and perhaps back. */
export async function carryAlong({ store, server, clock, chance, withLock, isPoison }: Journey): Promise<void> {
  const delivered = new Map<string, string>();
  await withLock(NEVER, async () => {
    for (const row of await store.undelivered()) {
      if (row.attempts > 0 || chance() < 0.5) continue;
      const moment = { nowMs: 0, chance: 0, today: '', ambiguousWaitMs: 0 };
      const change = transition(row, { kind: 'exported', at: new Date(clock.nowMs()).toISOString() }, moment);
      if (!change || !(await store.move(row, change).catch(() => false))) continue;
      const sealed = await store.sealed(row.id);
      const isThere = server.committed.some(({ body }) => body.metadata.client_run_id === row.id);
      if (sealed && !isThere && !isPoison(row.id) && chance() < 0.6)
        delivered.set(row.id, server.deliverElsewhere(sealed.body, await filesOf(store, row.id)));
    }
  });
  await clock.sleep(chance() * 300_000);
  const waiting = new Map((await store.undelivered()).map((row) => [row.id, row]));
  for (const [id, remoteId] of delivered) if (chance() < 0.5) await receive(store, waiting.get(id), remoteId, clock);
}

/** One round of copying, and perhaps somebody who opens the folder later. @returns ids of the runs that he delivered */
export async function copyToFolder({ store, server, clock, chance, withLock, isPoison }: Journey): Promise<string[]> {
  const moment = { nowMs: 0, chance: 0, today: '', ambiguousWaitMs: 0 };
  const mark = async (may: (row: RunRow) => boolean) => {
    for (const row of (await store.undelivered()).filter((row) => may(row) && chance() < 0.7)) {
      const change = transition(row, { kind: 'copied', at: new Date(clock.nowMs()).toISOString() }, moment);
      if (change) await store.move(row, change);
    }
  };
  // A drain holds the lock for as long as it lasts: then only what it has not touched is marked.
  if (chance() < 0.5) await withLock(NEVER, () => mark(() => true));
  else await mark(({ state }) => state === 'QUEUED');
  if (chance() < 0.5) return [];
  await clock.sleep(chance() * 120_000);
  const opened: string[] = [];
  await withLock(NEVER, async () => {
    for (const row of await store.undelivered()) {
      if (row.copied_at === undefined || row.attempts > 0 || isPoison(row.id) || chance() < 0.5) continue;
      if (server.committed.some(({ body }) => body.metadata.client_run_id === row.id)) continue;
      const sealed = await store.sealed(row.id);
      server.deliverElsewhere(sealed!.body, await filesOf(store, row.id));
      opened.push(row.id);
    }
  });
  return opened;
}

/** Its files, as they lie in the file that was taken along. */
async function filesOf(store: OutboxStore, run: string): Promise<{ name: string; content: string }[]> {
  const files = [];
  for (const { id, name } of await store.attachments(run))
    files.push({ name, content: new TextDecoder().decode(await store.attachmentBytes(id)) });
  return files;
}

async function receive(
  store: OutboxStore,
  row: RunRow | undefined,
  remoteId: string,
  clock: VirtualClock,
): Promise<void> {
  const moment = { nowMs: clock.nowMs(), chance: 0, today: '2026-11-20', ambiguousWaitMs: 0 };
  const change = row && transition(row, { kind: 'receipted', remoteId, by: 'other', isWhole: false }, moment);
  if (change) await store.move(row, change).catch(() => false);
}
