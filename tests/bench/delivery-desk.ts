/**
 * A server that takes runs as TofuPilot does, 50 ms a request, deduplicates nothing, and fails one call in ten when
 * asked to: in every way in turn.
 *
 * One desk a contender, so that each is counted alone. Above it: delivery.ts. Knows nothing of who sends.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { chanceFrom } from '../sync/chance.ts';

const LATENCY_MS = 50;
const FAILING = 0.1;

/** `closed`, a status: nothing was taken. `lost`, `lost-502`: it was, and the sender hears nothing or a proxy. */
const WAYS = ['closed', 'lost', 500, 429, 'lost-502', 503] as const;
type Way = (typeof WAYS)[number];

interface Taken {
  readonly id: string;
  readonly metadata: { readonly client_run_id: string };
}

export interface Tally {
  readonly lost: number;
  readonly doubled: number;
}

export class Desk {
  readonly #taken: Taken[] = [];
  readonly #chance: () => number;
  readonly #failing: boolean;
  #failures = 0;

  constructor({ failing, seed }: { readonly failing: boolean; readonly seed: number }) {
    this.#failing = failing;
    this.#chance = chanceFrom(seed);
  }

  /** @param of every run that should be there once */
  tally(of: number): Tally {
    const ids = new Set(this.#taken.map(({ metadata }) => metadata.client_run_id));
    return { lost: of - ids.size, doubled: this.#taken.length - ids.size };
  }

  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    await sleep(LATENCY_MS);
    const way: Way | null = this.#failing && this.#chance() < FAILING ? WAYS[this.#failures++ % WAYS.length]! : null;
    if (way === 'closed') return void request.socket.destroy();
    if (typeof way === 'number') return refuse(response, way);
    const answer = request.method === 'POST' ? this.#take(parts) : this.#list(new URL(path, 'http://desk'));
    if (way === 'lost') return void request.socket.destroy();
    if (way === 'lost-502') return refuse(response, 502);
    end(response, 200, answer);
  }

  #take(parts: readonly Buffer[]): { id: string } {
    const { metadata } = JSON.parse(Buffer.concat(parts).toString('utf8')) as Taken;
    const taken = { id: randomUUID(), metadata };
    this.#taken.push(taken);
    return { id: taken.id };
  }

  /** A look at a station is answered alike: all that matters of it is that it is answered. */
  #list({ searchParams }: URL): object {
    const filter = JSON.parse(searchParams.get('metadata') ?? '{}') as { client_run_id?: { in: string[] } };
    const data = this.#taken.filter(({ metadata }) => filter.client_run_id?.in.includes(metadata.client_run_id));
    return { data, meta: { has_more: false, next_cursor: null } };
  }
}

function refuse(response: ServerResponse, status: number): void {
  if (status === 429 || status === 503) response.setHeader('retry-after', '1');
  end(response, status, { message: 'Not now.', code: 'FAILED' });
}

function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
