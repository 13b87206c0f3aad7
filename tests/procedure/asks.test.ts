import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Ask, type Answers, asksOf, readAnswer, unitValues, withAnswers } from '#procedure/asks.ts';
import { identify, type UnitIdentity } from '#procedure/identify.ts';
import type { UnitFields } from '#procedure/procedure.ts';
import { GOOD_MAIN, HEAD, load } from './read-text.ts';

const UNIT = `unit:
  scan: [{ pattern: '^(?<part_number>PWR-[A-Z]):(?<serial_number>SN-[0-9]{6})$' }]
  serial_number: { pattern: '^SN-[0-9]{6}$' }
  part_number: { pattern: '^PWR-' }
  revision_number: {}
  batch_number: { default_value: LOT-1 }
  sub_units:
    - { label: { en: Display, de: Anzeige }, serial_number: { pattern: '^D-[0-9]+$', placeholder: D-1 } }
    - { label: Main board, key: mb, serial_number: { min_length: 3, max_length: 5 } }
    - { label: Housing, serial_number: { default_value: H-1 } }
  metadata:
    shift: { pattern: '^(early|late)$', max_length: 5 }
    site: { default_value: Taipei }
`;
const fields = load(HEAD + UNIT + GOOD_MAIN).unit;

function identified(scan: string, rules: UnitFields = fields): UnitIdentity {
  const unit = identify(scan, rules);
  if ('code' in unit) throw new Error(unit.message);
  return unit;
}
const unit = identified('SN-000123');
const keys = (asks: readonly Ask[]) => asks.map(({ key, isOptional }) => (isOptional ? `${key}?` : key));
const ask = (key: string) => asksOf(fields, unit).find((one) => one.key === key)!;

