/**
 * Keys that the relay holds for its stations, so that no browser ever sees one.
 *
 * The file (YAML or JSON) maps a station's name to `token` (what the station was enrolled with, made up by whoever
 * runs the fleet) and `key` (TofuPilot's). A bearer that is no known token is refused here and forwarded to nobody.
 * Knows nothing of HTTP.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { messageOf } from '#base/fault.ts';
import { signWord } from '#fleet/health/word-signature.ts';
import { serverFault } from '#server/server-fault.ts';

/** 16 characters of base64 are 96 bits: too many to try. */
const SHORTEST_TOKEN = 16;

const Schema = v.record(
  v.string(),
  v.strictObject({
    token: v.pipe(v.string(), v.minLength(SHORTEST_TOKEN, `a token has at least ${SHORTEST_TOKEN} characters`)),
    key: v.pipe(v.string(), v.minLength(1, 'a key is not empty')),
  }),
);

export class RelayKeys {
  /**
   * By digest of the token, under a key that nobody knows: however long the search takes, it says nothing about how near
   * a guess was.
   */
  readonly #keys: ReadonlyMap<string, string>;
  readonly #tokens: ReadonlyMap<string, string>;
  readonly #secret = randomBytes(32);

  constructor(entries: Iterable<readonly [station: string, of: { readonly token: string; readonly key: string }]>) {
    const all = [...entries];
    this.#keys = new Map(all.map(([, { token, key }]) => [this.#digestOf(token), key]));
    this.#tokens = new Map(all.map(([station, { token }]) => [station, token]));
  }

  /** @param signature that a word carries @returns whether it is this station's, which is false for a station that is not known */
  async hasSigned(station: string, path: string, body: string, signature: string | null): Promise<boolean> {
    const token = this.#tokens.get(station);
    if (token === undefined || signature === null) return false;
    const right = await signWord(token, path, body);
    // As digests: however long it takes to compare them, it says nothing about how near a guess was.
    return this.#digestOf(right) === this.#digestOf(signature);
  }

  /** @returns the header to send to the API, or undefined when the station is not known */
  authorization(header: string | undefined): string | undefined {
    const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    const key = token && this.#keys.get(this.#digestOf(token));
    return key ? `Bearer ${key}` : undefined;
  }

  #digestOf(token: string): string {
    return createHmac('sha256', this.#secret).update(token).digest('base64');
  }
}

/** @throws {Fault} `keys-invalid`; its message never repeats what is in the file */
export async function loadRelayKeys(file: string): Promise<RelayKeys> {
  const remedy = 'Write one entry a station: `<station>: { token: …, key: … }`.';
  let data: unknown;
  try {
    data = parse(await readFile(file, 'utf8'), { prettyErrors: false });
  } catch (cause) {
    throw serverFault('keys-invalid', `RELAY_KEYS_FILE ${file} cannot be read: ${messageOf(cause)}.`, remedy, cause);
  }
  const read = v.safeParse(Schema, data, { abortEarly: true });
  if (!read.success) {
    const where = v.getDotPath(read.issues[0]) ?? 'its top';
    throw serverFault('keys-invalid', `RELAY_KEYS_FILE ${file} is wrong at ${where}.`, remedy);
  }
  const entries = Object.entries(read.output);
  if (new Set(entries.map(([, { token }]) => token)).size < entries.length)
    throw serverFault('keys-invalid', `RELAY_KEYS_FILE ${file} gives one token to two stations.`, remedy);
  return new RelayKeys(entries);
}
