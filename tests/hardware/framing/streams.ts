/**
 * What every framing test needs: bytes by name, random numbers that come again, a stream cut at any places.
 */
import fc from 'fast-check';
import type { Framer } from '#hardware/framing/framer.ts';

/** `01 ff 00` or text. */
export const hex = (text: string) => Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => parseInt(pair, 16));
export const shown = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
export const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** mulberry32: the same seed, the same numbers. */
export function randomFrom(seed: number) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(uniform() * limit);
  return {
    below,
    chance: (probability: number) => uniform() < probability,
    bytes: (length: number) => Uint8Array.from({ length }, () => below(256)),
  };
}
export type Random = ReturnType<typeof randomFrom>;

/** A few thousand frames in every run, the million of the nightly tests. */
export const FRAMES = process.env['FIELDBENCH_NIGHTLY'] ? 1_000_000 : 5000;
export const FUZZ_LIMIT_MS = process.env['FIELDBENCH_NIGHTLY'] ? 3_600_000 : 120_000;

/** Pieces of random length, also of none. */
export function cut(random: Random, all: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < all.length;) {
    const length = random.below(12);
    pieces.push(all.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** Any bytes and any places to cut them at. */
export const anyCut = (bytes: fc.Arbitrary<Uint8Array>) =>
  fc.tuple(bytes, fc.array(fc.nat(300))).map(([all, cuts]) => {
    const borders = [0, ...cuts.map((at) => Math.min(at, all.length)).sort((a, b) => a - b), all.length];
    return { all, pieces: borders.slice(1).map((border, i) => all.subarray(borders[i]!, border)) };
  });

/** Frames, counters and what is left over are the same whole and in pieces. */
export function seen(framer: Framer, pieces: readonly Uint8Array[]) {
  const frames = pieces.flatMap((piece) => framer.push(piece)).map(shown);
  return { frames, counters: { ...framer.counters }, midFrame: framer.midFrame };
}
