/**
 * Rules by which one scan fills several fields: a pattern with named groups, or a GS1 code's application identifiers.
 *
 * Above: read-unit.ts. The scan itself is split in identify.ts.
 */
import { compilePattern } from '#measure/pattern.ts';
import { IDENTITY_FIELDS } from '#procedure/identify.ts';
import type { ScanRule } from '#procedure/procedure.ts';
import { Fields } from '#procedure/read/fields.ts';
import { readPattern } from '#procedure/read/read-unit-field.ts';

/** GS1 General Specifications: two to four digits. */
const APPLICATION_IDENTIFIER = /^\d{2,4}$/;

export function readScan(unit: Fields): ScanRule[] {
  return (unit.list('scan') ?? []).flatMap((node) => {
    const rule = new Fields(unit.context, node, '“unit”, a “scan” rule', ['pattern', 'gs1']);
    if (node.kind !== 'map') return [];
    if (rule.has('gs1') && rule.has('pattern')) rule.refuse('conflict', 'pattern', 'and “gs1” exclude each other');
    return (rule.has('gs1') ? readGs1(rule) : readGroups(rule)) ?? [];
  });
}

function readGroups(rule: Fields): ScanRule | undefined {
  rule.require('pattern');
  const pattern = readPattern(rule, 'pattern');
  if (pattern === undefined) return undefined;
  const groups = Object.keys(new RegExp(`${compilePattern(pattern).source}|`, 'u').exec('')?.groups ?? {});
  const unknown = groups.find((group) => !(IDENTITY_FIELDS as readonly string[]).includes(group));
  if (unknown !== undefined)
    return rule.refuse('pattern', 'pattern', `has a group “${unknown}”; there are ${IDENTITY_FIELDS.join(', ')}`);
  if (groups.includes('serial_number')) return { pattern };
  return rule.refuse('pattern', 'pattern', 'needs a group (?<serial_number>…)');
}

function readGs1(rule: Fields): ScanRule | undefined {
  const node = rule.node('gs1')!;
  const identifiers = node.kind === 'map' ? node.entries.map(({ key }) => key) : [];
  const map = new Fields(rule.context, node, `${rule.what}, “gs1”`, identifiers);
  const gs1: Record<string, string> = {};
  for (const identifier of identifiers) {
    if (!APPLICATION_IDENTIFIER.test(identifier))
      map.error(
        'identifier',
        map.keyPlace(identifier),
        `${map.what}: “${identifier}” is no application identifier, such as '01' or '21'`,
      );
    const field = map.require(identifier) && map.oneOf(identifier, IDENTITY_FIELDS);
    if (field === undefined) continue;
    const other = Object.keys(gs1).find((one) => gs1[one] === field);
    if (other !== undefined) map.refuse('duplicate', identifier, `fills “${field}”, and ${other} does already`);
    gs1[identifier] = field;
  }
  if (Object.values(gs1).includes('serial_number')) return { gs1 };
  // A field that could not be read may be the one.
  if (Object.keys(gs1).length < identifiers.length) return undefined;
  return rule.refuse('missing-key', 'gs1', "must fill “serial_number”, such as '21': serial_number");
}
