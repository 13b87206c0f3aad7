/**
 * `/tofupilot/*` to the configured TofuPilot server: same paths, bodies and statuses, streamed both ways.
 *
 * TofuPilot answers no CORS preflight, so this is how a browser reaches it. Forwards to the configured base and to
 * upload addresses that it sealed itself, and to nothing else (RULES.md, 1-6). Knows nothing of runs.
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { messageOf } from '#base/fault.ts';
import { apiError } from '#server/api-error.ts';
import type { Log } from '#server/log.ts';
import type { Metrics, RelayResult } from '#server/metrics.ts';
import { Budget } from '#server/relay/budget.ts';
import { Reach } from '#server/relay/reach.ts';
import type { RelayKeys } from '#server/relay/relay-keys.ts';
import { towardsApi, towardsBrowser, towardsStorage } from '#server/relay/relay-headers.ts';
import { apiAddress, isInside } from '#server/relay/relay-path.ts';
import { sealUploadAddress, startsUpload } from '#server/relay/upload-address.ts';
import type { UploadTokens } from '#server/relay/upload-token.ts';
import { Idle, TooLong, Upstream, type Answered, type Asked } from '#server/relay/upstream.ts';

export interface RelayParts {
  /** The API's base, no slash at its end. */
  readonly base: string;
  /** undefined: stations send their own keys. */
  readonly keys: RelayKeys | undefined;
  readonly tokens: UploadTokens;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly monotonicMs: () => number;
  /** Requests a second that the API takes from all stations together; 0: no limit. */
  readonly ratePerS: () => Promise<number>;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  /** How long a call may take in all, and how long an upload may stand still; tests shorten it. */
  readonly limitMs?: number;
}

/** Twice the limit of TofuPilot's own client, and the longest time-out seen in a proxy. */
const LIMIT_MS = 60_000;
/** A server that is there answers a look within this; the station that asks waits a little longer. */
const LOOK_LIMIT_MS = 4_000;
/** No limit of the API is documented; this holds any run and keeps one station from filling the line. */
const LONGEST_BODY_BYTES = 64 * 1024 * 1024;
/** The Fetch standard allows no body beside these. */
const BODILESS = [101, 103, 204, 205, 304];

export class Relay {
  readonly #parts: RelayParts;
  readonly #limitMs: number;
  readonly #upstream = new Upstream();
  readonly #reach: Reach;
  readonly #budget: Budget;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#reach = new Reach({ look: () => this.#look(), monotonicMs: parts.monotonicMs });
    this.#budget = new Budget(parts.ratePerS, parts.monotonicMs);
    this.#limitMs = parts.limitMs ?? LIMIT_MS;
    parts.stopping.addEventListener('abort', () => this.#upstream.close(), { once: true });
  }