describe('rule 21: what is asked after the scan', () => {
  test('is what the procedure states without a default and the scan did not say, in order', () => {
    expect(keys(asksOf(fields, unit))).toEqual([
      'part_number',
      'revision_number?',
      'sub_units.display',
      'sub_units.mb',
      'metadata.shift?',
    ]);
    expect(keys(asksOf(fields, identified('PWR-X:SN-000123')))).not.toContain('part_number');
  });

  test('is nothing where a procedure states nothing beside the serial number', () => {
    for (const text of ['', 'unit: { serial_number: {} }\n', 'unit: { part_number: , revision_number: }\n'])
      expect(
        asksOf(load(HEAD + text + GOOD_MAIN).unit, identified('SN-1', load(HEAD + text + GOOD_MAIN).unit)),
      ).toEqual([]);
  });

  test('is not what a screen of the procedure fills during the run, unless its phase is skipped', () => {
    const screen = (extra: string) => `main:
  - name: Label
    ${extra}
    steps:
      - prompt:
          message: Scan the display
          components:
            - { type: text_input, key: part, label: Part, bind: unit.sub_units.display }
            - { type: text_input, key: shift, label: Shift, bind: unit.metadata.shift }
`;
    const asked = (extra: string) => keys(asksOf(load(HEAD + UNIT + screen(extra)).unit, unit));
    expect(asked('')).toEqual(['part_number', 'revision_number?', 'sub_units.mb']);
    expect(asked('result: skip')).toContain('sub_units.display');
  });

  test('and defaults are the unit’s without a question', () => {
    expect(unit).toEqual({
      serial_number: 'SN-000123',
      batch_number: 'LOT-1',
      sub_units: { housing: 'H-1' },
      unit_metadata: { site: 'Taipei' },
    });
  });

  test.each([
    ['sub_units.display', '\u0002D-77\r\n', 'D-77'],
    ['sub_units.display', ']d221D-77\u001d10LOT', 'D-77'],
    ['sub_units.display', '(21)D-77', 'D-77'],
    ['sub_units.mb', ']C0MB-1', 'MB-1'],
    ['part_number', 'PWR-X', 'PWR-X'],
    ['revision_number', '', ''],
    ['metadata.shift', 'late', 'late'],
    ['metadata.shift', ' ', ''],
  ])('%s takes %j', (key, scanned, value) => {
    expect(readAnswer(ask(key), scanned, unit)).toEqual({ value });
  });

  test.each([
    ['sub_units.display', '', 'answer-empty', 'Nothing was scanned.'],
    ['part_number', ' \n', 'answer-empty', 'Nothing was scanned.'],
    ['sub_units.display', 'X-1', 'answer-pattern', '“X-1” does not fit this procedure.'],
    ['sub_units.display', '(10)LOT', 'answer-pattern', 'has no (21)'],
    ['sub_units.display', ']d20109506000134353', 'answer-pattern', 'has a wrong check digit in (01)'],
    ['sub_units.mb', 'A/1', 'answer-pattern', 'has a character that is not allowed'],
    ['sub_units.mb', 'MB', 'answer-length', 'has 2 characters; 3 to 5 are allowed'],
    ['part_number', 'X', 'answer-pattern', 'does not match the pattern ^PWR-'],
    ['metadata.shift', 'noon', 'answer-pattern', 'does not match the pattern'],
    ['metadata.shift', 'too late', 'answer-length', '0 to 5 are allowed'],
  ] as const)('%s refuses %j as %s', (key, scanned, code, words) => {
    expect(readAnswer(ask(key), scanned, unit)).toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    });
  });

  test('the unit is no part of itself, and no part is there twice, whatever the case', () => {
    const free = { ...ask('sub_units.mb'), field: {} };
    expect(readAnswer(free, 'sn-000123', unit)).toMatchObject({
      code: 'answer-twice',
      message: '“sn-000123” is the unit itself.',
    });
    const known = withAnswers(unit, { 'sub_units.display': 'D-77' });
    expect(readAnswer(free, 'd-77', known)).toMatchObject({
      code: 'answer-twice',
      message: '“d-77” was scanned already, for “display”.',
    });
    expect(readAnswer(ask('sub_units.display'), 'D-77', known), 'the same place again').toEqual({ value: 'D-77' });
  });

  test('a refusal says what to scan, with an example', () => {
    expect(readAnswer(ask('sub_units.display'), 'X', unit)).toHaveProperty(
      'remedy',
      'Scan the label of “Display” again, such as D-1.',
    );
    expect(readAnswer(ask('metadata.shift'), 'x', unit)).toHaveProperty('remedy', 'Enter “shift” again.');
  });

  test('what is answered becomes the unit’s, what is left out stays open, and conditions know it', () => {
    const answers: Answers = {
      part_number: 'PWR-X',
      revision_number: '',
      'sub_units.display': 'D-77',
      'metadata.shift': 'late',
    };
    const whole = withAnswers(unit, answers);
    expect(whole).toEqual({
      serial_number: 'SN-000123',
      part_number: 'PWR-X',
      batch_number: 'LOT-1',
      sub_units: { housing: 'H-1', display: 'D-77' },
      unit_metadata: { site: 'Taipei', shift: 'late' },
    });
    expect(unitValues(whole)).toEqual({
      serial_number: 'SN-000123',
      part_number: 'PWR-X',
      batch_number: 'LOT-1',
      'sub_units.housing': 'H-1',
      'sub_units.display': 'D-77',
      'metadata.site': 'Taipei',
      'metadata.shift': 'late',
    });
    expect(
      asksOf(fields, whole).map(({ key }) => key),
      'what was answered is not asked again',
    ).not.toContain('part_number');
  });

  test('no answer is an exception, and what is taken keeps the rules', () => {
    const any = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('D-1', '(21)D-1', ']d221D-1'));
    fc.assert(
      fc.property(any, fc.constantFrom(...asksOf(fields, unit)), (scanned, one) => {
        const read = readAnswer(one, scanned, unit);
        if ('code' in read) return;
        if (one.kind !== 'text' && read.value !== '') expect(read.value).toMatch(/^[A-Za-z0-9_.:+-]{1,60}$/);
        if (!one.isOptional) expect(read.value).not.toBe('');
      }),
    );
  });
});
