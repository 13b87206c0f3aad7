/**
 * Durations as TofuPilot writes them: groups of a whole number and a unit (`500ms`, `30s`, `1h30m`).
 *
 * No decimals, no zero, and no bare number inside a text. Knows nothing of what lasts so long.
 */
const GROUPS = /^(?:\d+(?:ms|s|m|h)\s*)+$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** TofuPilot's own ceiling for a time-out. */
export const LONGEST_DURATION_MS = 24 * 3_600_000;

/** @returns milliseconds, or why the text is no duration */
export function parseDuration(text: string): number | string {
  const trimmed = text.trim();
  if (!GROUPS.test(trimmed)) return 'write whole numbers with ms, s, m or h, such as 500ms, 30s or 1h30m';
  const groups = [...trimmed.matchAll(/(\d+)(ms|s|m|h)/g)];
  return checkDuration(groups.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!]!, 0));
}

/** @returns the milliseconds, or why they are none that a procedure may state */
export function checkDuration(durationMs: number): number | string {
  if (!Number.isInteger(durationMs)) return 'a bare number is whole milliseconds';
  if (durationMs < 1) return 'a duration is at least 1ms';
  return durationMs > LONGEST_DURATION_MS ? 'a duration is at most 24h' : durationMs;
}
