/**
 * One component of a screen: kind, key, and what it is set to.
 *
 * Limits are TofuPilot's. A binding must lead somewhere. Above: read-screen.ts. Knows nothing of how it looks.
 */
import { deriveKey, keyProblem } from '#procedure/key.ts';
import { describe, type Located } from '#procedure/located.ts';
import { textIn } from '#procedure/local-text.ts';
import { proposal } from '#procedure/nearest.ts';
import * as screen from '#procedure/screen.ts';
import type { Binding, Component, ComponentKind } from '#procedure/screen.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { checkFile } from '#procedure/read/check-file.ts';
import { readAdditions, ADDITIONS } from '#procedure/read/read-component-additions.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { patternTrouble } from '#procedure/read/read-validator.ts';
import { stated } from '#procedure/read/stated.ts';

export const COMPONENT_KEYS = [
  'type',
  'key',
  'label',
  'description',
  'placeholder',
  'required',
  'bind',
  'default_value',
  'min_length',
  'max_length',
  'pattern',
  'prefix',
  'suffix',
  'trim',
  'rows',
  'min',
  'max',
  'step',
  'options',
  'columns',
  'width',
  'height',
  'aspect',
  'fit',
  'size',
  'color',
  'font',
  ...ADDITIONS,
];
const NO_LIMIT = [0, Number.MAX_SAFE_INTEGER] as const;
/** TofuPilot's, for options of which one has a picture. */
const MOST_PICTURES = 12;

export interface ComponentScope {
  /** The phase, for messages. */
  readonly phase: string;
  /** Key of each declared measurement, by its key and by its name. */
  readonly measurements: ReadonlyMap<string, string>;
  /** Keys of those that have axes: no entry is a curve. */
  readonly axes: { has(key: string): boolean };
  /** What may follow `unit.`. */
  readonly unitFields: readonly string[];
}

export function readComponent(
  context: Context,
  node: Located,
  scope: ComponentScope,
): { readonly component: Component; readonly isKeyStated: boolean } | undefined {
  const fields = new Fields(context, node, `${scope.phase}, a component`, COMPONENT_KEYS);
  if (node.kind !== 'map') return undefined;
  fields.require('type');
  const kind = fields.oneOf<ComponentKind>('type', screen.COMPONENT_KINDS);
  const label = readLocalText(fields, 'label', 200);
  const bind = readBinding(fields, kind, scope);
  const read = {
    ...stated({
      label,
      description: readLocalText(fields, 'description', 1000),
      placeholder: readLocalText(fields, 'placeholder', 200),
    }),
    required: isRequired(fields.flag('required') ?? false, kind, bind, scope),
    ...stated({ bind, defaultValue: readDefault(fields, kind) }),
    ...readLimits(fields),
    ...stated({ options: readOptions(fields, kind), columns: fields.integer('columns', ...NO_LIMIT) }),
    ...readLook(fields),
  };
  const additions = readAdditions(fields, kind, scope);
  const key = readComponentKey(fields, label === undefined ? undefined : textIn(label, 'en'), kind);
  if (kind === undefined || key === undefined) return undefined;
  return { component: { kind, key, ...read, ...additions }, isKeyStated: fields.has('key') };
}

/** These have no value that says “nothing”: left empty, a declared measurement would never be recorded. */
const NEVER_EMPTY: readonly (ComponentKind | undefined)[] = ['number_input', 'radio', 'select', 'camera', 'signature'];

/** Whoever forgets an entry is told so at once, instead of failing a good unit for a missing measurement. */
function isRequired(
  isStated: boolean,
  kind: ComponentKind | undefined,
  bind: Binding | undefined,
  { measurements }: ComponentScope,
): boolean {
  return isStated || (NEVER_EMPTY.includes(kind) && bind?.to === 'measurement' && measurements.has(bind.key));
}

function readComponentKey(fields: Fields, label = '', kind = ''): string | undefined {
  if (!fields.has('key')) {
    const derived = deriveKey(label);
    // A label without Latin letters: TofuPilot then takes the kind, as for one without a label.
    return keyProblem(derived) === null ? derived : kind;
  }
  const key = fields.text('key');
  const trouble = key === undefined ? null : keyProblem(key);
  return trouble ? fields.refuse('identifier', 'key', trouble) : key;
}

function readLimits(fields: Fields): Partial<Component> & Pick<Component, 'trim'> {
  const pattern = fields.text('pattern', { max: 500, parameters: 'literal', mayBeEmpty: true }) || undefined;
  const trouble = pattern === undefined ? null : patternTrouble(pattern);
  if (trouble) fields.refuse('pattern', 'pattern', trouble);
  const minLength = fields.integer('min_length', ...NO_LIMIT);
  const maxLength = fields.integer('max_length', ...NO_LIMIT);
  inOrder(fields, 'min_length', minLength, 'max_length', maxLength);
  const min = fields.number('min');
  const max = fields.number('max');
  inOrder(fields, 'min', min, 'max', max);
  return {
    ...stated({
      minLength,
      maxLength,
      pattern,
      prefix: fields.text('prefix', { max: 50, parameters: 'literal', untrimmed: true, mayBeEmpty: true }),
      suffix: fields.text('suffix', { max: 50, parameters: 'literal', untrimmed: true, mayBeEmpty: true }),
    }),
    trim: fields.flag('trim') ?? true,
    ...stated({ rows: fields.integer('rows', ...NO_LIMIT), min, max, step: fields.number('step') }),
  };
}

