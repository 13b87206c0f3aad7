import { describe, expect, test } from 'vitest';
import type { RunRow, UploadState } from '#record/run-row.ts';
import { isElsewhere, type Moment, type OutboxEvent, transition } from '#sync/outbox/transition.ts';
import { rowOf } from '../memory-outbox.ts';

const moment: Moment = { nowMs: 1_000_000, chance: 0.5, today: '2026-11-20', ambiguousWaitMs: 90_000 };
const AT = '2026-11-20T10:00:00.000Z';
const WAITING: UploadState[] = ['QUEUED', 'CREATING', 'AMBIGUOUS', 'PARKED'];
const CLOSED = ['RUNNING', 'DELIVERED'] as const satisfies UploadState[];

const copied: readonly [string, Partial<RunRow>][] = [
  ['exported', { exported_at: AT }],
  ['carried', { carried_from: 'bench-a' }],
  ['copied', { copied_at: AT }],
];

describe('a run that may be elsewhere too', () => {
  test.each(copied)('15: %s, no event of the outbox makes it QUEUED', (_, mark) => {
    const events: OutboxEvent[] = [
      { kind: 'drain-began' },
      { kind: 'retried' },
      { kind: 'exported', at: AT },
      { kind: 'copied', at: AT },
      { kind: 'posted', answer: { kind: 'throttled', retryAfterMs: 5000, message: 'm' } },
      { kind: 'posted', answer: { kind: 'unauthorised', message: 'm' } },
      { kind: 'posted', answer: { kind: 'payment', message: 'm' } },
      { kind: 'posted', answer: { kind: 'doubtful', message: 'm' } },
    ];
    for (const state of [...WAITING, ...CLOSED])
      for (const event of events)
        for (const attempts of [0, 1, 2])
          expect(transition(rowOf(1, { state, attempts, ...mark }), event, moment)?.state).not.toBe('QUEUED');
  });

  test.each(copied)(
    '15: %s while its POST was on the wire, and QUEUED by its answer, it is looked up first',
    (_, mark) => {
      expect(transition(rowOf(1, mark), { kind: 'send' }, moment)).toEqual({
        state: 'AMBIGUOUS',
        next_at_ms: moment.nowMs,
      });
    },
  );

  test('15: an export marks what waits, makes what was QUEUED look first, and leaves everything else', () => {
    const after = (state: UploadState) => transition(rowOf(1, { state }), { kind: 'exported', at: AT }, moment);
    expect(after('QUEUED')).toEqual({ state: 'AMBIGUOUS', exported_at: AT });
    for (const state of WAITING.slice(1)) expect(after(state)).toEqual({ exported_at: AT });
    for (const state of CLOSED) expect(after(state)).toBeNull();
  });

  test('15: a copy in the picked folder marks as an export does, but never what is on the wire', () => {
    const after = (state: UploadState) => transition(rowOf(1, { state }), { kind: 'copied', at: AT }, moment);
    expect(after('QUEUED')).toEqual({ state: 'AMBIGUOUS', copied_at: AT });
    for (const state of ['AMBIGUOUS', 'ATTACHING', 'PARKED'] as const) expect(after(state)).toEqual({ copied_at: AT });
    for (const state of ['CREATING', ...CLOSED] as const) expect(after(state)).toBeNull();
  });

  test('22: files of a run that lies in the picked folder are not linked before the run was asked what it has', () => {
    expect(isElsewhere(rowOf(1, { copied_at: AT }))).toBe(true);
  });

  test('6: a run that lies in the picked folder may be corrected, and is then looked up before it is sent', () => {
    const event: OutboxEvent = { kind: 'corrected', serial: 'SN-2', procedureId: 'p' };
    const parked = rowOf(1, { state: 'PARKED', attempts: 1 });
    expect(transition({ ...parked, copied_at: AT }, event, moment)).toMatchObject({
      state: 'AMBIGUOUS',
      serial_number: 'SN-2',
    });
    expect(transition({ ...parked, exported_at: AT }, event, moment)).toBeNull();
  });

  test('15: a receipt delivers from every waiting state, and never changes a delivered run', () => {
    const event: OutboxEvent = { kind: 'receipted', remoteId: 'r-1', by: 'bench-b', isWhole: true };
    for (const state of WAITING)
      expect(transition(rowOf(1, { state }), event, moment)).toMatchObject({
        state: 'DELIVERED',
        remote_id: 'r-1',
        delivered_day: '2026-11-20',
      });
    for (const state of CLOSED) expect(transition(rowOf(1, { state }), event, moment)).toBeNull();
  });
});
