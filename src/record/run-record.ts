/**
 * The finished (or running) test: one run of one unit, its phases, their attempts, and what was measured.
 *
 * Spelled as TofuPilot spells it, because this is what is stored and sent. Above it: engine (writes events),
 * storage (keeps them), sync (maps them to the wire), ui (shows them). Knows nothing of any of these.
 * Times inside a run are milliseconds on a monotonic clock since the run's start; `started_at` is the wall clock's.
 */
import type { LimitPoint } from '#measure/limit-curve.ts';
import type { Scalar } from '#measure/scalar.ts';
import type { Section } from '#procedure/section.ts';
import type { InstrumentRecord } from '#record/instrument.ts';

export type { Scalar, Section };
export type RunOutcome = 'PASS' | 'FAIL' | 'ERROR' | 'TIMEOUT' | 'ABORTED';
export type PhaseOutcome = 'PASS' | 'FAIL' | 'SKIP' | 'ERROR';
export type MeasurementOutcome = 'PASS' | 'FAIL' | 'UNSET';

export interface ValidatorRecord {
  /** Empty where another program's limit is known by its `expression` only. */
  readonly operator: string;
  readonly expected_value: Scalar | readonly Scalar[];
  readonly outcome: 'PASS' | 'FAIL';
  readonly is_decisive: boolean;
  /** Display text of the author's; never evaluated. */
  readonly expression?: string;
  /** It judged each point of an axis by itself. */
  readonly every?: 'point';
  /** Of the operator `curve`: limits that change with x, from corner to corner. */
  readonly curve?: readonly LimitPoint[];
  /** Why it failed, in words, e.g. `not a number: "ERR"`. */
  readonly reason?: string;
}

export interface AggregationRecord {
  /** `min`, `percentile_95` … */
  readonly type: string;
  /** null when it could not be worked out; the reason says why. */
  readonly value: Scalar | null;
  readonly outcome: MeasurementOutcome;
  readonly units?: string;
  readonly validators: readonly ValidatorRecord[];
  readonly reason?: string;
}

/** One axis of a multi-point measurement: all its points in one typed array, from the instrument to the upload. */
export interface AxisRecord {
  readonly key: string;
  readonly name: string;
  readonly units?: string;
  readonly description?: string;
  /** As read: may hold NaN or infinities, and then the measurement has failed. */
  readonly data: Float64Array<ArrayBuffer>;
  readonly validators: readonly ValidatorRecord[];
  readonly aggregations: readonly AggregationRecord[];
}

export interface MeasurementRecord {
  readonly key: string;
  readonly name: string;
  readonly outcome: MeasurementOutcome;
  /** null when nothing usable was read: silence, NaN, infinity; and of a multi-point measurement. */
  readonly measured_value: Scalar | null;
  readonly units?: string;
  readonly validators: readonly ValidatorRecord[];
  /** Passed, but inside the margin that the procedure calls close to its limit. */
  readonly marginal?: boolean;
  readonly aggregations?: readonly AggregationRecord[];
  readonly x_axis?: AxisRecord;
  /** There is one or more in a multi-point measurement. */
  readonly y_axis?: readonly AxisRecord[];
  /** Why it failed or has no value, in words. */
  readonly reason?: string;
}

/** A file that went with a run, left by a phase or by the station; its bytes are the store's. */
export interface FileRecord {
  /** Of no other file of this run. */
  readonly name: string;
  readonly content_type: string;
  readonly size: number;
  /** Of its bytes, as base/hash.ts writes it. */
  readonly sha256: string;
}

export interface PhaseRecord {
  readonly key: string;
  readonly name: string;
  readonly section: Section;
  /** Attempt number given by the engine: 0, 1, 2 … */
  readonly retry_count: number;
  readonly started_ms: number;
  /** null while the phase runs. */
  ended_ms: number | null;
  outcome: PhaseOutcome | null;
  /** Why it failed, was skipped or broke, in words. */
  reason?: string;
  /** The phase ran out of its own time; on the wire the phase is ERROR, the run TIMEOUT. */
  timed_out?: boolean;
  readonly measurements: MeasurementRecord[];
  /** Absent where it left none. */
  files?: FileRecord[];
}

