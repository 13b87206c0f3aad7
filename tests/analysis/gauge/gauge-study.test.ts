import { describe, expect, test } from 'vitest';
import { fillStudy, type GaugePlan } from '#analysis/gauge/gauge-study.ts';
import { detail, facts } from '../a-run.ts';

const SINCE = new Date(2026, 10, 2, 8, 0).getTime();
const PLAN: GaugePlan = {
  procedureId: 'p',
  path: 'rails/rail',
  parts: ['sn-1', 'SN-2'],
  operators: ['ana', 'bo'],
  trials: 2,
  sinceMs: SINCE,
};
const reading = (seq: number, unit: string, operator: string, value: number, series = 0) =>
  facts(seq, unit, 'PASS', {
    detail: detail({ operator, series: Int32Array.of(series), values: Float64Array.of(value) }),
  });

describe('rule 11: a study fills itself from runs', () => {
  test('by serial number without case and by operator, in order, and says what is missing', () => {
    const runs = [
      reading(1, 'SN-1', 'ana', 1.1),
      reading(2, 'SN-1', 'ana', 1.2),
      reading(3, 'SN-2', 'ana', 2.1),
      reading(4, 'SN-1', 'bo', 1.3),
    ];
    const { cells, done, wanted, table } = fillStudy(PLAN, runs, 0);
    expect(
      cells.map((row) => row.map(({ readings, missing }) => [readings.map(({ value }) => value), missing])),
    ).toEqual([
      [
        [[1.1, 1.2], 0],
        [[2.1], 1],
      ],
      [
        [[1.3], 1],
        [[], 2],
      ],
    ]);
    expect({ done, wanted, table }).toEqual({ done: 4, wanted: 8, table: null });
  });

  test('when nothing is missing it is a table', () => {
    const runs = ['ana', 'bo'].flatMap((who, w) =>
      ['SN-1', 'SN-2'].flatMap((unit, u) =>
        [0, 1].map((t) => reading(w * 4 + u * 2 + t + 1, unit, who, w + u + t / 10)),
      ),
    );
    expect(fillStudy(PLAN, runs, 0).table!.readings).toEqual([
      [
        [0, 0.1],
        [1, 1.1],
      ],
      [
        [1, 1.1],
        [2, 2.1],
      ],
    ]);
  });

  test('more than asked for are left aside and said, those of others counted apart', () => {
    const runs = [
      reading(1, 'SN-1', 'ana', 1),
      reading(2, 'SN-1', 'ana', 2),
      reading(3, 'SN-1', 'ana', 3),
      reading(4, 'SN-1', 'mallory', 4),
    ];
    const { cells, byOthers } = fillStudy(PLAN, runs, 0);
    expect(cells[0]![0]).toMatchObject({ missing: 0, extra: 1 });
    expect(byOthers).toBe(1);
  });

  test('runs before it began, other units, other measurements, and runs cleared away are not of it', () => {
    const runs = [
      { ...reading(1, 'SN-1', 'ana', 1), startedMs: SINCE - 1 },
      reading(2, 'SN-9', 'ana', 1),
      reading(3, 'SN-1', 'ana', 1, 5),
      facts(4, 'SN-1', 'PASS'),
    ];
    expect(fillStudy(PLAN, runs, 0).done).toBe(0);
    expect(fillStudy(PLAN, [reading(5, 'SN-1', 'ana', 1)], -1).done).toBe(0);
  });
});
