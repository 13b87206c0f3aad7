/**
 * A server that fails in every way, in virtual time, from a seed: it commits and loses the answer, commits late,
 * answers every status, sits behind a captive portal, loses its network.
 *
 * It deduplicates nothing but attempts, as the relay does before it (server/relay/repeats.ts); on the way to it a browser
 * repeats what a broken connection may have carried, and somebody else answers now and then. After `healthyFromMs` it only
 * works. Knows nothing of the client under test.
 */
import { ATTEMPT_HEADER, SERVER_HEADER } from '#sync/tofupilot/attempt.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface Committed {
  readonly remoteId: string;
  readonly body: { serial_number: string; started_at: string; ended_at: string; metadata: { client_run_id: string } };
  readonly createdAt: string;
  readonly committedMs: number;
  /** Ids of files, one for each time that one was linked. */
  readonly attachments: string[];
}

export interface SimFile {
  readonly name: string;
  content: string | null;
  finalized: boolean;
}

/** How well this server can be asked for a run. */
export type Search = 'by-metadata' | 'refuses-filter' | 'hides-metadata';

export interface SimOptions {
  readonly clock: VirtualClock;
  readonly chance: () => number;
  readonly healthyFromMs: number;
  readonly search: Search;
  /** Share of requests that suffer something before that. */
  readonly faultRate: number;
  readonly isPoison: (clientRunId: string) => boolean;
  /** Whether its answers carry a readable `Date`. */
  readonly tellsTime: boolean;
  /** A committed run is found by a search only this much later. */
  readonly indexLagMs: number;
  /** Until then it answers every question, and of what is sent to it nobody can say what became of it. */
  readonly isIll?: boolean;
}

type Fate = 'lost' | 'lost-after' | 'late' | 'hangs' | 'status' | 'status-after' | 'throttled' | 'portal' | 'no-id';
const FATES: Fate[] = ['lost', 'lost-after', 'late', 'hangs', 'status', 'status-after', 'throttled', 'portal', 'no-id'];
/** What a proxy says as well as the server. */
const ON_THE_WAY: ReadonlySet<Fate> = new Set(['status', 'throttled', 'portal']);
/** After these nobody can say what the server did. */
const OPEN_STATUSES = [408, 499, 500, 502, 503, 504];
/** Said without doing anything. */
// prettier-ignore
const EVERY_STATUS = [
  202, 204, 301, 302, 304, 307, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416,
  417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520,
];
/** A connection that breaks is often one that was kept alive, and then the browser sends again by itself. */
const REPEAT_RATE = 0.5;
/** How often it broke because the server started anew. */
const RESTART_RATE = 0.1;
/** How often a no comes from somebody on the way. */
const HEARSAY_RATE = 0.5;
/** Its clock is its own: nothing that is done to a station's changes it. */
const SERVER_EPOCH_MS = Date.UTC(2026, 10, 20, 9, 3);

/** A request that the client gave up may still be committed this long after it came. */
const LATEST_COMMIT_MS = 60_000;

/** As long as an upload address lives. */
const ADDRESS_LIFE_MS = 60_000;

type Commit = () => Reply;

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string>;
  /** By somebody on the way, who is not this server. */
  readonly isHearsay?: true;
}

interface Asked {
  readonly url: URL;
  /** null: it only asks. */
  readonly write: Commit | null;
  readonly headers: Record<string, string>;
}

export class SimServer {
  readonly committed: Committed[] = [];
  readonly files = new Map<string, SimFile>();
  /** Upload addresses: whose, until when. */
  readonly #addresses = new Map<string, { readonly id: string; readonly untilMs: number }>();
  requests = 0;
  posts = 0;
  onPost: (clientRunId: string) => void = () => undefined;
  readonly #options: SimOptions;
  #offlineUntilMs = 0;
  #refusedUntilMs = 0;
  /** How often it was started: what it took before it has forgotten. */
  #starts = 1;
  readonly #attempts = new Set<string>();

  constructor(options: SimOptions) {
    this.#options = options;
  }

  readonly fetch = (async (address: string | URL | Request, init?: RequestInit) => {
    this.#weather();
    const signal = init?.signal ?? null;
    const url = new URL(String(address), 'http://sim');
    const method = init?.method ?? 'GET';
    const write = method === 'GET' ? null : this.#write(url, method, init!.body);
    const answer = this.#answer({ url, write, headers: (init?.headers ?? {}) as Record<string, string> });
    return new Promise<Response>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      answer.then((reply) => resolve(this.#response(reply)), reject);
    });
  }) as typeof fetch;

