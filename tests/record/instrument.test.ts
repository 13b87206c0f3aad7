import { expect, test } from 'vitest';
import { type InstrumentRecord, instrumentsText, overduePlugs, readInstruments } from '#record/instrument.ts';

const LIST: readonly InstrumentRecord[] = [
  {
    plug: 'dmm',
    model: '34461A',
    serial_number: 'MY59001234',
    firmware: 'A.02.14; "x" = 1',
    calibration_due: '2027-03-01',
    certificate: 'C-2026-118',
    overdue: true,
  },
  { plug: 'fixture' },
];

test('the text is read back as it was, whatever an instrument answered', () => {
  expect(readInstruments(instrumentsText(LIST))).toEqual(LIST);
});

test('who was overdue is said by plug', () => {
  expect(overduePlugs(LIST)).toBe('dmm');
  expect(overduePlugs([...LIST, { plug: 'psu', overdue: true }])).toBe('dmm, psu');
  expect(overduePlugs([])).toBe('');
});

test.each([
  undefined,
  7,
  'dmm 34461A',
  '{}',
  '[1]',
  '[null]',
  '[{"model":"x"}]',
  '[{"plug":"a","overdue":"yes"}]',
  '[{"plug":"a","serial_number":7}]',
  '[{"plug":"a","colour":"red"}]',
  instrumentsText(LIST).slice(0, -5),
])('%s is no such text', (text) => {
  expect(readInstruments(text)).toBeUndefined();
});
