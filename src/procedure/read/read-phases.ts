/**
 * Phases of one section: what a phase is called, what it does, what it measures, and what follows its outcome.
 *
 * Whatever a phase is that this version cannot run (Python, a program) is read and becomes an obstacle with
 * the phase's name and the replacement. Knows nothing of how phases run.
 */
import type { Located, LocatedScalar, Place } from '#procedure/located.ts';
import type { Phase, Plug, Step } from '#procedure/procedure.ts';
import { asks, type Component } from '#procedure/screen.ts';
import type { Section } from '#procedure/section.ts';
import { Fields, titleOf, type Context } from '#procedure/read/fields.ts';
import { readBody } from '#procedure/read/read-body.ts';
import { readKey } from '#procedure/read/read-key.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { readMeasurements, withoutPlace, type ReadMeasurement } from '#procedure/read/read-measurement.ts';
import { readSteps } from '#procedure/read/read-steps.ts';
import { PHASE_SCOPES, readScope } from '#procedure/read/read-scope.ts';
import { stated } from '#procedure/read/stated.ts';

export const PHASE_KEYS = [
  'key',
  'name',
  'scope',
  'python',
  'executable',
  'description',
  'measurements',
  'ui',
  'enabled',
  'result',
  'depends_on',
  'timeout',
  'retry',
  'then',
  'steps',
  'script',
  'when',
];
const NEXT = ['continue', 'stop', 'retry'] as const;

export interface ReadPhase extends Omit<Phase, 'dependsOn'> {
  readonly place: Place;
  readonly dependsOn: readonly { readonly key: string; readonly place: Place }[];
  /** Its condition as written; read when all phases are known. */
  readonly condition?: LocatedScalar;
}

export function readPhases(
  context: Context,
  nodes: readonly Located[],
  section: Section,
  scope: PhaseScope,
): ReadPhase[] {
  return nodes.flatMap((node) => readPhase(context, node, section, scope) ?? []);
}

export interface PhaseScope {
  readonly plugs: readonly Plug[];
  /** What may follow `unit.`. */
  readonly unitFields: readonly string[];
  /** Where each step `print` was read. */
  readonly labels: Map<Step, Fields>;
}

function readPhase(
  context: Context,
  node: Located,
  section: Section,
  { plugs, unitFields, labels }: PhaseScope,
): ReadPhase | undefined {
  const what = titleOf(node, 'phase', `a phase of ${section}`);
  const fields = new Fields(context, node, what, PHASE_KEYS);
  if (node.kind !== 'map') return undefined;
  const name = fields.requiredText('name', { max: 100 });
  const key = readKey(fields, name);
  const scope = readScope(fields, PHASE_SCOPES);
  const mark = context.problems.mark;
  const measurements = readMeasurements(context, fields.list('measurements') ?? [], what);
  const names = new Map([
    ...measurements.map((one) => [one.name, one.key] as const),
    ...measurements.map((one) => [one.key, one.key] as const),
  ]);
  const axes = new Map(
    measurements.flatMap(({ key: of, xAxis, yAxis }) =>
      yAxis ? [[of, [...(xAxis ? [xAxis] : []), ...yAxis]] as const] : [],
    ),
  );
  const units = new Map(measurements.flatMap(({ key: of, unit }) => (unit === undefined ? [] : [[of, unit] as const])));
  const within = { phase: what, measurements: names, axes, unitFields };
  const steps = readSteps({ ...within, context, plugs, units, labels }, fields.list('steps') ?? []);
  const body = readBody(context, fields, what, within);
  const condition = fields.scalar('when');
  const skip = readSkip(context, fields, what);
  if (skip !== undefined) context.problems.forgetObstaclesAfter(mark);
  else warnOfUnrecorded(context, fields, measurements, { steps, ui: body.ui }, what);
  const timeoutMs = fields.duration('timeout');
  if (timeoutMs !== undefined) lintWaits(fields, steps, timeoutMs);
  const rest = {
    description: readLocalText(fields, 'description', 1000) ?? '',
    ...stated({ scope, condition }),
    ...body,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    retry: readRetry(context, fields, what),
    next: readThen(context, fields, what),
    dependsOn: readDependsOn(fields),
  };
  if (name === undefined || key === undefined) return undefined;
  const declared = measurements.map(withoutPlace);
  const { place } = fields;
  return {
    key,
    name,
    section,
    ...rest,
    ...(skip ? { skip } : {}),
    steps,
    measurements: declared,
    line: place.line,
    place,
  };
}

