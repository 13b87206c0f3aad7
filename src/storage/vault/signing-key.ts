/**
 * The key that this station signs its files with: made here on first use, and never handed out by WebCrypto.
 *
 * A database of its own on `idb`, beside the vault's. Whoever opens a file knows by it that the file is whole and that
 * the same station made the last one. Knows nothing of files.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { Fault } from '#base/fault.ts';
import { storageFault } from '#storage/fault.ts';

export interface SigningKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

interface SigningSchema extends DBSchema {
  keys: { key: string; value: CryptoKeyPair };
}

const DATABASE = 'fieldbench-signing';
const STATION = 'station';
const ALGORITHM = 'Ed25519';

/** @throws {StorageFault} `full`, `failed`; {Fault} `no-signing` in a browser without Ed25519 */
export async function openSigningKey(name = DATABASE): Promise<SigningKey> {
  const pair = await keyPair(name);
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, pair.privateKey, bytes)),
  };
}

async function keyPair(name: string): Promise<CryptoKeyPair> {
  let database: IDBPDatabase<SigningSchema> | undefined;
  try {
    database = await openDB<SigningSchema>(name, 1, {
      upgrade: (fresh) => void fresh.createObjectStore('keys'),
    });
    const stored = await database.get('keys', STATION);
    if (stored) return stored;
    const made = await generate();
    const transaction = database.transaction('keys', 'readwrite', { durability: 'strict' });
    // Another tab may have been faster: then its key is this station's.
    const kept = (await transaction.store.get(STATION)) ?? made;
    await Promise.all([transaction.store.put(kept, STATION), transaction.done]);
    return kept;
  } catch (thrown) {
    throw storageFault(thrown);
  } finally {
    database?.close();
  }
}

async function generate(): Promise<CryptoKeyPair> {
  try {
    return (await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])) as CryptoKeyPair;
  } catch (cause) {
    const remedy = 'Update the browser of this station: Chrome or Edge 137 or later.';
    throw new Fault('no-signing', 'This browser cannot sign files.', remedy, { cause });
  }
}
