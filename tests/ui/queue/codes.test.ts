/** A series of codes on the screen, and one that is being read: counted, in turn, and never more than is there. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { FrameSeries } from '#sync/transfer/frame-series.ts';
import { framesOf } from '#sync/transfer/frames.ts';
import { CodeRead } from '#ui/queue/code-read.svelte.ts';
import { CodeShow, SPEEDS } from '#ui/queue/code-show.svelte.ts';

describe('shown', () => {
  test('the series goes round, and by hand it stops', () => {
    const show = new CodeShow(3, true);
    const seen = Array.from({ length: 4 }, () => (show.next(), show.at));
    expect(seen).toEqual([1, 2, 0, 1]);
    expect(show.isPlaying).toBe(true);
    show.step(-1);
    show.step(-1);
    expect([show.at, show.isPlaying]).toEqual([2, false]);
    show.toggle();
    expect(show.isPlaying).toBe(true);
  });

  test('one code alone stands still', () => {
    const show = new CodeShow(1, true);
    show.toggle();
    show.next();
    expect([show.at, show.isPlaying]).toEqual([0, false]);
  });

  test('no speed flashes more than three times a second, and the time of a round is said', () => {
    expect(Math.max(...SPEEDS)).toBeLessThanOrEqual(3);
    const show = new CodeShow(10, false);
    show.speed = 3;
    expect(show.roundS).toBe(4);
  });
});

const FRAMES = await framesOf(Uint8Array.from({ length: 1_200 }, (_, at) => Math.imul(at + 1, 2_654_435_761) >>> 24));

function reader() {
  let series = new FrameSeries();
  const read = new CodeRead({
    takeFrame: async (text) => ({ ...series.take(text), file: await series.file() }),
    forgetFrames: async () => void (series = new FrameSeries()),
  });
  return read;
}

describe('read', () => {
  test('says what is missing, and is whole with the last one; what the camera still sees then changes nothing', async () => {
    const read = reader();
    await read.take(FRAMES[1]!);
    expect([read.total, read.have]).toEqual([FRAMES.length, [2]]);
    expect(read.missing).not.toContain(2);
    await Promise.all(FRAMES.map((text) => read.take(text)));
    expect([read.missing, read.isWhole]).toEqual([[], true]);
    await read.take('SN-000123');
    expect([read.word, read.isWhole]).toEqual([null, true]);
  });

  test('a code that is none is refused with a word, which goes with the next good one', async () => {
    const read = reader();
    await read.take('SN-000123');
    expect(read.word?.code).toBe('no-frame');
    await read.take('  ');
    await read.take(FRAMES[0]!);
    expect([read.word, read.have]).toEqual([null, [1]]);
    await read.startAnew();
    expect([read.total, read.have, read.missing]).toEqual([0, [], []]);
  });

  test('a station that fails is said, and the series begins anew', async () => {
    const read = new CodeRead({
      takeFrame: async () => {
        throw new Fault('cut', 'These QR codes do not fit together.', 'Read them again.');
      },
      forgetFrames: async () => {},
    });
    await read.take(FRAMES[0]!);
    expect(read.word).toMatchObject({ code: 'cut', remedy: 'Read them again.' });
    expect([read.total, read.isWhole]).toEqual([0, false]);
  });
});