export function inOrder(
  fields: Fields,
  lowKey: string,
  low: number | undefined,
  highKey: string,
  high: number | undefined,
): void {
  if (low !== undefined && high !== undefined && low > high)
    fields.refuse('range', lowKey, `is ${low}, more than “${highKey}” (${high})`);
}

function readLook(fields: Fields): Partial<Component> {
  const width = fields.text('width', { max: 50, parameters: 'literal' });
  const percent = width === undefined ? 1 : Number(/^(\d{1,3})%$/.exec(width)?.[1]);
  if (!(percent >= 1 && percent <= 100)) fields.refuse('choice', 'width', `must be 1% to 100%, not “${width}”`);
  return stated({
    width,
    height: fields.text('height', { max: 50, parameters: 'literal' }),
    aspect: fields.oneOf('aspect', screen.ASPECTS),
    fit: fields.oneOf('fit', screen.FITS),
    size: fields.oneOf('size', screen.SIZES),
    color: fields.oneOf('color', screen.COLOURS),
    font: fields.oneOf('font', screen.FONTS),
  });
}

function readDefault(fields: Fields, kind: ComponentKind | undefined): Component['defaultValue'] {
  const node = fields.node('default_value');
  const isFile = kind === 'image' || kind === 'pdf';
  if (isFile && node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== '')
    checkFile(fields, 'default_value', node.value, 'image');
  if (node?.kind === 'list') return fields.texts('default_value', { parameters: 'literal' });
  if (!node) return undefined;
  if (node.kind === 'scalar' && node.value !== null) return node.value;
  return fields.refuse('type', 'default_value', `must be a single value or a list of texts, not ${describe(node)}`);
}

function readOptions(fields: Fields, kind: ComponentKind | undefined): Component['options'] {
  const nodes = fields.list('options');
  const isChoice = (screen.CHOICE_KINDS as readonly (string | undefined)[]).includes(kind);
  if (isChoice && !nodes?.length)
    fields.error(
      fields.has('options') ? 'length' : 'missing-key',
      fields.keyPlace('options'),
      `${fields.what}: “${kind}” needs “options” with at least one entry`,
    );
  const options = (nodes ?? []).flatMap((node) => {
    const option = new Fields(fields.context, node, `${fields.what}, an option`, ['value', 'label', 'image']);
    if (node.kind !== 'map') return [];
    const value = option.requiredText('value', { max: 200, parameters: 'literal' });
    const label = readLocalText(option, 'label', 200);
    const image = option.text('image', { max: 500, parameters: 'literal', mayBeEmpty: true }) || undefined;
    if (image !== undefined) checkFile(option, 'image', image, 'image');
    return value === undefined ? [] : [{ value, label: label ?? value, ...stated({ image }) }];
  });
  if (options.length > MOST_PICTURES && options.some(({ image }) => image !== undefined))
    fields.refuse(
      'length',
      'options',
      `has ${options.length} entries; with pictures at most ${MOST_PICTURES} are allowed`,
    );
  return nodes ? options : undefined;
}

function readBinding(
  fields: Fields,
  kind: ComponentKind | undefined,
  { measurements, axes, unitFields, phase }: ComponentScope,
): Binding | undefined {
  const bind = fields.text('bind', { max: 200, parameters: 'literal', mayBeEmpty: true });
  if (!bind) return undefined;
  const [, root, rest = ''] = /^(measurements?|unit)\.(.+)$/.exec(bind) ?? [];
  if (root === undefined)
    return fields.refuse('choice', 'bind', `must be measurement.<key> or unit.<field>, not “${bind}”`);
  if (root === 'unit') {
    if (unitFields.includes(rest)) return { to: 'unit', field: rest };
    const near = proposal(rest, unitFields) || `; there are: ${unitFields.join(', ')}`;
    return fields.refuse('choice', 'bind', `names no field of the unit: “${rest}”${near}`);
  }
  const key = measurements.get(rest) ?? measurements.get(deriveKey(rest));
  if (key !== undefined && axes.has(key) && kind !== undefined && screen.asks(kind))
    return fields.refuse('conflict', 'bind', `names “${rest}”, which has axes; an entry is a single value`);
  if (key !== undefined) return { to: 'measurement', key };
  // A decision is its own limit.
  if (kind === 'verdict') return { to: 'measurement', key: deriveKey(rest) };
  // TofuPilot records it all the same, without a limit; so it loads, and is pointed at.
  const near = proposal(rest, [...measurements.keys()]);
  const message = `${fields.what} records “${rest}”, which ${phase} does not declare, so nothing judges it${near || '; add it under “measurements”'}`;
  fields.context.problems.warning('undeclared', fields.node('bind')!.place, message);
  return { to: 'measurement', key: deriveKey(rest) };
}
