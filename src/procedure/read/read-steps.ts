/**
 * Steps: what a phase does, one act after the other.
 *
 * Every plug, measurement and reading that a step names must exist; a measurement must be declared by the phase, so
 * that a slip of the pen cannot record under a name that nothing judges. Above: read-phase.ts.
 */
import type { Located } from '#procedure/located.ts';
import { fileNameTrouble, mediaTypeOf } from '#procedure/file-name.ts';
import { deriveKey } from '#procedure/key.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Axis, Plug, Step } from '#procedure/procedure.ts';
import type { Scalar } from '#measure/scalar.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { EXPECT_KEYS, readExpect, readRepeat, REPEAT_KEYS, UNTIL_KEYS } from '#procedure/read/read-waiting.ts';
import type { ComponentScope } from '#procedure/read/read-component.ts';
import { readReading, readSetPoint, refuseSetKeys, WRITE_KEYS } from '#procedure/read/read-device-step.ts';
import { PRINT_KEYS, readPrint } from '#procedure/read/read-print.ts';
import { readPrompt } from '#procedure/read/read-prompt.ts';

export const STEP_KINDS = ['write', 'query', 'measure', 'wait', 'set', 'expect', 'repeat', 'attach', 'prompt', 'print'];
export const MEASURE_KEYS = ['name', 'plug', 'query', 'read', 'as', 'axis', 'timeout'];
export const ATTACH_KEYS = ['name', 'plug', 'query', 'read', 'text', 'timeout'];
/** A text in a procedure is a note; a long one belongs into a document. */
const LONGEST_NOTE = 10_000;

export interface StepScope extends ComponentScope {
  readonly context: Context;
  readonly plugs: readonly Plug[];
  /** Of the measurements of many points: their axes, by the measurement's key. */
  readonly axes: ReadonlyMap<string, readonly Axis[]>;
  /** Where each step `print` was read. */
  readonly labels: Map<Step, Fields>;
  /** Of the measurements of one value: their units, by the measurement's key. */
  readonly units: ReadonlyMap<string, string>;
}

export function readSteps(scope: StepScope, nodes: readonly Located[]): Step[] {
  return nodes.flatMap((node) => readStep(scope, node) ?? []);
}

function readStep(scope: StepScope, node: Located): Step | undefined {
  const { context, phase } = scope;
  const fields = new Fields(context, node, `a step of ${phase}`, STEP_KINDS);
  if (node.kind !== 'map') return undefined;
  const kinds = node.entries.map(({ key }) => key).filter((key) => STEP_KINDS.includes(key));
  const [kind] = kinds;
  if (kinds.length > 1 || node.entries.length === 0) {
    context.problems.error('step', node.place, `a step of ${phase} does exactly one thing, not ${kinds.length}`);
    return undefined;
  }
  if (kind === undefined) return undefined;
  const body = fields.require(kind);
  if (!body) return undefined;
  const { line } = node.place;
  switch (kind) {
    case 'write':
      return readWrite(scope, body, line);
    case 'query':
      return readQuery(scope, body, line);
    case 'measure':
      return readMeasure(scope, body, line);
    case 'set':
      return readSet(scope, body, line);
    case 'attach':
      return readAttach(scope, body, line);
    case 'expect':
      return readExpectStep(scope, body, line);
    case 'repeat':
      return readRepeatStep(scope, body, line);
    case 'prompt':
      return readPrompt(context, body, line, scope);
    case 'print':
      return readPrintStep(scope, body, line);
    default: {
      const durationMs = fields.durationOf(body, 'wait');
      return durationMs === undefined ? undefined : { kind: 'wait', durationMs, line };
    }
  }
}

function readWrite(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'write', WRITE_KEYS);
  const plug = readPlugName(scope, fields);
  if (fields.has('set')) return readSetPoint(scope.context, fields, plug, line);
  refuseSetKeys(fields);
  const command = readCommand(fields, 'command');
  return plug && command !== undefined ? { kind: 'write', plug: plug.key, command, line } : undefined;
}

function readQuery(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'query', ['plug', 'command', 'query', 'name', 'timeout']);
  const plug = readPlugName(scope, fields);
  const source = exactlyOne(fields, 'command', 'query');
  const command = source && readCommand(fields, source);
  const measurement = fields.has('name') ? readMeasurementName(scope, fields) : undefined;
  const timeoutMs = fields.duration('timeout');
  if (!plug || command === undefined) return undefined;
  return {
    kind: 'query',
    plug: plug.key,
    command,
    ...(measurement === undefined ? {} : { measurement }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    line,
  };
}

