/**
 * What TofuPilot accepts, as its schema says it: a body for POST /v2/runs, a query for GET /v2/runs.
 *
 * Above it: strict-tofupilot.ts and tests that judge a body. Knows nothing of HTTP.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface WireMeasurement {
  readonly name: string;
  readonly outcome: string;
  readonly measured_value?: unknown;
  readonly units?: string | null;
  readonly validators?: readonly {
    readonly operator?: string;
    readonly expected_value?: unknown;
    readonly outcome?: string;
  }[];
}

export interface WirePhase {
  readonly name: string;
  readonly outcome: string;
  readonly retry_count?: number;
  readonly started_at: string;
  readonly ended_at: string;
  readonly measurements?: readonly WireMeasurement[];
}

/** The part of a body that tests look at; the schema holds the rest. */
export interface WireRun {
  readonly outcome: string;
  readonly procedure_id: string;
  readonly serial_number: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly phases?: readonly WirePhase[];
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
}

export interface Issue {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

const schema = JSON.parse(readFileSync(new URL('../fixtures/tofupilot-v2.schema.json', import.meta.url), 'utf8')) as {
  $id: string;
};

const ajv = new Ajv2020({ allErrors: true, strict: false, coerceTypes: false });
addFormats.default(ajv);
ajv.addSchema(schema);

const validateRun = ajv.compile<WireRun>({ $ref: `${schema.$id}#/$defs/RunCreateRequest` });
const validateQuery = ajv.compile({ $ref: `${schema.$id}#/$defs/RunListQuery` });

const toIssue = ({ message = '', instancePath, params }: ErrorObject): Issue => ({
  message: `${message} ${JSON.stringify(params)}`,
  path: instancePath.split('/').slice(1),
});

/** Metadata that the contract asks of every run (contract, "On the wire"). */
const PROMISED_METADATA = {
  client_run_id: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  station_id: /./,
  station_seq: /^[1-9]\d*$/,
  slot: /./,
  app_version: /./,
  browser: /./,
  release: /./,
  fixture: /^/,
  operator: /^/,
  clock_offset_ms: /^-?\d+(\.\d+)?$/,
  simulated: /^(true|false)$/,
  interrupted: /^(true|false)$/,
} as const;

/** What is wrong with a body: the schema's findings, those it cannot express, and the contract's. */
export function runIssues(body: unknown): Issue[] {
  if (!validateRun(body)) return (validateRun.errors ?? []).map(toIssue);
  const issues: Issue[] = [];
  const spans = [body, ...(body.phases ?? [])];
  for (const { started_at, ended_at } of spans) {
    if (Date.parse(ended_at) < Date.parse(started_at))
      issues.push({ message: 'ends before it starts', path: ['ended_at'] });
  }
  for (const [key, pattern] of Object.entries(PROMISED_METADATA)) {
    const value = body.metadata?.[key];
    if (value === undefined || !pattern.test(String(value))) {
      issues.push({ message: `metadata.${key} is ${JSON.stringify(value)}`, path: ['metadata', key] });
    }
  }
  return issues;
}

/** Query parameters as the API reads them: repeated keys are arrays, `metadata` is JSON, numbers are numbers. */
export function readQuery(search: URLSearchParams): { query: Record<string, unknown>; issues: Issue[] } {
  const query: Record<string, unknown> = {};
  for (const key of new Set(search.keys())) {
    const values = search.getAll(key);
    const first = values[0] ?? '';
    if (key === 'metadata') query[key] = JSON.parse(first);
    else if (key === 'limit' || key === 'cursor') query[key] = Number(first);
    else if (key === 'include_metadata') query[key] = first === 'true' || first === '1';
    else if (key.endsWith('s')) query[key] = values;
    else query[key] = first;
  }
  return { query, issues: validateQuery(query) ? [] : (validateQuery.errors ?? []).map(toIssue) };
}
