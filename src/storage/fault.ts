/**
 * The room's closed list of faults, and how a browser's storage error becomes one of them.
 *
 * Below: whatever IndexedDB, Dexie or WebCrypto threw. Knows nothing of who shows the sentence.
 */
import { Fault, messageOf } from '#base/fault.ts';

/**
 * full: the disk or the browser's share of it. blocked: another tab keeps an older version open. closed: the browser
 * or a newer version took the database away. absent: nothing is stored here yet. damaged: what is there cannot be
 * used. failed: anything else.
 */
export type StorageCode = 'full' | 'blocked' | 'closed' | 'absent' | 'damaged' | 'failed';

export type StorageFault = Fault<StorageCode>;

/** Names of the errors that mean "no room": Dexie hides the browser's inside its own. */
const FULL = 'QuotaExceededError';
const CLOSED = new Set(['DatabaseClosedError', 'InvalidStateError', 'MissingAPIError', 'VersionChangeError']);

export function storageFault(thrown: unknown): StorageFault {
  if (thrown instanceof Fault) return thrown as StorageFault;
  const names = namesOf(thrown);
  if (names.includes(FULL))
    return new Fault(
      'full',
      'The disk is full: nothing was written.',
      'Free disk space on this computer, then start again.',
      {
        cause: thrown,
      },
    );
  if (names.some((name) => CLOSED.has(name)))
    return new Fault('closed', 'The database was closed by the browser.', 'Reload the page.', { cause: thrown });
  return new Fault(
    'failed',
    `The browser could not use its storage: ${messageOf(thrown)}`,
    'Reload the page; if this stays, restart the browser.',
    {
      cause: thrown,
    },
  );
}

/** Every error name from the outside in; libraries wrap as `inner`, the platform as `cause`. */
function namesOf(thrown: unknown): string[] {
  const names: string[] = [];
  const seen = new Set<unknown>();
  for (let error = thrown; typeof error === 'object' && error !== null && !seen.has(error);) {
    seen.add(error);
    const { name, inner, cause } = error as { name?: unknown; inner?: unknown; cause?: unknown };
    if (typeof name === 'string') names.push(name);
    error = inner ?? cause;
  }
  return names;
}
