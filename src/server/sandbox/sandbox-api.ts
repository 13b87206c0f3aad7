/**
 * The sandbox's HTTP: the part of TofuPilot's API that a station uses, with its statuses, bodies and manners.
 *
 * Paths match without case, a trailing slash is ignored, a wrong method is 404, HEAD on a known path is 200 without a
 * key. Faults strike here. Knows nothing of the relay, in whose place it stands.
 */
import { apiError } from '#server/api-error.ts';
import { readLimited } from '#server/read-limited.ts';
import { callerOf } from '#server/sandbox/caller.ts';
import { LONGEST_FILE_BYTES } from '#server/sandbox/attachments.ts';
import { CALLS, type Call } from '#server/sandbox/calls.ts';
import type { Sandbox } from '#server/sandbox/sandbox.ts';

/** The relay's own limit: a body that passes here passes there. */
const LONGEST_BODY_BYTES = 64 * 1024 * 1024;

/** undefined: the connection is to be cut without an answer. */
export type SandboxAnswer = Response | undefined;

export class SandboxApi {
  readonly #sandbox: Sandbox;
  readonly #wait: (delayMs: number) => Promise<void>;

  /** @param wait ends early, by an error, when the server stops */
  constructor(sandbox: Sandbox, wait: (delayMs: number) => Promise<void>) {
    this.#sandbox = sandbox;
    this.#wait = wait;
  }

  /** @param origin where the browser sees this server */
  async answer(request: Request, origin: string): Promise<SandboxAnswer> {
    const { faults } = this.#sandbox;
    if (faults.strike('offline')) return undefined;
    const slow = faults.strike('slow');
    const whole = slow ? await taken(request) : request;
    if (slow) await this.#wait(slow.seconds * 1000);
    const refused = faults.refusal();
    if (refused) return refused;
    const url = new URL(whole.url);
    const token = /^\/tofupilot\/upload\/([^/]+)$/.exec(url.pathname)?.[1];
    const answer = token === undefined ? await this.#call(whole, url, origin) : await this.#upload(whole, token);
    const writes = ['POST', 'PUT', 'PATCH'].includes(whole.method);
    return writes && answer.ok && faults.strike('drop') ? undefined : answer;
  }

  async #call(request: Request, url: URL, origin: string): Promise<Response> {
    const path = url.pathname.replace(/^\/tofupilot/, '').replace(/\/$/, '');
    const known = CALLS.filter(({ pattern }) => pattern.test(path));
    if (request.method === 'HEAD' && known.length > 0) return new Response(null);
    const call = known.find(({ method }) => method === request.method);
    if (!call) return apiError('NOT_FOUND', 'Not found');
    const caller = callerOf(request.headers.get('authorization') ?? undefined);
    if (!caller) return apiError('UNAUTHORIZED', 'The API key is missing or not valid.');
    const read = call.takesBody ? await readBody(request) : { data: undefined, bytes: 0 };
    if (read instanceof Response) return read;
    const parts = (call.pattern.exec(path) ?? []).slice(1);
    return call.answer({ sandbox: this.#sandbox, caller, url, origin, parts, ...read });
  }

  async #upload(request: Request, token: string): Promise<Response> {
    const file = request.method === 'PUT' ? this.#sandbox.attachments.awaited(token) : undefined;
    if (!file) return apiError('NOT_FOUND', 'No such upload address, or it is older than a minute.');
    const bytes = await readLimited(request, LONGEST_FILE_BYTES);
    if (!bytes) return apiError('PAYLOAD_TOO_LARGE', `More than ${LONGEST_FILE_BYTES / 1024 / 1024} MiB.`);
    const type = request.headers.get('content-type') ?? 'application/octet-stream';
    this.#sandbox.attachments.store(file, new Uint8Array(bytes), type);
    return new Response(null);
  }
}

/** The whole request, read before the delay: a station that gives up meanwhile has sent it all the same. */
async function taken(request: Request): Promise<Request> {
  const { url, method, headers } = request;
  const bytes = request.body && (await readLimited(request, LONGEST_BODY_BYTES));
  return bytes ? new Request(url, { method, headers, body: new Uint8Array(bytes) }) : request;
}

async function readBody(request: Request): Promise<Pick<Call, 'data' | 'bytes'> | Response> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    return apiError('UNSUPPORTED_MEDIA_TYPE', 'Content-Type must be application/json.');
  const bytes = await readLimited(request, LONGEST_BODY_BYTES);
  if (!bytes) return apiError('PAYLOAD_TOO_LARGE', `More than ${LONGEST_BODY_BYTES / 1024 / 1024} MiB.`);
  try {
    return {
      data: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown,
      bytes: bytes.length,
    };
  } catch {
    return apiError('PARSE_ERROR', 'The body is not valid JSON.');
  }
}
