/**
 * One request to the API: with the station's key, within a time limit, its answer read whole.
 *
 * The only place that calls `fetch`. A failure of the network is a value here, because it decides nothing about
 * what the server did. Knows nothing of runs.
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import { type HttpAnswer, sortAnswer, type Sorted } from '#sync/tofupilot/answer.ts';
import { type Attempt, Attempts } from '#sync/tofupilot/attempt.ts';
import { ClockOffset, type OffsetSample } from '#sync/tofupilot/clock-offset.ts';
import type { ServerTime } from '#sync/outbox/ports.ts';
import type { Json } from '#sync/tofupilot/wire.ts';

export interface CarrierOptions {
  /** The relay on this origin, e.g. `/tofupilot`; the paths of the API begin with `/v2/`. */
  readonly baseUrl: string;
  /** The station's key; undefined where the relay holds it. */
  readonly key: () => Promise<string | undefined>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Server's clock minus this machine's, whenever it is known better. */
  readonly onClockOffset?: (sample: OffsetSample) => void;
  /** A name for one attempt to change something; a UUID unless a test says otherwise. */
  readonly newId?: () => string;
  /** Shared with whoever else hears the relay; absent: its own. */
  readonly attempts?: Attempts;
}

export interface NetworkFailure {
  readonly kind: 'network';
  readonly message: string;
}

export type Outcome = Sorted | NetworkFailure;
/** A storage speaks another language than the API: its status is all that is read. */
export type StorageOutcome =
  { readonly kind: 'answer'; readonly status: number; readonly html: boolean } | NetworkFailure;

/** TofuPilot's own clients wait as long. */
const LIMIT_MS = 30_000;
/** 64 KiB/s: a link slower than a telephone line of 2005 is treated as broken. */
const SLOWEST_BYTES_PER_S = 64 * 1024;
/** Said once: a reason of its own for every request would cost more than the request's other parts. */
const ENDED = new DOMException('The request has ended.', 'AbortError');

export class Requests {
  readonly #options: CarrierOptions;
  readonly #offset = new ClockOffset();
  /** Server's clock against the monotonic one, which nobody sets. */
  readonly #serverTime = new ClockOffset();
  readonly #attempts: Attempts;

  constructor(options: CarrierOptions) {
    this.#options = options;
    this.#attempts = options.attempts ?? new Attempts(options.newId ?? (() => crypto.randomUUID()));
  }

  get(path: string, signal: AbortSignal): Promise<Outcome> {
    return this.#send(path, { method: 'GET' }, signal);
  }

  /** @param body null: a request without one */
  post(path: string, body: string | null, signal: AbortSignal): Promise<Outcome> {
    return this.#change('POST', path, body, signal);
  }

  patch(path: string, body: string, signal: AbortSignal): Promise<Outcome> {
    return this.#change('PATCH', path, body, signal);
  }

  /** To a storage, whose address is its permission: the station's key goes nowhere but to the API. */
  async upload(
    address: string,
    body: Uint8Array<ArrayBuffer>,
    contentType: string,
    signal: AbortSignal,
  ): Promise<StorageOutcome> {
    const init = { method: 'PUT', body, headers: { 'content-type': contentType } };
    const limitMs = LIMIT_MS + (body.length / SLOWEST_BYTES_PER_S) * 1000;
    return this.#within(limitMs, signal, async (limited) => {
      const response = await this.#options.fetch(address, { ...init, redirect: 'error', signal: limited });
      await response.text();
      return { kind: 'answer', status: response.status, html: isHtml(response) };
    });
  }

  /** Whether an attempt to change something would say for which server process it is. */
  get isServerKnown(): boolean {
    return this.#attempts.isServerKnown;
  }

  serverTime(): ServerTime | null {
    const best = this.#serverTime.best;
    if (!best) return null;
    const middleMs = this.#options.clock.monotonicMs() + best.offsetMs;
    return { earliestMs: middleMs - best.errorMs, latestMs: middleMs + best.errorMs };
  }

  /** A change must not be made twice, also when the browser repeats the request by itself. */
  #change(method: string, path: string, body: string | null, signal: AbortSignal): Promise<Outcome> {
    const attempt = this.#attempts.next();
    const { headers, ...rest } = json(body);
    return this.#send(path, { method, ...rest, headers: { ...headers, ...attempt.headers } }, signal, attempt);
  }

  async #send(path: string, init: RequestInit, signal: AbortSignal, attempt?: Attempt): Promise<Outcome> {
    let key: string | undefined;
    try {
      key = await this.#options.key();
    } catch (thrown) {
      return { kind: 'unauthorised', message: messageOf(thrown), isHearsay: false };
    }
    return this.#within(LIMIT_MS, signal, async (limited) =>
      sortAnswer(await this.#fetch(path, init, key, limited, attempt), this.#options.clock.nowMs()),
    );
  }

  async #within<T>(
    limitMs: number,
    signal: AbortSignal,
    ask: (limited: AbortSignal) => Promise<T>,
  ): Promise<T | NetworkFailure> {
    const ended = new AbortController();
    const request = new AbortController();
    const give = () => request.abort(signal.reason);
    signal.addEventListener('abort', give, { once: true });
    this.#options.clock.sleep(limitMs, ended.signal).then(
      () => request.abort(new DOMException(`No answer within ${Math.round(limitMs / 1000)} s.`, 'TimeoutError')),
      () => undefined,
    );
    try {
      signal.throwIfAborted();
      return await ask(request.signal);
    } catch (thrown) {
      return { kind: 'network', message: messageOf(request.signal.aborted ? request.signal.reason : thrown) };
    } finally {
      signal.removeEventListener('abort', give);
      ended.abort(ENDED);
    }
  }

  async #fetch(
    path: string,
    init: RequestInit,
    key: string | undefined,
    signal: AbortSignal,
    attempt?: Attempt,
  ): Promise<HttpAnswer> {
    const { baseUrl, clock, fetch } = this.#options;
    const sentMs = clock.monotonicMs();
    const response = await fetch(baseUrl + path, {
      ...init,
      headers: { ...init.headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      cache: 'no-store',
      // A redirect would be to somebody's login page.
      redirect: 'error',
      signal,
    });
    this.#attempts.heard(response.headers);
    const html = isHtml(response);
    // A captive portal's clock is nobody's business.
    if (!html) this.#measureClock(response.headers.get('date'), clock.monotonicMs() - sentMs);
    const text = await response.text();
    return {
      status: response.status,
      html,
      json: parsed(text),
      retryAfter: response.headers.get('retry-after'),
      date: response.headers.get('date'),
      isHearsay: attempt !== undefined && !attempt.isKnownTo(response.headers),
    };
  }

  #measureClock(date: string | null, roundTripMs: number): void {
    const { clock, onClockOffset } = this.#options;
    const monotonicMs = clock.monotonicMs();
    this.#serverTime.sample(date, monotonicMs, monotonicMs, roundTripMs);
    const sample = this.#offset.sample(date, clock.nowMs(), monotonicMs, roundTripMs);
    if (sample) onClockOffset?.(sample);
  }
}

function json(body: string | null): RequestInit {
  return body === null ? {} : { body, headers: { 'content-type': 'application/json' } };
}

function isHtml(response: Response): boolean {
  return response.headers.get('content-type')?.includes('text/html') ?? false;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
