/**
 * What a unit's identity still lacks after its scan: what is asked for, in which order, and whether an answer is good.
 *
 * Pure. What the scan says or the procedure gives by default is not asked. Nothing is touched while something is still
 * asked: there is no run. Beside identify.ts, which reads the scan. Knows nothing of screens and of who answers.
 */
import { compilePattern } from '#measure/pattern.ts';
import { readGs1, saysGs1, withoutSymbol } from '#procedure/gs1.ts';
import { identityTrouble, quote, type IdentityField, type UnitIdentity, unframed } from '#procedure/identify.ts';
import { type LocalText, textIn } from '#procedure/local-text.ts';
import type { UnitField, UnitFields } from '#procedure/procedure.ts';

export interface Ask {
  /** `part_number`, `sub_units.<key>`, `metadata.<key>`: as conditions name it. */
  readonly key: string;
  readonly label: LocalText;
  /** Numbers become part of an identity, for which TofuPilot has rules of its own. */
  readonly kind: 'number' | 'sub-unit' | 'text';
  readonly field: UnitField;
  /** It may be left out. */
  readonly isOptional: boolean;
}

/** Good answers by the key of their question; an empty one was left out. */
export type Answers = Readonly<Record<string, string>>;

export interface AnswerTrouble {
  readonly code: 'answer-empty' | 'answer-length' | 'answer-pattern' | 'answer-twice';
  readonly message: string;
  readonly remedy: string;
}

const NUMBERS = [
  { key: 'part_number', label: 'Part number', isOptional: false },
  { key: 'revision_number', label: 'Revision number', isOptional: true },
  { key: 'batch_number', label: 'Batch number', isOptional: true },
] as const;
/** Where a GS1 code has it (General Specifications, section 3). */
const IDENTIFIERS: Readonly<Record<string, string>> = { part_number: '01', batch_number: '10' };
const SERIAL_IDENTIFIER = '21';
/** TofuPilot takes no longer text in metadata. */
const LONGEST_TEXT = 50_000;

/** Everything that can be asked of a unit, in TofuPilot's order: numbers, sub-units, metadata. */
export function everyAsk(fields: UnitFields): Ask[] {
  const { subUnits = [], metadata = {} } = fields;
  return [
    ...NUMBERS.map((one): Ask => ({ ...one, kind: 'number', field: fields[one.key] })),
    ...subUnits.map(({ key, label, serialNumber: field }): Ask => ({
      key: `sub_units.${key}`,
      label,
      kind: 'sub-unit',
      field,
      isOptional: false,
    })),
    ...Object.entries(metadata).map(([key, field]): Ask => ({
      key: `metadata.${key}`,
      label: key,
      kind: 'text',
      field,
      isOptional: true,
    })),
  ];
}

/** What is asked of this unit: whatever neither the scan, a default nor a screen says. A number only where the procedure states it. */
export function asksOf(fields: UnitFields, unit: UnitIdentity): Ask[] {
  const known = unitValues(unit);
  const isAskedLater = ({ key }: Ask) => fields.onScreens?.includes(key) === true;
  const isWanted = ({ kind, key }: Ask) => kind !== 'number' || fields.asked?.some((one) => one === key);
  return everyAsk(fields).filter((ask) => isWanted(ask) && known[ask.key] === undefined && !isAskedLater(ask));
}

/** @returns the answer as it is kept, or why it is none */
export function readAnswer(ask: Ask, scanned: string, unit: UnitIdentity): { readonly value: string } | AnswerTrouble {
  const text = unframed(scanned);
  if (text === '' && ask.isOptional) return { value: '' };
  if (text === '') return trouble(ask, 'answer-empty', 'Nothing was scanned.');
  const value = ask.kind === 'text' ? text : valueIn(text, ask.key);
  if (typeof value !== 'string') return trouble(ask, 'answer-pattern', `The code ${quote(text)} ${value.trouble}.`);
  const wrong = ask.kind === 'text' ? textTrouble(value, ask.field) : identityTrouble(value, ask.field);
  if (wrong) {
    const words = wrong.isOffRule && ask.field.placeholder ? 'does not fit this procedure' : wrong.words;
    return trouble(ask, `answer-${wrong.kind}`, `${quote(value)} ${words}.`);
  }
  const other = ask.kind === 'sub-unit' ? sameUnit(value, ask.key, unit) : null;
  return other === null ? { value } : trouble(ask, 'answer-twice', `${quote(value)} ${other}.`);
}

