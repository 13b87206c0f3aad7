/**
 * The hint that delivers with the page closed: Background Sync, and its periodic sister where it is granted.
 *
 * Only a window may register. A refusal is no error: the open page drains by itself (bench-worker/uploads.ts), and
 * three attempts in twenty minutes were never more than a hint.
 */
interface SyncRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
  readonly periodicSync?: { register(tag: string, options: { minInterval: number }): Promise<void> };
}

const TAG = 'outbox';
/** The browser's own smallest gap. */
const TWELVE_HOURS_MS = 12 * 60 * 60 * 1000;

export async function registerBackgroundSync(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const registration = (await navigator.serviceWorker.ready) as SyncRegistration;
  await registration.sync?.register(TAG).catch(() => {});
  await registration.periodicSync?.register(TAG, { minInterval: TWELVE_HOURS_MS }).catch(() => {});
}