function lintWaits(fields: Fields, steps: readonly Step[], timeoutMs: number): void {
  const waitedMs = steps.reduce((sum, step) => sum + (step.kind === 'wait' ? step.durationMs : 0), 0);
  if (waitedMs < timeoutMs) return;
  const message = `${fields.what} waits ${waitedMs} ms in its steps and has ${timeoutMs} ms, so it always runs out of time; give it more`;
  fields.context.problems.lint('wait-over-timeout', fields.node('timeout')!.place, message);
}

/** Why the phase is never run; undefined when it is. */
function readSkip(context: Context, fields: Fields, what: string): string | undefined {
  const result = fields.text('result', { max: 50, mayBeEmpty: true }) || undefined;
  if (fields.flag('enabled') === false) return 'switched off in the procedure (enabled: false)';
  if (result === undefined) return undefined;
  if (result.toLowerCase() === 'skip') return 'skipped by the procedure (result: skip)';
  const message = `${what} states its own result (“${result}”); only “skip” can be stated, every other outcome is earned`;
  context.problems.obstacle('unsupported', fields.keyPlace('result'), message);
  return undefined;
}

function warnOfUnrecorded(
  context: Context,
  fields: Fields,
  measurements: readonly ReadMeasurement[],
  { steps, ui }: { readonly steps: Phase['steps']; readonly ui: Phase['ui'] | undefined },
  what: string,
): void {
  // Code may record anything; and what could not be read may be the one that records it.
  if (['script', 'python', 'executable'].some((body) => fields.has(body))) return;
  if (!fields.has('steps') && !ui) return;
  if (steps.length !== (fields.list('steps')?.length ?? 0)) return;
  const recorded = new Set([...steps.flatMap(recordedBy), ...(ui?.components ?? []).flatMap(boundTo)]);
  for (const { key, name, place } of measurements.filter((one) => !recorded.has(one.key)))
    context.problems.warning(
      'never-recorded',
      place,
      `${what}: nothing records “${name}” (${key}), so the phase will fail`,
    );
}

function recordedBy(step: Phase['steps'][number]): string[] {
  if ('steps' in step) return step.steps.flatMap(recordedBy);
  if (step.kind === 'prompt') return step.components.flatMap(boundTo);
  return 'measurement' in step && step.measurement !== undefined ? [step.measurement] : [];
}

/** What an entry records; what is only shown records nothing. */
function boundTo({ kind, bind }: Component): string[] {
  return asks(kind) && bind?.to === 'measurement' ? [bind.key] : [];
}

function readRetry(context: Context, fields: Fields, what: string): Phase['retry'] {
  const node = fields.node('retry');
  if (!node) return { limit: 0, delayMs: 0 };
  const retry = new Fields(context, node, `${what}, “retry”`, ['limit', 'delay']);
  retry.require('limit');
  return { limit: retry.integer('limit', 1, 10) ?? 0, delayMs: retry.duration('delay') ?? 0 };
}

function readThen(context: Context, fields: Fields, what: string): Phase['next'] {
  const node = fields.node('then');
  if (!node) return {};
  const then = new Fields(context, node, `${what}, “then”`, ['pass', 'fail', 'error', 'timeout']);
  const read: Partial<Record<'pass' | 'fail' | 'error' | 'timeout', (typeof NEXT)[number]>> = {};
  for (const outcome of ['pass', 'fail', 'error', 'timeout'] as const) {
    const next = then.oneOf(outcome, NEXT);
    if (next !== undefined) read[outcome] = next;
  }
  if (read.pass === 'retry')
    context.problems.obstacle(
      'unsupported',
      then.keyPlace('pass'),
      `${what}: a phase that passed is not run again (“then: pass: retry”)`,
    );
  return read;
}

function readDependsOn(fields: Fields): ReadPhase['dependsOn'] {
  const keys = fields.texts('depends_on', { max: 100 }) ?? [];
  if (keys.length > 100) fields.refuse('length', 'depends_on', 'has more than 100 entries');
  return keys.map((key, index) => ({ key, place: fields.list('depends_on')?.[index]?.place ?? fields.place }));
}