function readMeasure(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'measure', MEASURE_KEYS);
  const measurement = fields.require('name') && readMeasurementName(scope, fields);
  const plug = readPlugName(scope, fields);
  const kind = exactlyOne(fields, 'query', 'read');
  const timeoutMs = fields.duration('timeout');
  const axis = readAxisName(scope, fields, measurement);
  const wanted = { as: axis ? 'curve' : 'value', unit: unitOf(scope, measurement, axis) } as const;
  const what = kind === 'read' ? readReading(scope.context, fields, plug, wanted) : kind && readCommand(fields, kind);
  if (measurement === undefined || !plug || what === undefined || axis === null) return undefined;
  const source = kind === 'read' ? { read: what } : { query: what };
  return {
    kind: 'measure',
    measurement,
    plug: plug.key,
    source,
    ...(axis === undefined ? {} : { axis }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    line,
  };
}

/**
 * Which axis the answer is for: `as: curve` alone means the only one whose points are not stated.
 * @returns undefined for a single value; null when it cannot be said, which was said then
 */
function readAxisName(scope: StepScope, fields: Fields, measurement: string | undefined): string | undefined | null {
  const isCurve = fields.oneOf('as', ['curve'] as const) !== undefined;
  const named = fields.text('axis');
  const axes = measurement === undefined ? undefined : scope.axes.get(measurement);
  if (!axes) {
    const [key] = ['as', 'axis'].filter((one) => fields.has(one));
    if (key && measurement !== undefined) fields.refuse('conflict', key, `but “${measurement}” has no “y_axis”`);
    return key ? null : undefined;
  }
  if (!isCurve) {
    const message = `records “${measurement}”, which has axes; add “as: curve” for an answer of comma separated numbers`;
    fields.refuse('missing-key', 'name', message);
    return null;
  }
  const keys = axes.map(({ key }) => key);
  const awaited = axes.filter(({ data, spaced }) => data === undefined && spaced === undefined);
  if (named === undefined && awaited.length === 1) return awaited[0]!.key;
  const found = axes.find(({ key, legend }) => key === named || legend === named);
  if (found) return found.key;
  const there = `; there are ${keys.join(', ')}`;
  if (named === undefined) fields.error('missing-key', fields.place, `${fields.what} needs “axis”${there}`);
  else fields.refuse('unknown-axis', 'axis', `names no axis: “${named}”${proposal(named, keys) || there}`);
  return null;
}

function readExpectStep(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'expect', EXPECT_KEYS);
  const plug = readPlugName(scope, fields);
  const kind = exactlyOne(fields, 'query', 'read');
  const isReading = kind === 'read';
  const command = isReading
    ? readReading(scope.context, fields, plug, { as: 'value' })
    : kind && readCommand(fields, kind);
  return readExpect(fields, node, { plug: plug?.key, command, isReading, line });
}

function readRepeatStep(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'repeat', REPEAT_KEYS);
  const body = fields.require('steps') && fields.list('steps');
  if (body?.length === 0) fields.refuse('length', 'steps', 'needs at least one step');
  const steps = readSteps(scope, body ?? []);
  const stated = fields.node('until');
  if (!stated) return readRepeat(fields, { steps, until: null, line });
  const until = stepFields(scope, stated, 'until', UNTIL_KEYS);
  const measurement = until.require('name') && readMeasurementName(scope, until);
  return readRepeat(fields, { steps, until: { fields: until, node: stated, measurement }, line });
}

function readSet(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'set', ['name', 'value']);
  const measurement = fields.require('name') && readMeasurementName(scope, fields);
  const value = fields.require('value') && readValue(fields);
  return measurement === undefined || value === undefined ? undefined : { kind: 'set', measurement, value, line };
}

