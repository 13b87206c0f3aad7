/**
 * Badges and PINs as hashes: what is kept opens nothing by itself.
 *
 * A badge is looked for in every scan, so its hash is a fast one: it keeps the code out of sight, and a long code out of
 * reach of guessing. A PIN is short, so its hash is slow: WebCrypto's PBKDF2. Knows nothing of people.
 */
import { compilePattern } from '#measure/pattern.ts';

/** OWASP Password Storage Cheat Sheet (2023), for PBKDF2 with HMAC-SHA-256: a fifth of a second on a small computer. */
const PIN_ROUNDS = 600_000;
const SALT_BYTES = 16;
const HASH_BITS = 256;
/** Four digits are what people remember; who guesses must wait (pin-wait.ts). */
const PIN = /^[0-9]{4,12}$/;
const BADGE_HASH = /^sha256\$([0-9a-f]{32})\$([0-9a-f]{64})$/;
const PIN_HASH = /^pbkdf2-sha256\$(\d{1,7})\$([0-9a-f]{32})\$([0-9a-f]{64})$/;
/** What a scanner can read and a person can type; a page of text is no badge. */
const LONGEST_BADGE = 200;

export type Random = (bytes: number) => Uint8Array<ArrayBuffer>;

/** @returns why it is none, in words; null when it is good */
export function pinProblem(pin: string): string | null {
  return PIN.test(pin) ? null : 'A PIN has 4 to 12 digits.';
}

export function badgeProblem(code: string): string | null {
  return code.length > 0 && code.length <= LONGEST_BADGE ? null : `A badge has 1 to ${LONGEST_BADGE} characters.`;
}

export function isBadgeHash(text: string): boolean {
  return BADGE_HASH.test(text);
}

export async function hashBadge(code: string, random: Random): Promise<string> {
  const salt = hex(random(SALT_BYTES));
  return `sha256$${salt}$${await badgeDigest(salt, code)}`;
}

export async function isBadge(code: string, hash: string): Promise<boolean> {
  const [, salt, digest] = BADGE_HASH.exec(hash) ?? [];
  return salt !== undefined && code.length <= LONGEST_BADGE && (await badgeDigest(salt, code)) === digest;
}

/** Whether a scan has the form of a badge, by the fleet's pattern. */
export function looksLikeBadge(code: string, pattern: string | undefined): boolean {
  return pattern !== undefined && code.length <= LONGEST_BADGE && compilePattern(pattern).test(code);
}

export async function hashPin(pin: string, random: Random): Promise<string> {
  const salt = hex(random(SALT_BYTES));
  return `pbkdf2-sha256$${PIN_ROUNDS}$${salt}$${await pinDigest(salt, PIN_ROUNDS, pin)}`;
}

export async function isPin(pin: string, hash: string): Promise<boolean> {
  const [, rounds, salt, digest] = PIN_HASH.exec(hash) ?? [];
  if (salt === undefined || pinProblem(pin) !== null) return false;
  return (await pinDigest(salt, Number(rounds), pin)) === digest;
}

/** The salt as its text in front of the code: anybody can make one with `sha256sum`. */
async function badgeDigest(salt: string, code: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(salt + code))));
}

async function pinDigest(salt: string, iterations: number, pin: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: new TextEncoder().encode(salt), iterations };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(how, key, HASH_BITS)));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
