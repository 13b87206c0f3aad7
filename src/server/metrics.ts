/**
 * Counters of this process, as Prometheus text.
 *
 * Routes are a closed list (route-of.ts) and statuses are numbers, so that no visitor can make the list grow. Knows
 * nothing of stations: what they report about themselves is in stations/station-metrics.ts.
 */
export type RelayResult = 'answered' | 'refused' | 'unreachable' | 'timeout';

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #relayed = new Map<string, number>();
  readonly #version: string;
  readonly #monotonicMs: () => number;
  readonly #startedMs: number;

  constructor(version: string, monotonicMs: () => number) {
    this.#version = version;
    this.#monotonicMs = monotonicMs;
    this.#startedMs = monotonicMs();
  }

  request(route: string, status: number): void {
    bump(this.#requests, `route="${route}",status="${status}"`);
  }

  relayed(result: RelayResult): void {
    bump(this.#relayed, `result="${result}"`);
  }

  text(): string {
    const uptimeS = (this.#monotonicMs() - this.#startedMs) / 1000;
    return [
      '# HELP fieldbench_build_info Version of the app that is served.',
      '# TYPE fieldbench_build_info gauge',
      `fieldbench_build_info{version="${this.#version}"} 1`,
      '# HELP fieldbench_uptime_seconds Time since the server started.',
      '# TYPE fieldbench_uptime_seconds gauge',
      `fieldbench_uptime_seconds ${uptimeS.toFixed(3)}`,
      '# HELP fieldbench_http_requests_total Requests by route and status; status 0: ended without an answer.',
      '# TYPE fieldbench_http_requests_total counter',
      ...lines('fieldbench_http_requests_total', this.#requests),
      '# HELP fieldbench_relay_requests_total Requests forwarded to TofuPilot, by what came of them.',
      '# TYPE fieldbench_relay_requests_total counter',
      ...lines('fieldbench_relay_requests_total', this.#relayed),
      '',
    ].join('\n');
  }
}

function bump(counts: Map<string, number>, labels: string): void {
  counts.set(labels, (counts.get(labels) ?? 0) + 1);
}

function lines(name: string, counts: ReadonlyMap<string, number>): string[] {
  return [...counts].map(([labels, count]) => `${name}{${labels}} ${count}`);
}
