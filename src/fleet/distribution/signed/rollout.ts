/**
 * A rollout in rings: which station takes the new release of a procedure now, and how a halt takes it back.
 *
 * A station decides for itself, from the signed index alone, with or without a network. A halt is not signed: all that it
 * can do is to bring a station back to the release that the signed index names as the fleet's. Pure but for the hash.
 * Knows nothing of fetching and of statistics.
 */
import { sha256 } from '#base/hash.ts';
import { isLike } from '#fleet/distribution/signed/like.ts';
import type { PublishedProcedure, ReleaseIndex, Ring, Rollout } from '#fleet/distribution/signed/release-index.ts';

export const HALT_REASONS = ['first-pass-yield', 'error-rate', 'duration', 'errors-here'] as const;
export type HaltReason = (typeof HALT_REASONS)[number];

/** That nobody should take the new release any more. Not signed; as the manifest carries it. */
export interface Halt {
  readonly procedure: string;
  /** Of the rollout that it is about: one that goes on again is another attempt. */
  readonly attempt: number;
  readonly reason: HaltReason;
}

/** Who asks which release is theirs. */
export interface Asker {
  readonly station: string;
  readonly nowMs: number;
  /** Where this station stands in each order, by salt: from 0 to 100. One that is not known is in no ring by share. */
  readonly shares?: ReadonlyMap<string, number>;
  readonly halts?: readonly Pick<Halt, 'procedure' | 'attempt'>[];
}

/** 32 bits of the hash are a thousandth of a percent and finer, however many stations there are. */
const DIGITS = 8;

/** Where a station stands in a rollout's order: stable, and another one in the next rollout. From 0, less than 100. */
export async function shareOf(salt: string, station: string): Promise<number> {
  const hash = await sha256(new TextEncoder().encode(`${salt}/${station}`));
  return (Number.parseInt(hash.slice('sha256:'.length, 'sha256:'.length + DIGITS), 16) / 2 ** (4 * DIGITS)) * 100;
}

/** For every rollout of an index. */
export async function sharesOf(index: ReleaseIndex | null, station: string): Promise<ReadonlyMap<string, number>> {
  const salts = (index?.procedures ?? []).flatMap(({ rollout }) => (rollout ? [rollout.salt] : []));
  return new Map(await Promise.all(salts.map(async (salt) => [salt, await shareOf(salt, station)] as const)));
}

/** @returns number of the first ring that a station is in, from 0; -1: in none */
export function ringOf({ rings, salt }: Rollout, { station, shares }: Pick<Asker, 'station' | 'shares'>): number {
  return rings.findIndex((ring) => isIn(ring, station, shares?.get(salt)));
}

/** Whoever is asked for names and a share has to have both. */
function isIn({ stations, percent }: Ring, station: string, share: number | undefined): boolean {
  const isNamed = stations?.some((pattern) => isLike(station, pattern)) ?? true;
  return isNamed && (percent === undefined || percent === 100 || (share !== undefined && share < percent));
}

export function isHalted({ procedure, rollout }: PublishedProcedure, { halts = [] }: Pick<Asker, 'halts'>): boolean {
  if (!rollout) return false;
  const isMeant = (halt: Pick<Halt, 'procedure' | 'attempt'>) =>
    halt.procedure === procedure && halt.attempt === rollout.attempt;
  return rollout.halted !== undefined || halts.some(isMeant);
}

/** @returns the new release where it is this station's turn, and nothing stands against it */
export function rolledOut(one: PublishedProcedure, asker: Asker): string | undefined {
  const { rollout } = one;
  if (!rollout || isHalted(one, asker)) return undefined;
  const ring = ringOf(rollout, asker);
  return ring >= 0 && ring < rollout.open ? rollout.release : undefined;
}
