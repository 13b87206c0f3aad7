/**
 * Ed25519 over the canonical text of a statement: making a signature, and checking one.
 *
 * WebCrypto, so that the command line and the browser run the same lines. Which key counts is in trusted-keys.ts.
 */
import { sha256 } from '#base/hash.ts';
import { canonicalBytes } from '#fleet/distribution/signed/canonical.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Signature {
  /** Id of the key. */
  readonly key: string;
  /** Base64; 64 bytes. */
  readonly signature: string;
}

/** Whoever holds a private key. */
export interface Signer {
  readonly id: string;
  sign(bytes: Bytes): Promise<Bytes>;
}

const ALGORITHM = 'Ed25519';
/** 64 bits of its hash: enough for people to compare, too many to find another key for. The whole key is compared, too. */
const ID_DIGITS = 16;

/** @param publicKey SubjectPublicKeyInfo, DER */
export async function keyIdOf(publicKey: Bytes): Promise<string> {
  return (await sha256(publicKey)).slice('sha256:'.length, 'sha256:'.length + ID_DIGITS);
}

export async function signStatement(statement: object, signer: Signer): Promise<Signature> {
  return { key: signer.id, signature: toBase64(await signer.sign(canonicalBytes(statement))) };
}

/** @param publicKey base64 of SubjectPublicKeyInfo, DER. @returns false also for what is no key or no signature at all */
export async function isSignatureOf(statement: object, signature: string, publicKey: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('spki', fromBase64(publicKey), ALGORITHM, false, ['verify']);
    return await crypto.subtle.verify(ALGORITHM, key, fromBase64(signature), canonicalBytes(statement));
  } catch {
    return false;
  }
}

export function toBase64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}

/** @throws {DOMException} for what is no base64 */
export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
