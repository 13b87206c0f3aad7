/**
 * What stations say about themselves, written to the log as it came: heartbeats and log entries.
 *
 * Bounded, because anyone on the plant's network can post here. Knows nothing of what the facts mean.
 */
import { apiError } from '#server/api-error.ts';
import type { Log } from '#server/log.ts';
import { readLimited } from '#server/read-limited.ts';

const LIMIT_BYTES = { heartbeat: 64 * 1024, logs: 1024 * 1024 };
/** A station ships in batches; more than this in one request is a loop, not a log. */
const MOST_ENTRIES = 1000;

/**
 * A heartbeat is one JSON object; logs are an object, a list of objects, or `{ …, entries: [objects] }`, whose other
 * fields are repeated on every line.
 */
export async function takeTelemetry(kind: 'heartbeat' | 'logs', request: Request, log: Log): Promise<Response> {
  const bytes = await readLimited(request, LIMIT_BYTES[kind]);
  if (!bytes) return apiError('PAYLOAD_TOO_LARGE', `More than ${LIMIT_BYTES[kind]} bytes.`);
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return apiError('PARSE_ERROR', 'The body is not JSON.');
  }
  const entries = kind === 'heartbeat' ? [data] : spread(data);
  if (!entries.every(isObject)) return apiError('BAD_REQUEST', 'The body is not a JSON object or a list of them.');
  if (entries.length > MOST_ENTRIES) return apiError('PAYLOAD_TOO_LARGE', `More than ${MOST_ENTRIES} entries.`);
  for (const entry of entries) log.write('info', kind === 'heartbeat' ? 'heartbeat' : 'station-log', { said: entry });
  return new Response(null, { status: 204 });
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
