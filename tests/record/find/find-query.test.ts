import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFind, toggled, valuesOf, withFilter, withoutTerm, writeTerm } from '#record/find/find-query.ts';
import { FIND_KEYS } from '#record/find/keys.ts';

const said = (text: string) => readFind(text).map(({ key, values }) => [key, ...values]);

describe('a search as it is typed', () => {
  test('5: words, words in quotes, and filters with one value or several', () => {
    expect(said(' SN-0001  Rail ')).toEqual([
      [null, 'sn-0001'],
      [null, 'rail'],
    ]);
    expect(said('outcome:fail,Error operator:"Mei Chen"')).toEqual([
      ['outcome', 'fail', 'error'],
      ['operator', 'mei chen'],
    ]);
    expect(said('"two words" PHASE:"power, rails",led')).toEqual([
      [null, 'two words'],
      ['phase', 'power, rails', 'led'],
    ]);
  });

  test('5: what is no filter is a word, and what is being typed is no mistake', () => {
    expect(said('http://x a:b sha256:4f')).toEqual([
      [null, 'http://x'],
      [null, 'a:b'],
      [null, 'sha256:4f'],
    ]);
    expect(said('outcome: "')).toEqual([]);
    expect(said('operator:"mei ch')).toEqual([['operator', 'mei ch']]);
    expect(said('"unclosed words')).toEqual([[null, 'unclosed words']]);
  });

  test('30: a filter that is pressed changes its own words only, and twice is nothing', () => {
    expect(toggled('rail', 'outcome', 'fail')).toBe('rail outcome:fail');
    expect(toggled('rail outcome:fail 3v3', 'outcome', 'error')).toBe('rail outcome:fail,error 3v3');
    expect(toggled('rail outcome:fail,error 3v3', 'outcome', 'fail')).toBe('rail outcome:error 3v3');
    expect(toggled('rail outcome:error 3v3', 'outcome', 'error')).toBe('rail 3v3');
    expect(withFilter('after:7d x after:today', 'after', ['30d'])).toBe('after:30d x');
    expect(withFilter('x', 'operator', ['mei chen'])).toBe('x operator:"mei chen"');
    const [, second] = readFind('a operator:"b c" d');
    expect(withoutTerm('a operator:"b c" d', second!)).toBe('a d');
  });

  test('30: whatever is chosen is read back as it was, beside whatever is typed', () => {
    const value = fc.string({ minLength: 1, maxLength: 12 }).filter((one) => one.replaceAll('"', '').trim() !== '');
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(...FIND_KEYS),
        fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
        (text, key, values) => {
          const plain = values.map((one) => one.replaceAll('"', '').trim().toLowerCase());
          // A quote that is still open takes in what follows; it is closed first, as the screen does by pressing.
          const even = text.replaceAll('"', '');
          expect(valuesOf(withFilter(even, key, values), key)).toEqual(plain);
          expect(valuesOf(withFilter(withFilter(even, key, values), key, []), key)).toEqual([]);
          expect(said(writeTerm(key, values))).toEqual([[key, ...plain]]);
        },
      ),
    );
  });

  test('5: no text is refused, and every term stands where it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ':', '"', ' ', ',', 'outcome', 'on', '\n', 'é') }), (text) => {
        for (const { from, to, values } of readFind(text)) {
          expect(to).toBeGreaterThan(from);
          expect(values.every((one) => one !== '')).toBe(true);
        }
      }),
    );
  });
});
