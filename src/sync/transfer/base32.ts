/**
 * Bytes as letters and digits that every QR code holds densely and every scanner types alike (RFC 4648, section 6).
 *
 * No punctuation and no difference of case: a keyboard wedge set to another layout, or with caps lock on, types the same.
 * Without padding: the length says it. Pure.
 */
import type { Bytes } from '#sync/transfer/zip.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BITS = 5;

export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= BITS; bits -= BITS) text += ALPHABET[(value >>> (bits - BITS)) & 31];
  }
  return bits === 0 ? text : text + ALPHABET[(value << (BITS - bits)) & 31];
}

/** @returns null when it is none; what is left of the last byte is dropped */
export function fromBase32(text: string): Bytes | null {
  const bytes = new Uint8Array(Math.floor((text.length * BITS) / 8));
  let value = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    value = ((value << BITS) | digit) & 0xfff;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (value >>> bits) & 0xff;
    at += 1;
  }
  return bytes;
}
