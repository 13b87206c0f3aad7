/**
 * Rollouts as this server sees them: who runs what, whether the new release is worse, and that nobody should take it any more.
 *
 * Keeps nothing: what stations say is all that it knows, and a halt that another server, or this one before its restart,
 * has called is said again by the stations that heard it. Needs no key: a halt only brings back. Above: app.ts. Below:
 * judge-release.ts. Knows nothing of HTTP.
 */
import type { Halt } from '#fleet/distribution/signed/rollout.ts';
import { isHalted, ringOf, shareOf } from '#fleet/distribution/signed/rollout.ts';
import type { PublishedProcedure, ReleaseIndex, Rollout } from '#fleet/distribution/signed/release-index.ts';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import type { RolloutReport } from '#fleet/health/rollout-report.ts';
import type { ReleaseTally } from '#fleet/health/tally.ts';
import { judgeRelease } from '#server/rollouts/judge-release.ts';

export interface RolloutsOptions {
  /** As it is published now; null: nothing is. */
  readonly index: () => Promise<ReleaseIndex | null>;
  /** The last word of every station that was heard. */
  readonly beats: () => Promise<readonly Heartbeat[]>;
  readonly monotonicMs: () => number;
}

/** A manifest is asked for more often than that; what stations say changes once a minute each. */
const FRESH_MS = 2_000;
/** Its own stations tell most about a ring; with fewer first tests of the release before, all others are asked, too. */
const LEAST_OWN = 30;

export class Rollouts {
  readonly #options: RolloutsOptions;
  readonly #shares = new Map<string, number>();
  #reports: Promise<readonly RolloutReport[]> = Promise.resolve([]);
  #atMs = -Infinity;

  constructor(options: RolloutsOptions) {
    this.#options = options;
  }

  reports(): Promise<readonly RolloutReport[]> {
    const nowMs = this.#options.monotonicMs();
    if (nowMs - this.#atMs >= FRESH_MS) {
      this.#atMs = nowMs;
      this.#reports = this.#look();
    }
    return this.#reports;
  }

  /** What the manifest says to stations. One that a person has signed is in the index. */
  async halts(): Promise<readonly Halt[]> {
    return (await this.reports()).flatMap(({ procedure, attempt, halt }) =>
      halt?.reason ? [{ procedure, attempt, reason: halt.reason }] : [],
    );
  }

  async #look(): Promise<readonly RolloutReport[]> {
    const index = await this.#options.index();
    const rolling = index?.procedures.filter(({ rollout }) => rollout !== undefined) ?? [];
    if (rolling.length === 0) {
      this.#shares.clear();
      return [];
    }
    const beats = await this.#options.beats();
    return Promise.all(rolling.map((one) => this.#report(one, one.rollout!, beats)));
  }

  async #report(one: PublishedProcedure, rollout: Rollout, beats: readonly Heartbeat[]): Promise<RolloutReport> {
    const rings = await Promise.all(beats.map(async (beat) => ringOf(rollout, await this.#asker(rollout, beat))));
    const comparisons = judgeRelease(...talliesOf(one, rollout, beats));
    const worse = comparisons.find(({ isWorse }) => isWorse);
    const said = beats.flatMap(({ halts = [], station }) =>
      halts
        .filter((halt) => halt.procedure === one.procedure && halt.attempt === rollout.attempt)
        .map((halt) => ({ ...halt, station })),
    );
    const told = said.find(({ by }) => by === 'fleet');
    const version = (release: string) => one.releases.find((other) => other.release === release)?.version ?? '';
    const halt = isHalted(one, {})
      ? ({ by: 'person', reason: null } as const)
      : worse
        ? ({ by: 'statistics', reason: worse.what } as const)
        : told
          ? ({ by: 'stations', reason: told.reason } as const)
          : null;
    return {
      procedure: one.procedure,
      name: one.releases.find(({ release }) => release === rollout.release)?.name ?? one.procedure,
      from: { release: one.current, version: version(one.current) },
      to: { release: rollout.release, version: version(rollout.release) },
      attempt: rollout.attempt,
      rings: rollout.rings.map(({ name }, at) => {
        const mine = beats.filter((_, beat) => rings[beat] === at);
        const running = mine.filter(({ procedure }) => procedure?.release === rollout.release).length;
        return { name, isOpen: at < rollout.open, stations: mine.length, running };
      }),
      state: halt ? 'halted' : 'rolling',
      halt,
      word: rollout.halted ?? '',
      wentBack: said.filter(({ by }) => by === 'station').map(({ station }) => station),
      comparisons,
    };
  }

  async #asker({ salt }: Rollout, { station }: Heartbeat) {
    const name = `${salt}/${station}`;
    const share = this.#shares.get(name) ?? (await shareOf(salt, station));
    this.#shares.set(name, share);
    return { station, shares: new Map([[salt, share]]) };
  }
}

/** Old and new: the stations that run the new one against themselves before, or against all where that is too little. */
function talliesOf(
  { current }: PublishedProcedure,
  { release, attempt }: Rollout,
  beats: readonly Heartbeat[],
): [before: readonly ReleaseTally[], after: readonly ReleaseTally[]] {
  const of = (all: readonly Heartbeat[], isMeant: (tally: ReleaseTally) => boolean) =>
    all.flatMap(({ tallies = [] }) => tallies.filter(isMeant));
  const isNew = (tally: ReleaseTally) => tally.release === release && tally.attempt === attempt;
  const isOld = (tally: ReleaseTally) => tally.release === current;
  const testers = beats.filter(({ tallies = [] }) => tallies.some(isNew));
  const own = of(testers, isOld);
  const tested = own.reduce((sum, { first }) => sum + first.tested, 0);
  return [tested >= LEAST_OWN ? own : of(beats, isOld), of(testers, isNew)];
}
