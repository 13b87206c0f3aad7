/**
 * Changes the language of the page on the spot: catalogue, words, direction, numbers and dates.
 *
 * Loaded only where a language other than English may be meant (App.svelte), and of the catalogues only the one that
 * is spoken. One that cannot be fetched leaves the page as it is. Above it: App.svelte. Knows nothing of screens.
 */
import { isRightToLeft, languageOf, regionOf } from '#ui/language/languages.ts';
import { PageWords } from '#ui/language/page-words.ts';
import { type Catalogue, Recogniser } from '#ui/language/recogniser.ts';

const CATALOGUES = import.meta.glob<Catalogue>('./catalogues/*.json', { import: 'default' });
const words = new PageWords(document.documentElement);
/** A later choice makes an earlier one void, however slow its catalogue is. */
let latest = 0;

export interface Reader {
  locale: string | undefined;
}

/** @param chosen empty: as the browser @param reader is told what numbers and dates go by */
export async function speak(chosen: string, reader: Reader, wanted = navigator.languages): Promise<void> {
  const turn = ++latest;
  const language = languageOf(chosen, wanted);
  const load = CATALOGUES[`./catalogues/${language}.json`];
  const catalogue = await load?.();
  if (turn !== latest) return;
  const root = document.documentElement;
  root.lang = language;
  root.dir = isRightToLeft(language) ? 'rtl' : 'ltr';
  // A browser that asks for none of ours still has its own dates and numbers.
  reader.locale = chosen === '' && language === 'en' ? undefined : regionOf(language, wanted);
  if (!catalogue) return words.speakEnglish();
  const recogniser = new Recogniser(catalogue, { language, isRightToLeft: isRightToLeft(language) });
  words.speak((text, isData) => recogniser.said(text, isData));
}
