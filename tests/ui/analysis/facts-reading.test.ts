import { describe, expect, test } from 'vitest';
import { FactsReading } from '#ui/analysis/facts-reading.svelte.ts';
import { AStation, DAY_MS, kept, NOW_MS } from './a-station.ts';

const seqs = (reading: FactsReading) => reading.book.runs.map(({ seq }) => seq);
const since = (days: number) => NOW_MS - days * DAY_MS;

describe('reading facts', () => {
  test('piece by piece, newest first, no further back than asked for; then further, and nothing twice', async () => {
    const station = new AStation(kept([40, 30, 20, 10, 9, 8, 2, 1, 0]));
    const reading = new FactsReading(station.call);
    await reading.read('p', since(5));
    // The second piece is the first that is older as a whole.
    expect(seqs(reading)).toEqual([9, 8, 7, 6, 5, 4]);
    expect(station.asked).toHaveLength(2);
    await reading.read('p', -Infinity);
    expect(seqs(reading)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    // Apart from a look at what is new.
    expect(station.asked.filter(({ beforeSeq, afterSeq }) => beforeSeq === 7 && afterSeq === 0)).toHaveLength(1);
    expect(reading).toMatchObject({ isReading: false, hasRead: true, problem: null });
  });

  test('runs that came meanwhile are put in front', async () => {
    const station = new AStation(kept([3, 2, 1]));
    const reading = new FactsReading(station.call);
    await reading.read('p', -Infinity);
    const before = reading.version;
    station.runs = kept([3, 2, 1, 0.5, 0.4, 0.3, 0.2, 0.1]);
    await reading.read('p', -Infinity);
    expect(seqs(reading)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(reading.version).toBeGreaterThan(before);
  });

  test('another procedure begins anew, and those that were met are told', async () => {
    const other = { id: 'q', name: 'Other', release: 'r', development: false };
    const station = new AStation(kept([3, 2, 1, 0], (at) => (at % 2 ? { procedure: other } : {})));
    const reading = new FactsReading(station.call);
    await reading.read('p', -Infinity);
    expect(seqs(reading)).toEqual([3, 1]);
    expect(reading.procedures.map(({ name }) => name).sort()).toEqual(['Other', 'Power board']);
    await reading.read('q', -Infinity);
    expect(seqs(reading)).toEqual([4, 2]);
  });

  test('a screen that is left asks for nothing more, and an answer that is late changes nothing', async () => {
    const station = new AStation(kept([5, 4, 3, 2, 1, 0]));
    const reading = new FactsReading(station.call);
    let open = () => {};
    station.gate = new Promise((resolve) => (open = resolve));
    const asked = reading.read('p', -Infinity);
    reading.stop();
    open();
    await asked;
    expect(station.asked).toHaveLength(1);
    expect(reading.book.runs).toHaveLength(0);
    station.gate = null;
    await reading.read('p', -Infinity);
    expect(seqs(reading)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test('what went wrong is said, and trying again goes on where it was', async () => {
    const station = new AStation(kept([5, 4, 3, 2, 1, 0]));
    const reading = new FactsReading(station.call);
    station.fails = true;
    await reading.read('p', -Infinity);
    expect(reading.problem?.message).toBe('The disk answers with errors.');
    station.fails = false;
    await reading.read('p', -Infinity);
    expect(reading.problem).toBeNull();
    expect(seqs(reading)).toHaveLength(6);
  });
});
