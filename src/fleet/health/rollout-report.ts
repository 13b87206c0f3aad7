/**
 * How a rollout goes, as a server tells it from what stations have said: on `/fleet/stations`, for screens and people. Types only.
 *
 * Knows nothing of how it is judged.
 */
import type { HaltReason } from '#fleet/distribution/signed/rollout.ts';

export interface RolloutReport {
  readonly procedure: string;
  readonly name: string;
  readonly from: { readonly release: string; readonly version: string };
  readonly to: { readonly release: string; readonly version: string };
  readonly attempt: number;
  readonly rings: readonly RingReport[];
  /** rolling: open rings take it. halted: nobody does. */
  readonly state: 'rolling' | 'halted';
  /** Why it is halted; null while it is not. */
  readonly halt: { readonly by: 'statistics' | 'stations' | 'person'; readonly reason: HaltReason | null } | null;
  /** What a person wrote who has halted it. */
  readonly word: string;
  /** Stations that went back by themselves. */
  readonly wentBack: readonly string[];
  readonly comparisons: readonly Comparison[];
}

export interface RingReport {
  readonly name: string;
  readonly isOpen: boolean;
  /** Of the stations that this server hears: those in the ring, and those of them that run the new release. */
  readonly stations: number;
  readonly running: number;
}

/** New against old, by one of the stated tests. */
export interface Comparison {
  readonly what: Exclude<HaltReason, 'errors-here'>;
  readonly unit: 'share' | 'ms';
  /** null while there is nothing to say. */
  readonly before: number | null;
  readonly after: number | null;
  /** How many units, runs or passing runs stand behind each. */
  readonly counts: { readonly before: number; readonly after: number };
  /** That chance alone makes so much a difference; null while there is nothing to compare. */
  readonly p: number | null;
  readonly isWorse: boolean;
}
