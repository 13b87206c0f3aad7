/**
 * The index: which releases a fleet has, which one each station should run, and a number that only grows.
 *
 * Signed as a whole, so that whoever can write the server's files can neither name another release nor bring back an
 * old index: a rollback on purpose is a new index with a higher number. Above: the station, the command line. Knows
 * nothing of files and of fetching.
 */
import * as v from 'valibot';
import { canonicalText } from '#fleet/distribution/signed/canonical.ts';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';
import {
  count,
  FORMAT,
  hash,
  moment,
  procedureName,
  readDocument,
  signatures,
  text,
} from '#fleet/distribution/signed/shapes.ts';
import { demandSignature, type KeyList } from '#fleet/distribution/signed/trusted-keys.ts';

const pin = v.strictObject({
  release: hash,
  /** Names of stations, with `*` for any part of one; absent: every station. */
  stations: v.optional(v.array(text)),
  from: v.optional(moment),
  /** From this moment on it holds no more. */
  until: v.optional(moment),
  reason: v.optional(text),
});
const ring = v.strictObject({
  name: text,
  /** Names of stations, with `*` for any part of one; absent: every station. */
  stations: v.optional(v.array(text)),
  /** So many of each hundred of them; absent: all. */
  percent: v.optional(v.pipe(count, v.maxValue(100))),
});
const rollout = v.strictObject({
  /** The new one; whoever is not in an open ring runs `current`. */
  release: hash,
  /** Number of the index that began it, or let it go on after a halt. */
  attempt: count,
  /** Makes the order of the stations, another one in each rollout. */
  salt: text,
  rings: v.pipe(v.array(ring), v.minLength(1), v.maxLength(20)),
  /** How many of them are open, from the first one on. */
  open: count,
  /** Why a person has halted it. */
  halted: v.optional(text),
});
const published = v.strictObject({
  release: hash,
  name: text,
  version: text,
  /** Bytes of its manifest. */
  size: count,
  /** Number of the index that brought it. */
  number: count,
  published_at: moment,
  signatures,
});
const procedure = v.strictObject({
  procedure: procedureName,
  id: text,
  current: hash,
  /** Newest first. */
  releases: v.array(published),
  pins: v.array(pin),
  rollout: v.optional(rollout),
});
const index = v.strictObject({
  kind: v.literal('fieldbench-index'),
  format: v.literal(FORMAT),
  number: count,
  made_at: moment,
  procedures: v.array(procedure),
});
const signedIndex = v.strictObject({ signed: index, signatures });

export type Pin = Readonly<v.InferOutput<typeof pin>>;
export type Ring = Readonly<v.InferOutput<typeof ring>>;
export type Rollout = Readonly<v.InferOutput<typeof rollout>>;
export type PublishedRelease = Readonly<v.InferOutput<typeof published>>;
export type PublishedProcedure = Readonly<v.InferOutput<typeof procedure>>;
export type ReleaseIndex = Readonly<v.InferOutput<typeof index>>;
export type SignedIndex = Readonly<v.InferOutput<typeof signedIndex>>;

/** @throws {Fault} `release-unreadable`, `release-newer-format` */
export function readIndex(input: string): SignedIndex {
  const read = readDocument(signedIndex, input, 'the index of releases');
  for (const { procedure: name, current, releases, pins, rollout: rolling } of read.signed.procedures)
    for (const wanted of [current, ...pins.map(({ release }) => release), ...(rolling ? [rolling.release] : [])])
      if (!releases.some(({ release }) => release === wanted))
        throw releaseFault('release-unreadable', `The index names a release of ${name} that it does not list.`);
  return read;
}

/**
 * The index that counts from now on.
 * @param known the one that counts now; null: there was none
 * @throws {Fault} those of `demandSignature`, `release-older`, `release-forked`
 */
export async function followIndex(
  known: ReleaseIndex | null,
  { signed, signatures: made }: SignedIndex,
  keys: KeyList,
  nowMs: number,
): Promise<ReleaseIndex> {
  await demandSignature(() => signed, made, keys, nowMs, 'the index of releases');
  if (known && signed.number < known.number)
    throw releaseFault(
      'release-older',
      `The server’s index of releases is number ${signed.number}; this station has seen number ${known.number}.`,
    );
  if (known && signed.number === known.number && canonicalText(signed) !== canonicalText(known))
    throw releaseFault('release-forked', `There are two indexes of releases with the number ${signed.number}.`);
  return signed;
}
