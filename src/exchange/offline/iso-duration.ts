/**
 * How long something took, as ISO 8601 writes it: `PT1H2M3.5S`.
 *
 * Knows nothing of what took so long.
 */
import type { Located } from '#exchange/located-json.ts';

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const SECOND_MS = 1000;

export function durationMs(at: Located): number {
  const found = DURATION.exec(at.text());
  if (!found) throw at.wrong('a duration such as PT12.5S');
  const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * SECOND_MS;
}
