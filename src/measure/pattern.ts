/**
 * Patterns as the procedure format writes them: unanchored, in the subset that Rust's `regex` and JavaScript share.
 *
 * TofuPilot's engine evaluates the same text with Rust, so what the two understand differently is refused here rather
 * than understood differently. Knows nothing of what a pattern is for.
 */

/** Valid in JavaScript, unknown to Rust: look-around and back-references. */
const NOT_IN_RUST = /\(\?(?:=|!|<=|<!)|\\[1-9]|\\k</;
/** Valid in Rust, with another meaning in JavaScript: set operations inside a class. */
const CLASS_OPERATION = /\[[^\]]*(?:&&|--|~~)/;

const compiled = new Map<string, RegExp>();
/** More patterns than any procedure has; beyond it the cache starts anew instead of growing for ever. */
const CACHE_LIMIT = 2000;

/** @throws {SyntaxError} with a sentence that says what is wrong */
export function compilePattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const unescaped = pattern.replaceAll(/\\[^1-9k]/g, '');
  if (NOT_IN_RUST.test(unescaped)) throw new SyntaxError('look-around and back-references are not part of the format');
  if (CLASS_OPERATION.test(unescaped)) throw new SyntaxError('operations inside [ ] are not part of the format');
  const ignoreCase = pattern.startsWith('(?i)');
  const made = new RegExp(portable(ignoreCase ? pattern.slice('(?i)'.length) : pattern), ignoreCase ? 'iu' : 'u');
  if (compiled.size >= CACHE_LIMIT) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/**
 * Rust allows every ASCII punctuation mark to be escaped and spells named groups `(?P<name>`; JavaScript with the
 * Unicode flag allows neither. Without that flag it would read `\A` as the letter A, so the flag stays.
 */
function portable(pattern: string): string {
  return pattern
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\\([\s\S])/g, (whole, escaped: string) =>
      /[!"#%&',\-:;<=>@_`~ ]/.test(escaped) ? `\\x${escaped.charCodeAt(0).toString(16).padStart(2, '0')}` : whole,
    );
}
