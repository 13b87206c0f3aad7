/**
 * Which release a station should run now, and what people call it.
 *
 * Pure, and small: a station asks at every start. A pin goes before a rollout, a rollout before the fleet's release. Knows
 * nothing of signatures; release-index.ts reads what is asked here.
 */
import { isLike } from '#fleet/distribution/signed/like.ts';
import type { Pin, PublishedProcedure, PublishedRelease } from '#fleet/distribution/signed/release-index.ts';
import { type Asker, rolledOut } from '#fleet/distribution/signed/rollout.ts';

/** The pin that holds for a station now: the first that fits. */
export function pinFor({ pins }: PublishedProcedure, { station, nowMs }: Asker): Pin | undefined {
  return pins.find(
    ({ stations, from, until }) =>
      (stations?.some((pattern) => isLike(station, pattern)) ?? true) &&
      (from === undefined || Date.parse(from) <= nowMs) &&
      (until === undefined || nowMs < Date.parse(until)),
  );
}

export function wantedRelease(one: PublishedProcedure, asker: Asker): PublishedRelease {
  const wanted = pinFor(one, asker)?.release ?? rolledOut(one, asker) ?? one.current;
  return one.releases.find(({ release }) => release === wanted)!;
}

/** `Power board 3.2.0`, for people. */
export function titleOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return [name, version].filter(Boolean).join(' ');
}
