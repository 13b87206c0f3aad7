/**
 * Collects the frames of one series in whatever order they are read, until the file is whole.
 *
 * A frame that was read twice changes nothing; one of another series, or none at all, is refused with a word and
 * changes nothing either. Above it: whoever has a camera or a scanner. Knows nothing of those.
 */
import { joinParts, MARK, readFrame } from '#sync/transfer/frames.ts';
import { problem, type TransferProblem } from '#sync/transfer/transfer-fault.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export type FrameResult = 'new' | 'known' | 'refused';

export interface TakenFrame {
  readonly result: FrameResult;
  /** Why it was refused. */
  readonly problem: TransferProblem | null;
  /** 0 before the first frame. */
  readonly total: number;
  /** Numbers that are here, ascending. */
  readonly have: readonly number[];
}

export class FrameSeries {
  readonly #parts = new Map<number, Bytes>();
  #series = '';
  #total = 0;

  take(text: string): TakenFrame {
    const written = text.trim().toUpperCase();
    const frame = readFrame(written);
    if (!frame)
      return this.#refused(
        written.startsWith(MARK)
          ? problem('frame-damaged', 'This code was not read whole.')
          : problem('no-frame', 'This is no code of a transfer.'),
      );
    if (this.#series === '') {
      this.#series = frame.series;
      this.#total = frame.total;
    }
    if (frame.series !== this.#series || frame.total !== this.#total)
      return this.#refused(
        problem('other-series', `This code belongs to another series than the one begun, which has ${this.#total}.`),
      );
    const isKnown = this.#parts.has(frame.number);
    this.#parts.set(frame.number, frame.part);
    return this.#said(isKnown ? 'known' : 'new', null);
  }

  /**
   * @returns null while frames are missing
   * @throws {Fault} `cut`, `too-large`: then nothing is left of it, and the series can be read anew
   */
  async file(): Promise<Bytes | null> {
    if (this.#total === 0 || this.#parts.size < this.#total) return null;
    const parts = [...this.#parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    const series = this.#series;
    this.#parts.clear();
    this.#series = '';
    this.#total = 0;
    return joinParts(series, parts);
  }

  #refused(why: TransferProblem): TakenFrame {
    return this.#said('refused', why);
  }

  #said(result: FrameResult, why: TransferProblem | null): TakenFrame {
    return { result, problem: why, total: this.#total, have: [...this.#parts.keys()].sort((a, b) => a - b) };
  }
}