export interface LogRecord {
  readonly level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';
  readonly at_ms: number;
  readonly message: string;
  /** Where it came from: the procedure's file; 1 to 200 characters on the wire. */
  readonly source_file: string;
  readonly line_number: number;
}

/** A phase as it is planned, so that a screen can show what is still to come. */
export interface PhasePlan {
  readonly key: string;
  readonly name: string;
  readonly section: Section;
  readonly measurements: readonly { readonly key: string; readonly name: string; readonly units?: string }[];
}

/** What was tested, by what, with what: frozen when the serial number is accepted. */
export interface RunHeader {
  /** `client_run_id`: UUID version 7. */
  readonly id: string;
  /** `station_seq`: 1, 2, 3 … on this station, no gaps; 0 for a run that another program recorded. */
  readonly seq: number;
  readonly station_id: string;
  readonly slot: string;
  readonly serial_number: string;
  readonly part_number?: string;
  readonly revision_number?: string;
  readonly batch_number?: string;
  /** Serial numbers of what is built into the unit, by key. */
  readonly sub_units?: Readonly<Record<string, string>>;
  /** What the procedure asks for beside the numbers, by key. */
  readonly unit_metadata?: Readonly<Record<string, string>>;
  /** Wall clock, UTC, ISO 8601 with milliseconds and `Z`. */
  readonly started_at: string;
  readonly procedure: {
    /** The procedure's UUID in TofuPilot. */
    readonly id: string;
    readonly name: string;
    readonly version?: string;
    /** Hash of the release that ran: `sha256:` and 64 hexadecimal digits. */
    readonly release: string;
    /** Offered from a source folder, not a signed release. */
    readonly development: boolean;
  };
  /** Value of each parameter, and the tier that it came from. */
  readonly parameters: Readonly<Record<string, { readonly value: Scalar | readonly Scalar[]; readonly tier: string }>>;
  /** Hash of the values of the station's configuration in force; absent: only what is built in was. */
  readonly configuration?: string;
  readonly app_version: string;
  readonly browser: string;
  /** Identity answers of the plugs, e.g. `fixture=ACME,FX-1,FX0001,1.0`. */
  readonly fixture: string;
  /** Of each plug, in the procedure's order; absent: it has none, or another program recorded the run. */
  readonly instruments?: readonly InstrumentRecord[];
  /** E-mail of whoever started it, else the name; empty where nobody signs in. */
  readonly operator: string;
  /** `operator`, `technician` or `supervisor`. */
  readonly operator_role?: string;
  /** How many runs of this unit were begun before on this station and this day; absent: none. */
  readonly retest?: number;
  /** Why it was tested again, as a person wrote it. */
  readonly retest_reason?: string;
  /** Who allowed what the role of whoever started it does not. */
  readonly allowed_by?: string;
  /** Server's clock minus this machine's, when last measured; 0 before that. */
  readonly clock_offset_ms: number;
  /** Why its start is not what other clocks say, in words; absent while the station's clock is near the server's. */
  readonly clock_note?: string;
  readonly simulated: boolean;
  /** Head of the station's chain of sealed runs when this one began (storage/store/chain.ts). */
  readonly chain_prev?: string;
  /** A break in that chain, found since the run before this one began, in words. */
  readonly chain_break?: string;
  readonly plan: readonly PhasePlan[];
}

export interface RunRecord extends RunHeader {
  /** As it was scanned, unless an operator has said otherwise during the run. */
  serial_number: string;
  part_number?: string;
  revision_number?: string;
  batch_number?: string;
  /** Serial numbers of what is built into the unit, by key. */
  sub_units?: Readonly<Record<string, string>>;
  /** What the procedure asks for beside the numbers, by key. */
  unit_metadata?: Readonly<Record<string, string>>;
  /** null while the run is under way. */
  outcome: RunOutcome | null;
  ended_ms: number | null;
  /** First decisive reason in words, for everything but PASS. */
  reason?: string;
  /** Closed by the next start after a crash. */
  interrupted: boolean;
  readonly phases: PhaseRecord[];
  readonly logs: LogRecord[];
  /** Of the run as a whole, such as what went over its wires; absent where it left none. */
  files?: FileRecord[];
}