function readAttach(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'attach', ATTACH_KEYS);
  const name = readFileName(fields);
  const kind = exactlyOne(fields, fields.has('read') ? 'read' : 'query', 'text');
  if (fields.has('read') && fields.has('query'))
    return fields.refuse('conflict', 'query', 'and “read” exclude each other');
  const timeoutMs = fields.duration('timeout');
  if (kind === 'text') {
    for (const key of ['plug', 'timeout'])
      if (fields.has(key))
        fields.refuse('conflict', key, 'belongs to “query” and “read”, and this step states its “text”');
    const text = fields.text('text', { parameters: 'embed', max: LONGEST_NOTE, untrimmed: true });
    if (name === undefined || text === undefined) return undefined;
    return { kind: 'attach', name, contentType: mediaTypeOf(name), source: { text }, line };
  }
  const plug = readPlugName(scope, fields);
  const asked =
    kind === 'read' ? readReading(scope.context, fields, plug, { as: 'value' }) : kind && readCommand(fields, kind);
  if (name === undefined || !plug || asked === undefined) return undefined;
  return {
    kind: 'attach',
    name,
    contentType: mediaTypeOf(name),
    source: { plug: plug.key, ...(kind === 'read' ? { read: asked } : { query: asked }) },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    line,
  };
}

function readPrintStep(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'print', PRINT_KEYS);
  const step = readPrint(fields, readPlugName(scope, fields), exactlyOne(fields, 'label', 'text'), line);
  if (step) scope.labels.set(step, fields);
  return step;
}

function readFileName(fields: Fields): string | undefined {
  const name = fields.requiredText('name', { parameters: 'embed' });
  const trouble = name === undefined ? null : fileNameTrouble(name);
  return trouble === null ? name : fields.refuse('identifier', 'name', trouble);
}

function readValue(fields: Fields): Scalar | undefined {
  const node = fields.scalar('value');
  if (!node) return undefined;
  const parameter = fields.context.parameters.whole(node);
  if (parameter === null) return undefined;
  const value = parameter ? parameter.value : node.value;
  if (typeof value === 'object' || parameter?.type === 'duration')
    return fields.refuse('parameter', 'value', `must be one value, and ${node.text} is a ${parameter?.type ?? 'list'}`);
  if (typeof value === 'number' && !Number.isFinite(value))
    return fields.refuse('type', 'value', 'must be a finite number');
  return value;
}

function stepFields({ context, phase }: StepScope, node: Located, kind: string, known: readonly string[]): Fields {
  return new Fields(context, node, `a “${kind}” step of ${phase}`, known);
}

function readPlugName({ plugs }: StepScope, fields: Fields): Plug | undefined {
  const named = fields.requiredText('plug');
  if (named === undefined) return undefined;
  const plug = plugs.find(({ key, name }) => key.toLowerCase() === named.toLowerCase() || name === named);
  if (plug) return plug;
  const keys = plugs.map(({ key }) => key);
  const known = keys.length === 0 ? ' (there are no plugs)' : ` (there are: ${keys.join(', ')})`;
  return fields.refuse('unknown-plug', 'plug', `names no plug: “${named}”${proposal(named, keys) || known}`);
}

/** By key, by name, or by a text from which the same key is derived. */
function readMeasurementName({ measurements, phase }: StepScope, fields: Fields): string | undefined {
  const named = fields.text('name');
  if (named === undefined) return undefined;
  const key = measurements.get(named) ?? measurements.get(deriveKey(named));
  if (key !== undefined) return key;
  const near = proposal(named, [...measurements.keys()]);
  const message = `names a measurement that ${phase} does not declare: “${named}”${near || '; add it under “measurements”'}`;
  return fields.refuse('unknown-measurement', 'name', message);
}

function unitOf(scope: StepScope, measurement: string | undefined, axis: string | null | undefined) {
  if (measurement === undefined) return undefined;
  if (!axis) return scope.units.get(measurement);
  return scope.axes.get(measurement)?.find(({ key }) => key === axis)?.unit;
}

function readCommand(fields: Fields, key: string): string | undefined {
  const command = fields.requiredText(key, { parameters: 'embed', max: 10_000 });
  // A line end inside would be a second command that nobody waits for.
  if (command === undefined || !/\p{Cc}/u.test(command)) return command;
  return fields.refuse(
    'step',
    key,
    `has a control character in it: ${JSON.stringify(command)}; write one step a command`,
  );
}

function exactlyOne<K extends string>(fields: Fields, first: K, second: K): K | undefined {
  const there = [first, second].filter((key) => fields.has(key));
  if (there.length === 1) return there[0];
  const message = `${fields.what} needs either “${first}” or “${second}”${there.length === 2 ? ', not both' : ''}`;
  fields.error(there.length === 2 ? 'conflict' : 'missing-key', fields.place, message);
  return undefined;
}
