/**
 * HTML as text, in which nothing that comes from outside can become markup.
 *
 * A template's own text is markup, everything that is put into it is not, unless it was made by a template itself. Knows
 * nothing of what is written.
 */

/** Markup that a template has made; no other way leads to one. */
export class Html {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static of(parts: TemplateStringsArray, values: readonly Content[]): Html {
    return new Html(parts.map((part, at) => part + (at < values.length ? written(values[at]) : '')).join(''));
  }

  /** @param css in which no text of others stands but as `cssText` writes it */
  static style(css: string): Html {
    return new Html(`<style>${css.replaceAll('<', '\\3c ')}</style>`);
  }
}

export type Content = string | number | Html | null | undefined | false | readonly Content[];

export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return Html.of(parts, values);
}

function written(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(written).join('');
  return escaped(String(value));
}

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Pictures of the control characters begin here; a page may not hold the characters themselves. */
const PICTURES = 0x2400;
/** Half of a character, which no file can hold. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Characters that turn the order of what follows: a serial number must not be read as another. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

export function escaped(text: string): string {
  return (
    text
      .replaceAll(/[&<>"']/g, (character) => NAMES[character] ?? '')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (character) => pictureOf(character.charCodeAt(0)))
      .replaceAll(TURNING, '\ufffd')
      .replaceAll(HALF, '\ufffd')
  );
}

function pictureOf(code: number): string {
  return code === 0x7f ? '\u2421' : String.fromCharCode(PICTURES + code);
}

/** A text as CSS has it in quotes: everything that is no plain letter or digit by its number, so that it ends nothing. */
export function cssText(text: string): string {
  const characters = [...text.replaceAll(HALF, '\ufffd')].map((one) =>
    /^[A-Za-z0-9 ]$/.test(one) ? one : `\\${one.codePointAt(0)?.toString(16)} `,
  );
  return `"${characters.join('')}"`;
}
