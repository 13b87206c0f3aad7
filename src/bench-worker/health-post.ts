/**
 * The only requests of a station's health: a heartbeat, and a batch of its log. Sent once, with a deadline, never again.
 *
 * They carry no key: what they say is no secret, and a station that is not enrolled with TofuPilot says it, too. Above:
 * health-desk.ts. Knows nothing of what is said.
 */
import type { Heartbeat, HeartbeatAnswer, Speaker } from '#fleet/health/heartbeat.ts';
import type { LogEntry } from '#fleet/health/log-shelf.ts';

/** A browser has six connections to one server over HTTP/1.1: one that hangs is given back to the uploads soon. */
const LIMIT_MS = 5_000;

export interface PostParts {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

export interface Posted {
  readonly status: number;
  readonly retryAfter: string | null;
  /** null where the server said nothing that is an answer. */
  readonly answer: HeartbeatAnswer | null;
}

/** @returns null when there was no answer */
export function postHeartbeat(parts: PostParts, beat: Heartbeat): Promise<Posted | null> {
  return post(parts, '/telemetry/heartbeat', beat);
}

/** @returns whether the server has it */
export async function postLog(
  parts: PostParts,
  { station, installation, session }: Speaker,
  entries: readonly LogEntry[],
  dropped: number,
): Promise<boolean> {
  const posted = await post(parts, '/telemetry/logs', { station, installation, session, dropped, entries });
  return posted !== null && posted.status >= 200 && posted.status < 300;
}

async function post({ fetch: send, signal }: PostParts, path: string, body: unknown): Promise<Posted | null> {
  try {
    const response = await send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      priority: 'low',
    });
    // Read to its end, so that the connection is free again.
    const text = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      answer: answerOf(response, text),
    };
  } catch {
    return null;
  }
}

function answerOf({ ok }: Response, text: string): HeartbeatAnswer | null {
  if (!ok || text === '') return null;
  try {
    const answer = JSON.parse(text) as Partial<HeartbeatAnswer> | null;
    return answer?.format === 1 ? (answer as HeartbeatAnswer) : null;
  } catch {
    return null;
  }
}
