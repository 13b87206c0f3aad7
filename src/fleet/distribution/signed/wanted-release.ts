/**
 * Which release a station should run now, and what people call it.
 *
 * Pure, and small: a station asks at every start. Knows nothing of signatures; release-index.ts reads what is asked here.
 */
import type { Pin, PublishedProcedure, PublishedRelease } from '#fleet/distribution/signed/release-index.ts';

/** The pin that holds for a station now: the first that fits. */
export function pinFor({ pins }: PublishedProcedure, station: string, nowMs: number): Pin | undefined {
  return pins.find(
    ({ stations, from, until }) =>
      (stations?.some((pattern) => isLike(station, pattern)) ?? true) &&
      (from === undefined || Date.parse(from) <= nowMs) &&
      (until === undefined || nowMs < Date.parse(until)),
  );
}

export function wantedRelease(one: PublishedProcedure, station: string, nowMs: number): PublishedRelease {
  const wanted = pinFor(one, station, nowMs)?.release ?? one.current;
  return one.releases.find(({ release }) => release === wanted)!;
}

/** @param pattern with `*` for any characters, none too */
export function isLike(name: string, pattern: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(name);
}

/** `Power board 3.2.0`, for people. */
export function titleOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return [name, version].filter(Boolean).join(' ');
}
