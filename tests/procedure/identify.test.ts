import { describe, expect, test } from 'vitest';
import { identify } from '#procedure/identify.ts';
import type { UnitFields } from '#procedure/procedure.ts';

const fields = (more: Partial<UnitFields> = {}): UnitFields => ({
  serial_number: { pattern: '^SN-[0-9]{6}$', placeholder: 'SN-000123' },
  part_number: { defaultValue: 'PWR' },
  revision_number: {},
  batch_number: {},
  ...more,
});
const free = fields({ serial_number: {} });

describe('rule 10: identity before anything is touched', () => {
  test.each(['SN-000123', '  SN-000123\r\n', '\u0002SN-000123\u0003', '\tSN-000123', '\ufeffSN-000123\u001d'])(
    '%j is SN-000123',
    (scan) => {
      expect(identify(scan, fields())).toEqual({ serial_number: 'SN-000123', part_number: 'PWR' });
    },
  );

  test.each([
    ['', fields(), 'serial-empty'],
    [' \r\n\t', fields(), 'serial-empty'],
    ['SN-12', fields(), 'serial-pattern'],
    ['SN 000123', free, 'serial-pattern'],
    ['SN/000123', free, 'serial-pattern'],
    ['SN\u001d000123', free, 'serial-pattern'],
    ['séries', free, 'serial-pattern'],
    ['x'.repeat(61), free, 'serial-length'],
    ['abc', fields({ serial_number: { minLength: 4 } }), 'serial-length'],
    ['abcde', fields({ serial_number: { maxLength: 4 } }), 'serial-length'],
    ['SN-000123', fields({ part_number: { defaultValue: 'P', minLength: 3 } }), 'unit-field'],
  ] as const)('%j is refused', (scan, rules, code) => {
    const refused = identify(scan, rules);
    expect(refused).toMatchObject({ code });
    expect(refused).toHaveProperty('remedy', expect.stringMatching(/^Scan the unit's label again/));
  });

  test('the longest and every allowed character pass', () => {
    expect(identify('x'.repeat(60), free)).toMatchObject({ serial_number: 'x'.repeat(60) });
    expect(identify('aZ0_.:+-', free)).toMatchObject({ serial_number: 'aZ0_.:+-' });
  });

  test('the refusal shows what was scanned and an example, else the pattern, and never a whole page', () => {
    expect(identify('SN-12', fields())).toEqual({
      code: 'serial-pattern',
      message: 'The serial number “SN-12” does not fit this procedure.',
      remedy: "Scan the unit's label again, such as SN-000123.",
    });
    expect(identify('SN-12', fields({ serial_number: { pattern: '^SN-[0-9]{6}$' } }))).toMatchObject({
      message: 'The serial number “SN-12” does not match the pattern ^SN-[0-9]{6}$.',
      remedy: "Scan the unit's label again.",
    });
    expect(JSON.stringify(identify('x'.repeat(5000), free)).length).toBeLessThan(300);
  });

  test('one scan may fill several fields; the first rule that matches wins', () => {
    const rules = fields({
      scan: [
        { pattern: '^(?<part_number>[A-Z]+)(?<revision_number>[A-Z]):(?<serial_number>SN-\\d{6})$' },
        { pattern: '^(?<serial_number>SN.*)$' },
      ],
    });
    expect(identify('PWRXB:SN-000123', rules)).toEqual({
      serial_number: 'SN-000123',
      part_number: 'PWRX',
      revision_number: 'B',
    });
    expect(identify('SN-000124', rules)).toEqual({ serial_number: 'SN-000124', part_number: 'PWR' });
    expect(identify('nothing', rules)).toMatchObject({ code: 'serial-pattern' });
  });
});
