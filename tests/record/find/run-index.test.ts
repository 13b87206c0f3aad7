import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunIndex } from '#record/find/run-index.ts';
import type { RunRow } from '#record/run-row.ts';
import { FACTS, rowOf } from './sample-rows.ts';

const NOW = new Date(2026, 10, 20, 15, 30).getTime();
const RAIL = {
  outcome: 'FAIL',
  reason: 'Rail 3V3: 3.05 V is outside 3.2 V to 3.4 V',
  facts: { ...FACTS, phases: ['Power rails'], measurements: ['Rail 3V3'] },
} as const;

function indexOf(rows: readonly RunRow[]): RunIndex {
  const index = new RunIndex();
  for (const row of rows) index.put(row);
  return index;
}

describe('the index of runs', () => {
  const index = indexOf([
    rowOf(1),
    rowOf(2, RAIL),
    rowOf(3, {
      outcome: 'ERROR',
      reason: 'The fixture was lost.',
      facts: { ...FACTS, phases: ['LED'], operator: 'Mei Chen' },
    }),
    rowOf(4, { state: 'PARKED', started_at: new Date(2026, 9, 31, 23, 59).toISOString() }),
    rowOf(5, {
      state: 'QUEUED',
      serial_number: 'XX-9',
      serial_key: 'XX-9',
      sub_keys: ['MB-7'],
      facts: { ...FACTS, batch: 'W1' },
    }),
    rowOf(6, { outcome: null, state: 'RUNNING' }),
  ]);
  const found = (text: string) => [...index.find(text, NOW)];

  test.each([
    ['', [5, 4, 3, 2, 1]],
    ['sn-00000', [4, 3, 2, 1]],
    ['SN-000002', [2]],
    ['rail 3v3', [2]],
    ['3v3 rail sn-', [2]],
    ['rail lost', []],
    ['mb-7', [5]],
    ['ana', [5, 4, 2, 1]],
    ['pwr fx0001', [5, 4, 3, 2, 1]],
    ['outcome:fail', [2]],
    ['outcome:fail,error', [3, 2]],
    ['outcome:f', [2]],
    ['operator:mei', [3]],
    ['operator:"mei chen" outcome:pass', []],
    ['phase:power', [2]],
    ['phase:led,power', [3, 2]],
    ['measurement:3v3', [2]],
    ['batch:w1', [5]],
    ['upload:parked', [4]],
    ['upload:waiting', [5]],
    ['parked', [4]],
    ['load', []],
    ['release:4f2a', [5, 4, 3, 2, 1]],
    ['release:2a', []],
    ['release:3.2.0', [5, 4, 3, 2, 1]],
    ['sha256:4f2a9c0d', [5, 4, 3, 2, 1]],
    ['before:2026-11-01', [4]],
    ['after:2026-11-01', [5, 3, 2, 1]],
    ['on:2026-10-31', [4]],
    ['on:2026-10', [4]],
    ['2026-10-31', [4]],
    ['before:2026-1', []],
    ['before:2026-1x', [5, 4, 3, 2, 1]],
    ['after:today', [5, 3, 2, 1]],
    ['procedure:"power board" serial:xx', [5]],
    ['reason:lost', [3]],
  ])('5: %s', (text, seqs) => {
    expect(found(text)).toEqual(seqs);
  });

  test('4: a row that changes is found as it is now, and facts that are known stay', () => {
    const changing = indexOf([rowOf(1, RAIL)]);
    const { facts: _, ...later } = rowOf(1, { ...RAIL, state: 'PARKED', serial_number: 'SN-9' });
    changing.put(later);
    expect([...changing.find('sn-000001', NOW)]).toEqual([]);
    expect([...changing.find('sn-9 upload:parked measurement:rail', NOW)]).toEqual([1]);
    expect(changing.size).toBe(1);
  });

  test('what there is to choose from follows the rows', () => {
    const changing = indexOf([rowOf(1), rowOf(2, { facts: { ...FACTS, operator: 'Bo' } })]);
    expect(changing.choices().operator).toEqual(['ana@example.com', 'Bo']);
    changing.put(rowOf(2));
    expect(changing.choices()).toEqual({
      operator: ['ana@example.com'],
      procedure: ['Power board'],
      part: ['PWR-BOARD'],
    });
  });

  test('5: any words find what holds all of them, and no word more finds more', () => {
    const word = fc.constantFrom(
      'sn',
      '0001',
      'rail',
      'FAIL',
      'ana',
      'board',
      'w47',
      'zz',
      'outcome:pass',
      'batch:2026',
    );
    const rows = fc.array(fc.constantFrom<Partial<RunRow>>({}, RAIL, { state: 'PARKED' }), { maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.array(word, { maxLength: 4 }), (changes, words) => {
        const some = indexOf(changes.map((change, at) => rowOf(at + 1, change)));
        const all = words.map((one) => new Set(some.find(one, NOW)));
        const expected = changes.map((_, at) => at + 1).filter((seq) => all.every((set) => set.has(seq)));
        expect([...some.find(words.join(' '), NOW)]).toEqual(expected.reverse());
      }),
    );
  });

  test('5: what is found key by key is what is found at once, also when runs come in between', () => {
    const text = fc.constantFrom(
      'rail 3v3 ana',
      'outcome:fail,error rail',
      '2026-11-20',
      'before:2026-12-01 sn',
      'today',
      '7d x',
      'ana@',
      'operator:ana,mei batch:2026',
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), (typed, coming) => {
        const rows = Array.from({ length: 12 }, (_, at) => rowOf(at + 1, at % 3 ? {} : RAIL));
        const kept = indexOf(rows);
        for (let end = 1; end <= typed.length; end += 1) {
          if (coming.includes(end)) {
            rows.push(rowOf(rows.length + 1, RAIL));
            kept.put(rows.at(-1)!);
          }
          const now = typed.slice(0, end);
          expect([...kept.find(now, NOW)]).toEqual([...indexOf(rows).find(now, NOW)]);
        }
      }),
    );
  });
});
