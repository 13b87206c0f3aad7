import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGs1, saysGs1, withoutSymbol } from '#procedure/gs1.ts';
import { identify } from '#procedure/identify.ts';
import type { UnitFields } from '#procedure/procedure.ts';

const GS = '\u001d';
const read = (text: string) => {
  const found = readGs1(text);
  return 'trouble' in found ? found : Object.fromEntries(found);
};

describe('rule 13: a GS1 code is taken apart as the standard says', () => {
  test.each([
    ['0109506000134352', { '01': '09506000134352' }],
    [`010950600013435210LOT7${GS}21SN-000123`, { '01': '09506000134352', '10': 'LOT7', '21': 'SN-000123' }],
    [`${GS}21SN-000123${GS}0109506000134352`, { '21': 'SN-000123', '01': '09506000134352' }],
    [`]d221SN-000123${GS}10LOT7`, { '21': 'SN-000123', '10': 'LOT7' }],
    [']C117261231', { '17': '261231' }],
    ['(01)09506000134352(21)A(7)B', { '01': '09506000134352', '21': 'A(7)B' }],
    ['3103001750', { '3103': '001750' }],
    ['4150950600013435', { '415': '0950600013435' }],
    [`240TYPE-7${GS}21X`, { '240': 'TYPE-7', '21': 'X' }],
    ['8008261231', { '8008': '261231' }],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ['0109506000134353', 'has a wrong check digit in (01)'],
    ['010950600013', 'ends within (01)'],
    ['SN-000123', 'has “SN-0” where an application identifier belongs'],
    [`21SN-000123${GS}21SN-000124`, 'says (21) twice, and not the same'],
    [`10${GS}21A`, 'says nothing for (10)'],
    ['010950600013435210LOT721SN-00000000000123', 'its separator may be missing'],
    ['01095060001343AB', 'needs 14 digits for (01)'],
    ['(01)095060001343(21)A', 'needs 14 digits for (01)'],
  ])('%j is refused', (text, words) => {
    expect(read(text)).toEqual({ trouble: expect.stringContaining(words) });
  });

  test('what was put together comes apart again, in any order, and no text is an exception', () => {
    const value = fc.stringMatching(/^[A-Za-z0-9_.:+-]{1,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom('10', '21', '22', '240'), { minLength: 1 }), value, (keys, text) => {
        expect(read(keys.map((key) => `${key}${text}`).join(GS))).toEqual(
          Object.fromEntries(keys.map((key) => [key, text])),
        );
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void readGs1(text)));
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789()', GS), maxLength: 60 });
    fc.assert(fc.property(digits, (text) => void readGs1(text)));
  });

  test('who says that it is GS1', () => {
    expect([']d221A', ']C121A', `21A${GS}10B`, '(21)A', 'SN-000123', ']d1SN', '21A'].map(saysGs1)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([']d1SN-1', ']E0123', 'SN]d1', ']'].map(withoutSymbol)).toEqual(['SN-1', '123', 'SN]d1', ']']);
  });
});

describe('rule 13: from the code to the unit', () => {
  const unit: UnitFields = {
    serial_number: { pattern: '^SN-[0-9]{6}$' },
    part_number: { defaultValue: 'PWR' },
    revision_number: {},
    batch_number: {},
    scan: [{ gs1: { '01': 'part_number', '21': 'serial_number', '10': 'batch_number' } }],
  };

  test.each([`]d2010950600013435210LOT7${GS}21SN-000123\r\n`, '(01)09506000134352(10)LOT7(21)SN-000123'])(
    '%j fills three fields',
    (scan) => {
      expect(identify(scan, unit)).toEqual({
        serial_number: 'SN-000123',
        part_number: '09506000134352',
        batch_number: 'LOT7',
      });
    },
  );

  test('a code without a batch leaves it open; a plain serial number is one, also behind a symbology identifier', () => {
    expect(identify('(21)SN-000123', unit)).toEqual({ serial_number: 'SN-000123', part_number: 'PWR' });
    expect(identify('SN-000123', unit)).toEqual({ serial_number: 'SN-000123', part_number: 'PWR' });
    expect(identify(']C0SN-000123', unit)).toEqual({ serial_number: 'SN-000123', part_number: 'PWR' });
  });

  test('a code that says it is GS1 and is not, or has no serial number, is refused with its reason', () => {
    expect(identify(']d20109506000134353', unit)).toMatchObject({
      code: 'serial-pattern',
      message: expect.stringContaining('has a wrong check digit in (01)'),
    });
    expect(identify(']d20109506000134352', unit)).toMatchObject({
      code: 'serial-pattern',
      message: expect.stringContaining('has no (21)'),
    });
  });

  test('digits that could be GS1 by chance are a serial number where the pattern says so', () => {
    const digits = { ...unit, serial_number: { pattern: '^\\d{6}$' } };
    expect(identify('990123', digits)).toMatchObject({ serial_number: '990123' });
  });
});
