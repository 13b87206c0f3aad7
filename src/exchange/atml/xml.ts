/**
 * XML 1.0 as text: elements, attributes, and characters that no parser refuses.
 *
 * Knows nothing of ATML.
 */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What XML 1.0 (2.2) forbids altogether: most control characters, halves of surrogate pairs, two non-characters. */
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** U+2400 and what follows are pictures of the control characters. */
const PICTURES = 0x2400;
const SPECIAL: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser would make spaces or line feeds of these.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** Also good inside an attribute. */
export function escaped(text: string): string {
  const allowed = text.replaceAll(FORBIDDEN, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(PICTURES + code) : '\ufffd';
  });
  return allowed.replaceAll(/[&<>"\t\n\r]/g, (character) => SPECIAL[character]!);
}

/** @param content markup, not text; undefined attributes are left out */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escaped(String(value))}"`)
    .join('');
  const inside = content.join('');
  return inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

/** An element that holds a text; an empty text is an empty element. */
export function textElement(name: string, text: string): string {
  return element(name, {}, escaped(text));
}
