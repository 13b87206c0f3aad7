import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import type { Found, HistoryNews } from '#engine/link/history-link.ts';
import type { RunLine } from '#record/find/found-run.ts';
import { FindList, PAGE_LINES } from '#ui/history/find-list.svelte.ts';
import type { HistoryPort, StationPort } from '#ui/station-port.ts';

const READS = { runs: 0, isWhole: true, detailsLeft: 0, bare: 0, problem: null };
const lineOf = (seq: number) => ({ id: `run-${seq}`, seq }) as RunLine;

/** A station with so many runs; a search finds those whose number has the text in it. */
class Station {
  newest: number;
  number = 0;
  seqs: number[] = [];
  asked: number[] = [];
  hold: Promise<void> = Promise.resolve();
  tell: (news: HistoryNews) => void = () => {};

  constructor(newest: number) {
    this.newest = newest;
  }

  readonly port = {
    call: { history: async () => [lineOf(this.newest)] },
    openHistory: async () => this.history,
  } as unknown as Pick<StationPort, 'call' | 'openHistory'>;

  readonly history = {
    call: {
      find: async (text: string, anchor = 0): Promise<Found> => {
        const { hold } = this;
        await hold;
        const all = Array.from({ length: this.newest }, (_, at) => this.newest - at);
        this.seqs = all.filter((seq) => String(seq).includes(text));
        const lines = this.seqs.slice(0, PAGE_LINES).map(lineOf);
        return {
          number: ++this.number,
          total: this.seqs.length,
          lines,
          anchorAt: this.seqs.indexOf(anchor),
          reads: READS,
        };
      },
      lines: async (found: number, from: number) => {
        this.asked.push(from);
        return found === this.number ? this.seqs.slice(from, from + PAGE_LINES).map(lineOf) : null;
      },
      ids: async (found: number, limit: number) =>
        found === this.number ? this.seqs.slice(0, limit).map((seq) => `run-${seq}`) : null,
    },
    on: (listener: (news: HistoryNews) => void) => {
      this.tell = listener;
      return () => {};
    },
  } as unknown as HistoryPort;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('the list of what was found', () => {
  test('33: lines come with the answer, and further ones when they come in sight, each once', async () => {
    const station = new Station(1000);
    const list = new FindList(station.port, '');
    await list.open();
    expect([list.total, list.lineAt(0)?.seq, list.lineAt(250)]).toEqual([1000, 1000, undefined]);
    list.show({ from: 240, to: 310 }, 248);
    list.show({ from: 241, to: 311 }, 249);
    await settled();
    expect([list.lineAt(250)?.seq, list.lineAt(310)?.seq]).toEqual([750, 690]);
    expect(station.asked).toEqual([200, 300]);
  });

  test('34: a slow answer never overwrites a newer one', async () => {
    const station = new Station(1000);
    const list = new FindList(station.port, '');
    await list.open();
    let free = () => {};
    station.hold = new Promise((resolve) => (free = resolve));
    const slow = list.find('99');
    station.hold = Promise.resolve();
    await list.find('12');
    expect(list.total).toBe(20);
    free();
    await slow;
    expect([list.text, list.total]).toEqual(['12', 20]);
  });

  test('34: when runs come, what is in sight stays in sight', async () => {
    const station = new Station(1000);
    const shifts: number[] = [];
    const list = new FindList(station.port, '', (rows) => shifts.push(rows));
    await list.open();
    list.show({ from: 492, to: 520 }, 500);
    await settled();
    expect(list.lineAt(500)?.seq).toBe(500);
    station.newest = 1003;
    await list.refresh();
    expect(shifts).toEqual([3]);
    expect([list.total, list.lineAt(503)?.seq]).toEqual([1003, 500]);
  });

  test('34: at its top the list shows what is new', async () => {
    const station = new Station(10);
    const shifts: number[] = [];
    const list = new FindList(station.port, '', (rows) => shifts.push(rows));
    await list.open();
    list.show({ from: 0, to: 10 }, null);
    station.newest = 11;
    station.tell({ kind: 'changed' });
    await settled();
    expect([list.lineAt(0)?.seq, shifts]).toEqual([11, []]);
  });

  test('10: the search that cannot be started, or has ended, is said; what the station has is shown', async () => {
    const station = new Station(10);
    const broken = {
      ...station.port,
      openHistory: () => Promise.reject(new Fault('history-ended', 'It has ended.', 'Try again.')),
    };
    const list = new FindList(broken, '');
    await list.open();
    expect([list.problem?.code, list.lineAt(0)?.seq, list.reads]).toEqual(['history-ended', 10, null]);
    const other = new FindList(station.port, '');
    await other.open();
    station.tell({ kind: 'ended', word: { code: 'history-ended', message: 'x', remedy: 'y' } });
    expect(other.problem?.code).toBe('history-ended');
    await other.open();
    expect([other.problem, other.total]).toEqual([null, 10]);
  });

  test('ids are those of what is shown; of another search there are none', async () => {
    const station = new Station(1000);
    const list = new FindList(station.port, '99');
    await list.open();
    expect(await list.ids(2)).toEqual(['run-999', 'run-998']);
    station.number += 1;
    expect(await list.ids(2)).toBeNull();
  });
});
