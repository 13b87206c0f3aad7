/** RULES.md 16: old words are written anew, and nothing else in the file moves. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { migrate } from '#procedure/migrate.ts';
import { GOOD_MAIN, HEAD, load } from './read-text.ts';

const OPTIONS = { drivers: ['scpi', 'scpi-dmm'], readings: () => [] };
const stored = (name: string) => readFileSync(new URL(`../fixtures/old-spellings/${name}`, import.meta.url), 'utf8');
const migrated = (text: string) => migrate(text, 'procedure.yaml', OPTIONS);
const places = (found: readonly { readonly line: number; readonly column: number }[]) =>
  found.map(({ line, column }) => `${line}:${column}`);

describe('rule 20: migration', () => {
  const old = stored('commented.yaml');
  const today = stored('commented.today.yaml');

  test('of a stored copy changes its old words and not one other character', () => {
    const { text, changed, left, errors } = migrated(old);
    expect(text).toBe(today);
    expect(places(changed)).toEqual(['5:23', '7:15', '16:12', '18:36', '34:24', '37:26']);
    expect([left, errors]).toEqual([[], []]);
  });

  test('means the same before and after, and once is enough', () => {
    const { obstacles: before, ...was } = load(old);
    const { obstacles: after, ...is } = load(today);
    expect(is).toEqual(was);
    expect(after.map(({ code, line }) => [code, line])).toEqual(before.map(({ code, line }) => [code, line]));
    expect(migrated(today)).toEqual({ text: today, changed: [], left: [], errors: [] });
  });

  test.each([
    ['Windows line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    [
      'parameters in braces before the word',
      (text: string) => text.replace('{name: Meter', "{description: '${a}', name: Meter"),
    ],
    [
      'signs of two units before the word',
      (text: string) => text.replace('{name: Meter', "{description: '🔌é', name: Meter"),
    ],
  ])('with %s', (_, changed) => {
    expect(migrated(changed(old)).text).toBe(changed(today));
  });

  test('what is not written plainly is left to a person, who is told where', () => {
    const text = `${HEAD}plugs: [{ name: A, driver: scpi, scope: "e\\x61ch" }, { name: B, driver: scpi, scope: all }]\n${GOOD_MAIN}`;
    const { text: now, changed, left } = migrated(text);
    expect(now).toBe(text.replace('scope: all', 'scope: execution'));
    expect(places(changed)).toEqual(['3:86']);
    expect(places(left)).toEqual(['3:41']);
    expect(left[0]!.message).toContain('write “scope: slot”');
  });

  test('a word that means something else elsewhere, by an anchor, is left alone', () => {
    const text = `${HEAD}plugs: [{ name: A, driver: scpi, scope: &all all }, { name: *all, driver: scpi }]\n${GOOD_MAIN}`;
    const { text: now, changed, left } = migrated(text);
    expect([now, changed]).toEqual([text, []]);
    expect(places(left)).toEqual(['3:46']);
  });

  test('a file that does not load is left alone, with its errors', () => {
    const text = `${HEAD}plugs: [{ name: A, driver: scpi, scope: all, sope: slot }]\n${GOOD_MAIN}`;
    const { text: now, changed, errors } = migrated(text);
    expect([now, changed]).toEqual([text, []]);
    expect(errors.map(({ code }) => code)).toContain('unknown-key');
    expect(migrated('a: [').errors).not.toEqual([]);
  });
});

test('rule 20: `mean` is what `avg` was called once, unless the author gives it a value', () => {
  const aggregation = (more: string) =>
    load(
      `${HEAD}main:\n  - name: A\n    steps: [{ set: { name: m, value: 1 } }]\n    measurements: [{ name: m, aggregations: [{ type: mean${more} }] }]\n`,
    ).phases[0]!.measurements[0]!.aggregations![0]!.type;
  expect([aggregation(''), aggregation(', value: 3')]).toEqual(['avg', 'mean']);
});
