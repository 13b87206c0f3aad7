import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FactsBook } from '#analysis/runs/facts-book.ts';
import { FactsMaker } from '#analysis/runs/facts-maker.ts';
import { readingsOf } from '#analysis/runs/readings.ts';
import { seriesPath } from '#record/run-facts.ts';
import type { RunRecord } from '#record/run-record.ts';
import { number, phase, record, rowOf } from '../a-run.ts';

/** Newest first, as the station gives them. */
function pieceOf(records: readonly RunRecord[]) {
  const maker = new FactsMaker();
  for (const one of records.toSorted((a, b) => b.seq - a.seq)) maker.add(rowOf(one), one);
  return maker.piece();
}
const run = (seq: number, ...keys: string[]) =>
  record(seq, `SN-${seq}`, seq % 3 === 0 ? 'FAIL' : 'PASS', [
    phase(
      `p${seq % 2}`,
      seq % 3 === 0 ? 'FAIL' : 'PASS',
      keys.map((key) => number(key, seq % 3 === 0 ? 99 : seq / 10)),
    ),
  ]);

describe('facts in a book', () => {
  test('pieces that name things in another order come to the same, however the runs are cut', () => {
    const records = Array.from({ length: 12 }, (_, at) => run(at + 1, ...(at % 2 ? ['x', 'y'] : ['y', 'z'])));
    const whole = new FactsBook();
    whole.addOlder(pieceOf(records));
    const told = (book: FactsBook) =>
      book.runs.map(({ seq, detail }) => [
        seq,
        book.phases[detail!.failedPhase]?.key,
        book.series[detail!.failedSeries]?.key,
        [...detail!.series].map((place, at) => [seriesPath(book.series[place]!), detail!.values[at]]),
      ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }), (one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const book = new FactsBook();
        book.addOlder(pieceOf(records.slice(low, high)));
        book.addOlder(pieceOf(records.slice(0, low)));
        // What ran meanwhile, in two pieces, the newest first.
        const middle = Math.ceil((high + 12) / 2);
        book.addNewer([pieceOf(records.slice(middle)), pieceOf(records.slice(Math.max(low, high - 2), middle))]);
        expect(told(book)).toEqual(told(whole));
      }),
    );
  });

  test('a run that began earlier and ended later finds its place', () => {
    const book = new FactsBook();
    book.addOlder(pieceOf([run(1, 'x'), run(2, 'x'), run(4, 'x')]));
    book.addNewer([pieceOf([run(3, 'x'), run(4, 'x')])]);
    expect(book.runs.map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
  });

  test('limits are those of the newest run, and that older ones had others is said', () => {
    const limited = (seq: number, limits: [number, number]) =>
      record(seq, 'SN', 'PASS', [phase('a', 'PASS', [number('rail', 5, limits)])]);
    const book = new FactsBook();
    book.addOlder(pieceOf([limited(3, [1, 9])]));
    expect(book.series[0]).toMatchObject({ low: 1, high: 9, hadOtherLimits: false });
    book.addOlder(pieceOf([limited(2, [0, 9])]));
    expect(book.series[0]).toMatchObject({ low: 1, high: 9, hadOtherLimits: true });
    book.addNewer([pieceOf([limited(5, [4, 6]), limited(4, [3, 6])])]);
    expect(book.series[0]).toMatchObject({ low: 4, high: 6, hadOtherLimits: true });
    expect([...readingsOf(book.runs.toReversed(), 0).values]).toHaveLength(1);
    expect([...readingsOf(book.runs.toReversed(), 0, true).values]).toHaveLength(4);
  });
});
