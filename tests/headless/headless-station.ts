/**
 * One station without a browser: the shipped bench worker in a world of its own, spoken to as the page speaks to it.
 *
 * The worker finds what it finds in a browser (IndexedDB, Web Locks, a cache, `fetch` to its own origin), all of it this
 * station's own; nothing of the station is written anew. Knows nothing of fleets.
 */
import { randomUUID } from 'node:crypto';
import { type Context, createContext, type Script } from 'node:vm';
import * as indexedDb from 'fake-indexeddb';
import type { StationCommands, StationNews, StationView } from '#engine/link/station-link.ts';
import { type Calls, connect } from '#engine/link/wire.ts';
import { DeafChannel, MemoryCaches, MemoryLocks } from './browser-parts.ts';
import { type Asked, StationFetch } from './station-fetch.ts';

export interface HeadlessStationOptions {
  readonly code: Script;
  readonly name: string;
  readonly key: string;
  readonly origin: string;
  readonly onAsk?: (asked: Asked) => void;
  /** Of an earlier station, which has ended: the same browser profile. */
  readonly profile?: Profile;
}

/** What stays when the tab is closed. */
export interface Profile {
  readonly indexedDB: IDBFactory;
  readonly caches: MemoryCaches;
}

type Listener = (event: { data: unknown }) => void;

/** What a world has beside the language: Node's own of these are the browser's. */
const SHARED = [
  'AbortController', 'AbortSignal', 'Blob', 'DOMException', 'Event', 'EventTarget', 'Headers', 'MessageChannel',
  'Request', 'Response', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'atob', 'btoa', 'clearInterval',
  'clearTimeout', 'console', 'crypto', 'performance', 'queueMicrotask', 'setInterval', 'setTimeout', 'structuredClone',
  // Of this world's: what comes out of these and what is made inside are then of one kind.
  'ArrayBuffer', 'DataView', 'Date', 'Error', 'TypeError', 'RangeError', 'Uint8Array', 'Uint16Array', 'Uint32Array',
  'Int8Array', 'Int16Array', 'Int32Array', 'Float32Array', 'Float64Array', 'BigUint64Array', 'BigInt64Array', 'Map', 'Set',
] as const; // prettier-ignore

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const GIB = 2 ** 30;

export class HeadlessStation {
  readonly name: string;
  readonly profile: Profile;
  readonly call: Calls<StationCommands>;
  /** As the page would show it. */
  view: Partial<StationView> = {};
  readonly #options: HeadlessStationOptions;
  readonly #fetch: StationFetch;
  readonly #toWorker = new Set<Listener>();
  readonly #ended = new AbortController();
  /** Called with everything that the worker tells. */
  onNews: (news: StationNews) => void = () => {};

  constructor(options: HeadlessStationOptions) {
    this.#options = options;
    this.name = options.name;
    this.profile = options.profile ?? { indexedDB: new indexedDb.IDBFactory(), caches: new MemoryCaches() };
    this.#fetch = new StationFetch(options.origin, options.onAsk ?? (() => {}));
    const toPage = new Set<Listener>();
    const { call, on } = connect<StationCommands, StationNews>({
      postMessage: (message) => later(this.#toWorker, message),
      addEventListener: (_, listener) => toPage.add(listener),
    });
    this.call = call;
    on((news) => {
      if (news.kind === 'view') Object.assign(this.view, news.change);
      this.onNews(news);
    });
    options.code.runInContext(this.#world((message) => later(toPage, message)));
  }

  /** Enrols it where it is not yet. Resolves when it is ready to test. */
  async open(): Promise<void> {
    await this.until(({ status }) => status === 'unenrolled' || status === 'ready', 'it opened nothing');
    const { name: station, key } = this.#options;
    if (this.view.station !== station) await this.call.enrol({ station, key });
    await this.until(({ status, station: named }) => status === 'ready' && named === station, 'it is not ready');
  }

  /** @throws when it is not so in time; with what it said last */
  async until(isSo: (view: Partial<StationView>) => boolean, otherwise: string, patienceMs = 60_000): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!isSo(this.view)) {
      if (performance.now() > deadline) throw new Error(`${this.name}: ${otherwise}: ${JSON.stringify(this.view)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** As when its tab is closed: no timer of it fires any more, and nothing of it is sent. */
  close(): void {
    this.#ended.abort();
    this.#fetch.close();
    this.#toWorker.clear();
  }

  #world(postMessage: (message: unknown) => void): Context {
    const ended = this.#ended.signal;
    const whileOpen =
      (set: (work: () => void, ms?: number) => unknown) =>
      (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
        set(() => ended.aborted || work(...args), ms);
    const world: Record<string, unknown> = {
      ...Object.fromEntries(SHARED.map((name) => [name, globalThis[name]])),
      ...indexedDb,
      setTimeout: whileOpen(setTimeout),
      setInterval: whileOpen(setInterval),
      indexedDB: this.profile.indexedDB,
      caches: this.profile.caches,
      BroadcastChannel: DeafChannel,
      fetch: (address: string, init?: RequestInit) =>
        ended.aborted ? new Promise(() => {}) : this.#fetch.fetch(address, init),
      isSecureContext: true,
      location: new URL(this.#options.origin),
      navigator: {
        userAgent: BROWSER,
        platform: 'Linux x86_64',
        onLine: true,
        locks: new MemoryLocks(),
        storage: { estimate: async () => ({ quota: 100 * GIB, usage: GIB }) },
      },
      postMessage,
      addEventListener: (type: string, listener: Listener) => type === 'message' && this.#toWorker.add(listener),
      removeEventListener: (_: string, listener: Listener) => this.#toWorker.delete(listener),
      // Two installations never have one id: fake-indexeddb has none of its own.
      name: randomUUID(),
    };
    world['self'] = world;
    return createContext(world);
  }
}

/** A message port copies what is said, and delivers it later. */
function later(listeners: ReadonlySet<Listener>, message: unknown): void {
  const data = structuredClone(message);
  setImmediate(() => {
    for (const listener of listeners) listener({ data });
  });
}
