/** A public key as text that other tools read too (RFC 7468). */
import type { Bytes } from '#sync/transfer/zip.ts';

const BEGIN = '-----BEGIN PUBLIC KEY-----';
const END = '-----END PUBLIC KEY-----';

/** An Ed25519 key has 44 bytes, which fit into one line of 64 characters. */
export function toPem(publicKey: Bytes): string {
  return `${BEGIN}\n${btoa(String.fromCharCode(...publicKey))}\n${END}\n`;
}

/** @returns null when it is none */
export function fromPem(text: string): Bytes | null {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) return null;
  try {
    const binary = atob(text.slice(begin + BEGIN.length, end).replaceAll(/\s/g, ''));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
