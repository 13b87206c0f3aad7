/**
 * What of a station needs a person, the most urgent first.
 *
 * Pure: readings and thresholds in, a list of codes out. Who reads it finds words for them. Knows nothing of servers or
 * screens.
 */
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import type { Thresholds } from '#fleet/health/thresholds.ts';

/** In the order of their urgency: two that use one number, nothing known at all, runs that are not sent, no way to test, no room, wrong times. */
export const ATTENTION = ['collision', 'silent', 'queue', 'parked', 'fixture', 'disk', 'clock'] as const;
export type AttentionCode = (typeof ATTENTION)[number];

/** A station as a server has heard it. */
export interface Heard {
  readonly beat: Heartbeat;
  /** Since it was heard last, ms. */
  readonly silentForMs: number;
  readonly isColliding: boolean;
}

/** Of a silent station only that: whatever it said is not true any more. */
export function attentionOf({ beat, silentForMs, isColliding }: Heard, limits: Thresholds): AttentionCode[] {
  const isSilent = silentForMs > limits.silentMs;
  const found: Readonly<Record<AttentionCode, boolean>> = {
    collision: isColliding,
    silent: isSilent,
    queue: !isSilent && queueAgeMs(beat, silentForMs) > limits.queueAgeMs,
    parked: !isSilent && beat.queue.parked > 0,
    fixture: !isSilent && beat.fixtures.some(({ state }) => state !== 'ready' && state !== 'rebooting'),
    disk: !isSilent && (diskFreeBytes(beat) ?? Infinity) < limits.diskFreeBytes,
    clock: !isSilent && Math.abs(beat.clock_offset_ms ?? 0) > limits.clockOffsetMs,
  };
  return ATTENTION.filter((code) => found[code]);
}

/** How long ago the oldest run that is not delivered ended, ms; 0 when there is none. By the station's clock alone, so a wrong one does no harm. */
export function queueAgeMs({ queue, sent_at }: Heartbeat, silentForMs: number): number {
  if (queue.oldest_at === null) return 0;
  return Math.max(0, Date.parse(sent_at) - Date.parse(queue.oldest_at)) + silentForMs;
}

/** As the browser estimates it; null where it does not say. */
export function diskFreeBytes({ disk }: Heartbeat): number | null {
  return disk && Math.max(0, disk.quota_bytes - disk.usage_bytes);
}
