/** RULES.md 7 to 10: a file says what is wrong with it, where, and what was probably meant; and no secret stands in one. */
import { describe, expect, test } from 'vitest';
import { readTier } from '#fleet/config/read-tier.ts';
import type { FileTier } from '#fleet/config/tiers.ts';

const read = (text: string, tier: FileTier = 'line') =>
  readTier({ tier, name: 'taipei-line1', file: 'config/lines/taipei-line1.yaml', text });
const said = (text: string, tier?: FileTier) =>
  read(text, tier).problems.map(({ code, line, column, message }) => `${line}:${column} ${code} ${message}`);

test('7: values by their path, each with the place of its key; lists by what they are known by', () => {
  const { values, problems, locked, product } = read(`product: PWR-A
locked: [sign_in.retest_by]
sign_in:
  idle_min: 5
  retest_by: supervisor
parameters:
  power-board: { settle: 80ms, rail_3v3: [3.25, 3.35] }
instruments:
  - { serial: MY1, calibration_due: 2027-03-01 }
`);
  expect(problems).toEqual([]);
  expect(values.map(({ path, value, place }) => [path.join('.'), value, place.line, place.column])).toEqual([
    ['sign_in.idle_min', 5, 4, 3],
    ['sign_in.retest_by', 'supervisor', 5, 3],
    ['instruments.MY1', { serial: 'MY1', calibration_due: '2027-03-01' }, 9, 5],
    ['parameters.power-board.settle', '80ms', 7, 18],
    ['parameters.power-board.rail_3v3', [3.25, 3.35], 7, 32],
  ]);
  expect(product).toEqual({ name: 'PWR-A', place: { line: 1, column: 1 } });
  expect(locked).toEqual([{ key: 'sign_in.retest_by', place: { line: 2, column: 10 } }]);
});

test.each([
  [
    'sign_in:\n  idle_minutes: 5\n',
    ['2:3 unknown-key sign_in.idle_minutes: there is no such setting; did you mean “idle_min”?'],
  ],
  ['retenton: {}\n', ['1:1 unknown-key retenton: there is no such setting; did you mean “retention”?']],
  ['sign_in: { idle_min: 0 }\n', ['1:12 value sign_in.idle_min: at least 1 is needed']],
  ['clock: { warn_offset_s: 90000 }\n', ['1:10 value clock.warn_offset_s: at most 86400 is possible']],
  ['sync: 5\n', ['1:1 value sync: keys and values are needed']],
  ['sync: [\n', ['2:1 yaml ']],
  ['locked: [sign_in.retest]\n', ['1:10 unknown-key locked: sign_in.retest is nothing that can be locked']],
  ['locked: [operators]\n', ['1:10 unknown-key locked: operators is nothing that can be locked']],
  [
    'simulated: 1\nsync: { concurrency: 99 }\n',
    ['1:1 value simulated: true or false is needed', '2:9 value sync.concurrency: at most 32 is possible'],
  ],
] as const)('8: %j', (text, expected) => {
  const found = said(text);
  expect(found).toHaveLength(expected.length);
  for (const words of expected) expect(found.join('\n')).toContain(words);
});

test('8: what the server judges by, too, only the fleet says; a product says nothing of what is built', () => {
  expect(said('health: { heartbeat_s: 30 }\n')).toEqual([
    '1:11 tier health.heartbeat_s: only fleet.yaml can say this, because the server judges by it',
  ]);
  expect(said('health: { heartbeat_s: 30 }\nsigned_only: true\n', 'fleet')).toEqual([]);
  expect(said('product: PWR-A\n', 'product')).toEqual(['1:1 product product: a product cannot say what is built']);
});

describe('9: no secret stands in a file', () => {
  test.each([
    ['tofupilot_api_key: 550e8400-e29b-41d4-a716-446655440000', 1, 1],
    ['parameters:\n  wifi: { password: hunter2hunter2 }', 2, 11],
    ['parameters:\n  wifi: { psk: "-----BEGIN PRIVATE KEY-----" }', 2, 11],
    ['parameters:\n  cloud: { url: "https://ana:geheim12@example.com" }', 2, 12],
    ['parameters:\n  cloud: { jwt: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl }', 2, 12],
    ['default_procedure: tp_live_0123456789abcdef', 1, 1],
    ['apiKey: abc', 1, 1],
  ])('%s', (text, line, column) => {
    const { problems, values } = read(`${text}\n`);
    const [first] = problems.filter(({ code }) => code === 'secret');
    expect([first?.line, first?.column]).toEqual([line, column]);
    // Nothing is taken of such a file, and what it holds is repeated nowhere.
    expect(values).toEqual([]);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|geheim|550e8400|eyJ|0123456789abcdef/);
  });

  test('the hash of a badge is meant to be there, and a connector has pins', () => {
    const badge = `sha256$${'ab'.repeat(16)}$${'cd'.repeat(32)}`;
    expect(
      said(`operators:\n  - { name: Ana, role: operator, badge: '${badge}' }\nparameters:\n  board: { pin: 3 }\n`),
    ).toEqual([]);
  });
});
