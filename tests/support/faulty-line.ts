/**
 * A line to the server that fails in every way: calls of the API and uploads suffer what a seed says, everything else passes.
 *
 * A proxy between browser and server, so that the browser meets real cuts and real garbage. Above it: the browser
 * tests. Knows nothing of what the calls mean.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** `-after`: the server has done it, and its answer is lost, cut or replaced. */
export type Fate =
  | 'drop'
  | 'drop-after'
  | 'cut-body'
  | 'cut-answer-after'
  | 'late-after'
  | 'slow'
  | '429'
  | '503-retry'
  | '500'
  | '500-after'
  | '503'
  | 'portal'
  | 'garbage'
  | 'garbage-after'
  /** Uploads only: the storage takes this address no longer. */
  | 'expired';

const CALL_FATES: readonly Fate[] = [
  'drop',
  'drop-after',
  'cut-body',
  'cut-answer-after',
  'late-after',
  'slow',
  '429',
  '503-retry',
  '500',
  '500-after',
  '503',
  'portal',
  'garbage',
  'garbage-after',
];
const UPLOAD_FATES: readonly Fate[] = [...CALL_FATES, 'expired', 'expired'];

const SLOW_MS = 700;
/** The least that a header of whole seconds can say. */
const RETRY_AFTER_S = 1;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export class FaultyLine {
  /** How often each fate struck, by kind of request. */
  readonly struck = new Map<string, number>();
  /** Requests of the API and uploads, whatever became of them. */
  calls = 0;
  /** Share of them that suffer something. */
  share: number;
  readonly #target: number;
  readonly #chance: () => number;
  readonly #server: Server;

  private constructor(target: number, share: number, chance: () => number) {
    this.#target = target;
    this.share = share;
    this.#chance = chance;
    this.#server = createServer((incoming, outgoing) => {
      this.#carry(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  static async start(target: number, share: number, chance: () => number): Promise<FaultyLine> {
    const line = new FaultyLine(target, share, chance);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #carry(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const fate = this.#fateOf(incoming);
    if (fate === 'late-after' || fate === 'slow') await sleep(fate === 'slow' ? SLOW_MS : 0);
    switch (fate) {
      case null:
      case 'slow':
        return give(outgoing, await this.#forward(incoming, body));
      case 'drop':
        return cut(outgoing);
      case 'cut-body':
        await this.#forwardHalf(incoming, body);
        return cut(outgoing);
      case '429':
      case '503-retry':
        outgoing.setHeader('retry-after', String(RETRY_AFTER_S));
        return say(outgoing, fate === '429' ? 429 : 503, '{"message":"Too many requests"}');
      case '500':
      case '503':
        return say(outgoing, Number(fate), '{"message":"Out of order"}');
      case 'portal':
        return say(outgoing, 200, '<!doctype html><title>Sign in</title>', 'text/html');
      case 'garbage':
        return say(outgoing, 200, '{"id": "01');
      case 'expired':
        return say(outgoing, 403, '<Error><Code>AccessDenied</Code></Error>', 'application/xml');
    }
    const answer = await this.#forward(incoming, body);
    switch (fate) {
      case 'drop-after':
        return cut(outgoing);
      case 'cut-answer-after':
        outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length + 9 });
        return void outgoing.write(answer.body.subarray(0, answer.body.length >> 1), () => cut(outgoing));
      case 'late-after':
        await sleep(SLOW_MS);
        return give(outgoing, answer);
      case '500-after':
        return say(outgoing, 500, '{"message":"Out of order"}');
      case 'garbage-after':
        return say(outgoing, 200, '\u0000\u0001{{');
    }
  }

  #fateOf({ method, url = '' }: IncomingMessage): Fate | null {
    if (!url.startsWith('/tofupilot/')) return null;
    this.calls += 1;
    if (this.#chance() >= this.share) return null;
    const isUpload = url.startsWith('/tofupilot/upload/');
    const fates = isUpload ? UPLOAD_FATES : CALL_FATES;
    const drawn = fates[Math.floor(this.#chance() * fates.length)]!;
    const fate = drawn === 'cut-body' && method === 'GET' ? 'drop' : drawn;
    const name = `${isUpload ? 'upload' : method} ${fate}`;
    this.struck.set(name, (this.struck.get(name) ?? 0) + 1);
    return fate;
  }

  async #forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const asked = request({ host: '127.0.0.1', port: this.#target, method, path: url, headers });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await bodyOf(answer) };
  }

  /** The server hears the beginning and is then hung up on. */
  async #forwardHalf({ method, url, headers }: IncomingMessage, body: Buffer): Promise<void> {
    const asked = request({ host: '127.0.0.1', port: this.#target, method, path: url, headers });
    asked.on('error', () => undefined);
    await new Promise<void>((resolve) => asked.write(body.subarray(0, body.length >> 1) || ' ', () => resolve()));
    await sleep(20);
    asked.destroy();
  }
}

function give(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const { 'transfer-encoding': _, ...rest } = headers;
  outgoing.writeHead(status, { ...rest, ...(status === 304 ? {} : { 'content-length': body.length }) });
  outgoing.end(body);
}

function say(outgoing: ServerResponse, status: number, text: string, type = 'application/json'): void {
  outgoing.writeHead(status, { 'content-type': type });
  outgoing.end(text);
}

function cut(outgoing: ServerResponse): void {
  outgoing.socket?.destroy();
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
