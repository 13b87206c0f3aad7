/**
 * What a browser gives each profile for itself and Node has not: Web Locks, a cache of answers, and channels between tabs.
 *
 * In memory, one of each for each station: nobody else is in its profile. Knows nothing of stations.
 */
interface Held {
  readonly name: string;
}

type Work = (lock: Held) => unknown;

/** Exclusive ones only: no part of the station asks for others. */
export class MemoryLocks {
  readonly #held = new Map<string, Promise<unknown>>();

  async query(): Promise<{ held: Held[]; pending: Held[] }> {
    return { held: [...this.#held.keys()].map((name) => ({ name })), pending: [] };
  }

  async request(name: string, options: { readonly signal?: AbortSignal } | Work, work?: Work): Promise<unknown> {
    const [{ signal }, then] = typeof options === 'function' ? [{ signal: undefined }, options] : [options, work!];
    signal?.throwIfAborted();
    const before = this.#held.get(name) ?? Promise.resolve();
    const mine = before.then(() => {
      signal?.throwIfAborted();
      return then({ name });
    });
    const quiet = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#held.set(name, quiet);
    void quiet.then(() => {
      if (this.#held.get(name) === quiet) this.#held.delete(name);
    });
    return mine;
  }
}

/** By path; an answer is kept as its bytes. */
class MemoryCache {
  readonly #kept = new Map<string, ArrayBuffer>();

  async match(path: string): Promise<Response | undefined> {
    const bytes = this.#kept.get(path);
    return bytes && new Response(bytes.slice(0));
  }

  async put(path: string, response: Response): Promise<void> {
    this.#kept.set(path, await response.arrayBuffer());
  }

  async delete(path: string): Promise<boolean> {
    return this.#kept.delete(path);
  }

  async keys(): Promise<{ url: string }[]> {
    return [...this.#kept.keys()].map((path) => ({ url: `http://localhost${path}` }));
  }
}

export class MemoryCaches {
  readonly #caches = new Map<string, MemoryCache>();

  async open(name: string): Promise<MemoryCache> {
    const cache = this.#caches.get(name) ?? new MemoryCache();
    this.#caches.set(name, cache);
    return cache;
  }
}

/** One tab alone: whoever speaks is heard by nobody. */
export class DeafChannel extends EventTarget {
  onmessage: unknown = null;
  postMessage(): void {}
  close(): void {}
  unref(): void {}
}
