import { expect, test } from 'vitest';
import { parseDuration } from '#procedure/duration.ts';
import { deriveKey, keyProblem } from '#procedure/key.ts';
import { proposal } from '#procedure/nearest.ts';

test.each([
  ['Power rails', 'power_rails'],
  ['  Rail 3V3 (main) ', 'rail_3v3_main'],
  ['3V3 rail', '_3v3_rail'],
  ['Größe--des   Œuvre', 'groe_des_ouvre'],
  ['Ångström é ñ ç æ', 'angstrom_e_n_c_a'],
  ['__a__b__', 'a_b'],
  ['電源', ''],
  ['a/b.c', 'abc'],
])('the key of %j is %j', (name, key) => {
  expect(deriveKey(name)).toBe(key);
});

test('stated keys', () => {
  expect(keyProblem('Rail_3')).toBeNull();
  expect(keyProblem('3rail')).not.toBeNull();
  expect(keyProblem('')).not.toBeNull();
  expect(keyProblem('a'.repeat(101))).not.toBeNull();
});

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['1h30m', 5_400_000],
  ['1m 30s', 90_000],
  ['24h', 86_400_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '5', '1.5s', '-1s', '5 s', '1d', '0ms', '0s', '25h', 's', '5sec', '1s,2s'])(
  '%j is no duration',
  (text) => {
    expect(typeof parseDuration(text)).toBe('string');
  },
);

test('proposals are near, or there are none', () => {
  expect(proposal('timout', ['timeout', 'then'])).toBe('; did you mean “timeout”?');
  expect(proposal('nmae', ['name', 'id'])).toBe('; did you mean “name”?');
  expect(proposal('python', ['steps', 'name'])).toBe('');
});
