/**
 * The `unit` section: which numbers a unit has, and how they are checked when it is scanned.
 *
 * Above: read-procedure.ts. The checks themselves are in identify.ts.
 */
import { compilePattern } from '#measure/pattern.ts';
import { IDENTITY_FIELDS, identityTrouble, type IdentityField } from '#procedure/identify.ts';
import type { Located } from '#procedure/located.ts';
import type { UnitField, UnitFields } from '#procedure/procedure.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { SUB_UNIT, UNIT_FIELD } from '#procedure/read/later-shapes.ts';
import { patternTrouble } from '#procedure/read/read-validator.ts';
import { checkShape } from '#procedure/read/shape.ts';

const KEYS = ['auto_identify', ...IDENTITY_FIELDS, 'sub_units', 'metadata', 'scan'];
const METADATA_KEY = /^[A-Za-z0-9_.:+-]{1,40}$/;

export const NO_UNIT_FIELDS: UnitFields = { serial_number: {}, part_number: {}, revision_number: {}, batch_number: {} };

export function readUnit(context: Context, node: Located): UnitFields {
  const fields = new Fields(context, node, '“unit”', KEYS);
  if (fields.flag('auto_identify') === true)
    refuseToRun(fields, 'auto_identify', 'cannot be used: every unit is scanned');
  readSubUnits(fields);
  readMetadata(fields);
  const scan = readScan(fields);
  const read = Object.fromEntries(IDENTITY_FIELDS.map((name) => [name, readField(fields, name)]));
  return { ...(read as Record<IdentityField, UnitField>), ...(scan.length > 0 ? { scan } : {}) };
}

function readField(unit: Fields, name: IdentityField): UnitField {
  const node = unit.node(name);
  if (!node) return {};
  const fields = new Fields(unit.context, node, `“unit”, “${name}”`, Object.keys(UNIT_FIELD));
  const defaultValue = fields.text('default_value', { parameters: 'embed', mayBeEmpty: true });
  const placeholder = fields.text('placeholder', { parameters: 'embed', mayBeEmpty: true });
  const description = fields.text('description', { parameters: 'literal', mayBeEmpty: true });
  const minLength = fields.integer('min_length', 0, Number.MAX_SAFE_INTEGER);
  const maxLength = fields.integer('max_length', 0, Number.MAX_SAFE_INTEGER);
  const pattern = readPattern(fields, 'pattern');
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength)
    fields.refuse('range', 'min_length', `is ${minLength}, more than “max_length” (${maxLength})`);
  const field: UnitField = {
    ...(defaultValue ? { defaultValue } : {}),
    ...(placeholder ? { placeholder } : {}),
    ...(description ? { description } : {}),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(pattern === undefined ? {} : { pattern }),
  };
  // A default that every scan would then refuse.
  const trouble = defaultValue ? identityTrouble(defaultValue, field) : null;
  if (trouble) fields.refuse(trouble.kind, 'default_value', `(“${defaultValue}”) ${trouble.words}`);
  return field;
}

function readPattern(fields: Fields, key: string): string | undefined {
  const pattern = fields.text(key, { parameters: 'embed' });
  const trouble = pattern === undefined ? null : patternTrouble(pattern);
  return trouble ? fields.refuse('pattern', key, trouble) : pattern;
}

function readScan(unit: Fields): string[] {
  return (unit.list('scan') ?? []).flatMap((node) => {
    const rule = new Fields(unit.context, node, '“unit”, a “scan” rule', ['pattern', 'gs1']);
    if (rule.has('gs1')) refuseToRun(rule, 'gs1', 'rules cannot be read yet in this version; use “pattern”');
    else rule.require('pattern');
    const pattern = readPattern(rule, 'pattern');
    if (pattern === undefined) return [];
    const groups = Object.keys(new RegExp(`${compilePattern(pattern).source}|`, 'u').exec('')?.groups ?? {});
    const unknown = groups.find((group) => !(IDENTITY_FIELDS as readonly string[]).includes(group));
    if (unknown !== undefined)
      return (
        rule.refuse('pattern', 'pattern', `has a group “${unknown}”; there are ${IDENTITY_FIELDS.join(', ')}`) ?? []
      );
    if (groups.includes('serial_number')) return [pattern];
    return rule.refuse('pattern', 'pattern', 'needs a group (?<serial_number>…)') ?? [];
  });
}

function readSubUnits(unit: Fields): void {
  if (!unit.has('sub_units')) return;
  for (const node of unit.list('sub_units') ?? [])
    checkShape(unit.context, node, '“unit”, an entry of “sub_units”', SUB_UNIT);
  refuseToRun(unit, 'sub_units', 'cannot be scanned yet in this version');
}

function readMetadata(unit: Fields): void {
  const node = unit.node('metadata');
  if (!node) return;
  const keys = node.kind === 'map' ? node.entries.map(({ key }) => key) : [];
  const fields = new Fields(unit.context, node, '“unit”, “metadata”', keys);
  if (keys.length > 50) unit.refuse('length', 'metadata', 'has more than 50 keys');
  for (const key of keys) {
    if (!METADATA_KEY.test(key))
      fields.error(
        'identifier',
        fields.keyPlace(key),
        `“unit”, “metadata”: the key “${key}” is not 1 to 40 of A-Z a-z 0-9 _ . : + -`,
      );
    const value = fields.node(key);
    if (value) checkShape(unit.context, value, `“unit”, “metadata”, “${key}”`, UNIT_FIELD);
  }
  if (keys.length > 0) refuseToRun(unit, 'metadata', 'cannot be asked for yet in this version');
}

function refuseToRun(fields: Fields, key: string, message: string): void {
  fields.context.problems.obstacle('unsupported', fields.keyPlace(key), `${fields.what}: “${key}” ${message}`);
}
