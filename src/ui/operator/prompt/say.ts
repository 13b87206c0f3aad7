/**
 * A procedure's texts in the language of whoever reads them: the one that was chosen, or the first of the browser's
 * languages that there is, else English, else the first there is.
 */
import { textIn, type LocalText } from '#procedure/local-text.ts';
import { readerLanguages } from '#ui/language/locale.ts';

export function say(text: LocalText | undefined, languages: readonly string[] = readerLanguages()): string {
  if (text === undefined || typeof text === 'string') return text ?? '';
  const plain = (tag: string) => tag.split('-')[0];
  const known = languages.find((wanted) => Object.keys(text).some((tag) => plain(tag) === plain(wanted)));
  return textIn(text, known ?? 'en');
}
