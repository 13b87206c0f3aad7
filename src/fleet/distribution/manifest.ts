/**
 * `/fleet/manifest.json`: what this fleet offers to its stations. Plain files: any web server can serve it.
 *
 * Written by the server from `FLEET_DIR` (or by hand for a static host); read by every station. Knows nothing of
 * either.
 */
import type { CalibrationRule, FleetInstrument } from '#fleet/calibration/calibration.ts';
import type { FleetOperator, SignInSettings } from '#fleet/people/person.ts';
import type { Halt } from '#fleet/distribution/signed/rollout.ts';
import type { ScriptProblem } from '#fleet/distribution/compile-script.ts';
import type { HealthSettings } from '#fleet/health/thresholds.ts';

export interface FleetManifest {
  readonly format: 1;
  readonly settings: FleetSettings;
  /** Set only when the embedded sandbox is behind the relay: a browser without enrolment becomes this station. */
  readonly tryout?: { readonly station: string; readonly key: string };
  /** From source folders. */
  readonly procedures: readonly OfferedProcedure[];
  /** That there are signed releases; absent: none. */
  readonly releases?: PublishedPointer;
  /** That there is a configuration for each station; absent: `settings` are all there is. */
  readonly configuration?: ConfigurationPointer;
  /** Rollouts that went wrong, as this server sees it. Not signed: a station may only be brought back by them. */
  readonly halts?: readonly Halt[];
}

/**
 * `/fleet/releases/configuration/<station>.json`: a word that changes whenever any of them does, so that who has seen it asks no
 * more; or, written by hand for a static host, only that they are there.
 */
export type ConfigurationPointer = true | string;

/**
 * `/fleet/releases/keys.json` and `index.json`: the hash of each as it is now, so that who has seen it asks no more; empty of
 * an index that is not there; or,
 * written by hand for a static host, only that they are there.
 */
export type PublishedPointer = true | { readonly keys: string; readonly index: string };

export interface FleetSettings {
  readonly signed_only: boolean;
  /** Every plug is simulated, on every station of this fleet. */
  readonly simulated: boolean;
  /** Folder of the procedure that a station runs when its enrolment names none. */
  readonly default_procedure?: string;
  readonly sync: {
    /** Seconds that a run whose upload has an unknown outcome waits before it may be posted again. */
    readonly ambiguous_wait_s: number;
    readonly concurrency: number;
    /** Requests per second and station; 0: no limit. */
    readonly rate_per_s: number;
    /** Requests per second of all stations together that the relay lets through; 0: no limit. */
    readonly relay_rate_per_s: number;
  };
  /** How long a station keeps what TofuPilot has; each station's own defaults where it is not said. */
  readonly retention?: {
    /** Delivered runs that stay whole, newest first. */
    readonly keep_runs?: number | undefined;
    readonly keep_days?: number | undefined;
  };
  /** How people sign in and test again; each station may say otherwise for itself. */
  readonly sign_in?: SignInSettings | undefined;
  /** Who may work at every station of this fleet. */
  readonly operators?: readonly FleetOperator[] | undefined;
  /** Until when the fleet's instruments are calibrated. */
  readonly instruments?: readonly FleetInstrument[] | undefined;
  /** Whether a run needs instruments whose calibration holds; `notice` where it is not said. */
  readonly calibration?: CalibrationRule | undefined;
  /** How often stations say how they are, and from when on a reading needs a person. */
  readonly health?: HealthSettings | undefined;
  /** Days before its end from which on a calibration is shown as ending soon. */
  readonly calibration_soon_days?: number | undefined;
  readonly storage?: { readonly warn_free_mib?: number | undefined } | undefined;
  readonly clock?: { readonly warn_offset_s?: number | undefined } | undefined;
  /** Where nobody has chosen otherwise on the screen itself. */
  readonly screen?: ScreenSettings | undefined;
  /** Settings that nobody at a station may change, by key. */
  readonly locked?: readonly string[] | undefined;
}

export interface ScreenSettings {
  readonly theme?: 'system' | 'light' | 'dark' | undefined;
  readonly sound?: boolean | undefined;
  readonly back_after_min?: number | undefined;
}

export interface OfferedProcedure {
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** From a source folder, not a signed release. */
  readonly development: boolean;
  /** `sha256:` of the lines `<path> <sha256 of the file>`, sorted by path. */
  readonly release: string;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly size: number }[];
  /** Its phase scripts as stations run them, compiled from its files: `/fleet/scripts/<folder>/<path>.json`. */
  readonly scripts?: readonly OfferedScript[];
}

export interface OfferedScript {
  /** Of the author's file in the folder. */
  readonly path: string;
  /** Of the compiled script as JSON; absent when there is none. */
  readonly sha256?: string;
  /** Why there is none, and where. */
  readonly problem?: ScriptProblem;
}

/**
 * 90 s: longer than the client's own limit of 30 s and the longest proxy time-out seen, 60 s. Six at once: as many
 * connections as a browser opens to one server over HTTP/1.1; files, which take long, leave one of them free.
 */
export const DEFAULT_SETTINGS: FleetSettings = {
  signed_only: false,
  simulated: false,
  sync: { ambiguous_wait_s: 90, concurrency: 6, rate_per_s: 0, relay_rate_per_s: 0 },
};
