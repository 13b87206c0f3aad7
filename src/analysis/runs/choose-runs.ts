/**
 * Which runs an analysis is about: of a period and a release, real or simulated, in the order in which they began.
 *
 * Knows nothing of what is made of them.
 */
import type { RunFacts } from '#record/run-facts.ts';

export interface Choice {
  /** Hash of a release; null: all. */
  readonly release: string | null;
  /** Wall clock, ms: not before; -Infinity: from the beginning. */
  readonly sinceMs: number;
  readonly simulated: boolean;
}

/** @returns oldest first. With a release, runs of which only the line is left belong to none */
export function chooseRuns(runs: readonly RunFacts[], { release, sinceMs, simulated }: Choice): RunFacts[] {
  const isWanted = (run: RunFacts) =>
    run.startedMs >= sinceMs && run.simulated === simulated && (release === null || run.detail?.release === release);
  return runs.filter(isWanted).sort((a, b) => a.seq - b.seq);
}

/** The first run of each unit. @param runs oldest first */
export function firstRuns(runs: readonly RunFacts[]): RunFacts[] {
  const seen = new Set<string>();
  return runs.filter(({ unit }) => seen.size !== seen.add(unit).size);
}

export interface ReleaseFound {
  readonly release: string;
  readonly version: string;
  readonly runs: number;
}

/** @param runs newest first @returns the one that ran last first */
export function releasesOf(runs: readonly RunFacts[]): ReleaseFound[] {
  const found = new Map<string, ReleaseFound>();
  for (const { detail } of runs) {
    if (!detail) continue;
    const { release, version } = detail;
    found.set(release, { release, version, runs: (found.get(release)?.runs ?? 0) + 1 });
  }
  return [...found.values()];
}
