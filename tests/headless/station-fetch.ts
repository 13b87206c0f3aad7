/**
 * `fetch` as one browser has it: its own connections, at most six to a server, kept open; a page's headers; answers with a tag asked for anew.
 *
 * Node's own would share its connections among all stations, and a server would see fewer of them than it has browsers.
 * Knows nothing of what is asked.
 */
import { Agent, request, type IncomingMessage } from 'node:http';

/** What browsers open to one server over HTTP/1.1. */
const MOST_CONNECTIONS = 6;

interface Tagged {
  readonly tag: string;
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Headers;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly atMs: number;
}

export class StationFetch {
  readonly #origin: URL;
  readonly #onAsk: (asked: Asked) => void;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
  readonly #tagged = new Map<string, Tagged>();

  constructor(origin: string, onAsk: (asked: Asked) => void) {
    this.#origin = new URL(origin);
    this.#onAsk = onAsk;
  }

  readonly fetch = async (address: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(address, this.#origin);
    const { method = 'GET', signal } = init;
    signal?.throwIfAborted();
    const headers = new Headers(init.headers);
    headers.set('sec-fetch-site', 'same-origin');
    headers.set('origin', this.#origin.origin);
    const mayKeep = method === 'GET' && init.cache !== 'no-store';
    const kept = mayKeep ? this.#tagged.get(url.href) : undefined;
    if (kept) headers.set('if-none-match', kept.tag);
    this.#onAsk({ method, path: url.pathname, atMs: performance.now() });
    const response = await this.#send(url, method, headers, init);
    const body = await bodyOf(response);
    const answered = new Headers();
    for (const [name, value] of Object.entries(response.headers))
      if (value !== undefined) answered.set(name, Array.isArray(value) ? value.join(', ') : value);
    const status = response.statusCode ?? 0;
    if (kept && status === 304) return new Response(kept.body, { headers: kept.headers });
    const tag = response.headers.etag;
    if (mayKeep && status === 200 && tag) this.#tagged.set(url.href, { tag, body, headers: answered });
    const isEmpty = status === 204 || status === 304;
    return new Response(isEmpty ? null : body, { status, headers: answered });
  };

  close(): void {
    this.#agent.destroy();
  }

  #send(url: URL, method: string, headers: Headers, { body, signal }: RequestInit): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const bytes = body == null ? undefined : Buffer.from(body as string | Uint8Array);
      if (bytes) headers.set('content-length', String(bytes.length));
      const options = {
        agent: this.#agent,
        method,
        headers: Object.fromEntries(headers),
        ...(signal ? { signal } : {}),
      };
      const asked = request(url, options, resolve);
      asked.on('error', (cause) => reject(signal?.aborted ? signal.reason : new TypeError('fetch failed', { cause })));
      asked.end(bytes);
    });
  }
}

async function bodyOf(response: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(part as Buffer);
  } catch (cause) {
    throw new TypeError('fetch failed', { cause });
  }
  return Buffer.concat(parts);
}
