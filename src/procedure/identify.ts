/**
 * From what was scanned to the unit's identity, or the reason why it is refused.
 *
 * Pure. Nothing was touched when this refuses: no run, no sequence number. Checked against the procedure's own rules
 * and against what TofuPilot takes, so that no run is made that could never be delivered. Knows nothing of scanners.
 */
import { compilePattern } from '#measure/pattern.ts';
import { type Gs1Trouble, readGs1, saysGs1, withoutSymbol } from '#procedure/gs1.ts';
import type { ScanRule, UnitField, UnitFields } from '#procedure/procedure.ts';

export const IDENTITY_FIELDS = ['serial_number', 'part_number', 'revision_number', 'batch_number'] as const;
export type IdentityField = (typeof IDENTITY_FIELDS)[number];

export interface UnitIdentity {
  readonly serial_number: string;
  readonly part_number?: string;
  readonly revision_number?: string;
  readonly batch_number?: string;
  /** Serial numbers of what is built into it, by key. */
  readonly sub_units?: Readonly<Record<string, string>>;
  /** What the procedure asks for beside the numbers, by key. */
  readonly unit_metadata?: Readonly<Record<string, string>>;
}

export interface IdentityRefusal {
  readonly code: 'serial-empty' | 'serial-pattern' | 'serial-length' | 'unit-field';
  readonly message: string;
  readonly remedy: string;
}

/** TofuPilot: 1 to 60 of these characters, for serial, part, revision and batch numbers alike. */
const LONGEST = 60;
const CHARACTERS = /^[A-Za-z0-9_.:+-]+$/;
/**
 * Line ends, tabs and STX/ETX that a scanner puts around what it read. Only at the ends: inside, a control character
 * separates two fields, and taking it away would make another serial number.
 */
const SCANNER_FRAME = /^[\s\p{Cc}\ufeff]+|[\s\p{Cc}\ufeff]+$/gu;

export function identify(scanned: string, fields: UnitFields): UnitIdentity | IdentityRefusal {
  const text = unframed(scanned);
  if (text === '') return refusal('serial-empty', 'Nothing was scanned.', fields.serial_number);
  const parts = split(text, fields.scan ?? []);
  if ('trouble' in parts)
    return refusal('serial-pattern', `The code ${quote(readable(text))} ${parts.trouble}.`, fields.serial_number);
  const found = { ...defaults(fields), ...parts };
  for (const field of IDENTITY_FIELDS) {
    const value = found[field];
    const trouble = value === undefined ? null : identityTrouble(value, fields[field]);
    if (!trouble) continue;
    const code = field === 'serial_number' ? (`serial-${trouble.kind}` as const) : 'unit-field';
    // An example says it to whoever holds the unit; a pattern is for the author.
    const words = trouble.isOffRule && fields[field].placeholder ? 'does not fit this procedure' : trouble.words;
    return refusal(code, `The ${field.replace('_', ' ')} ${quote(value!)} ${words}.`, fields[field]);
  }
  return found;
}

/** What was read, without what the scanner puts around it. */
export function unframed(scanned: string): string {
  return scanned.replaceAll(SCANNER_FRAME, '');
}

export interface IdentityTrouble {
  readonly kind: 'length' | 'pattern';
  readonly words: string;
  /** It is the procedure's own pattern that says so. */
  readonly isOffRule?: true;
}

/** Why a number would be refused, here or by TofuPilot; null when it is good. */
export function identityTrouble(value: string, field: UnitField): IdentityTrouble | null {
  const shortest = Math.max(1, field.minLength ?? 1);
  const longest = Math.min(LONGEST, field.maxLength ?? LONGEST);
  if (value.length < shortest || value.length > longest)
    return { kind: 'length', words: `has ${value.length} characters; ${shortest} to ${longest} are allowed` };
  if (!CHARACTERS.test(value))
    return { kind: 'pattern', words: 'has a character that is not allowed; letters, digits and _ . : + - are' };
  if (field.pattern !== undefined && !compilePattern(field.pattern).test(value))
    return { kind: 'pattern', words: `does not match the pattern ${field.pattern}`, isOffRule: true };
  return null;
}

function defaults(fields: UnitFields): Partial<UnitIdentity> {
  const stated = IDENTITY_FIELDS.filter((field) => field !== 'serial_number' && fields[field].defaultValue);
  const subUnits = (fields.subUnits ?? []).map(({ key, serialNumber }) => [key, serialNumber] as const);
  return {
    ...Object.fromEntries(stated.map((field) => [field, fields[field].defaultValue!.trim()])),
    ...defaultsIn('sub_units', subUnits),
    ...defaultsIn('unit_metadata', Object.entries(fields.metadata ?? {})),
  };
}

function defaultsIn(room: string, fields: readonly (readonly [key: string, field: UnitField])[]): object {
  const stated = fields
    .filter(([, { defaultValue }]) => defaultValue)
    .map(([key, { defaultValue }]) => [key, defaultValue]);
  return stated.length > 0 ? { [room]: Object.fromEntries(stated) as object } : {};
}

/**
 * The first rule that matches wins; a scan that none matches is the serial number itself. A code that says of itself
 * that it is GS1 data is never taken for a serial number as a whole.
 */
function split(text: string, rules: readonly ScanRule[]): UnitIdentity | Gs1Trouble {
  const plain = withoutSymbol(text);
  let trouble: Gs1Trouble | null = null;
  for (const rule of rules) {
    const found = 'gs1' in rule ? byGs1(text, rule.gs1) : byGroups(plain, rule.pattern);
    if (found && !('trouble' in found)) return found;
    trouble ??= found;
  }
  return trouble && saysGs1(text) ? trouble : { serial_number: plain };
}

function byGroups(text: string, pattern: string): UnitIdentity | null {
  const groups = compilePattern(pattern).exec(text)?.groups;
  if (!groups?.serial_number) return null;
  const filled = IDENTITY_FIELDS.filter((field) => groups[field]);
  return { ...Object.fromEntries(filled.map((field) => [field, groups[field]!])), serial_number: groups.serial_number };
}

function byGs1(text: string, rule: Readonly<Record<string, string>>): UnitIdentity | Gs1Trouble {
  const elements = readGs1(text);
  if ('trouble' in elements) return elements;
  const filled = Object.entries(rule).filter(([identifier]) => elements.has(identifier));
  const unit = Object.fromEntries(filled.map(([identifier, field]) => [field, elements.get(identifier)!]));
  const { serial_number } = unit;
  if (serial_number !== undefined) return { ...unit, serial_number };
  const wanted = Object.keys(rule).find((identifier) => rule[identifier] === 'serial_number');
  return { trouble: `has no (${wanted}), which is the serial number` };
}

/** Separators as people know them from data sheets. */
function readable(text: string): string {
  return text.replaceAll('\u001d', '␝');
}

function refusal(code: IdentityRefusal['code'], message: string, { placeholder }: UnitField): IdentityRefusal {
  const example = placeholder ? `, such as ${placeholder}` : '';
  return { code, message, remedy: `Scan the unit's label again${example}.` };
}

/** A barcode of a whole page must not fill the screen. */
export function quote(value: string): string {
  return `“${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}”`;
}
