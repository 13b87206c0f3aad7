/**
 * The unit of one run: what is known of it, and what an operator adds while the run is under way.
 *
 * What is filled in keeps the same rules as what was scanned. Above: run-procedure.ts. Knows nothing of screens.
 */
import { compilePattern } from '#measure/pattern.ts';
import { IDENTITY_FIELDS, identityTrouble, type IdentityField } from '#procedure/identify.ts';
import type { UnitField, UnitFields } from '#procedure/procedure.ts';

type Values = Readonly<Record<string, string | undefined>>;

export class RunUnit {
  readonly #rules: UnitFields;
  #values: Values;

  constructor(rules: UnitFields, values: Values) {
    this.#rules = rules;
    this.#values = values;
  }

  /** By field: `serial_number` …, `sub_units.<key>`, `metadata.<key>`. */
  get values(): Values {
    return this.#values;
  }

  fill(field: string, value: string): void {
    this.#values = { ...this.#values, [field]: value };
  }

  /** @returns why the field cannot be this, in words; null when it can */
  trouble(field: string, value: string): string | null {
    if ((IDENTITY_FIELDS as readonly string[]).includes(field))
      return identityTrouble(value, this.#rules[field as IdentityField])?.words ?? null;
    const [room, key = ''] = [field.slice(0, field.indexOf('.')), field.slice(field.indexOf('.') + 1)];
    if (room === 'sub_units') {
      const rule = this.#rules.subUnits?.find((one) => one.key === key)?.serialNumber;
      return identityTrouble(value, rule ?? {})?.words ?? null;
    }
    return metadataTrouble(value, this.#rules.metadata?.[key] ?? {});
  }
}

/** Any text, within the limits that the procedure states. */
function metadataTrouble(value: string, { minLength = 0, maxLength = 10_000, pattern }: UnitField): string | null {
  const { length } = [...value];
  if (length < minLength || length > maxLength)
    return `has ${length} characters; ${minLength} to ${maxLength} are allowed`;
  return pattern === undefined || compilePattern(pattern).test(value) ? null : `does not match the pattern ${pattern}`;
}