  /** @param origin where the browser sees this server; upload addresses are written with it */
  async forward(incoming: IncomingMessage, requested: URL, origin: string, gone: AbortSignal): Promise<Response> {
    const { base, keys } = this.#parts;
    const address = apiAddress(base, requested);
    if (!address) return this.#refuse(apiError('NOT_FOUND', 'No such path of the API.'));
    const waitS = await this.#budget.take();
    if (waitS > 0) return this.#refuse(tooMany(waitS));
    if (Number(incoming.headers['content-length'] ?? 0) > LONGEST_BODY_BYTES) return this.#refuse(tooLong());
    const method = incoming.method ?? 'GET';
    const uploads = startsUpload(method, address);
    const headers = towardsApi(incoming.headers);
    if (keys) {
      const authorization = keys.authorization(incoming.headers.authorization);
      if (!authorization && method !== 'HEAD')
        return this.#refuse(apiError('UNAUTHORIZED', 'This relay knows no such station.'));
      delete headers['authorization'];
      if (authorization) headers['authorization'] = authorization;
    }
    // Rewriting needs the answer as it was written.
    if (uploads) headers['accept-encoding'] = 'identity';
    const signal = AbortSignal.any([gone, this.#parts.stopping, timeLimit(this.#limitMs)]);
    const body = bodyOf(incoming);
    const answer = await this.#ask({ address, method, headers, body, bodyLimitBytes: LONGEST_BODY_BYTES, signal });
    this.#reach.heard(isAtWork(answer));
    if (answer instanceof Response) return answer;
    if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) return this.#redirected(answer, address);
    return uploads ? sealUploadAddress(answer, origin, this.#parts.tokens) : streamed(answer);
  }

  async upload(incoming: IncomingMessage, token: string, gone: AbortSignal): Promise<Response> {
    const address = incoming.method === 'PUT' ? this.#parts.tokens.open(token) : undefined;
    if (!address) return this.#refuse(apiError('NOT_FOUND', 'No such upload address, or it is older than a minute.'));
    const signal = AbortSignal.any([gone, this.#parts.stopping]);
    const headers = towardsStorage(incoming.headers);
    const answer = await this.#ask({
      address,
      method: 'PUT',
      headers,
      body: bodyOf(incoming),
      idleMs: this.#limitMs,
      signal,
    });
    return answer instanceof Response ? answer : streamed(answer);
  }

  /** Whether TofuPilot answers this server: what every station may ask, and what costs TofuPilot almost nothing. */
  async reach(): Promise<Response> {
    const api = (await this.#reach.isThere()) ? 'online' : 'offline';
    return Response.json({ api }, { headers: { 'cache-control': 'no-store' } });
  }

  /** HEAD on any path of the API is answered without a key. */
  async #look(): Promise<boolean> {
    const address = new URL(`${this.#parts.base}/v2/stations/current`);
    const signal = AbortSignal.any([this.#parts.stopping, timeLimit(LOOK_LIMIT_MS)]);
    const answer = await this.#ask({ address, method: 'HEAD', headers: {}, body: undefined, signal });
    if (!(answer instanceof Response)) answer.body.resume();
    return isAtWork(answer);
  }

  async #ask(asked: Asked): Promise<Answered | Response> {
    const { log, metrics } = this.#parts;
    try {
      const answer = await this.#upstream.ask(asked);
      metrics.relayed('answered');
      return answer;
    } catch (thrown) {
      const late = thrown instanceof Idle || (asked.signal.reason as Error | undefined)?.name === 'TimeoutError';
      const result: RelayResult = thrown instanceof TooLong ? 'refused' : late ? 'timeout' : 'unreachable';
      metrics.relayed(result);
      log.write('warn', 'relay-failed', {
        method: asked.method,
        host: asked.address.host,
        result,
        cause: messageOf(thrown),
      });
      if (thrown instanceof TooLong) return tooLong();
      return late
        ? apiError('GATEWAY_TIMEOUT', `TofuPilot did not answer within ${this.#limitMs / 1000} s.`)
        : apiError('BAD_GATEWAY', 'TofuPilot cannot be reached from this server.');
    }
  }

  /** A redirect inside the base is told in this origin's words; one to elsewhere is nobody's business here. */
  #redirected(answer: Answered, asked: URL): Response {
    const root = new URL(`${this.#parts.base}/v2/`);
    const named = answer.headers.location;
    const target = named !== undefined && URL.canParse(named, asked.href) ? new URL(named, asked) : undefined;
    answer.body.resume();
    if (!target || !isInside(root, target)) {
      this.#parts.log.write('warn', 'relay-redirected', { status: answer.status, to: target?.host ?? 'nowhere' });
      return apiError('BAD_GATEWAY', 'The server behind this relay sends elsewhere; TOFUPILOT_URL may be wrong.');
    }
    const location = `/tofupilot/v2/${target.pathname.slice(root.pathname.length)}${target.search}`;
    return new Response(null, { status: answer.status, headers: { location, 'cache-control': 'no-store' } });
  }

  #refuse(answer: Response): Response {
    this.#parts.metrics.relayed('refused');
    return answer;
  }
}

/**
 * Not `AbortSignal.timeout`: inside `AbortSignal.any` Node keeps it by a weak reference only, and a limit that was
 * collected as garbage never comes (nodejs/node#57736). The timer here holds on to what it ends.
 */
function timeLimit(limitMs: number): AbortSignal {
  const limit = new AbortController();
  setTimeout(() => limit.abort(new DOMException('No answer in time.', 'TimeoutError')), limitMs).unref();
  return limit.signal;
}

/** A server that answers with its own errors takes no runs; a redirect or a page of the web is somebody else. */
function isAtWork(answer: Answered | Response): boolean {
  if (answer instanceof Response) return false;
  const { status, headers } = answer;
  return status < 500 && (status < 300 || status >= 400) && !headers['content-type']?.includes('text/html');
}

function bodyOf(incoming: IncomingMessage): IncomingMessage | undefined {
  const { 'content-length': length, 'transfer-encoding': chunked } = incoming.headers;
  return chunked !== undefined || Number(length ?? 0) > 0 ? incoming : undefined;
}

function streamed(answer: Answered): Response {
  const { status, body } = answer;
  if (status < 200 || status > 599) {
    body.resume();
    return apiError('BAD_GATEWAY', `TofuPilot answered with status ${status}.`);
  }
  const headers = new Headers(towardsBrowser(answer.headers) as Record<string, string>);
  if (BODILESS.includes(status)) {
    body.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, { status, headers });
}

function tooMany(waitS: number): Response {
  const headers = { 'retry-after': String(waitS) };
  return apiError('TOO_MANY_REQUESTS', 'All stations together send more than this fleet allows.', { headers });
}

function tooLong(): Response {
  return apiError('PAYLOAD_TOO_LARGE', `More than ${LONGEST_BODY_BYTES / 1024 / 1024} MiB.`);
}
