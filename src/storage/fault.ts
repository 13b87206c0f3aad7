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
/** What Chromium's LevelDB says of a full disk, in an error of another name, when it closes the database for it. */
const NO_SPACE = /FILE_ERROR_NO_SPACE/;
const CLOSED = new Set(['DatabaseClosedError', 'InvalidStateError', 'MissingAPIError', 'VersionChangeError']);

export function storageFault(thrown: unknown): StorageFault {
  if (thrown instanceof Fault) return thrown as StorageFault;
  const errors = errorsOf(thrown);
  const names = errors.map(({ name }) => name);
  if (names.includes(FULL) || errors.some(({ message }) => NO_SPACE.test(message)))
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

/** Every error from the outside in; libraries wrap as `inner`, the platform as `cause`. */
function errorsOf(thrown: unknown): { readonly name: string; readonly message: string }[] {
  const errors: { name: string; message: string }[] = [];
  const seen = new Set<unknown>();
  for (let error = thrown; typeof error === 'object' && error !== null && !seen.has(error);) {
    seen.add(error);
    const { name, inner, cause } = error as { name?: unknown; inner?: unknown; cause?: unknown };
    errors.push({ name: typeof name === 'string' ? name : '', message: messageOf(error) });
    error = inner ?? cause;
  }
  return errors;
}
