/** RULES.md 18: who an instrument is, by its answer or its USB serial number. */
import { describe, expect, test } from 'vitest';
import { identityOf } from '#hardware/bench/instrument-identity.ts';

describe('18: an instrument is known by', () => {
  test.each([
    [
      'its answer',
      { identity: 'Keysight Technologies,34461A,MY59001234,A.02.14-02.40', serialNumber: 'USB-1' },
      { model: '34461A', serialNumber: 'MY59001234', firmware: 'A.02.14-02.40' },
    ],
    [
      'an answer with blanks and quotes',
      { identity: '"ACME", FX-1 , FX0001, 1.0"' },
      { model: 'FX-1', serialNumber: 'FX0001', firmware: '1.0' },
    ],
    [
      'an answer with more fields, which belong to the firmware',
      { identity: 'ACME,FX-1,FX0001,1.0,boot 3' },
      { model: 'FX-1', serialNumber: 'FX0001', firmware: '1.0,boot 3' },
    ],
    ['three fields', { identity: 'ACME,FX-1,FX0001' }, { model: 'FX-1', serialNumber: 'FX0001' }],
    [
      'its USB serial number, where the answer has none',
      { identity: 'ACME,FX-1,0,0', serialNumber: 'DS1ZA17' },
      { model: 'FX-1', serialNumber: 'DS1ZA17' },
    ],
    [
      'its USB serial number, where the answer is another text',
      { identity: 'READY', serialNumber: 'A7' },
      { serialNumber: 'A7' },
    ],
    ['its USB serial number alone', { identity: '', serialNumber: 'A7' }, { serialNumber: 'A7' }],
    ['nothing', { identity: '' }, {}],
    ['nothing, in two fields', { identity: 'a,b' }, {}],
  ])('%s', (_, plug, known) => {
    expect(identityOf(plug)).toEqual(known);
  });

  test('noise is cut off', () => {
    expect(identityOf({ identity: `a,b,${'x'.repeat(5000)},1` }).serialNumber).toHaveLength(100);
  });
});
