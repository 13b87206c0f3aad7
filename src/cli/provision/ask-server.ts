/**
 * What the server says about the station that is being provisioned: whether it is there, and what its key is.
 *
 * Asks the origin alone, never TofuPilot. Above: provision.ts. Knows nothing of files.
 */
import { messageOf } from '#base/fault.ts';
import { stationNameProblem } from '#fleet/identity/station-name.ts';
import { provisionFault } from './provision-fault.ts';

/** A server that is there answers in a fraction of it, TofuPilot behind it included. */
const LIMIT_MS = 15_000;

export interface Asked {
  readonly origin: string;
  readonly station: string;
  /** Absent: the server is only looked for. */
  readonly key?: string;
  readonly fetch: typeof fetch;
  readonly stop: AbortSignal;
}

/**
 * @returns what a person should know all the same, sentence by sentence
 * @throws {Fault} `server-unreachable`, `key-refused`, `user-key`, `other-station`
 */
export async function askServer(asked: Asked): Promise<string[]> {
  const { origin, key } = asked;
  const health = await answer(asked, '/healthz');
  const said = health.ok ? await bodyOf(health) : undefined;
  if (said?.['status'] !== 'ok')
    throw unreachable(`${origin} answers, and is no Fieldbench server (status ${health.status}).`);
  if (key === undefined) return [];
  const current = await answer(asked, '/tofupilot/v2/stations/current', { authorization: `Bearer ${key}` });
  if (current.ok) return nameWords(asked, String((await bodyOf(current))?.['name'] ?? ''));
  if (current.status === 401)
    throw provisionFault(
      'key-refused',
      `${origin} refuses this key.`,
      'Copy it anew from TofuPilot. A token counts from the next start of the server on.',
    );
  if (current.status === 403)
    throw provisionFault(
      'user-key',
      'This is a person’s key, not a station’s: whoever has it could delete runs.',
      'In TofuPilot make a station, and take its key.',
    );
  return [`The key could not be tried: TofuPilot answers ${current.status} through ${origin}.`];
}

/** Runs under another station's key would be that station's. A name that is no station's here says nothing. */
function nameWords({ station }: Asked, name: string): string[] {
  if (name === '' || name === station) return [];
  if (stationNameProblem(name) === null)
    throw provisionFault(
      'other-station',
      `This is the key of ${name}, not of ${station}.`,
      `Take the key of ${station}, or name ${name}.`,
    );
  return [`TofuPilot calls the station of this key “${name.slice(0, 60)}”: name it ${station} there too.`];
}

async function answer(asked: Asked, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const signal = AbortSignal.any([asked.stop, AbortSignal.timeout(LIMIT_MS)]);
  try {
    return await asked.fetch(`${asked.origin}${path}`, { headers, redirect: 'manual', signal });
  } catch (thrown) {
    const { cause } = thrown as { cause?: unknown };
    throw unreachable(`${asked.origin} cannot be reached: ${messageOf(cause ?? thrown)}.`);
  }
}

async function bodyOf(response: Response): Promise<Readonly<Record<string, unknown>> | undefined> {
  const data: unknown = await response.json().catch(() => undefined);
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined;
}

function unreachable(message: string) {
  return provisionFault('server-unreachable', message, 'Start it, or leave it out with --offline.');
}
