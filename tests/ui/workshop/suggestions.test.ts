/** What is offered while one types: by the format's schema, by the drivers, by the procedure's own names. */
import { describe, expect, test } from 'vitest';
import { PROCEDURE_SCHEMA } from '#procedure/schema/procedure-schema.ts';
import { starterProcedure } from '#procedure/starter.ts';
import { SchemaAt } from '#ui/workshop/complete/schema-at.ts';
import { hoverAt, suggestionsAt, type Vocabulary } from '#ui/workshop/complete/suggestions.ts';

const WORDS: Vocabulary = {
  schema: new SchemaAt(PROCEDURE_SCHEMA),
  drivers: [
    { driver: 'scpi', readings: [], settings: [] },
    { driver: 'scpi-dmm', readings: ['voltage_dc'], settings: ['range'] },
  ],
  names: {
    plugs: [
      { key: 'fixture', driver: 'scpi' },
      { key: 'dmm', driver: 'scpi-dmm' },
    ],
    parameters: ['rail', 'settle'],
    phases: ['power_on', 'supply'],
    measurements: ['rail_3v3'],
    slots: [],
  },
};

function offered(marked: string): string[] {
  const offset = marked.indexOf('|');
  return suggestionsAt(marked.replace('|', ''), offset, WORDS).list.map(({ label }) => label);
}

describe('keys by their place', () => {
  test('of the file, without those that are there', () => {
    const keys = offered('name: A\nmain: []\n|');
    expect(keys).toEqual(expect.arrayContaining(['plugs', 'unit', 'setup', 'parameters']));
    expect(keys).not.toContain('name');
  });

  test('of a phase, whether its section is a list or a map', () => {
    for (const section of ['main:\n  - name: A\n    |', 'main:\n  phases:\n    - name: A\n      |'])
      expect(offered(section)).toEqual(expect.arrayContaining(['steps', 'measurements', 'timeout', 'retry', 'when']));
  });

  test('of a step and of what is in it', () => {
    expect(offered('main:\n  - steps:\n      - |')).toEqual(expect.arrayContaining(['write', 'measure', 'repeat']));
    expect(offered('main:\n  - steps:\n      - repeat:\n          steps:\n            - measure: { |')).toEqual(
      expect.arrayContaining(['name', 'plug', 'query']),
    );
  });

  test('what must be there comes with its word and says so', () => {
    const [first] = suggestionsAt('main:\n  - ', 10, WORDS).list;
    expect(first).toMatchObject({ label: 'name', insert: 'name: ', isNeeded: true });
    expect(first!.info).toContain('TofuPilot');
  });
});

describe('values', () => {
  test.each([
    ['execution:\n  on_first_failure: |', ['stop', 'continue']],
    ['plugs:\n  - driver: |', ['scpi', 'scpi-dmm']],
    ['main:\n  - steps:\n      - write: { plug: |', ['fixture', 'dmm']],
    ['main:\n  - steps:\n      - measure: { read: |', ['voltage_dc']],
    ['main:\n  - depends_on: [|', ['power_on', 'supply']],
    ['main:\n  - steps:\n      - wait: ${|', ['rail', 'settle']],
    ['main:\n  - steps:\n      - measure: { name: |', ['rail_3v3']],
  ])('%j', (text, wanted) => {
    expect(offered(text)).toEqual(expect.arrayContaining(wanted));
  });

  test('operators of a validator', () => {
    expect(offered('main:\n  - measurements:\n      - validators: [{ operator: |')).toEqual(
      expect.arrayContaining(['<=', 'range', 'within']),
    );
  });
});

test('every key of the template is offered at its own place', () => {
  const text = starterProcedure('Board');
  const missing: string[] = [];
  for (const { 1: key, index } of text.matchAll(/(?<=^\s*(?:- )?|[{,] )([a-z_0-9]+):(?= )/gm)) {
    const list = suggestionsAt(text.slice(0, index), index, WORDS).list.map(({ label }) => label);
    // Names that the author makes up are none of the format's.
    if (!list.includes(key!) && !['rail', 'settle'].includes(key!)) missing.push(key!);
  }
  expect(missing).toEqual([]);
});

test('a key says what it is for; a value and an unknown word say nothing', () => {
  const text = 'main:\n  - name: A\n    when: true\n';
  expect(hoverAt(text, text.indexOf('when') + 2, WORDS)).toMatchObject({ info: expect.stringContaining('condition') });
  expect(hoverAt(text, text.indexOf('true') + 1, WORDS)).toBeNull();
});
