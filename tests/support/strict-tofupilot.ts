/**
 * A strict stand-in for the real TofuPilot: an HTTP server that refuses whatever the real one might refuse, keeps what
 * it accepted in order of arrival, and misbehaves on request.
 *
 * It deduplicates nothing, as the real one does not. Above it: the browser tests. Shares no code with the embedded
 * sandbox, so that one mistake cannot hide in both.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROCEDURE_ID } from './fleet-folder.ts';
import { StrictFiles, type ArrivedFile } from './strict-files.ts';
import { readQuery, runIssues, type Issue, type WireRun } from './tofupilot-schema.ts';

export const STATION_KEY = 'station-key-for-tests-0001';

/** What the next POST /v2/runs suffers. */
export type UpstreamFault =
  | { readonly kind: 'drop-after-commit' }
  /** The connection ends before anything was committed. */
  | { readonly kind: 'close' }
  | { readonly kind: 'status'; readonly status: 401 | 402 | 429 | 500 | 503; readonly retryAfterS?: number }
  | { readonly kind: 'slow'; readonly delayMs: number };

export interface ArrivedRun {
  readonly id: string;
  readonly createdAt: string;
  readonly body: WireRun;
  /** One for each time that a file was linked. */
  readonly files: ArrivedFile[];
}

const CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  402: 'PAYMENT_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};

