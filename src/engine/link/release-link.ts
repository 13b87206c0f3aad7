/**
 * What page and bench worker say to each other about signed releases; part of station-link.ts.
 *
 * Plain data only. Knows nothing of how either does its part.
 */
/** A release that is on this machine, whole and believed. */
export interface KeptRelease {
  readonly release: string;
  readonly version: string;
  /** Name of the key. */
  readonly signedBy: string;
  /** When it had arrived here, ISO 8601. */
  readonly arrivedAt: string;
  /** Why it cannot be used any more, in words; null when it can. */
  readonly barred: string | null;
}

export interface ProcedureReleases {
  /** As in `ProcedureChoice`. */
  readonly folder: string;
  readonly inUse: string;
  /** ISO 8601. */
  readonly since: string;
  /** A person has chosen the release that is in use, and the fleet's wish does not count until they let go. */
  readonly held: { readonly by: string; readonly at: string } | null;
  /** What the fleet wants here; null when its index does not know. */
  readonly wanted: { readonly release: string; readonly version: string; readonly pin: string | null } | null;
  /** A new release that goes to the fleet ring by ring; absent: there is none. */
  readonly rollout?: RolloutHere;
  /** Newest first, at most five. */
  readonly kept: readonly KeptRelease[];
}

export interface RolloutHere {
  /** The new one. */
  readonly release: string;
  readonly attempt: number;
  /** Name of the ring that this station is in; empty: in none. */
  readonly ring: string;
  /** Whether it is its turn, unless it is halted. */
  readonly isOpen: boolean;
  readonly halt: { readonly by: 'station' | 'fleet'; readonly reason: RolloutHaltReason } | null;
}

export type RolloutHaltReason = 'first-pass-yield' | 'error-rate' | 'duration' | 'errors-here';

/** Something that the server offered and that this station does not take. */
export interface RefusedRelease {
  /** The procedure's folder, or what else was refused. */
  readonly what: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface ReleasesView {
  readonly procedures: readonly ProcedureReleases[];
  readonly refused: readonly RefusedRelease[];
}

export interface ReleaseCommands {
  /** From the next run on, whatever the fleet wants. Fails with a Fault that says why not, or who may. */
  useRelease(folder: string, release: string): void;
  /** The fleet's wish counts again. Fails as `useRelease` does. */
  followFleet(folder: string): void;
}
