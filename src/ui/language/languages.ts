/**
 * The languages of the screens, each in its own name, and which one is meant.
 *
 * Pure. Knows nothing of catalogues or of the page.
 */
export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  it: 'Italiano',
  pl: 'Polski',
  cs: 'Čeština',
  'zh-TW': '繁體中文',
  'zh-CN': '简体中文',
  ja: '日本語',
  ko: '한국어',
  vi: 'Tiếng Việt',
  th: 'ไทย',
  he: 'עברית',
} as const;

export type Language = keyof typeof LANGUAGES;

/** Hebrew is the one that runs from right to left. */
export function isRightToLeft(language: Language): boolean {
  return language === 'he';
}

/** @param chosen one of ours; anything else means: as the browser @param wanted the browser's, best first */
export function languageOf(chosen: string, wanted: readonly string[]): Language {
  if (chosen in LANGUAGES) return chosen as Language;
  return wanted.map(nearest).find((language) => language !== undefined) ?? 'en';
}

/** Tells dates and numbers the country as well, where the browser's language is the one that is spoken. */
export function regionOf(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => nearest(tag) === language) ?? language;
}

function nearest(tag: string): Language | undefined {
  const [plain = '', ...rest] = tag.split('-');
  if (plain === 'zh') return rest.some((part) => /^(hant|tw|hk|mo)$/i.test(part)) ? 'zh-TW' : 'zh-CN';
  return plain in LANGUAGES ? (plain as Language) : undefined;
}
