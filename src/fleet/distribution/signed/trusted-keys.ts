/**
 * Whose signature counts: the list of keys, how it changes, and whether a signature is by one of them.
 *
 * Each list has a number, and each but the first is signed by a key that counted in the one before it; all of them stand
 * in one file, so that a station that was away for three changes can follow them. A station believes the first list that
 * it sees, from the server that it has the app from, and keeps it (docs/decisions/0009). Above: the station, the command
 * line. Knows nothing of files and of releases.
 */
import * as v from 'valibot';
import { canonicalText } from '#fleet/distribution/signed/canonical.ts';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';
import {
  base64,
  count,
  FORMAT,
  keyId,
  moment,
  readDocument,
  signatures,
  text,
} from '#fleet/distribution/signed/shapes.ts';
import { fromBase64, isSignatureOf, keyIdOf, type Signature } from '#fleet/distribution/signed/signature.ts';

const trustedKey = v.strictObject({
  id: keyId,
  name: text,
  public_key: base64,
  valid_from: moment,
  revoked: v.optional(moment),
});
const keyList = v.strictObject({
  kind: v.literal('fieldbench-keys'),
  format: v.literal(FORMAT),
  number: count,
  /** Stations of this fleet run nothing that is not signed, whatever else is offered to them. */
  signed_only: v.boolean(),
  keys: v.array(trustedKey),
});
const signedLists = v.array(v.strictObject({ signed: keyList, signatures }));

export type TrustedKey = Readonly<v.InferOutput<typeof trustedKey>>;
export type KeyList = Readonly<v.InferOutput<typeof keyList>>;
export type SignedLists = readonly { readonly signed: KeyList; readonly signatures: readonly Signature[] }[];

/**
 * Every list so far, each following from the one before it.
 * @throws {Fault} `release-unreadable`, `release-newer-format`, `release-keys`
 */
export async function readKeyLists(input: string): Promise<SignedLists> {
  const lists = readDocument(signedLists, input, 'the list of keys') as SignedLists;
  if (lists.length === 0) throw releaseFault('release-unreadable', 'The list of keys is empty.');
  for (const [at, { signed, signatures: made }] of lists.entries()) {
    for (const { id, name, public_key: publicKey } of signed.keys)
      if ((await keyIdOf(fromBase64(publicKey))) !== id)
        throw releaseFault('release-unreadable', `The key “${name}” is not the one with the id ${id}.`);
    const before = lists[at - 1]?.signed;
    if (before && signed.number !== before.number + 1)
      throw releaseFault('release-keys', `List ${signed.number} of the keys does not follow list ${before.number}.`);
    if (!(await isAllowed(signed, made, before ?? signed)))
      throw releaseFault('release-keys', `No key that counted before has signed list ${signed.number} of the keys.`);
  }
  return lists;
}

/** Signed by a key that counted in `before`; when it counts has no part in it. */
async function isAllowed(list: KeyList, made: readonly Signature[], before: KeyList): Promise<boolean> {
  for (const { key, signature } of made) {
    const known = before.keys.find(({ id }) => id === key);
    if (known && known.revoked === undefined && (await isSignatureOf(list, signature, known.public_key))) return true;
  }
  return false;
}

/**
 * The list that counts from now on.
 * @param pinned the one that counts now; null: this station has never seen one, and believes what it sees
 * @throws {Fault} `release-keys`, `release-older`
 */
export function followKeys(pinned: KeyList | null, lists: SignedLists): KeyList {
  const last = lists.at(-1)!.signed;
  if (!pinned) return last;
  const same = lists.find(({ signed }) => signed.number === pinned.number)?.signed;
  if (same && canonicalText(same) === canonicalText(pinned)) return last;
  if (last.number < pinned.number)
    throw releaseFault(
      'release-older',
      `The server’s list of keys is number ${last.number}; this station follows ${pinned.number}.`,
    );
  throw releaseFault(
    'release-keys',
    'The server’s list of keys does not follow from the one that this station trusts.',
  );
}

/**
 * The key whose signature makes a statement count; one is enough.
 * @param statementOf what a key with this id has signed
 * @param what for people: `Power board 3.2.0`
 * @throws {Fault} `release-signature`, `release-key-unknown`, `release-key-revoked`, `release-key-early`
 */
export async function demandSignature(
  statementOf: (key: string) => object,
  made: readonly Signature[],
  { keys }: KeyList,
  nowMs: number,
  what: string,
): Promise<TrustedKey> {
  let fault = releaseFault('release-key-unknown', `No key that is known here has signed ${what}.`);
  for (const { key, signature } of made) {
    const known = keys.find(({ id }) => id === key);
    if (!known) continue;
    if (!(await isSignatureOf(statementOf(key), signature, known.public_key)))
      fault = releaseFault('release-signature', `The signature by “${known.name}” does not fit ${what}.`);
    else if (known.revoked !== undefined)
      fault = releaseFault('release-key-revoked', `The key “${known.name}”, which has signed ${what}, is revoked.`);
    else if (Date.parse(known.valid_from) > nowMs)
      fault = releaseFault(
        'release-key-early',
        `The key “${known.name}”, which has signed ${what}, counts from ${known.valid_from} on.`,
      );
    else return known;
  }
  throw fault;
}