  /** Another station has sent this run, some time ago. @returns its id */
  deliverElsewhere(body: string, files: readonly { readonly name: string; readonly content: string }[] = []): string {
    const remoteId = `remote-${this.committed.length}`;
    const run = JSON.parse(body) as Committed['body'];
    const createdAt = new Date(this.#serverMs()).toISOString();
    this.committed.push({ remoteId, body: run, createdAt, committedMs: -Infinity, attachments: [] });
    for (const { name, content } of files) {
      const id = `elsewhere-${this.files.size}`;
      this.files.set(id, { name, content, finalized: true });
      this.committed.at(-1)!.attachments.push(id);
    }
    return remoteId;
  }

  #serverMs(): number {
    return SERVER_EPOCH_MS + this.#options.clock.monotonicMs();
  }

  /** The few members that the client reads; a real Response takes longer than one turn of the loop. */
  #response({ status, text, headers, isHearsay }: Reply): Response {
    const date = this.#options.tellsTime ? new Date(this.#serverMs()).toUTCString() : null;
    const own: Record<string, string | null> = { date, [SERVER_HEADER]: isHearsay ? null : this.#process };
    const get = (name: string) => headers[name] ?? own[name] ?? null;
    return { status, headers: { get }, text: async () => text } as unknown as Response;
  }

