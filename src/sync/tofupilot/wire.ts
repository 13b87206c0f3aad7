/**
 * The bodies of TofuPilot's API v2, as far as a station sends and reads them.
 *
 * Spelled as on the wire; nothing here has behaviour. The limits beside the types are those of the API.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type ExpectedValue = boolean | number | string | readonly number[] | readonly string[] | null;

export interface WireValidator {
  readonly outcome: 'PASS' | 'FAIL';
  readonly operator?: string;
  readonly expected_value?: ExpectedValue;
  readonly expression?: string;
  readonly is_decisive: boolean;
}

export interface WireAggregation {
  readonly type: string;
  readonly outcome: 'PASS' | 'FAIL' | 'UNSET';
  readonly value: number | string | boolean | null;
  readonly unit?: string;
  readonly validators?: readonly WireValidator[];
}

export interface WireAxis {
  readonly data: readonly number[];
  readonly units?: string;
  readonly name: string;
  readonly description?: string;
  readonly validators?: readonly WireValidator[];
  readonly aggregations?: readonly WireAggregation[];
}

export interface WireMeasurement {
  readonly name: string;
  readonly outcome: 'PASS' | 'FAIL' | 'UNSET';
  readonly measured_value: number | string | boolean | null;
  readonly units?: string;
  readonly validators?: readonly WireValidator[];
  readonly aggregations?: readonly WireAggregation[];
  readonly x_axis?: WireAxis;
  readonly y_axis?: readonly WireAxis[];
  readonly docstring?: string;
}

export interface WirePhase {
  readonly name: string;
  readonly outcome: 'PASS' | 'FAIL' | 'SKIP' | 'ERROR';
  readonly started_at: string;
  readonly ended_at: string;
  readonly retry_count: number;
  readonly docstring?: string;
  readonly measurements: readonly WireMeasurement[];
}

export interface WireLog {
  readonly level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';
  readonly timestamp: string;
  readonly message: string;
  readonly source_file: string;
  readonly line_number: number;
}

/** Body of `POST /v2/runs`. */
export interface RunCreateRequest {
  readonly outcome: 'PASS' | 'FAIL' | 'ERROR' | 'TIMEOUT' | 'ABORTED';
  readonly procedure_id: string;
  readonly procedure_version?: string;
  readonly serial_number: string;
  readonly part_number?: string;
  readonly revision_number?: string;
  readonly batch_number?: string;
  readonly operated_by?: string;
  /** Serial numbers, each once. */
  readonly sub_units?: readonly string[];
  readonly unit_metadata?: Readonly<Record<string, string>>;
  readonly started_at: string;
  readonly ended_at: string;
  readonly docstring?: string;
  readonly phases: readonly WirePhase[];
  readonly logs: readonly WireLog[];
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

/** One item of `GET /v2/runs`; only what the look-up reads. */
export interface RunSummary {
  readonly id: string;
  readonly created_at?: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  readonly unit?: { readonly serial_number?: string };
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export const MESSAGE_LIMIT = 10_000;
export const SOURCE_FILE_LIMIT = 200;
export const METADATA_VALUE_LIMIT = 50_000;
export const EMAIL_LIMIT = 254;
/** Serial, part, revision, batch and version. */
export const IDENTIFIER = /^[A-Za-z0-9_.:+-]{1,60}$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
