/**
 * The only requests of a station's health: a heartbeat, and a batch of its log. Sent once, with a deadline, never again.
 *
 * They carry no key, only that the sender has it: what they say is no secret, and a station without one says it, too. Above:
 * health-desk.ts. Knows nothing of what is said.
 */
import type { Heartbeat, HeartbeatAnswer, Speaker } from '#fleet/health/heartbeat.ts';
import type { LogEntry } from '#fleet/health/log-shelf.ts';
import { SIGNATURE_HEADER, signWord } from '#fleet/health/word-signature.ts';

/** A browser has six connections to one server over HTTP/1.1: one that hangs is given back to the uploads soon. */
const LIMIT_MS = 5_000;

export interface PostParts {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** What the station was enrolled with; undefined where it was not, or it cannot be read. */
  readonly token: () => Promise<string | undefined>;
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

async function post({ fetch: send, signal, token }: PostParts, path: string, body: unknown): Promise<Posted | null> {
  try {
    const text = JSON.stringify(body);
    const secret = await token().catch(() => undefined);
    const signature = secret && { [SIGNATURE_HEADER]: await signWord(secret, path, text) };
    const response = await send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature },
      body: text,
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      priority: 'low',
    });
    // Read to its end, so that the connection is free again.
    const said = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      answer: answerOf(response, said),
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
