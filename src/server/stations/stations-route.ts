/**
 * `/fleet/stations`: what this server has heard of every station, as JSON, for the list of stations.
 *
 * Knows nothing of how it was heard (stations.ts).
 */
import { diskFreeBytes, queueAgeMs } from '#fleet/health/attention.ts';
import type { RolloutReport } from '#fleet/health/rollout-report.ts';
import type { StationsReport } from '#fleet/health/stations-report.ts';
import type { Thresholds } from '#fleet/health/thresholds.ts';
import { stationPlace } from '#fleet/identity/station-name.ts';
import type { Stations } from '#server/stations/stations.ts';

export function answerStations(
  stations: Stations,
  limits: Thresholds,
  nowMs: number,
  rollouts: readonly RolloutReport[],
): Response {
  const report: StationsReport = {
    format: 1,
    at: new Date(nowMs).toISOString(),
    since: new Date(stations.startedAtMs).toISOString(),
    heartbeat_s: limits.heartbeatMs / 1000,
    rollouts,
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
  return Response.json(report, { headers: { 'cache-control': 'no-store' } });
}
