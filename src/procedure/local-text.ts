/**
 * Texts that operators read: one for everybody, or one a language.
 *
 * Names that are sent to TofuPilot are never among them: they identify measurements and stay the same everywhere.
 */
export type LocalText = string | Readonly<Record<string, string>>;

/** `en`, `de`, `zh-TW`: as BCP 47 has them, without the rare parts. */
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

export function isLanguage(tag: string): boolean {
  return LANGUAGE.test(tag);
}

/** The text in a language; else in the same language of another country, in English, or the first there is. */
export function textIn(text: LocalText, language: string): string {
  if (typeof text === 'string') return text;
  const [plain] = language.split('-');
  const near = Object.keys(text).find((tag) => tag.split('-')[0] === plain);
  return text[language] ?? (near === undefined ? undefined : text[near]) ?? text['en'] ?? Object.values(text)[0] ?? '';
}
