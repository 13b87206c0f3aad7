/**
 * The `unit` section: which numbers a unit has, its sub-units and metadata, and how a scan is split.
 *
 * Above: read-procedure.ts. Below: read-unit-field.ts, read-scan.ts. The checks of a scan are in identify.ts.
 */
import { isAsked } from '#procedure/asks.ts';
import { IDENTITY_FIELDS, type IdentityField } from '#procedure/identify.ts';
import { deriveKey, keyProblem } from '#procedure/key.ts';
import type { Located } from '#procedure/located.ts';
import { textIn } from '#procedure/local-text.ts';
import type { SubUnit, UnitField, UnitFields } from '#procedure/procedure.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { readScan } from '#procedure/read/read-scan.ts';
import { readUnitField } from '#procedure/read/read-unit-field.ts';

export const UNIT_KEYS = ['auto_identify', ...IDENTITY_FIELDS, 'sub_units', 'metadata', 'scan', 'retest_reason'];
export const SUB_UNIT_KEYS = ['label', 'key', 'serial_number'];
const METADATA_KEY = /^[A-Za-z0-9_.:+-]{1,40}$/;
/** TofuPilot takes no more. */
const MOST_METADATA = 50;

export const NO_UNIT_FIELDS: UnitFields = { serial_number: {}, part_number: {}, revision_number: {}, batch_number: {} };

export function readUnit(context: Context, node: Located): UnitFields {
  const fields = new Fields(context, node, '“unit”', UNIT_KEYS);
  const read = Object.fromEntries(IDENTITY_FIELDS.map((name) => [name, readField(fields, name, true)]));
  const subUnits = readSubUnits(fields);
  const metadata = readMetadata(fields);
  const scan = readScan(fields);
  const numbers = read as Record<IdentityField, UnitField>;
  const asked = IDENTITY_FIELDS.filter(isAsked).filter((name) => fields.has(name) && !numbers[name].defaultValue);
  const unit: UnitFields = {
    ...numbers,
    ...(asked.length > 0 ? { asked } : {}),
    ...(scan.length > 0 ? { scan } : {}),
    ...(subUnits.length > 0 ? { subUnits } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(fields.flag('retest_reason') === true ? { retestReason: true } : {}),
  };
  if (fields.flag('auto_identify') !== true) return unit;
  refuseToRun(fields, 'auto_identify', 'cannot be used: every unit is scanned');
  checkAutomatic(fields, unit);
  return { ...unit, autoIdentify: true };
}

function readField(parent: Fields, name: string, isIdentity: boolean): UnitField {
  const node = parent.node(name);
  return node ? readUnitField(parent.context, node, `${parent.what}, “${name}”`, isIdentity) : {};
}

function readSubUnits(unit: Fields): SubUnit[] {
  const nodes = unit.list('sub_units');
  if (!nodes) return [];
  if (nodes.length === 0) unit.refuse('length', 'sub_units', 'has no entry');
  const taken = new Map<string, number>();
  const read = nodes.flatMap((node) => {
    const subUnit = readSubUnit(unit.context, node);
    if (!subUnit) return [];
    const line = taken.get(subUnit.key.toLowerCase());
    if (line !== undefined) {
      const message = `“unit”: two sub-units have the key “${subUnit.key}”; the first is in line ${line}`;
      unit.error('duplicate', node.place, message);
    }
    taken.set(subUnit.key.toLowerCase(), node.place.line);
    return [subUnit];
  });
  return read;
}

function readSubUnit(context: Context, node: Located): SubUnit | undefined {
  const fields = new Fields(context, node, '“unit”, an entry of “sub_units”', SUB_UNIT_KEYS);
  if (node.kind !== 'map') return undefined;
  const label = fields.require('label') && readLocalText(fields, 'label', 200);
  const serialNumber = readField(fields, 'serial_number', true);
  if (label === undefined) return undefined;
  const from = fields.has('key') ? 'key' : 'label';
  const key = fields.has('key') ? fields.text('key') : deriveKey(textIn(label, 'en'));
  const trouble = key === undefined ? null : keyProblem(key);
  if (trouble) return fields.refuse('identifier', from, `${from === 'label' ? 'gives a key that ' : ''}${trouble}`);
  return key === undefined ? undefined : { key, label, serialNumber };
}

function readMetadata(unit: Fields): Record<string, UnitField> {
  const node = unit.node('metadata');
  if (!node) return {};
  const keys = node.kind === 'map' ? node.entries.map(({ key }) => key) : [];
  const fields = new Fields(unit.context, node, '“unit”, “metadata”', keys);
  if (keys.length > MOST_METADATA) unit.refuse('length', 'metadata', `has more than ${MOST_METADATA} keys`);
  for (const key of keys.filter((one) => !METADATA_KEY.test(one)))
    fields.error(
      'identifier',
      fields.keyPlace(key),
      `“unit”, “metadata”: the key “${key}” is not 1 to 40 of A-Z a-z 0-9 _ . : + -`,
    );
  return Object.fromEntries(keys.map((key) => [key, readField(fields, key, false)]));
}

/** TofuPilot's rule: who is not asked must have been told. */
function checkAutomatic(fields: Fields, unit: UnitFields): void {
  const needed = [
    ...(['serial_number', 'part_number'] as const).map((name) => [`“${name}”`, unit[name]] as const),
    ...(unit.subUnits ?? []).map(({ key, serialNumber }) => [`the sub-unit “${key}”`, serialNumber] as const),
  ];
  for (const [name] of needed.filter(([, field]) => field.defaultValue === undefined))
    fields.error(
      'missing-key',
      fields.keyPlace('auto_identify'),
      `“auto_identify” needs a “default_value” for ${name}`,
    );
}

function refuseToRun(fields: Fields, key: string, message: string): void {
  fields.context.problems.obstacle('unsupported', fields.keyPlace(key), `${fields.what}: “${key}” ${message}`);
}