export class StrictTofuPilot {
  /** Every accepted run, in order of arrival. */
  readonly runs: ArrivedRun[] = [];
  /** Every request that was wrong in itself; a test ends by finding this empty. */
  readonly complaints: string[] = [];
  readonly storage = new StrictFiles((complaint) => this.complaints.push(complaint));
  /** Method and path of every request. */
  readonly requests: string[] = [];
  key = STATION_KEY;
  /** Units that it has no room for. */
  readonly refusedSerials = new Set<string>();
  readonly #server: Server;
  readonly #faults: UpstreamFault[] = [];
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((thrown: unknown) => {
        // Cut off by the other side: nothing came of it.
        if (request.destroyed && !request.complete) return;
        this.complaints.push(`the stand-in itself failed: ${String(thrown)}`);
        response.destroy();
      });
    });
  }

  static async start(): Promise<StrictTofuPilot> {
    const upstream = new StrictTofuPilot();
    await upstream.resume();
    return upstream;
  }

  async resume(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** For `TOFUPILOT_URL`. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/api`;
  }

  /** The next `times` posts suffer this, after those that were scripted before. */
  script(fault: UpstreamFault, times = 1): void {
    for (let count = 0; count < times; count += 1) this.#faults.push(fault);
  }

  of(clientRunId: string): ArrivedRun[] {
    return this.runs.filter(({ body }) => body.metadata?.['client_run_id'] === clientRunId);
  }

  /** Gone from the network; `resume` brings it back at the same address with everything that it had. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://upstream');
    this.requests.push(`${request.method} ${url.pathname}`);
    const path = url.pathname.replace(/\/$/, '').toLowerCase();
    if (request.method === 'HEAD') return end(response, path.startsWith('/api/v2/') ? 200 : 404);
    const [, place] = /^\/storage\/([^/]+)$/.exec(path) ?? [];
    if (place !== undefined && request.method === 'PUT')
      return end(response, this.storage.store(place, await bytesOf(request), request.headers));
    if (request.headers.authorization !== `Bearer ${this.key}`) return fail(response, 401, 'The API key is not valid');
    if (path === '/api/v2/runs' && request.method === 'POST') return this.#create(request, response);
    if (path === '/api/v2/runs' && request.method === 'GET') return this.#list(url, response);
    if (path === '/api/v2/stations/current' && request.method === 'GET') return end(response, 200, station(this.key));
    const files = await this.#files(request.method, path, request);
    if (files) return files.body ? end(response, 200, files.body) : fail(response, 404, 'Not found');
    this.complaints.push(`unknown route: ${request.method} ${url.pathname}`);
    return fail(response, 404, 'No such route');
  }

  /** Calls about files and about one run. @returns null when it is none; without a body when what it names is not there */
  async #files(
    method: string | undefined,
    path: string,
    request: IncomingMessage,
  ): Promise<{ readonly body?: unknown } | null> {
    if (method === 'POST' && path === '/api/v2/attachments') {
      const file = this.storage.announce(JSON.parse(await bodyOf(request)));
      return file ? { body: { id: file.id, upload_url: new URL(`/storage/${file.id}`, this.url).href } } : {};
    }
    const [, finalized] = /^\/api\/v2\/attachments\/([^/]+)\/finalize$/.exec(path) ?? [];
    if (method === 'POST' && finalized !== undefined)
      return this.storage.finalize(finalized) ? { body: { url: `${this.url}/files/${finalized}` } } : {};
    const [, id] = /^\/api\/v2\/runs\/([^/]+)$/.exec(path) ?? [];
    const run = id === undefined ? undefined : this.runs.find((arrived) => arrived.id === id);
    if (id === undefined || (method !== 'GET' && method !== 'PATCH')) return null;
    if (!run) return {};
    if (method === 'GET') return { body: whole(run) };
    const linked = this.storage.link(run.id, JSON.parse(await bodyOf(request)));
    run.files.push(...(linked ?? []));
    return linked ? { body: { id: run.id } } : {};
  }

  async #create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const fault = this.#faults.shift();
    if (fault?.kind === 'close') return void request.socket.destroy();
    if (fault?.kind === 'slow') await sleep(fault.delayMs);
    if (fault?.kind === 'status') {
      if (fault.retryAfterS !== undefined) response.setHeader('Retry-After', String(fault.retryAfterS));
      return fail(response, fault.status, 'Scripted by the test');
    }
    if (!request.headers['content-type']?.startsWith('application/json'))
      return this.#refuse(response, 415, 'not JSON');
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return this.#refuse(response, 400, 'Malformed JSON');
    }
    const issues = runIssues(body);
    if (issues.length > 0) return this.#refuse(response, 400, 'Input validation failed', issues);
    const run = body as WireRun;
    if (run.procedure_id !== PROCEDURE_ID) return fail(response, 403, 'Link the procedure to this station first');
    if (this.refusedSerials.has(run.serial_number)) return fail(response, 422, 'This serial number is not known');
    const arrived = { id: randomUUID(), createdAt: new Date().toISOString(), body: run, files: [] };
    this.runs.push(arrived);
    if (fault?.kind === 'drop-after-commit') return void request.socket.destroy();
    return end(response, 200, { id: arrived.id });
  }

  #list(url: URL, response: ServerResponse): void {
    const { query, issues } = readQuery(url.searchParams);
    if (issues.length > 0) return this.#refuse(response, 400, 'Input validation failed', issues);
    const found = this.runs
      .filter((run) => matches(run, query))
      .map((run) => summary(run, query['include_metadata'] === true));
    const limit = Number(query['limit'] ?? 50);
    const meta = { has_more: found.length > limit, next_cursor: found.length > limit ? limit : null };
    return end(response, 200, { data: found.reverse().slice(0, limit), meta });
  }

  #refuse(response: ServerResponse, status: number, message: string, issues?: readonly Issue[]): void {
    this.complaints.push(`${status} ${message} ${JSON.stringify(issues ?? [])}`);
    fail(response, status, message, issues);
  }
}

function matches({ body }: ArrivedRun, query: Record<string, unknown>): boolean {
  const procedures = query['procedure_ids'] as string[] | undefined;
  if (procedures && !procedures.includes(body.procedure_id)) return false;
  const serials = (query['serial_numbers'] as string[] | undefined)?.map((serial) => serial.toLowerCase());
  if (serials && !serials.includes(body.serial_number.toLowerCase())) return false;
  const filters = (query['metadata'] ?? {}) as Record<string, { in?: string[]; contains?: string; eq?: unknown }>;
  return Object.entries(filters).every(([key, filter]) => {
    const value = body.metadata?.[key];
    if (filter.in) return filter.in.includes(String(value));
    if (filter.contains !== undefined) return String(value).includes(filter.contains);
    return filter.eq === value;
  });
}

function summary({ id, createdAt, body }: ArrivedRun, withMetadata: boolean) {
  const { outcome, started_at, ended_at } = body;
  const seconds = (Date.parse(ended_at) - Date.parse(started_at)) / 1000;
  return {
    id,
    created_at: createdAt,
    started_at,
    ended_at,
    duration: `PT${seconds}S`,
    outcome,
    procedure: { id: body.procedure_id, name: 'Power board', version: null },
    unit: {
      id: randomUUID(),
      serial_number: body.serial_number,
      sample: null,
      part: { id: randomUUID(), number: 'P', name: 'P', revision: { id: randomUUID(), number: 'A' } },
    },
    ...(withMetadata ? { metadata: body.metadata ?? {} } : {}),
  };
}

/** `GET /v2/runs/{id}`, as far as a station reads it. */
function whole(run: ArrivedRun) {
  const attachments = run.files.map(({ id, name, content }) => ({
    id,
    name,
    size: content?.size ?? null,
    content_type: content?.type ?? null,
    is_report: false,
    download_url: null,
  }));
  return { ...summary(run, true), attachments };
}

const station = (key: string) => ({
  id: '5b1f9d0e-9a3c-4b57-8f0a-0c2f7f6a1d11',
  name: 'taipei-line1-042',
  api_key: `${key.slice(0, 8)}...`,
  procedures: [{ id: PROCEDURE_ID, name: 'Power board', runs_count: 0 }],
  organization_slug: 'acme',
  team: null,
});

function end(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, message: string, issues?: readonly Issue[]): void {
  end(response, status, { message, code: CODES[status] ?? 'INTERNAL_SERVER_ERROR', ...(issues ? { issues } : {}) });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  return (await bytesOf(request)).toString('utf8');
}

/** Throws when the sender hangs up before the end. */
async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
