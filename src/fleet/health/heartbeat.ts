/**
 * What a station says about itself once a minute: the whole list, typed and numbered.
 *
 * Written by the bench worker, read by the server (read-heartbeat.ts), shown by the list of stations. Types and limits
 * only. Knows nothing of when it is sent or of who answers.
 */
import type { Halt } from '#fleet/distribution/signed/rollout.ts';
import type { ReleaseTally } from '#fleet/health/tally.ts';
import type { RunOutcome } from '#record/run-record.ts';

export const HEARTBEAT_FORMAT = 1;

export const OUTCOMES = ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] as const satisfies readonly RunOutcome[];
export const FIXTURE_STATES = ['ready', 'rebooting', 'missing', 'wrong', 'lost', 'permission'] as const;
export const CONNECTIONS = ['online', 'offline', 'refused'] as const;

/** Sixteen slots with four plugs each; a station with more says those that are not ready first. */
export const MOST_FIXTURES = 64;
/** Far more codes than a station meets in its life; the rarest are left out. */
export const MOST_CODES = 40;
/** One procedure each, and few are rolled out at one time. */
export const MOST_HALTS = 10;

export type FixtureState = (typeof FIXTURE_STATES)[number];
/** How often each code came, since this installation began. */
export type CodeCounts = Readonly<Record<string, number>>;

/** By what a server said, or by what the station saw itself. */
export interface SaidHalt extends Halt {
  readonly by: 'station' | 'fleet';
}

/** Who speaks: one name may, by mistake, be that of two. */
export interface Speaker {
  /** `taipei-line1-042` */
  readonly station: string;
  /** Of this browser's data; two computers never share one, unless a disk was copied. */
  readonly installation: string;
  /** Of this start of the station; two computers never share one. */
  readonly session: string;
  /** UTC, ISO 8601: when this installation became this station. */
  readonly since: string;
  /** Counts up each time that a supervisor takes the name over from another installation; the highest one has it. */
  readonly term: number;
  /** UTC, ISO 8601, by the station's clock: when this session began. */
  readonly started_at: string;
  /** UTC, ISO 8601, by the station's clock. */
  readonly sent_at: string;
}

export interface FixtureReading {
  readonly plug: string;
  readonly slot?: string | undefined;
  readonly state: FixtureState;
}

export interface Heartbeat extends Speaker {
  readonly format: typeof HEARTBEAT_FORMAT;
  readonly app_version: string;
  readonly browser: string;
  readonly system: string;
  /** Folder, name and version of the procedure in use; null while there is none. */
  readonly procedure: { readonly folder: string; readonly version: string; readonly release: string } | null;
  /** Hash of the values of its configuration in force; empty while only what is built in is. */
  readonly configuration: string;
  /** The way to TofuPilot. */
  readonly connection: (typeof CONNECTIONS)[number];
  readonly simulated: boolean;
  /** Whether a unit is under test. */
  readonly running: boolean;
  /** Another one has its name: it starts no run, and none is under way. */
  readonly stopped: boolean;
  readonly queue: {
    readonly waiting: number;
    readonly parked: number;
    /** UTC, ISO 8601, by the station's clock: when the oldest run that is not delivered ended; null when there is none. */
    readonly oldest_at: string | null;
  };
  /** As the browser estimates it for this origin; null where it does not say. */
  readonly disk: { readonly quota_bytes: number; readonly usage_bytes: number } | null;
  /** Whether the browser promised to keep this station's data; null before it was asked. */
  readonly persisted: boolean | null;
  /** Server's clock minus the station's; null before it was ever known. */
  readonly clock_offset_ms: number | null;
  readonly fixtures: readonly FixtureReading[];
  /** How often a fixture that was ready was not any more, since this installation began. */
  readonly fixture_losses: number;
  /** The newest number that was given to a run here; 0 before the first. */
  readonly last_seq: number;
  readonly last_run: { readonly seq: number; readonly ended_at: string; readonly outcome: RunOutcome } | null;
  /** Runs that ended, by outcome, since this installation began. */
  readonly runs: Readonly<Record<RunOutcome, number>>;
  readonly refusals: CodeCounts;
  readonly faults: CodeCounts;
  /** How often this installation was started, and at how many of these starts a run was found cut off. */
  readonly starts: number;
  readonly crashes: number;
  /** What was made with each release, the one that was used last first; absent: a version of the app that does not count it. */
  readonly tallies?: readonly ReleaseTally[] | undefined;
  /** Rollouts that this station was brought back from. */
  readonly halts?: readonly SaidHalt[] | undefined;
  /** null on a machine that has none, or does not say. */
  readonly battery: { readonly level: number; readonly discharging: boolean } | null;
}

/** What the server says to a heartbeat. */
export interface HeartbeatAnswer {
  readonly format: typeof HEARTBEAT_FORMAT;
  /** This server has listened for three intervals, and heard no other installation under this name in them. */
  readonly alone: boolean;
  /** Absent: nobody takes turns with it; somebody may all the same have spoken before. */
  readonly collision?: Collision;
}

export interface Collision {
  /** first: it has the name, and goes on. later: it must not start a run. */
  readonly role: 'first' | 'later';
  /** Who else speaks under this name; of several the one that has it, or that spoke last. */
  readonly other: {
    readonly installation: string;
    readonly term: number;
    readonly app_version: string;
    readonly browser: string;
    readonly system: string;
    /** UTC, ISO 8601, by the server's clock. */
    readonly heard_at: string;
    /** Of all others under this name the highest. */
    readonly last_seq: number;
    /** No other one under this name starts a run. */
    readonly stopped: boolean;
  };
}