/** The identity with what was answered; a number that was left out stays open. */
export function withAnswers(unit: UnitIdentity, answers: Answers): UnitIdentity {
  const said = Object.entries(answers).filter(([, value]) => value !== '');
  const inRoom = (room: string) =>
    said.filter(([key]) => key.startsWith(room)).map(([key, value]) => [key.slice(room.length), value]);
  const subUnits = { ...unit.sub_units, ...Object.fromEntries(inRoom('sub_units.')) };
  const metadata = { ...unit.unit_metadata, ...Object.fromEntries(inRoom('metadata.')) };
  return {
    ...unit,
    ...Object.fromEntries(said.filter(([key]) => !key.includes('.'))),
    ...(Object.keys(subUnits).length > 0 ? { sub_units: subUnits } : {}),
    ...(Object.keys(metadata).length > 0 ? { unit_metadata: metadata } : {}),
  };
}

/** Everything known of a unit by the names that conditions and scripts use. */
export function unitValues(unit: UnitIdentity): Record<string, string | undefined> {
  const { sub_units = {}, unit_metadata = {}, serial_number, part_number, revision_number, batch_number } = unit;
  return {
    serial_number,
    part_number,
    revision_number,
    batch_number,
    ...prefixed('sub_units.', sub_units),
    ...prefixed('metadata.', unit_metadata),
  };
}

function prefixed(room: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${room}${key}`, value]));
}

/** A label of its own maker may say more than its number. */
function valueIn(text: string, key: string): string | { readonly trouble: string } {
  // A revision has no identifier of its own.
  if (!saysGs1(text) || key === 'revision_number') return withoutSymbol(text);
  const elements = readGs1(text);
  if ('trouble' in elements) return elements;
  const identifier = IDENTIFIERS[key] ?? SERIAL_IDENTIFIER;
  return elements.get(identifier) ?? { trouble: `has no (${identifier}), which is what is asked for` };
}

function textTrouble(value: string, { minLength = 0, maxLength = LONGEST_TEXT, pattern }: UnitField) {
  const { length } = [...value];
  const longest = Math.min(maxLength, LONGEST_TEXT);
  if (length < minLength || length > longest)
    return { kind: 'length', words: `has ${length} characters; ${minLength} to ${longest} are allowed` } as const;
  if (pattern === undefined || compilePattern(pattern).test(value)) return null;
  return { kind: 'pattern', words: `does not match the pattern ${pattern}`, isOffRule: true } as const;
}

/** TofuPilot matches serial numbers without case. */
function sameUnit(value: string, key: string, { serial_number, sub_units = {} }: UnitIdentity): string | null {
  const isSame = (other: string) => other.toUpperCase() === value.toUpperCase();
  if (isSame(serial_number)) return 'is the unit itself';
  const twin = Object.entries(sub_units).find(([name, other]) => `sub_units.${name}` !== key && isSame(other));
  return twin ? `was scanned already, for “${twin[0]}”` : null;
}

function trouble({ field, kind, label }: Ask, code: AnswerTrouble['code'], message: string): AnswerTrouble {
  const example = field.placeholder ? `, such as ${field.placeholder}` : '';
  const what = kind === 'sub-unit' ? `the label of “${textIn(label, 'en')}”` : `“${textIn(label, 'en')}”`;
  const remedy = kind === 'text' ? `Enter ${what} again${example}.` : `Scan ${what} again${example}.`;
  return { code, message, remedy };
}

export function isAsked(field: IdentityField): field is (typeof NUMBERS)[number]['key'] {
  return NUMBERS.some(({ key }) => key === field);
}
