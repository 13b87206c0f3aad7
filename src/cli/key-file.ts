/**
 * Files of keys: the private one as PKCS#8, the public one as SubjectPublicKeyInfo, both as PEM, as openssl writes them.
 *
 * Above: the commands for releases. Knows nothing of which key is trusted.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { Fault } from '#base/fault.ts';
import { keyIdOf, type Signer, toBase64 } from '#fleet/distribution/signed/signature.ts';
import { cannotWrite, unreadable } from './release-fault.ts';

export interface PublicKey {
  readonly id: string;
  /** Base64 of SubjectPublicKeyInfo, DER. */
  readonly public_key: string;
}

export const PUBLIC_ENDING = '.pub';
/** Nobody else on this machine reads a private key. */
const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;
const KIND = 'ed25519';

/** @throws {Fault} `cannot-write` when one of the two is there already: no key is ever written over */
export async function makeKeyFiles(path: string): Promise<PublicKey> {
  const { privateKey, publicKey } = generateKeyPairSync(KIND);
  await writeNew(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), PRIVATE_MODE);
  try {
    await writeNew(path + PUBLIC_ENDING, publicKey.export({ type: 'spki', format: 'pem' }), PUBLIC_MODE);
  } catch (thrown) {
    await rm(path, { force: true });
    throw thrown;
  }
  return publicPart(publicKey);
}

/** @throws {Fault} `unreadable` */
export async function readSigner(path: string): Promise<Signer & PublicKey> {
  const key = await keyIn(path, createPrivateKey, 'a private key; one with a passphrase cannot be used');
  const mine = await publicPart(createPublicKey(key));
  return { ...mine, sign: async (bytes) => new Uint8Array(sign(null, bytes, key)) };
}

/** @throws {Fault} `unreadable` */
export async function readPublicKey(path: string): Promise<PublicKey> {
  return publicPart(await keyIn(path, createPublicKey, 'a public key'));
}

async function keyIn(path: string, read: (pem: string) => KeyObject, what: string): Promise<KeyObject> {
  const pem = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  let key: KeyObject | undefined;
  try {
    key = read(pem);
  } catch {
    // Said below.
  }
  if (key?.asymmetricKeyType === KIND) return key;
  throw new Fault('unreadable', `${path} holds no Ed25519 key: ${what} is needed.`, 'fieldbench keygen makes a pair.');
}

async function publicPart(key: KeyObject): Promise<PublicKey> {
  const bytes = new Uint8Array(key.export({ type: 'spki', format: 'der' }));
  return { id: await keyIdOf(bytes), public_key: toBase64(bytes) };
}

async function writeNew(path: string, text: string | Buffer, mode: number): Promise<void> {
  try {
    const file = await open(path, 'wx', mode);
    await file.writeFile(text).finally(() => file.close());
  } catch (thrown) {
    throw cannotWrite(path, thrown);
  }
}
