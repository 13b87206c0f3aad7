/**
 * One number of a unit as the procedure describes it: default, example, lengths, pattern.
 *
 * The same map for serial, part, revision and batch numbers, sub-units and metadata. Above: read-unit.ts.
 */
import { identityTrouble } from '#procedure/identify.ts';
import type { Located } from '#procedure/located.ts';
import type { UnitField } from '#procedure/procedure.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { inOrder } from '#procedure/read/read-component.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { patternTrouble } from '#procedure/read/read-validator.ts';
import { stated } from '#procedure/read/stated.ts';

export const UNIT_FIELD_KEYS = ['default_value', 'placeholder', 'description', 'min_length', 'max_length', 'pattern'];

/** @param isIdentity its value becomes part of a unit's identity, for which TofuPilot has rules of its own */
export function readUnitField(context: Context, node: Located, what: string, isIdentity: boolean): UnitField {
  const fields = new Fields(context, node, what, UNIT_FIELD_KEYS);
  const defaultValue = fields.text('default_value', { parameters: 'embed', mayBeEmpty: true }) || undefined;
  const minLength = fields.integer('min_length', 0, Number.MAX_SAFE_INTEGER);
  const maxLength = fields.integer('max_length', 0, Number.MAX_SAFE_INTEGER);
  inOrder(fields, 'min_length', minLength, 'max_length', maxLength);
  const field: UnitField = stated({
    defaultValue,
    placeholder: fields.text('placeholder', { parameters: 'embed', mayBeEmpty: true }) || undefined,
    description: readLocalText(fields, 'description', 50_000),
    minLength,
    maxLength,
    pattern: readPattern(fields, 'pattern'),
  });
  // A default that every scan would then refuse.
  const trouble = defaultValue && isIdentity ? identityTrouble(defaultValue, field) : null;
  if (trouble) fields.refuse(trouble.kind, 'default_value', `(“${defaultValue}”) ${trouble.words}`);
  return field;
}

export function readPattern(fields: Fields, key: string): string | undefined {
  const pattern = fields.text(key, { parameters: 'embed', mayBeEmpty: true }) || undefined;
  const trouble = pattern === undefined ? null : patternTrouble(pattern);
  return trouble ? fields.refuse('pattern', key, trouble) : pattern;
}