  get #process(): string {
    return `process-${this.#starts}`;
  }

  /** As repeats.ts does. */
  #refuses(headers: Record<string, string>): boolean {
    const attempt = headers[ATTEMPT_HEADER];
    if (attempt === undefined) return false;
    if ((headers[SERVER_HEADER] ?? this.#process) !== this.#process || this.#attempts.has(attempt)) return true;
    this.#attempts.add(attempt);
    return false;
  }

  get #isHealthy(): boolean {
    return this.#options.clock.monotonicMs() >= this.#options.healthyFromMs;
  }

  /** Now and then the network is away for a while, the key is refused for a while, or the server starts anew. */
  #weather(): void {
    const { clock, chance, faultRate } = this.#options;
    const nowMs = clock.monotonicMs();
    if (chance() < faultRate / 20) this.#offlineUntilMs = nowMs + chance() * 120_000;
    if (chance() < faultRate / 40) this.#refusedUntilMs = nowMs + chance() * 120_000;
    if (!this.#isHealthy && chance() < faultRate / 40) this.#startAnew();
  }

  #startAnew(): void {
    this.#starts += 1;
    this.#attempts.clear();
  }

  async #answer(asked: Asked): Promise<Reply> {
    const { clock, chance, faultRate, isIll = false } = this.#options;
    const { url, write, headers } = asked;
    // What the relay answers by itself, TofuPilot does not feel.
    if (!url.pathname.endsWith('/reach')) this.requests += 1;
    await clock.sleep(5 + chance() * 200);
    const nowMs = clock.monotonicMs();
    if (!this.#isHealthy && nowMs < this.#offlineUntilMs) throw new TypeError('Failed to fetch');
    const fate = !this.#isHealthy && chance() < faultRate ? FATES[Math.floor(chance() * FATES.length)]! : null;
    if (fate === 'lost') return this.#lost(asked);
    if (fate && ON_THE_WAY.has(fate) && chance() < HEARSAY_RATE)
      return { ...(await this.#fail(fate, asked)), isHearsay: true };
    if (write && this.#refuses(headers)) return json(425, { message: 'taken before', code: 'TOO_EARLY' });
    if (!this.#isHealthy && nowMs < this.#refusedUntilMs) return json(401, { message: 'no key', code: 'UNAUTHORIZED' });
    if (fate) return this.#fail(fate, asked);
    if (isIll && write && !this.#isHealthy) return this.#fail('status', asked);
    const answer = write ? write() : this.#read(url);
    await clock.sleep(chance() * 100);
    return answer;
  }

  /** What a request that writes will do when it is let through. */
  #write(url: URL, method: string, sent: RequestInit['body']): Commit {
    const [, , , id] = url.pathname.slice('/tofupilot'.length).split('/');
    if (method === 'PUT') return () => this.#store(url.pathname, new TextDecoder().decode(sent as Uint8Array));
    const body = typeof sent === 'string' ? (JSON.parse(sent) as unknown) : null;
    if (method === 'PATCH') return () => this.#link(id!, (body as { attachments: string[] }).attachments);
    if (url.pathname.endsWith('/finalize')) return () => this.#finalize(id!);
    if (url.pathname.endsWith('/v2/attachments')) return () => this.#announce((body as { name: string }).name);
    const run = body as Committed['body'];
    this.posts += 1;
    this.onPost(run.metadata.client_run_id);
    return () => this.#create(run);
  }

  /** The connection broke: the page hears of it, or the browser sends again by itself. */
  #lost(asked: Asked): Promise<Reply> {
    const { chance } = this.#options;
    // What broke the connection may have been its end.
    if (!this.#isHealthy && chance() < RESTART_RATE) this.#startAnew();
    if (asked.write && chance() < REPEAT_RATE) return this.#answer(asked);
    throw new TypeError('Failed to fetch');
  }

  async #fail(fate: Exclude<Fate, 'lost'>, asked: Asked): Promise<Reply> {
    const { clock, chance } = this.#options;
    const commit = () => void asked.write?.();
    const status = OPEN_STATUSES[Math.floor(chance() * OPEN_STATUSES.length)]!;
    switch (fate) {
      case 'lost-after':
        commit();
        return this.#lost(asked);
      case 'late':
        void clock.sleep(chance() * LATEST_COMMIT_MS).then(commit);
        return this.#lost(asked);
      case 'hangs':
        void clock.sleep(chance() * LATEST_COMMIT_MS).then(commit);
        return new Promise(() => undefined);
      case 'status-after':
        commit();
        return json(status, { message: 'oops', code: 'INTERNAL_SERVER_ERROR' });
      case 'no-id':
        commit();
        return json(200, {});
      case 'throttled':
        return json(
          429,
          { message: 'slow down' },
          chance() < 0.5 ? { 'retry-after': `${Math.ceil(chance() * 20)}` } : {},
        );
      case 'portal':
        return { status: 200, text: '<html>Please log in</html>', headers: { 'content-type': 'text/html' } };
      case 'status': {
        const any = EVERY_STATUS[Math.floor(chance() * EVERY_STATUS.length)]!;
        return any === 204 ? { status: 204, text: '', headers: {} } : json(any, { message: 'oops' });
      }
    }
  }

  #create(body: Committed['body']): Reply {
    if (this.#options.isPoison(body.metadata.client_run_id))
      return json(422, { message: 'refused', code: 'UNPROCESSABLE_CONTENT' });
    const remoteId = `remote-${this.committed.length}`;
    const createdAt = new Date(this.#serverMs()).toISOString();
    this.committed.push({ remoteId, body, createdAt, committedMs: this.#options.clock.monotonicMs(), attachments: [] });
    return json(200, { id: remoteId });
  }

  #announce(name: string): Reply {
    const id = `file-${this.files.size}`;
    this.files.set(id, { name, content: null, finalized: false });
    this.#addresses.set(`/upload/${id}`, { id, untilMs: this.#options.clock.monotonicMs() + ADDRESS_LIFE_MS });
    return json(200, { id, upload_url: `/upload/${id}` });
  }

  #store(path: string, content: string): Reply {
    const address = this.#addresses.get(path);
    if (!address || address.untilMs < this.#options.clock.monotonicMs()) return json(403, { message: 'expired' });
    this.files.get(address.id)!.content = content;
    return { status: 200, text: '', headers: {} };
  }

  #finalize(id: string): Reply {
    const file = this.files.get(id);
    if (file?.content == null) return json(404, { message: 'Attachment not found.' });
    file.finalized = true;
    return json(200, { url: '/file' });
  }

  /** Adds without looking: a file that is linked twice is there twice. */
  #link(runId: string, ids: readonly string[]): Reply {
    const run = this.committed.find(({ remoteId }) => remoteId === runId);
    if (!run || ids.some((id) => !this.files.has(id))) return json(404, { message: 'Not found.' });
    run.attachments.push(...ids);
    return json(200, { id: runId });
  }

  #read(url: URL): Reply {
    const { search, clock, indexLagMs } = this.#options;
    const one = this.committed.find(({ remoteId }) => url.pathname.endsWith(`/v2/runs/${remoteId}`));
    if (one) {
      const attachments = one.attachments.map((id) => {
        const { name = '', content = null } = this.files.get(id) ?? {};
        return { id, name, size: content?.length ?? null };
      });
      return json(200, { id: one.remoteId, attachments });
    }
    if (!url.pathname.endsWith('/v2/runs')) return json(200, { id: 'station', name: 'sim' });
    const filter = url.searchParams.get('metadata');
    if (filter && search === 'refuses-filter') return json(400, { message: 'Input validation failed', issues: [] });
    const ids = filter && search === 'by-metadata' ? (JSON.parse(filter).client_run_id.in as string[]) : null;
    const [after, before] = [url.searchParams.get('started_after'), url.searchParams.get('started_before')];
    const found = this.committed.filter(
      ({ body, committedMs }) =>
        committedMs + indexLagMs <= clock.monotonicMs() &&
        body.serial_number.toUpperCase() === url.searchParams.get('serial_numbers')?.toUpperCase() &&
        (!ids || ids.includes(body.metadata.client_run_id)) &&
        (!after || body.started_at >= after) &&
        (!before || body.started_at <= before),
    );
    // One a page, so that pagination is always walked.
    const at = Number(url.searchParams.get('cursor') ?? 0);
    const data = found.slice(at, at + 1).map(({ remoteId, body, createdAt }) => ({
      id: remoteId,
      created_at: createdAt,
      started_at: body.started_at,
      ended_at: body.ended_at,
      unit: { serial_number: body.serial_number },
      ...(search === 'hides-metadata' ? {} : { metadata: body.metadata }),
    }));
    const more = at + 1 < found.length;
    return json(200, { data, meta: { has_more: more, next_cursor: more ? at + 1 : null } });
  }
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, text: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}
