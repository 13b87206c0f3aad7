/**
 * A whole procedure from its located data: the top level, and the order in which the sections are read.
 *
 * Parameters first, since they may stand everywhere; plugs before phases, which name them. Above: read-slots.ts.
 */
import type { Located, Place } from '#procedure/located.ts';
import { proposal } from '#procedure/nearest.ts';
import { fieldsOnScreens } from '#procedure/components.ts';
import type { Condition, Phase, Procedure, Step } from '#procedure/procedure.ts';
import { lintPlugs } from '#procedure/lint/plugs.ts';
import { checkLabels } from '#procedure/read/check-labels.ts';
import { checkPhases, renumbered } from '#procedure/read/check-phases.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { readExecution, type ReadSlot } from '#procedure/read/read-execution.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { locatedValue, PARAMETER_TYPES, parameterValue, type ParameterValue } from '#procedure/read/parameters.ts';
import { readPhases, type ReadPhase } from '#procedure/read/read-phases.ts';
import { readPlugs, refuseGreedyPlugs } from '#procedure/read/read-plugs.ts';
import { NO_UNIT_FIELDS, readUnit } from '#procedure/read/read-unit.ts';
import { readSection, SECTIONS } from '#procedure/read/read-section.ts';
import { readWhen, unitFieldsOf } from '#procedure/read/read-when.ts';
import { stated } from '#procedure/read/stated.ts';

export const PROCEDURE_KEYS = [
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
export const PARAMETER_KEYS = ['type', 'unit', 'default', 'options', 'description'];
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What TofuPilot takes as a version of a procedure. */
const VERSION = /^[A-Za-z0-9_.:+-]+$/;
const PARAMETER_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface ReadProcedure {
  readonly procedure: Omit<Procedure, 'slots'>;
  readonly slots: readonly ReadSlot[];
  /** Where plugs and phases stand, by key. */
  readonly plugPlaces: ReadonlyMap<string, Place>;
  readonly phasePlaces: ReadonlyMap<string, Place>;
}

/** @returns the procedure as far as it could be read; it counts only when no error was reported */
export function readProcedure(context: Context, root: Located): ReadProcedure {
  const fields = new Fields(context, root, 'the procedure', PROCEDURE_KEYS);
  readParameters(context, fields);
  const name = fields.requiredText('name', { max: 100 }) ?? '';
  const description = readLocalText(fields, 'description', 50_000) ?? '';
  const unitNode = fields.node('unit');
  const unit = unitNode ? readUnit(context, unitNode) : NO_UNIT_FIELDS;
  const unitFields = unitFieldsOf(unit);
  const plugs = readPlugs(context, fields.list('plugs') ?? []);
  const plugPlaces = (fields.list('plugs') ?? []).map(({ place }) => place);
  if (plugPlaces.length === plugs.length) refuseGreedyPlugs(context, plugs, plugPlaces);
  fields.require('main');
  const sections = SECTIONS.map((section) => ({ section, ...readSection(context, fields, section) }));
  const labels = new Map<Step, Fields>();
  const scope = { plugs, unitFields, labels };
  const phases = renumbered(
    context,
    sections.flatMap(({ section, nodes }) => readPhases(context, nodes, section, scope)),
  );
  const parallel = sections.filter(({ isParallel }) => isParallel).map(({ section }) => section);
  checkPhases(context, phases);
  // One that could not be read would leave the others in the wrong place.
  if (plugPlaces.length === plugs.length && !context.problems.hasErrors)
    lintPlugs(
      context.problems,
      plugs,
      plugPlaces,
      phases.map((phase) => plain(phase, undefined)),
    );
  const parameters = [...context.parameters.entries()].map(([key, { value }]) => [
    key,
    { value, tier: tierOf(context, key) },
  ]);
  const { slots = [], ...execution } = readExecution(context, fields);
  const read = phases.map((phase, index) =>
    plain(phase, conditionOf(context, phase, phases.slice(0, index), unitFields)),
  );
  checkLabels({ phases: read, unit, parallel }, labels);
  const onScreens = fieldsOnScreens(read);
  const procedure = {
    id: readId(context, fields),
    name,
    version: readVersion(fields),
    description,
    ...execution,
    ...(parallel.length > 0 ? { parallel } : {}),
    unit: { ...unit, ...(onScreens.length > 0 ? { onScreens } : {}) },
    plugs,
    phases: read,
    parameters: Object.fromEntries(parameters),
    obstacles: context.problems.obstacles,
  };
  return {
    procedure,
    slots,
    plugPlaces: new Map(plugs.map(({ key }, index) => [key, plugPlaces[index]!])),
    phasePlaces: new Map(phases.map(({ key, place }) => [key, place])),
  };
}

function tierOf({ slot, configured }: Context, parameter: string): string {
  if (slot?.values.has(parameter)) return 'slot';
  return configured.get(parameter)?.tier ?? 'procedure';
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

function readParameters(context: Context, fields: Fields): void {
  const node = fields.node('parameters');
  refuseUnknown(context, node, fields.place);
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
  const fields = new Fields(context, node, `parameter “${name}”`, PARAMETER_KEYS);
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
  const own = context.slot?.values.get(name);
  const said = configuredValue(context, name, (node) => parameterValue(type, node, options), given.place) ?? read.value;
  const value = own ? slotValue(context, name, parameterValue(type, own, options), own.place) : said;
  const choice = type === 'choice' ? options : undefined;
  context.parameters.add(name, { type, value: value ?? read.value, ...stated({ unit, options: choice }) });
}

/** A value that means nothing here was meant for something: a limit that somebody wanted otherwise. */
function refuseUnknown({ problems, configured }: Context, node: Located | undefined, place: Place): void {
  const names = node?.kind === 'map' ? node.entries.map(({ key }) => key) : [];
  for (const [name, { tier }] of configured)
    if (!names.includes(name))
      problems.error(
        'parameter',
        node?.place ?? place,
        `the configuration (${tier}) sets a parameter “${name}” that is not there${proposal(name, names)}`,
      );
}

/** @returns undefined where the configuration says nothing, or nothing that fits; that is said */
function configuredValue(
  { problems, configured }: Context,
  name: string,
  read: (node: Located) => ReturnType<typeof parameterValue>,
  place: Place,
): ParameterValue | undefined {
  const said = configured.get(name);
  const value = said && read(locatedValue(said.value, place));
  if (!said || value === undefined) return undefined;
  if (typeof value !== 'string') return value.value;
  problems.error('parameter', place, `the configuration (${said.tier}) sets parameter “${name}”: it ${value}`);
  return undefined;
}

function slotValue(
  { problems }: Context,
  name: string,
  read: ReturnType<typeof parameterValue>,
  place: Place,
): ParameterValue | undefined {
  if (typeof read !== 'string') return read.value;
  problems.error('parameter', place, `parameter “${name}” ${read}`);
  return undefined;
}

function conditionOf(
  context: Context,
  { condition, name }: ReadPhase,
  before: readonly ReadPhase[],
  unitFields: readonly string[],
): Condition | undefined {
  const phases = before.map(({ key }) => key);
  return condition && readWhen(context, condition, `phase “${name}”`, { unitFields, phases });
}

function plain({ place, dependsOn, condition, ...phase }: ReadPhase, when: Condition | undefined): Phase {
  void [place, condition];
  return {
    ...phase,
    ...stated({ when }),
    ...(dependsOn.length > 0 ? { dependsOn: dependsOn.map(({ key }) => key) } : {}),
  };
}
