/**
 * A look at the database before Dexie opens it: is there one, and does it open at the first try?
 *
 * Chromium answers a damaged store with one error and then, at the next open, with a new empty one; Dexie repeats the
 * open by itself, so its caller sees an empty store and no error (offline-sync, 3.2). This look creates nothing: the
 * transaction that would is aborted. Knows nothing of tables.
 */
import { storageFault } from '#storage/fault.ts';

export interface Sighting {
  /** Native version of the database that is there; 0 when there is none, null when it cannot be opened at all. */
  readonly version: number | null;
  /** What the browser said when it could not open it; null when it could. */
  readonly failure: string | null;
}

/** One for the error, one for what the browser puts in its place, one for a slow disk. */
const TRIES = 3;
/** What Chromium says of a damaged database; anything else has another cause. */
const DAMAGED = 'UnknownError';

/** @throws {DOMException} when the browser refuses for another reason than damage */
export async function look(factory: IDBFactory, name: string): Promise<Sighting> {
  let failure: string | null = null;
  for (let tries = 0; tries < TRIES; tries++)
    try {
      return { version: await versionOf(factory, name), failure };
    } catch (thrown) {
      if (!(thrown instanceof DOMException) || thrown.name !== DAMAGED || storageFault(thrown).code === 'full')
        throw thrown;
      failure = thrown.message;
    }
  return { version: null, failure };
}

function versionOf(factory: IDBFactory, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name);
    let isAbsent = false;
    request.onupgradeneeded = ({ oldVersion }) => {
      isAbsent = oldVersion === 0;
      request.transaction?.abort();
    };
    request.onsuccess = () => {
      const { version } = request.result;
      request.result.close();
      resolve(version);
    };
    request.onerror = (event) => {
      // Otherwise the browser reports the abort as an uncaught error.
      event.preventDefault();
      if (isAbsent) resolve(0);
      else reject(request.error ?? new DOMException('The database could not be opened.', 'UnknownError'));
    };
  });
}
