/**
 * `/fleet/stations`: every station that was heard, as JSON, for the list of stations and for other servers.
 *
 * With `?heard=here` only what this server has heard itself: so servers ask each other. Knows nothing of how it was heard
 * (stations.ts).
 */
import { diskFreeBytes, queueAgeMs } from '#fleet/health/attention.ts';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import { mergeStations } from '#fleet/health/merge-stations.ts';
import type { RolloutReport } from '#fleet/health/rollout-report.ts';
import type { StationsReport } from '#fleet/health/stations-report.ts';
import type { Thresholds } from '#fleet/health/thresholds.ts';
import { stationPlace } from '#fleet/identity/station-name.ts';
import type { Peers } from '#server/stations/peers.ts';
import type { Stations } from '#server/stations/stations.ts';

export interface StationsRouteParts {
  readonly stations: Stations;
  readonly peers: Peers;
  /** This process, as its reports name it. */
  readonly server: string;
  readonly limits: () => Promise<Thresholds>;
  readonly nowMs: () => number;
}

export class StationsRoute {
  readonly #parts: StationsRouteParts;

  constructor(parts: StationsRouteParts) {
    this.#parts = parts;
  }

  /** @param rollouts asked for only where they are told */
  async answer(request: Request, rollouts: () => Promise<readonly RolloutReport[]>): Promise<Response> {
    const isOwn = new URL(request.url).searchParams.get('heard') === 'here';
    const report = isOwn ? await this.#own() : { ...(await this.#all()), rollouts: await rollouts() };
    return Response.json(report, { headers: { 'cache-control': 'no-store' } });
  }

  /** The last word of every station, whoever heard it. */
  async beats(): Promise<readonly Heartbeat[]> {
    return (await this.#all()).stations.map(({ said }) => said);
  }

  async #all(): Promise<StationsReport> {
    const own = await this.#own();
    const { reports, asked, unanswered } = await this.#parts.peers.reports();
    if (asked === 0) return own;
    return { ...own, stations: mergeStations([own, ...reports]), peers: { asked, unanswered } };
  }

  async #own(): Promise<StationsReport> {
    const { stations, server, nowMs } = this.#parts;
    const limits = await this.#parts.limits();
    return {
      format: 1,
      at: new Date(nowMs()).toISOString(),
      since: new Date(stations.startedAtMs).toISOString(),
      server,
      heartbeat_s: limits.heartbeatMs / 1000,
      stations: stations.list(limits).map(({ beat, heardAtMs, silentForMs, attention }) => {
        const { site, line } = stationPlace(beat.station);
        return {
          station: beat.station,
          site,
          line,
          heard_at: new Date(heardAtMs).toISOString(),
          attention,
          queue_age_s: Math.round(queueAgeMs(beat, silentForMs) / 1000),
          disk_free_bytes: diskFreeBytes(beat),
          said: beat,
        };
      }),
    };
  }
}
