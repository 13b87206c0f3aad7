/**
 * The station's key for TofuPilot, sealed on this machine.
 *
 * A database of its own on `idb`: AES-GCM under a key that WebCrypto never hands out. That keeps the station key out
 * of backups, exports and careless logs; a script that runs in this page could still use it (offline-sync, 6).
 * For page worker and service worker alike. Knows nothing of who asks.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { Fault } from '#base/fault.ts';
import { storageFault } from '#storage/fault.ts';

export interface Vault {
  /** @throws {StorageFault} `full`, `failed` */
  sealKey(stationKey: string): Promise<void>;
  /** @returns undefined when no key is enrolled. @throws {StorageFault} `damaged` when it cannot be opened any more */
  openKey(): Promise<string | undefined>;
  forget(): Promise<void>;
  close(): void;
}

interface Sealed {
  /** Not extractable. */
  readonly wrapping: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly ciphertext: ArrayBuffer;
}

interface VaultSchema extends DBSchema {
  sealed: { key: string; value: Sealed };
}

const DATABASE = 'fieldbench-vault';
const STATION_KEY = 'station-key';
/** NIST SP 800-38D: 96 bits, random; never used twice, because every sealing makes a wrapping key of its own. */
const IV_BYTES = 12;

/** @throws {StorageFault} `failed` */
export async function openVault(): Promise<Vault> {
  const connection = new Connection();
  await guarded(() => connection.get());
  return {
    sealKey: (stationKey) =>
      guarded(async () => {
        const sealed = await seal(stationKey);
        const transaction = (await connection.get()).transaction('sealed', 'readwrite', { durability: 'strict' });
        await Promise.all([transaction.store.put(sealed, STATION_KEY), transaction.done]);
      }),
    openKey: () =>
      guarded(async () => {
        const sealed = await (await connection.get()).get('sealed', STATION_KEY);
        return sealed && (await unseal(sealed));
      }),
    forget: () =>
      guarded(async () => {
        const transaction = (await connection.get()).transaction('sealed', 'readwrite', { durability: 'strict' });
        await Promise.all([transaction.store.delete(STATION_KEY), transaction.done]);
      }),
    close: () => connection.close(),
  };
}

async function seal(stationKey: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapping = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const plain = new TextEncoder().encode(stationKey);
  return { wrapping, iv, ciphertext: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, plain) };
}

async function unseal({ wrapping, iv, ciphertext }: Sealed): Promise<string> {
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, wrapping, ciphertext));
  } catch (cause) {
    throw new Fault('damaged', 'The station key on this machine cannot be opened.', 'Enrol this station again.', {
      cause,
    });
  }
}

/** The database, opened again after the browser or another tab has closed it. */
class Connection {
  #database: Promise<IDBPDatabase<VaultSchema>> | null = null;

  get(): Promise<IDBPDatabase<VaultSchema>> {
    this.#database ??= openDB<VaultSchema>(DATABASE, 1, {
      upgrade: (database) => void database.createObjectStore('sealed'),
      blocking: () => this.close(),
      terminated: () => (this.#database = null),
    }).catch((thrown: unknown) => {
      this.#database = null;
      throw thrown;
    });
    return this.#database;
  }

  close(): void {
    void this.#database?.then((database) => database.close());
    this.#database = null;
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storageFault(thrown);
  }
}
