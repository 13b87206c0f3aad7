/**
 * `fieldbench keys`: whose signature counts in a fleet; adding a key, revoking one, and that nothing unsigned is run.
 *
 * Each change is a list of its own with the next number, signed by a key that counted before it. Above: release-commands.ts.
 * Below: published-folder.ts, #fleet/distribution/signed/trusted-keys.ts.
 */
import { basename } from 'node:path';
import { type Signature, type Signer, signStatement } from '#fleet/distribution/signed/signature.ts';
import type { KeyList, SignedLists, TrustedKey } from '#fleet/distribution/signed/trusted-keys.ts';
import { PUBLIC_ENDING, type PublicKey, readPublicKey, readSigner } from './key-file.ts';
import { demandTrusted, nextIndex, PublishedFolder } from './published-folder.ts';
import { refused } from './release-fault.ts';
import type { Terminal } from './terminal.ts';

export interface KeysOptions {
  readonly add?: string | undefined;
  readonly name?: string | undefined;
  /** A day or a moment. */
  readonly from?: string | undefined;
  readonly revoke?: string | undefined;
  readonly signedOnly?: boolean | undefined;
  readonly key?: string | undefined;
  readonly json: boolean;
}

/** Of an ISO 8601 text. A key counts for its whole first day: a station's clock may be some minutes behind. */
const DAY_LENGTH = 10;
const FIRST: KeyList = { kind: 'fieldbench-keys', format: 1, number: 0, signed_only: false, keys: [] };

/** @throws {Fault} */
export async function keys(path: string, options: KeysOptions, terminal: Terminal): Promise<number> {
  const folder = new PublishedFolder(path);
  const lists = await folder.lists();
  const { add, revoke, signedOnly, key } = options;
  if (add === undefined && revoke === undefined && signedOnly === undefined) {
    say(lists.at(-1)?.signed ?? FIRST, options.json, terminal);
    return 0;
  }
  if (key === undefined) throw refused('A change of keys has to be signed.', 'Name a key that counts with --key FILE.');
  const signer = await readSigner(key);
  const nowMs = Date.now();
  const before = lists.at(-1)?.signed;
  if (before) demandTrusted(signer, before);
  const list = await changed(before ?? FIRST, options, nowMs);
  // Also after the change: who takes back their own key leaves nobody who signs the index anew.
  demandTrusted(signer, list);
  const next: SignedLists = [...lists, { signed: list, signatures: [await signStatement(list, signer)] }];
  // The index first: it counts by both lists then.
  if (before) await signIndexAnew(folder, before, list, signer, nowMs, terminal);
  await folder.writeLists(next);
  say(list, options.json, terminal);
  return 0;
}

async function changed(before: KeyList, options: KeysOptions, nowMs: number): Promise<KeyList> {
  const { add, revoke, signedOnly } = options;
  const now = new Date(nowMs).toISOString();
  let listed = before.keys;
  if (add !== undefined) {
    const added = await readPublicKey(add);
    if (listed.some(({ id }) => id === added.id))
      throw refused(`The key ${added.id} is listed already.`, 'Add another one.');
    listed = [...listed, keyOf(added, options, now)];
  }
  if (revoke !== undefined) {
    const found = listed.filter(({ id, name }) => id === revoke || name === revoke);
    if (found.length !== 1)
      throw refused(`“${revoke}” is not the id of a key in the list.`, 'fieldbench keys FOLDER lists them.');
    listed = listed.map((one) => (one === found[0] ? { ...one, revoked: one.revoked ?? now } : one));
  }
  return { ...before, number: before.number + 1, signed_only: signedOnly ?? before.signed_only, keys: listed };
}

function keyOf({ id, public_key }: PublicKey, { add = '', name, from }: KeysOptions, now: string): TrustedKey {
  if (from !== undefined && Number.isNaN(Date.parse(from)))
    throw refused(`“${from}” is no day.`, 'Write it as 2027-03-01.');
  return { id, name: name ?? basename(add, PUBLIC_ENDING), public_key, valid_from: from ?? now.slice(0, DAY_LENGTH) };
}

/** A station that comes new believes no index that only a revoked key has signed. */
async function signIndexAnew(
  folder: PublishedFolder,
  before: KeyList,
  { keys: listed }: KeyList,
  signer: Signer,
  nowMs: number,
  terminal: Terminal,
): Promise<void> {
  const index = await folder.index(before, nowMs);
  const isSigned = (made: readonly Signature[]) =>
    made.some(({ key }) => listed.some(({ id, revoked }) => id === key && revoked === undefined));
  for (const { procedure, current, releases } of index?.procedures ?? []) {
    const used = releases.find(({ release }) => release === current)!;
    if (!isSigned(used.signatures))
      terminal.err(`warning: ${procedure} ${used.version} is signed by no key that counts: sign and publish it again.`);
  }
  if (index && !isSigned((await folder.signedIndex())!.signatures))
    await folder.writeIndex(nextIndex(index, nowMs, index.procedures), index, signer);
}

function say(list: KeyList, json: boolean, terminal: Terminal): void {
  if (json) return terminal.out(JSON.stringify(list));
  if (list.keys.length === 0) return terminal.out('No key counts here yet.');
  for (const { id, name, valid_from, revoked } of list.keys)
    terminal.out(`${id}  ${name}  ${revoked === undefined ? `from ${valid_from}` : `revoked ${revoked}`}`);
  terminal.out(
    `List ${list.number}. ${list.signed_only ? 'Stations run only what is signed.' : 'Development releases are allowed.'}`,
  );
}
