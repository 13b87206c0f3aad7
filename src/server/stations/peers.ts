/**
 * What the other servers of this fleet have heard, asked of each for its own memory and kept for a moment.
 *
 * None of them needs another: one that does not answer is counted, and what it alone has heard is missing from the list. Above:
 * stations-route.ts, app.ts. Knows nothing of what stations say.
 */
import { lookup } from 'node:dns/promises';
import type { StationsReport } from '#fleet/health/stations-report.ts';

/** Stations say something once a minute; a screen asks every few seconds. */
const FRESH_MS = 5_000;
/** A server that is there has its list in memory. */
const LIMIT_MS = 2_000;

export interface PeerReports {
  /** Without this server's own. */
  readonly reports: readonly StationsReport[];
  /** Servers that were asked, itself not counted. */
  readonly asked: number;
  readonly unanswered: number;
}

export interface PeersOptions {
  /** Origins, without a slash at their end. Over plain HTTP a name may stand for several servers: each of its addresses is asked. */
  readonly origins: readonly string[];
  /** As this server's own report says it: it finds itself among its peers, and leaves itself out. */
  readonly server: string;
  readonly fetch: typeof fetch;
  readonly monotonicMs: () => number;
}

export class Peers {
  readonly #options: PeersOptions;
  #asked: Promise<PeerReports> = Promise.resolve({ reports: [], asked: 0, unanswered: 0 });
  #atMs = -Infinity;

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** Never fails. */
  reports(): Promise<PeerReports> {
    const nowMs = this.#options.monotonicMs();
    if (nowMs - this.#atMs >= FRESH_MS) {
      this.#atMs = nowMs;
      this.#asked = this.#ask();
    }
    return this.#asked;
  }

  async #ask(): Promise<PeerReports> {
    const { origins, server } = this.#options;
    const addresses = [...new Set((await Promise.all(origins.map(addressesOf))).flat())];
    const answers = await Promise.all(addresses.map((address) => this.#reportOf(address)));
    const others = answers.filter((answer) => answer?.server !== server);
    const reports = others.filter((answer) => answer !== null);
    return { reports, asked: others.length, unanswered: others.length - reports.length };
  }

  async #reportOf(origin: string): Promise<StationsReport | null> {
    try {
      const response = await this.#options.fetch(`${origin}/fleet/stations?heard=here`, {
        redirect: 'error',
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      if (!response.ok) return null;
      const report = (await response.json()) as StationsReport | null;
      return report?.format === 1 && Array.isArray(report.stations) ? report : null;
    } catch {
      return null;
    }
  }
}

/** A name that cannot be found is asked as it stands, and does not answer. */
async function addressesOf(origin: string): Promise<string[]> {
  const url = new URL(origin);
  if (url.protocol !== 'http:') return [origin];
  const found = await lookup(url.hostname, { all: true }).catch(() => []);
  if (found.length === 0) return [origin];
  const port = url.port ? `:${url.port}` : '';
  return found.map(({ address, family }) => `http://${family === 6 ? `[${address}]` : address}${port}`);
}
