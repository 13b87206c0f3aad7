/**
 * Phases of one section: what a phase is called, what it does, what it measures, and what follows its outcome.
 *
 * Whatever a phase is that this version cannot run (Python, a script, a screen) is read and becomes an obstacle with
 * the phase's name and the replacement. Knows nothing of how phases run.
 */
import type { Located, Place } from '#procedure/located.ts';
import type { Phase, Plug } from '#procedure/procedure.ts';
import type { Section } from '#procedure/section.ts';
import { Fields, titleOf, type Context } from '#procedure/read/fields.ts';
import { EXECUTABLE, SCREEN } from '#procedure/read/later-shapes.ts';
import { readKey } from '#procedure/read/read-key.ts';
import { readMeasurements, withoutPlace, type ReadMeasurement } from '#procedure/read/read-measurement.ts';
import { readSteps } from '#procedure/read/read-steps.ts';
import { checkShape } from '#procedure/read/shape.ts';

const KEYS = [
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
/** `station` is for plugs only. */
const SCOPES = ['slot', 'each', 'execution', 'all', 'run'] as const;
const NEXT = ['continue', 'stop', 'retry'] as const;

export interface ReadPhase extends Omit<Phase, 'dependsOn'> {
  readonly place: Place;
  readonly dependsOn: readonly { readonly key: string; readonly place: Place }[];
}

export function readPhases(
  context: Context,
  nodes: readonly Located[],
  section: Section,
  plugs: readonly Plug[],
): ReadPhase[] {
  return nodes.flatMap((node) => readPhase(context, node, section, plugs) ?? []);
}

function readPhase(context: Context, node: Located, section: Section, plugs: readonly Plug[]): ReadPhase | undefined {
  const what = titleOf(node, 'phase', `a phase of ${section}`);
  const fields = new Fields(context, node, what, KEYS);
  if (node.kind !== 'map') return undefined;
  const name = fields.requiredText('name', { max: 100 });
  const key = readKey(fields, name);
  fields.oneOf('scope', SCOPES);
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
  const steps = readSteps({ context, phase: what, plugs, measurements: names, axes }, fields.list('steps') ?? []);
  readBody(context, fields, what);
  const skip = readSkip(context, fields, what);
  if (skip !== undefined) context.problems.forgetObstaclesAfter(mark);
  else warnOfUnrecorded(context, fields, measurements, steps, what);
  const timeoutMs = fields.duration('timeout');
  const rest = {
    description: readDescription(fields),
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

function readBody(context: Context, fields: Fields, what: string): void {
  const { problems } = context;
  const python = fields.text('python', { parameters: 'literal' });
  const script = fields.text('script', { parameters: 'literal' });
  const executable = fields.node('executable');
  const screen = fields.node('ui');
  if (executable) checkShape(context, executable, `${what}, “executable”`, EXECUTABLE);
  if (screen) checkShape(context, screen, `${what}, “ui”`, SCREEN);
  const bodies = ['steps', 'script', 'python', 'executable'].filter((key) => fields.has(key));
  if (bodies.length > 1) fields.refuse('conflict', bodies[1]!, `and “${bodies[0]}” exclude each other`);
  if (python !== undefined) {
    const message = `${what} runs Python (${python}), which cannot run in a browser; write it as “steps:” or “script:”`;
    problems.obstacle('python-phase', fields.keyPlace('python'), message);
  }
  if (executable)
    problems.obstacle(
      'executable-phase',
      fields.keyPlace('executable'),
      `${what} starts a program, which a browser cannot; write it as “steps:”`,
    );
  if (script !== undefined)
    problems.obstacle(
      'script-phase',
      fields.keyPlace('script'),
      `${what} is a script (${script}), which this version does not run; write it as “steps:”`,
    );
  if (screen)
    problems.obstacle(
      'ui-phase',
      fields.keyPlace('ui'),
      `${what} asks the operator (“ui”), which this version cannot show; leave it out or measure it in “steps:”`,
    );
  if (fields.has('when')) {
    fields.text('when', { parameters: 'literal' });
    problems.obstacle(
      'unsupported',
      fields.keyPlace('when'),
      `${what} has a condition (“when”), which this version cannot evaluate; use “enabled”`,
    );
  }
  // A phase that does nothing would pass, and with it a unit that nobody looked at.
  if (bodies.length === 0 && !screen && !fields.has('when'))
    problems.obstacle('empty-phase', fields.place, `${what} does nothing; give it “steps:”`);
  else if (fields.list('steps')?.length === 0)
    problems.obstacle('empty-phase', fields.keyPlace('steps'), `${what} has no steps in its “steps”`);
}

/** Why the phase is never run; undefined when it is. */
function readSkip(context: Context, fields: Fields, what: string): string | undefined {
  const result = fields.text('result', { max: 50 });
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
  steps: Phase['steps'],
  what: string,
): void {
  // A step that could not be read may be the one that records it.
  if (!fields.has('steps') || steps.length !== fields.list('steps')?.length) return;
  const recorded = new Set(steps.flatMap(recordedBy));
  for (const { key, name, place } of measurements.filter((one) => !recorded.has(one.key)))
    context.problems.warning(
      'never-recorded',
      place,
      `${what}: no step records “${name}” (${key}), so the phase will fail`,
    );
}

function recordedBy(step: Phase['steps'][number]): string[] {
  if (step.kind === 'repeat') return step.steps.flatMap(recordedBy);
  return 'measurement' in step && step.measurement !== undefined ? [step.measurement] : [];
}

/** Text for operators may be a map of languages; English, else the first, stands for it in the record. */
function readDescription(fields: Fields): string {
  const node = fields.node('description');
  if (node?.kind !== 'map')
    return fields.text('description', { max: 1000, parameters: 'literal', mayBeEmpty: true }) ?? '';
  const texts = new Fields(
    fields.context,
    node,
    `${fields.what}, “description”`,
    node.entries.map(({ key }) => key),
  );
  const all = node.entries.map(({ key }) => texts.text(key, { max: 1000, parameters: 'literal' }) ?? '');
  const english = node.entries.findIndex(({ key }) => key === 'en');
  return all[Math.max(0, english)] ?? '';
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
