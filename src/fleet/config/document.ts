/**
 * The one document that brings a station its configuration: every value with its tier, whose it is, and a number that grows.
 *
 * Signed by the keys that sign releases; an unsigned one is a development configuration, marked so. Above: the station, the
 * server, the command line. Knows nothing of files and of fetching.
 */
import * as v from 'valibot';
import { sha256 } from '#base/hash.ts';
import { configFault } from '#fleet/config/config-fault.ts';
import { treeOf } from '#fleet/config/effective.ts';
import type { MergedValue } from '#fleet/config/merge.ts';
import { mergedSchema } from '#fleet/config/settings-schema.ts';
import { TIERS } from '#fleet/config/tiers.ts';
import { RELEASES } from '#fleet/distribution/signed/addresses.ts';
import { canonicalBytes, canonicalText } from '#fleet/distribution/signed/canonical.ts';
import { count, FORMAT, moment, readDocument, signatures, text } from '#fleet/distribution/signed/shapes.ts';
import { demandSignature, type KeyList, type TrustedKey } from '#fleet/distribution/signed/trusted-keys.ts';

const WHAT = 'the configuration of this station';

const value = v.strictObject({
  path: v.pipe(v.array(text), v.minLength(1), v.maxLength(3)),
  value: v.unknown(),
  tier: v.picklist(TIERS),
  from: text,
  locked: v.optional(text),
});
const configuration = v.strictObject({
  kind: v.literal('fieldbench-configuration'),
  format: v.literal(FORMAT),
  station: text,
  number: count,
  made_at: moment,
  /** What is built there; absent: nobody says. */
  product: v.optional(text),
  values: v.array(value),
});
const signedConfiguration = v.strictObject({ signed: configuration, signatures });

export type Configuration = Omit<v.InferOutput<typeof configuration>, 'values'> & { values: readonly MergedValue[] };
export type SignedConfiguration = Omit<v.InferOutput<typeof signedConfiguration>, 'signed'> & { signed: Configuration };

/** Where published ones stand, beside the releases; and the word that tells stations that any has changed. */
export const CONFIGURATIONS = 'configuration';
export const CONFIGURATIONS_FILE = 'configuration.json';

export function addressOfConfiguration(station: string): string {
  return `/fleet/${RELEASES}/${CONFIGURATIONS}/${station}.json`;
}

/**
 * What is in force, in one word: the same values are the same everywhere, whoever says them and whenever. Of a station that
 * goes by what is built in alone it is the hash of nothing.
 */
export function configurationHash(values: readonly MergedValue[]): Promise<string> {
  return sha256(canonicalBytes(values.map((one) => [one.path, one.value, one.locked !== undefined])));
}

/** @throws {Fault} `release-unreadable`, `release-newer-format`, `config-value` */
export function readConfiguration(input: string): SignedConfiguration {
  const read = readDocument(signedConfiguration, input, WHAT) as SignedConfiguration;
  const { values } = read.signed;
  const seen = new Set(values.map(({ path }) => canonicalText([...path])));
  if (seen.size !== values.length) throw configFault('config-value', 'A setting stands in it twice.');
  const checked = v.safeParse(mergedSchema, treeOf(values));
  if (checked.success) return read;
  const [issue] = checked.issues;
  const key = (issue.path ?? []).map((part) => String(part.key)).join('.');
  const said = issue.expected === 'never' ? 'this app knows no such setting' : issue.message;
  throw configFault('config-value', `${key}: ${said}.`);
}

/** One that was in force, or is to be: its number, and the hash of all that is signed. */
export interface Seen {
  readonly number: number;
  readonly hash: string;
}

/** Whom it is for, and that nothing older is put back. @throws {Fault} `config-station`, `config-older`, `config-forked` */
export function demandNext(
  { station: whose }: Pick<Configuration, 'station'>,
  station: string,
  next: Seen,
  seen: Seen | null,
): void {
  if (whose !== station) throw configFault('config-station', `It is for ${whose}, and this station is ${station}.`);
  if (!seen) return;
  if (next.number < seen.number)
    throw configFault('config-older', `It is number ${next.number}; this station has had number ${seen.number}.`);
  if (next.number === seen.number && next.hash !== seen.hash)
    throw configFault('config-forked', `There are two with the number ${next.number}.`);
}

/** @throws {Fault} those of `demandSignature` */
export function demandSigned(document: SignedConfiguration, keys: KeyList, nowMs: number): Promise<TrustedKey> {
  return demandSignature(() => document.signed, document.signatures, keys, nowMs, WHAT);
}
