/**
 * What stations say about themselves: heartbeats are kept and answered, and all is written to the log as it came.
 *
 * Bounded, because anyone on the plant's network can post here. A body that does not say it is a heartbeat of a known format is
 * only written down. Knows nothing of what the facts mean.
 */
import { HEARTBEAT_FORMAT, type HeartbeatAnswer } from '#fleet/health/heartbeat.ts';
import { SIGNATURE_HEADER } from '#fleet/health/word-signature.ts';
import { readHeartbeat } from '#fleet/health/read-heartbeat.ts';
import { thresholdsOf, type HealthSettings } from '#fleet/health/thresholds.ts';
import { apiError } from '#server/api-error.ts';
import type { Log } from '#server/log.ts';
import { readLimited } from '#server/read-limited.ts';
import { Budget } from '#server/relay/budget.ts';
import type { RelayKeys } from '#server/relay/relay-keys.ts';
import type { Company, Stations } from '#server/stations/stations.ts';

const LIMIT_BYTES = { heartbeat: 64 * 1024, logs: 1024 * 1024 };
/** A station ships in batches; more than this in one request is a loop, not a log. */
const MOST_ENTRIES = 1000;
/** Five thousand stations a minute, each with a batch of its log, are 167; whoever sends more is none of them. */
const MOST_PER_S = 200;

export interface TelemetryParts {
  readonly stations: Stations;
  readonly log: Log;
  readonly monotonicMs: () => number;
  readonly health: () => Promise<HealthSettings | undefined>;
  /** Of the stations, where this server holds them: then each word must be signed by the station that it names. */
  readonly keys?: Pick<RelayKeys, 'hasSigned'> | undefined;
}

export class Telemetry {
  readonly #parts: TelemetryParts;
  readonly #budget: Budget;

  constructor(parts: TelemetryParts) {
    this.#parts = parts;
    this.#budget = new Budget(async () => MOST_PER_S, parts.monotonicMs);
  }

  /**
   * A heartbeat is one JSON object; logs are an object, a list of objects, or `{ …, entries: [objects] }`, whose other
   * fields are repeated on every line.
   */
  async take(kind: 'heartbeat' | 'logs', request: Request): Promise<Response> {
    const waitS = await this.#budget.take();
    if (waitS > 0)
      return apiError('TOO_MANY_REQUESTS', 'More stations speak than this server listens to.', {
        headers: { 'retry-after': String(waitS) },
      });
    const bytes = await readLimited(request, LIMIT_BYTES[kind]);
    if (!bytes) return apiError('PAYLOAD_TOO_LARGE', `More than ${LIMIT_BYTES[kind]} bytes.`);
    const text = new TextDecoder().decode(bytes);
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return apiError('PARSE_ERROR', 'The body is not JSON.');
    }
    if (!(await this.#isOfItsStation(request, text, data)))
      return apiError('UNAUTHORIZED', 'This is not signed with the token of the station that it names.');
    const entries = kind === 'heartbeat' ? [data] : spread(data);
    if (!entries.every(isObject)) return apiError('BAD_REQUEST', 'The body is not a JSON object or a list of them.');
    if (entries.length > MOST_ENTRIES) return apiError('PAYLOAD_TOO_LARGE', `More than ${MOST_ENTRIES} entries.`);
    if (kind === 'heartbeat' && isObject(data) && data['format'] !== undefined) return this.#hear(data);
    for (const entry of entries)
      this.#parts.log.write('info', kind === 'heartbeat' ? 'heartbeat' : 'station-log', { said: entry });
    return new Response(null, { status: 204 });
  }

  async #isOfItsStation({ url, headers }: Request, text: string, data: unknown): Promise<boolean> {
    const { keys } = this.#parts;
    if (!keys) return true;
    const station = isObject(data) ? data['station'] : undefined;
    if (typeof station !== 'string') return false;
    return keys.hasSigned(station, new URL(url).pathname, text, headers.get(SIGNATURE_HEADER));
  }

  async #hear(data: unknown): Promise<Response> {
    const { stations, log, health } = this.#parts;
    const beat = readHeartbeat(data);
    if ('problem' in beat) return apiError('BAD_REQUEST', beat.problem);
    const company = stations.hear(beat, thresholdsOf(await health()));
    if (company === 'full')
      return apiError('SERVICE_UNAVAILABLE', 'This server has no room for another station.', {
        headers: { 'retry-after': '600' },
      });
    log.write('info', 'heartbeat', { said: beat });
    const { collision } = company;
    if (collision) log.write('warn', 'identity-collision', { station: beat.station, ...collision });
    return answer(company);
  }
}

function answer({ collision, isAlone: alone }: Company): Response {
  const body: HeartbeatAnswer = { format: HEARTBEAT_FORMAT, alone, ...(collision ? { collision } : {}) };
  return Response.json(body, { headers: { 'cache-control': 'no-store' } });
}

function spread(data: unknown): unknown[] {
  if (Array.isArray(data)) return data;
  if (!isObject(data) || !Array.isArray(data['entries'])) return [data];
  const { entries, ...shared } = data;
  return (entries as unknown[]).map((entry) => (isObject(entry) ? { ...shared, ...entry } : entry));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
