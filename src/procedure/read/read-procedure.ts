/**
 * A whole procedure from its located data: the top level, and the order in which the sections are read.
 *
 * Parameters first, since they may stand everywhere; plugs before phases, which name them. Above: parse.ts.
 */
import type { Located } from '#procedure/located.ts';
import type { Phase, Procedure } from '#procedure/procedure.ts';
import { checkPhases } from '#procedure/read/check-phases.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { PARAMETER_TYPES, parameterValue } from '#procedure/read/parameters.ts';
import { readPhases, type ReadPhase } from '#procedure/read/read-phases.ts';
import { readPlugs } from '#procedure/read/read-plugs.ts';
import { NO_UNIT_FIELDS, readUnit } from '#procedure/read/read-unit.ts';
import type { Section } from '#procedure/section.ts';

const KEYS = [
  'id',
  'name',
  'version',
  'description',
  'execution',
  'parameters',
  'unit',
  'plugs',
  'setup',
  'main',
  'teardown',
];
const SECTIONS = ['setup', 'main', 'teardown'] as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What TofuPilot takes as a version of a procedure. */
const VERSION = /^[A-Za-z0-9_.:+-]+$/;
const PARAMETER_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** @returns the procedure as far as it could be read; it counts only when no error was reported */
export function readProcedure(context: Context, root: Located): Procedure {
  const fields = new Fields(context, root, 'the procedure', KEYS);
  readParameters(context, fields);
  const name = fields.requiredText('name', { max: 100 }) ?? '';
  const description = fields.text('description', { max: 50_000, parameters: 'literal', mayBeEmpty: true }) ?? '';
  const unitNode = fields.node('unit');
  const plugs = readPlugs(context, fields.list('plugs') ?? []);
  fields.require('main');
  const [setup, main, teardown] = SECTIONS.map((section) => readSection(context, fields, section));
  if (main?.nodes.length === 0 && fields.has('main')) fields.refuse('length', 'main', 'needs at least one phase');
  const phases = [
    ...readPhases(context, setup?.nodes ?? [], 'setup', plugs),
    ...readPhases(context, main?.nodes ?? [], 'main', plugs),
    ...readPhases(context, teardown?.nodes ?? [], 'teardown', plugs),
  ];
  const parallel = SECTIONS.filter((_, index) => [setup, main, teardown][index]?.isParallel);
  checkPhases(context, phases);
  const parameters = [...context.parameters.entries()].map(([key, { value }]) => [key, { value, tier: 'procedure' }]);
  return {
    id: readId(context, fields),
    name,
    version: readVersion(fields),
    description,
    ...readExecution(context, fields),
    ...(parallel.length > 0 ? { parallel } : {}),
    unit: unitNode ? readUnit(context, unitNode) : NO_UNIT_FIELDS,
    plugs,
    phases: phases.map(plain),
    parameters: Object.fromEntries(parameters),
    obstacles: context.problems.obstacles,
  };
}

function readId(context: Context, fields: Fields): string {
  const id = fields.text('id', { mayBeEmpty: true }) ?? '';
  if (id !== '' && !UUID.test(id))
    fields.refuse('identifier', 'id', `must be the procedure's UUID in TofuPilot, not “${id}”`);
  if (id === '' && !fields.has('id'))
    context.problems.warning(
      'no-id',
      fields.place,
      'the procedure has no “id” (its UUID in TofuPilot), so its runs cannot be delivered',
    );
  return id.toLowerCase();
}

function readVersion(fields: Fields): string {
  const version = fields.text('version', { max: 50, mayBeEmpty: true }) ?? '';
  if (version !== '' && !VERSION.test(version))
    fields.refuse('pattern', 'version', 'may have only letters, digits and _ . : + -');
  return version;
}

/** A section is a list of phases, or a map that says beside them that independent ones run side by side. */
function readSection(
  context: Context,
  fields: Fields,
  section: Section,
): { readonly nodes: readonly Located[]; readonly isParallel: boolean } {
  const node = fields.node(section);
  if (node?.kind !== 'map') return { nodes: fields.list(section) ?? [], isParallel: false };
  const map = new Fields(context, node, `“${section}”`, ['parallel', 'phases']);
  map.require('phases');
  return { nodes: map.list('phases') ?? [], isParallel: map.flag('parallel') ?? false };
}

function readExecution(
  context: Context,
  fields: Fields,
): Pick<Procedure, 'onFirstFailure' | 'timeoutMs' | 'teardownTimeoutMs'> {
  const node = fields.node('execution');
  if (!node) return { onFirstFailure: 'stop' };
  const execution = new Fields(context, node, '“execution”', [
    'strategy',
    'workers',
    'on_first_failure',
    'slots',
    'timeout',
    'teardown_timeout',
  ]);
  // Both say how several units and phases share the machine; here one unit's phases run one after the other.
  execution.oneOf('strategy', ['phase_first', 'slot_first'] as const);
  execution.integer('workers', 1, 256);
  const slots = execution.list('slots') ?? [];
  if (slots.length > 0)
    context.problems.obstacle(
      'unsupported',
      execution.keyPlace('slots'),
      '“execution”: several slots cannot run yet in this version',
    );
  const timeoutMs = execution.duration('timeout');
  const teardownTimeoutMs = execution.duration('teardown_timeout');
  return {
    onFirstFailure: execution.oneOf('on_first_failure', ['stop', 'continue'] as const) ?? 'stop',
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(teardownTimeoutMs === undefined ? {} : { teardownTimeoutMs }),
  };
}

function readParameters(context: Context, fields: Fields): void {
  const node = fields.node('parameters');
  if (!node) return;
  const names = node.kind === 'map' ? node.entries.map(({ key }) => key) : [];
  const section = new Fields(context, node, '“parameters”', names);
  for (const name of names) {
    if (!PARAMETER_NAME.test(name))
      section.error(
        'identifier',
        section.keyPlace(name),
        `“parameters”: the name “${name}” may have only letters, digits and _`,
      );
    const value = section.require(name);
    if (value) readParameter(context, name, value);
  }
}

function readParameter(context: Context, name: string, node: Located): void {
  const fields = new Fields(context, node, `parameter “${name}”`, [
    'type',
    'unit',
    'default',
    'options',
    'description',
  ]);
  if (node.kind !== 'map') return;
  fields.require('type');
  const type = fields.oneOf('type', PARAMETER_TYPES);
  const unit = fields.text('unit', { max: 50 });
  fields.text('description', { max: 1000, parameters: 'literal', mayBeEmpty: true });
  const options = fields.texts('options') ?? [];
  if (type === 'choice') fields.require('options');
  const given = fields.require('default');
  if (type === undefined || !given) return;
  const read = parameterValue(type, given, options);
  if (typeof read === 'string') return fields.refuse('parameter', 'default', read);
  context.parameters.add(name, { type, ...(unit === undefined ? {} : { unit }), value: read.value });
}

function plain({ place, dependsOn, ...phase }: ReadPhase): Phase {
  void place;
  return { ...phase, ...(dependsOn.length > 0 ? { dependsOn: dependsOn.map(({ key }) => key) } : {}) };
}
