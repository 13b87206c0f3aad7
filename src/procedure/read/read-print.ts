/**
 * The step `print`: which label, how often, and for which units.
 *
 * Above: read-steps.ts. Beside it: check-labels.ts, which reads the label's text when all phases are known.
 */
import type { Plug, Step } from '#procedure/procedure.ts';
import { screenFileTrouble } from '#procedure/screen-file.ts';
import type { Fields } from '#procedure/read/fields.ts';
import { stated } from '#procedure/read/stated.ts';

export const PRINT_KEYS = ['plug', 'label', 'text', 'copies', 'only'];
export const PRINT_ONLY = ['pass', 'fail'] as const;
export const MOST_COPIES = 100;
/** A longer one belongs into a file. */
export const LONGEST_LABEL_TEXT = 10_000;
const PRINTER = 'label-printer';

/** @param kind which of `label` and `text` is stated; undefined: not one of them, which was said */
export function readPrint(
  fields: Fields,
  plug: Plug | undefined,
  kind: 'label' | 'text' | undefined,
  line: number,
): Step | undefined {
  const source = kind === undefined ? undefined : readSource(fields, kind);
  const copies = fields.integer('copies', 1, MOST_COPIES) ?? 1;
  const only = fields.oneOf('only', PRINT_ONLY);
  if (plug && plug.driver !== PRINTER && fields.context.drivers.includes(plug.driver))
    return fields.refuse('conflict', 'plug', `“${plug.key}” is no label printer; its driver is “${plug.driver}”`);
  if (!plug || !source) return undefined;
  return { kind: 'print', plug: plug.key, language: plug.language ?? 'zpl', source, copies, ...stated({ only }), line };
}

function readSource(fields: Fields, kind: 'label' | 'text'): { file: string } | { text: string } | undefined {
  if (kind === 'text') {
    const text = fields.text('text', { parameters: 'embed', max: LONGEST_LABEL_TEXT, untrimmed: true });
    return text === undefined ? undefined : { text };
  }
  const file = fields.text('label', { parameters: 'literal', max: 500 });
  const trouble = file === undefined ? null : screenFileTrouble(file, 'label');
  if (trouble !== null) return fields.refuse('choice', 'label', trouble);
  return file === undefined ? undefined : { file };
}
