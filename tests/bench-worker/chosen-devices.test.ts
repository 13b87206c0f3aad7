/** Which device a person has chosen for a plug: kept by plug and slot, and taken back. */
import { expect, test } from 'vitest';
import { choiceOf, withChoice } from '../../src/bench-worker/chosen-devices.ts';

test('each plug of each slot has its own choice, the last one holds, and null takes it back', () => {
  const all = withChoice(withChoice({}, { plug: 'dmm' }, 'ACME,1'), { plug: 'dmm', slot: '2' }, 'ACME,2');
  expect(choiceOf(all, { key: 'dmm' })).toEqual({ chosen: 'ACME,1' });
  expect(choiceOf(all, { key: 'dmm', slot: '2' })).toEqual({ chosen: 'ACME,2' });
  expect(choiceOf(all, { key: 'dmm', slot: '1' })).toEqual({});
  expect(choiceOf(withChoice(all, { plug: 'dmm' }, 'ACME,3'), { key: 'dmm' })).toEqual({ chosen: 'ACME,3' });
  const left = withChoice(all, { plug: 'dmm' }, null);
  expect([choiceOf(left, { key: 'dmm' }), Object.keys(left)]).toEqual([{}, ['2/dmm']]);
});
