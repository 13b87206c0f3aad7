/**
 * From when on a reading needs a person, and how often a station says how it is.
 *
 * `health` in `fleet.yaml` may say otherwise. One place for all who judge: the server's list, its metrics, and through
 * those the alert rules. Numbers only.
 */
export interface HealthSettings {
  readonly heartbeat_s?: number | undefined;
  readonly queue_age_s?: number | undefined;
  readonly disk_free_gb?: number | undefined;
  readonly clock_offset_s?: number | undefined;
}

export interface Thresholds {
  readonly heartbeatMs: number;
  /** Nothing was heard for this long. */
  readonly silentMs: number;
  readonly queueAgeMs: number;
  readonly diskFreeBytes: number;
  readonly clockOffsetMs: number;
}

/**
 * A minute: soon enough for a line lead to walk there, rare enough that a thousand stations are 17 requests a second.
 * Half an hour: longer than any restart of a network. 5 GB: a browser gives up data long before a disk is full. A minute of clock: a
 * run lands in the wrong shift's report (bench-worker/station-clock.ts).
 */
export const DEFAULT_HEALTH = { heartbeat_s: 60, queue_age_s: 1800, disk_free_gb: 5, clock_offset_s: 60 };
/** One may be lost on the way and one may be late. */
export const MISSED_BEATS = 3;

export function thresholdsOf(settings: HealthSettings = {}): Thresholds {
  const heartbeatMs = 1000 * (settings.heartbeat_s ?? DEFAULT_HEALTH.heartbeat_s);
  return {
    heartbeatMs,
    silentMs: MISSED_BEATS * heartbeatMs,
    queueAgeMs: 1000 * (settings.queue_age_s ?? DEFAULT_HEALTH.queue_age_s),
    diskFreeBytes: 1e9 * (settings.disk_free_gb ?? DEFAULT_HEALTH.disk_free_gb),
    clockOffsetMs: 1000 * (settings.clock_offset_s ?? DEFAULT_HEALTH.clock_offset_s),
  };
}
