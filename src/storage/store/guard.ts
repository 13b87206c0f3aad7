/**
 * Every access to an open store: a failure becomes a StorageFault, and after a loss nothing is tried any more.
 *
 * Above it: dexie-store.ts, which closes itself when `onLost` tells. Knows nothing of what is asked of the store.
 */
import { Emitter, type Listener } from '#base/emitter.ts';
import { Fault } from '#base/fault.ts';
import { storageFault, type StorageFault } from '#storage/fault.ts';

export class Guard {
  readonly #losses = new Emitter<StorageFault>();
  #lost: StorageFault | null = null;

  constructor(database: IDBDatabase) {
    database.addEventListener('versionchange', () =>
      this.#lose('A newer version of the app has taken over the database.', 'Reload the page.'),
    );
    database.addEventListener('close', () =>
      this.#lose('The browser has closed the database: its data was cleared or its disk failed.', 'Reload the page.'),
    );
  }

  /** @throws {StorageFault} */
  async run<T>(work: () => PromiseLike<T>): Promise<T> {
    if (this.#lost) throw this.#lost;
    try {
      return await work();
    } catch (thrown) {
      throw this.#lost ?? storageFault(thrown);
    }
  }

  onLost(listener: Listener<StorageFault>): () => void {
    if (this.#lost) listener(this.#lost);
    return this.#losses.on(listener);
  }

  #lose(message: string, remedy: string): void {
    if (this.#lost) return;
    this.#lost = new Fault('closed', message, remedy);
    this.#losses.emit(this.#lost);
  }
}
