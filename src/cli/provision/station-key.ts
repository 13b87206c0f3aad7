/**
 * The secret that enrols a station: where it comes from, and whether it can be one at all.
 *
 * TofuPilot's keys have no fixed form: nothing is known of them but that they are one word of at least ten characters
 * (its own client asks for no more). What kind a key is, only the server can tell: ask-server.ts. Never from the command
 * line, where every user of the machine can read it.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { messageOf } from '#base/fault.ts';
import type { Terminal } from '../terminal.ts';
import { provisionFault } from './provision-fault.ts';

export const KEY_VARIABLE = 'FIELDBENCH_STATION_KEY';
const SHORTEST_KEY = 10;

/** @throws {Fault} `key-missing`, `key-form` */
export async function askForKey(station: string, { env = {}, readSecret }: Terminal): Promise<string> {
  const said = env[KEY_VARIABLE] ?? (await readSecret?.(`Station key of ${station} from TofuPilot: `)) ?? '';
  const key = said.trim();
  const remedy = `Set ${KEY_VARIABLE}, give it on standard input, or leave it out with --no-key.`;
  if (key === '') throw provisionFault('key-missing', `The key of ${station} is needed to enrol it.`, remedy);
  const problem = keyProblem(key, station);
  if (problem) throw provisionFault('key-form', problem, 'Copy the station’s key from TofuPilot, whole and alone.');
  return key;
}

/** @returns why it cannot be a key, as one sentence that does not repeat it; null when it can */
export function keyProblem(key: string, station: string): string | null {
  if (/^bearer\s/i.test(key)) return 'That is a whole header, not a key.';
  if (key.includes('#enroll=')) return 'That is an enrolment link, not a key.';
  if (key === station) return 'That is the station’s name, not its key.';
  if (/\s/.test(key)) return 'A key is one word, and that has blanks in it.';
  // A header takes no other characters, and no key has been seen with any.
  if (!/^[\x21-\x7e]+$/.test(key)) return 'A key has only letters, digits and signs of ASCII.';
  return key.length < SHORTEST_KEY ? `A key has at least ${SHORTEST_KEY} characters.` : null;
}

/**
 * The token with which a station is enrolled where the relay holds the keys (RELAY_KEYS_FILE).
 *
 * @throws {Fault} `relay-keys`; its message never repeats what is in the file
 */
export async function tokenOf(station: string, file: string): Promise<string> {
  let data: unknown;
  try {
    data = parse(await readFile(file, 'utf8'), { prettyErrors: false });
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? messageOf(cause).split('\n')[0];
    throw provisionFault('relay-keys', `${file} cannot be read: ${why}.`, 'Name the file that RELAY_KEYS_FILE names.');
  }
  const entry = isMap(data) ? data[station] : undefined;
  const token = isMap(entry) ? entry['token'] : undefined;
  if (typeof token === 'string' && keyProblem(token, station) === null) return token;
  const remedy = `Add one: “${station}: { token: …, key: … }”, with a token of its own, and start the server anew.`;
  throw provisionFault('relay-keys', `${file} has no usable token for ${station}.`, remedy);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
