/**
 * An HTTP answer sorted by what may be done next (offline-sync 4.3, tofupilot-api 3).
 *
 * Pure. A web page is never the API's answer, whatever its
 * status: a proxy or a captive portal wrote it. Knows nothing of runs and rows.
 */
import type { Refused, Throttled } from '#sync/outbox/ports.ts';
import type { Json } from '#sync/tofupilot/wire.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly html: boolean;
  /** null when the body is no JSON. */
  readonly json: Json;
  readonly retryAfter: string | null;
  /** The server's own clock, which a Retry-After date is meant by. */
  readonly date: string | null;
  /** To a request that changes something, by somebody who cannot know whether it was taken before (attempt.ts). */
  readonly isHearsay: boolean;
}

/** A no. */
type No = Throttled | { readonly kind: 'rejected'; readonly status: number; readonly message: string } | Refused;

export type Sorted =
  | { readonly kind: 'ok'; readonly json: Json }
  /** Nobody can say what the server did. */
  | { readonly kind: 'doubtful'; readonly message: string }
  | (No & { readonly isHearsay: boolean });

/** A body of 4 KiB of reasons helps nobody. */
const MESSAGE_LIMIT = 500;

/** Too large and not understood: sure whoever says so, and the same tomorrow. */
const FINAL_EVEN_AS_HTML = new Set([413, 415]);
/** 407 and 421, 425 come from what stands between; 408 and 499 leave open what happened. */
const OPEN = new Set([407, 408, 421, 425, 499]);

export function sortAnswer(answer: HttpAnswer, nowMs: number): Sorted {
  const sorted = sort(answer, nowMs);
  return sorted.kind === 'ok' || sorted.kind === 'doubtful' ? sorted : { ...sorted, isHearsay: answer.isHearsay };
}

function sort(answer: HttpAnswer, nowMs: number): Exclude<Sorted, No> | No {
  const { status, json, html, retryAfter, date } = answer;
  const message = messageOf(answer);
  if (status >= 200 && status < 300) {
    if (html || json === null)
      return { kind: 'doubtful', message: `Something other than TofuPilot answered (${status}).` };
    return { kind: 'ok', json };
  }
  if (status === 401) return { kind: 'unauthorised', message };
  if (status === 402) return { kind: 'payment', message };
  if (status === 429 || (status === 503 && retryAfter !== null))
    return { kind: 'throttled', retryAfterMs: retryAfterMs(retryAfter, Date.parse(date ?? '') || nowMs), message };
  if (status === 501) return { kind: 'rejected', status, message };
  if (status < 400 || status >= 500 || OPEN.has(status)) return { kind: 'doubtful', message };
  if (html && !FINAL_EVEN_AS_HTML.has(status)) return { kind: 'doubtful', message };
  return { kind: 'rejected', status, message };
}

/** Seconds or an HTTP date; 0 for anything else. */
export function retryAfterMs(header: string | null, nowMs: number): number {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? 0 : Math.max(0, dateMs - nowMs);
}

/** The server's own words with its issues: `Input validation failed: phases.0.outcome: Invalid option`. */
function messageOf({ status, json }: HttpAnswer): string {
  const { message, issues } = recordOf(json);
  const words = typeof message === 'string' && message !== '' ? message : `The server answered ${status}.`;
  const details = (Array.isArray(issues) ? issues : []).map(issueText).filter((text) => text !== '');
  return [words, ...(details.length > 0 ? [details.join('; ')] : [])].join(': ').slice(0, MESSAGE_LIMIT);
}

function issueText(issue: Json): string {
  const { message, path } = recordOf(issue);
  const where = Array.isArray(path) && path.length > 0 ? `${path.join('.')}: ` : '';
  return typeof message === 'string' ? where + message : '';
}

export function recordOf(json: Json | undefined): { readonly [key: string]: Json | undefined } {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as { readonly [key: string]: Json })
    : {};
}
