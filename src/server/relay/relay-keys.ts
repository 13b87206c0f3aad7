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
  readonly #secret = randomBytes(32);

  constructor(entries: Iterable<readonly [token: string, key: string]>) {
    this.#keys = new Map([...entries].map(([token, key]) => [this.#digestOf(token), key]));
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
  const entries = Object.values(read.output).map(({ token, key }) => [token, key] as const);
  if (new Set(entries.map(([token]) => token)).size < entries.length)
    throw serverFault('keys-invalid', `RELAY_KEYS_FILE ${file} gives one token to two stations.`, remedy);
  return new RelayKeys(entries);
}
