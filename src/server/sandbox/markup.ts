/** HTML in which whatever comes from outside is escaped, by construction. Knows nothing of what is shown. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Pieces of markup stand as they are; every other value is text. */
export function html(
  literals: TemplateStringsArray,
  ...values: readonly (Markup | readonly Markup[] | string | number)[]
): Markup {
  return new Markup(
    literals.map((literal, index) => literal + (index < values.length ? inserted(values[index]) : '')).join(''),
  );
}

function inserted(value: unknown): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(inserted).join('');
  return String(value).replace(/[&<>"']/g, (character) => ESCAPED[character] ?? '');
}
