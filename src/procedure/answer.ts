/**
 * Whether an operator's entry keeps the rules of its component, and what it is as a value.
 *
 * Pure, and the same on the screen, in the engine and on the command line, so that what one takes the others take.
 * Nothing that arrives is believed: an entry comes from another world. Knows nothing of how a component looks.
 */
import { compilePattern } from '#measure/pattern.ts';
import type { Scalar } from '#measure/scalar.ts';
import { asks, type Component } from '#procedure/screen.ts';

/** A photograph or a signature. */
export interface AnsweredFile {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type Answer = string | number | boolean | readonly string[] | AnsweredFile;

/** `answer` is null where a person left it empty and may. */
export type Taken = { readonly answer: Answer | null } | { readonly trouble: string };

/** A note, not a document; a scanner that runs wild must not fill a record. */
const LONGEST_TEXT = 10_000;
/** A photograph of 12 megapixels as JPEG has 3 to 6 MB. */
export const LONGEST_PICTURE_BYTES = 10 * 1024 * 1024;
const PICTURES: readonly unknown[] = ['image/png', 'image/jpeg', 'image/webp'];
/** Of the number of steps: what is left over when decimal fractions are divided. */
const STEP_TOLERANCE = 1e-6;

const EMPTY = 'needs an answer';

export function takeAnswer(component: Component, given: unknown): Taken {
  switch (component.kind) {
    case 'text_input':
    case 'textarea':
      return takeText(component, given ?? '');
    case 'number_input':
    case 'slider':
      return given === null || given === undefined ? whenEmpty(component) : takeNumber(component, given);
    case 'switch':
      return typeof given === 'boolean' ? { answer: given } : { trouble: 'must be on or off' };
    case 'verdict':
      return typeof given === 'boolean' ? { answer: given } : { trouble: 'needs a decision: pass or fail' };
    case 'radio':
    case 'select':
      return given === null || given === undefined || given === ''
        ? whenEmpty(component)
        : takeChoice(component, given);
    case 'multiselect':
    case 'checklist':
      return takeChoices(component, given ?? []);
    case 'camera':
    case 'signature':
      return given === null || given === undefined ? whenEmpty(component) : takePicture(given);
    default:
      return { trouble: 'is only shown and takes no answer' };
  }
}

function whenEmpty({ required }: Component): Taken {
  return required ? { trouble: EMPTY } : { answer: null };
}

function takeText(component: Component, given: unknown): Taken {
  if (typeof given !== 'string') return { trouble: 'must be a text' };
  const text = component.trim ? given.trim() : given;
  if (text.trim() === '' && component.required) return { trouble: EMPTY };
  // Nothing was said, so there is nothing that could be too short or not match.
  if (text === '') return { answer: '' };
  // Characters as a person counts them, not UTF-16 halves.
  const length = [...text].length;
  const { minLength = 0, maxLength = LONGEST_TEXT, pattern } = component;
  const longest = Math.min(maxLength, LONGEST_TEXT);
  if (length < minLength) return { trouble: `needs at least ${minLength} characters, and has ${length}` };
  if (length > longest) return { trouble: `may have at most ${longest} characters, and has ${length}` };
  if (pattern !== undefined && !compilePattern(pattern).test(text))
    return { trouble: `does not have the form that is asked for (${pattern})` };
  return { answer: text };
}

function takeNumber({ min, max, step, suffix }: Component, given: unknown): Taken {
  if (typeof given !== 'number' || !Number.isFinite(given)) return { trouble: 'must be a number' };
  if (min !== undefined && given < min) return { trouble: `must be ${quantity(min, suffix)} or more` };
  if (max !== undefined && given > max) return { trouble: `must be ${quantity(max, suffix)} or less` };
  if (step !== undefined && step > 0) {
    const steps = (given - (min ?? 0)) / step;
    if (Math.abs(steps - Math.round(steps)) > STEP_TOLERANCE * Math.max(1, Math.abs(steps)))
      return { trouble: `must go in steps of ${quantity(step, suffix)}${min ? ` from ${quantity(min, suffix)}` : ''}` };
  }
  return { answer: given };
}

function quantity(value: number, suffix = ''): string {
  return `${value}${suffix.trim() === '' ? '' : ` ${suffix.trim()}`}`;
}

function takeChoice({ options = [] }: Component, given: unknown): Taken {
  const chosen = options.find(({ value }) => value === given);
  return chosen ? { answer: chosen.value } : { trouble: 'must be one of the options' };
}

function takeChoices({ kind, options = [], required }: Component, given: unknown): Taken {
  if (!Array.isArray(given) || !given.every((one) => options.some(({ value }) => value === one)))
    return { trouble: 'must be among the options' };
  // In the order of the procedure, each once, however they were ticked.
  const chosen = options.map(({ value }) => value).filter((value) => given.includes(value));
  if (required && kind === 'checklist' && chosen.length < options.length)
    return { trouble: `needs every entry ticked; ${options.length - chosen.length} to go` };
  if (required && chosen.length === 0) return { trouble: 'needs at least one choice' };
  return { answer: chosen };
}

function takePicture(given: unknown): Taken {
  const { contentType, bytes } = given as { contentType?: unknown; bytes?: unknown };
  if (!(bytes instanceof Uint8Array) || bytes.length === 0 || !PICTURES.includes(contentType))
    return { trouble: 'must be a picture (PNG, JPEG or WebP)' };
  if (bytes.length > LONGEST_PICTURE_BYTES)
    return { trouble: `may have at most ${LONGEST_PICTURE_BYTES / 2 ** 20} MiB` };
  return { answer: { contentType: contentType as string, bytes: bytes as Uint8Array<ArrayBuffer> } };
}

/** What is wrong with an entry; `key` is its component's, and null where it is about all of them. */
export interface Complaint {
  readonly key: string | null;
  readonly message: string;
}

export interface TakenAnswers {
  /** One for each component that asks, in their order; complete only without complaints. */
  readonly answers: readonly (readonly [component: Component, answer: Answer | null])[];
  readonly complaints: readonly Complaint[];
}

/** Everything that was entered into one screen. */
export function takeAnswers(components: readonly Component[], given: unknown): TakenAnswers {
  const entries = new Map(Object.entries(typeof given === 'object' && given !== null ? given : {}));
  const answers: [Component, Answer | null][] = [];
  const complaints: Complaint[] = [];
  for (const component of components.filter(({ kind }) => asks(kind))) {
    const taken = takeAnswer(component, entries.get(component.key));
    entries.delete(component.key);
    if ('trouble' in taken) complaints.push({ key: component.key, message: taken.trouble });
    else answers.push([component, taken.answer]);
  }
  for (const key of entries.keys()) complaints.push({ key: null, message: `nothing asks for “${key.slice(0, 80)}”` });
  return { answers, complaints };
}

/** What a component holds before anybody has touched it; null: nothing. */
export function initialAnswer({
  kind,
  defaultValue: stated,
  min = 0,
}: Component): Exclude<Answer, AnsweredFile> | null {
  switch (kind) {
    case 'text_input':
    case 'textarea':
      return stated === undefined ? '' : String(stated);
    case 'number_input':
      return typeof stated === 'number' ? stated : null;
    case 'slider':
      return typeof stated === 'number' ? stated : min;
    case 'switch':
      return stated === true;
    case 'radio':
    case 'select':
      return typeof stated === 'string' ? stated : null;
    case 'multiselect':
    case 'checklist':
      return listOf(stated);
    default:
      // A decision, a photograph and a signature are a person's own.
      return null;
  }
}

/** TofuPilot writes several choices as one text with commas, too. */
function listOf(stated: Component['defaultValue']): readonly string[] {
  if (typeof stated === 'string') return stated.split(',').flatMap((one) => one.trim() || []);
  return Array.isArray(stated) ? (stated as readonly string[]) : [];
}

/** As a measurement or a unit's field holds it. A file is known by its name, which only its keeper gives. */
export function scalarOf(answer: Exclude<Answer, AnsweredFile>): Scalar {
  // As TofuPilot joins them.
  return typeof answer === 'object' ? answer.join(',') : answer;
}

export function isAnsweredFile(answer: Answer): answer is AnsweredFile {
  return typeof answer === 'object' && 'bytes' in answer;
}
