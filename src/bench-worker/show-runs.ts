/**
 * The queue, the last runs and today's count, as the screens show them.
 *
 * Above: station.ts, which knows when they change. Knows nothing of how runs come about.
 */
import { localDay } from '#base/local-day.ts';
import type { LocalStore } from '#storage/store/open.ts';
import type { Transfer } from './transfer.ts';
import { holdWord } from './uploads.ts';
import type { View } from './view.ts';

const RECENT_RUNS = 12;

interface Scene {
  readonly store: LocalStore;
  readonly transfer: Transfer;
  readonly view: View;
  readonly nowMs: number;
}

export async function showRuns(scene: Scene): Promise<void> {
  const { store, view, nowMs } = scene;
  await showQueue(scene);
  view.change({ today: await store.today(new Date(`${localDay(nowMs)}T00:00:00`).toISOString()) });
}

export async function showQueue({ store, transfer, view, nowMs }: Scene): Promise<void> {
  const [counts, hold, recent] = await Promise.all([
    transfer.counts(localDay(nowMs)),
    store.hold(),
    store.recent(RECENT_RUNS),
  ]);
  view.change({ queue: { ...counts, hold: holdWord(hold) }, recent });
}
