/**
 * One drain at a time in the whole browser: page worker, service worker and every tab take the same Web Lock.
 *
 * The browser frees the lock when its holder dies. The lock manager is looked up through a shape of its own, because
 * this folder also compiles for worlds without `navigator`. Knows nothing of what is done under the lock.
 */
export const OUTBOX_LOCK = 'fieldbench-outbox';

export interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

export type WithLock = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Waits for the lock, in turn; an abort while waiting rejects with the signal's reason. */
export function webLock(name: string, locks: Locks = browserLocks()): WithLock {
  return (signal, work) => locks.request(name, { signal }, work);
}

function browserLocks(): Locks {
  return (globalThis as unknown as { navigator: { locks: Locks } }).navigator.locks;
}
