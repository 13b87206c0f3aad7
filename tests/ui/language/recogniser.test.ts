/** Recognises each sentence of the catalogues by its words, whatever its values are. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANGUAGES, languageOf, regionOf } from '#ui/language/languages.ts';
import { type Catalogue, Recogniser } from '#ui/language/recogniser.ts';
import { filled, placesIn } from '#ui/language/template.ts';

const read = (tag: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../src/ui/language/catalogues/${tag}.json`, import.meta.url), 'utf8'),
  ) as Catalogue;
const speaker = (tag: string) => new Recogniser(read(tag), { language: tag, isRightToLeft: tag === 'he' });
const keys = Object.keys(read('de'));
/** Each text is its own number, so that one sees which was meant. */
const numbered = new Recogniser(
  Object.fromEntries(keys.map((key, index) => [key, `§${index} ${placesIn(key).join(' ¦ ')}`])),
  { language: 'de', isRightToLeft: false },
);

/** Serial numbers, names of plugs and measurements, what an instrument tells. */
const VALUES = fc.oneof(
  fc.stringMatching(/^[A-Z]{2}-[0-9]{3,6}$/),
  fc.constantFrom('Fixture', 'Multimeter 2', 'Rail 3V3', 'idle_current', '3.2\u202fV', 'ACME,FX-1', 'Left', '12'),
);

test.each(keys.map((key, index) => [index, key] as const))('9: %i %s', (index, key) => {
  fc.assert(
    fc.property(fc.array(VALUES, { minLength: 4, maxLength: 4 }), (values) => {
      const said = numbered.said(filled(key, (place) => values[place]!));
      expect(said.startsWith(`§${index} `), `${filled(key, (place) => values[place]!)} → ${said}`).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('10: what is not known stays as it is', () => {
  const german = speaker('de');
  for (const text of ['ACME wants coffee.', 'phases/load-sweep.ts', '', '  ', '3.2.0', '10.0.0.1', 'SN-000123'])
    expect(german.said(text)).toBe(text);
});

test('11: sentences behind one another, and values that are words themselves', () => {
  const german = speaker('de');
  expect(german.said('Test this unit again. Scan the next unit.')).toBe(
    'Prüfen Sie dieses Gerät erneut. Scannen Sie den nächsten Prüfling.',
  );
  expect(german.said('phase 3 of 5 · 2.1\u202fs · usual 4.1\u202fs')).toBe(
    'Phase 3 von 5 · 2,1\u202fs · üblich 4,1\u202fs',
  );
  expect(german.said('Today 5 runs · first pass 92.5\u202f%')).toBe('Heute 5 Läufe · im ersten Anlauf gut 92,5\u202f%');
  expect(german.said('\n  Ready  ')).toBe('\n  Bereit  ');
});

test('12: a count takes the plural of its language', () => {
  const polish = speaker('pl');
  expect(['1 run', '3 runs', '5 runs', '22 runs', '25 runs'].map((text) => polish.said(text))).toEqual([
    '1 test',
    '3 testy',
    '5 testów',
    '22 testy',
    '25 testów',
  ]);
  expect(speaker('he').said('2 units')).toContain('יחידות');
});

test('13: the decimal sign is that of the language, of quantities only', () => {
  expect(speaker('de').said('Rail 3V3 is 3.05\u202fV, under its limit of 3.2\u202fV')).toBe(
    'Rail 3V3 ist 3,05\u202fV und liegt unter dem Grenzwert 3,2\u202fV',
  );
  expect(speaker('ja').said('4.1\u202fs')).toBe('4.1\u202fs');
  expect(speaker('de').said('version 3.2')).toBe('version 3.2');
});

test('14: values keep their order in a language that runs from right to left', () => {
  const hebrew = speaker('he');
  expect(hebrew.said('Scan SN-1')).toBe('סרוק \u2066SN-1\u2069');
  expect(hebrew.said('1.6\u202fs · usual 4.1\u202fs')).toBe('\u20661.6\u202fs\u2069 · בדרך כלל \u20664.1\u202fs\u2069');
  expect(hebrew.said('3.2\u202fV')).toBe('\u20663.2\u202fV\u2069');
});

test('15: a value is only taken as a whole, and a short template takes no sentence', () => {
  const german = speaker('de');
  expect(german.said('no value', true)).toBe('kein Wert');
  expect(german.said('Scan SN-1', true)).toBe('Scan SN-1');
  expect(german.said('Scan the left half of it twice')).toBe('Scan the left half of it twice');
});

test('16: the language is the one that was chosen, else the first of the browser’s that there is, else English', () => {
  expect(languageOf('', ['nl', 'de-CH', 'fr'])).toBe('de');
  expect(languageOf('th', ['de'])).toBe('th');
  expect(languageOf('xx', [])).toBe('en');
  expect(languageOf('', ['nl'])).toBe('en');
  expect(['zh-HK', 'zh-Hant-TW', 'zh', 'zh-SG', 'pt-BR', 'en-GB'].map((tag) => languageOf('', [tag]))).toEqual([
    'zh-TW',
    'zh-TW',
    'zh-CN',
    'zh-CN',
    'pt',
    'en',
  ]);
  expect(regionOf('de', ['fr', 'de-CH'])).toBe('de-CH');
  expect(regionOf('ja', ['fr'])).toBe('ja');
  expect(Object.keys(LANGUAGES)).toHaveLength(15);
});
