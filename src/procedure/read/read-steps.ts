/**
 * Steps: what a phase does, one act after the other.
 *
 * Every plug, measurement and reading that a step names must exist; a measurement must be declared by the phase, so
 * that a slip of the pen cannot record under a name that nothing judges. Above: read-phase.ts.
 */
import type { Located } from '#procedure/located.ts';
import { fileNameTrouble, mediaTypeOf } from '#procedure/file-name.ts';
import type { Step } from '#procedure/procedure.ts';
import type { Scalar } from '#measure/scalar.ts';
import { Fields } from '#procedure/read/fields.ts';
import { EXPECT_KEYS, readExpect, readRepeat, REPEAT_KEYS, UNTIL_KEYS } from '#procedure/read/read-waiting.ts';
import { readReboot, REBOOT_KEYS } from '#procedure/read/read-reboot.ts';
import { readCommand, readReading, readSetPoint, refuseSetKeys, WRITE_KEYS } from '#procedure/read/read-device-step.ts';
import { PRINT_KEYS, readPrint } from '#procedure/read/read-print.ts';
import { readPrompt } from '#procedure/read/read-prompt.ts';
import {
  exactlyOne,
  readAxisName,
  readMeasurementName,
  readPlugName,
  stepFields,
  unitOf,
  type StepScope,
} from '#procedure/read/step-scope.ts';

export const STEP_KINDS = [
  'write',
  'query',
  'measure',
  'wait',
  'set',
  'expect',
  'expect_reboot',
  'repeat',
  'attach',
  'prompt',
  'print',
];
export const MEASURE_KEYS = ['name', 'plug', 'query', 'read', 'as', 'axis', 'timeout'];
export const ATTACH_KEYS = ['name', 'plug', 'query', 'read', 'text', 'timeout'];
/** A text in a procedure is a note; a long one belongs into a document. */
const LONGEST_NOTE = 10_000;

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
    case 'expect_reboot':
      return readRebootStep(scope, body, line);
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

function readRebootStep(scope: StepScope, node: Located, line: number): Step | undefined {
  const fields = stepFields(scope, node, 'expect_reboot', REBOOT_KEYS);
  const plug = readPlugName(scope, fields);
  return readReboot(fields, { plug, steps: readSteps(scope, fields.list('steps') ?? []), line });
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
