import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunRow, UploadState } from '#record/run-row.ts';
import { believable, fullJitterMs, LONGEST_WAIT_MS, throttleMs } from '#sync/outbox/backoff.ts';
import type { LookupAnswer, PostAnswer } from '#sync/outbox/ports.ts';
import { type Moment, type OutboxEvent, transition } from '#sync/outbox/transition.ts';
import { rowOf } from '../memory-outbox.ts';

const moment: Moment = { nowMs: 1_000_000, chance: 0.5, today: '2026-11-20', ambiguousWaitMs: 90_000 };
const states: UploadState[] = ['RUNNING', 'QUEUED', 'CREATING', 'AMBIGUOUS', 'PARKED', 'DELIVERED'];

const postAnswers: PostAnswer[] = [
  { kind: 'created', remoteId: 'r' },
  { kind: 'throttled', retryAfterMs: 5000, message: 'm' },
  { kind: 'doubtful', message: 'm' },
  { kind: 'rejected', message: 'no such procedure' },
  { kind: 'unauthorised', message: 'm' },
  { kind: 'payment', message: 'm' },
];
const lookupAnswers: LookupAnswer[] = [
  { kind: 'found', remoteIds: ['old', 'new'] },
  { kind: 'absent' },
  { kind: 'failed', message: 'm' },
  { kind: 'throttled', retryAfterMs: 5000, message: 'm' },
  { kind: 'unauthorised', message: 'm' },
  { kind: 'payment', message: 'm' },
];
const events: OutboxEvent[] = [
  { kind: 'drain-began' },
  { kind: 'send' },
  { kind: 'unreadable' },
  { kind: 'retried' },
  { kind: 'corrected', serial: 'SN-7', procedureId: 'p' },
  ...postAnswers.map((answer) => ({ kind: 'posted', answer }) as const),
  ...lookupAnswers.map((answer) => ({ kind: 'looked-up', answer, began: moment }) as const),
];

const after = (row: RunRow, event: OutboxEvent, at = moment) => transition(row, event, at)?.state ?? null;

describe('transition', () => {
  test('the whole table: which state each event leads to, and where it cannot happen', () => {
    const table = events.map((event) => {
      const name =
        event.kind === 'posted' || event.kind === 'looked-up' ? `${event.kind} ${event.answer.kind}` : event.kind;
      return [name, ...states.map((state) => after(rowOf(1, { state, attempts: 1 }), event) ?? '-')].join(' ');
    });
    // Columns: RUNNING QUEUED CREATING AMBIGUOUS PARKED DELIVERED
    expect(table).toEqual([
      'drain-began - - AMBIGUOUS - - -',
      'send - CREATING - - - -',
      'unreadable - PARKED - PARKED - -',
      'retried - - - - QUEUED -',
      'corrected - - - - QUEUED -',
      'posted created - - DELIVERED - - -',
      'posted throttled - - QUEUED - - -',
      'posted doubtful - - AMBIGUOUS - - -',
      'posted rejected - - PARKED - - -',
      'posted unauthorised - - QUEUED - - -',
      'posted payment - - QUEUED - - -',
      'looked-up found - - - DELIVERED - -',
      'looked-up absent - - - CREATING - -',
      'looked-up failed - - - AMBIGUOUS - -',
      'looked-up throttled - - - AMBIGUOUS - -',
      'looked-up unauthorised - - - AMBIGUOUS - -',
      'looked-up payment - - - AMBIGUOUS - -',
    ]);
  });

  test('1: sending counts the attempt and writes its time', () => {
    expect(transition(rowOf(1, { attempts: 2 }), { kind: 'send' }, moment)).toEqual({
      state: 'CREATING',
      attempts: 3,
      sent_at_ms: moment.nowMs,
    });
  });

  test('3: the oldest of several is adopted, the others are named', () => {
    const event = { kind: 'looked-up', answer: lookupAnswers[0]!, began: { nowMs: 0 } } as const;
    expect(transition(rowOf(1, { state: 'AMBIGUOUS' }), event, moment)).toMatchObject({
      remote_id: 'old',
      delivered_day: '2026-11-20',
      upload_reason: expect.stringContaining('new'),
    });
  });

  test('4: absent allows a POST only after the wait, counted to the beginning of the look-up', () => {
    const row = rowOf(1, { state: 'AMBIGUOUS', sent_at_ms: 500_000, attempts: 1 });
    const absent = (nowMs: number) => ({ kind: 'looked-up', answer: { kind: 'absent' }, began: { nowMs } }) as const;
    expect(transition(row, absent(589_999), moment)).toEqual({
      state: 'AMBIGUOUS',
      next_at_ms: 590_000,
    });
    expect(after(row, absent(590_000))).toBe('CREATING');
  });

  test('13: with a clock that was set back the wait begins anew, and no stored time is waited for long', () => {
    const row = rowOf(1, { state: 'AMBIGUOUS', sent_at_ms: moment.nowMs + 9e9, attempts: 1 });
    const event = { kind: 'looked-up', answer: { kind: 'absent' }, began: moment } as const;
    expect(transition(row, event, moment)).toEqual({
      state: 'AMBIGUOUS',
      sent_at_ms: moment.nowMs,
      next_at_ms: moment.nowMs + 90_000,
    });
    expect(believable(9e12, 1000)).toBe(1000);
    expect(believable(1000 + LONGEST_WAIT_MS, 1000)).toBe(1000 + LONGEST_WAIT_MS);
  });

  test('4: a clock that was set forward shortens no wait: the server’s clock must say so too', () => {
    const sent = { sent_at_ms: 500_000, sent_server_ms: 7_000_500, attempts: 1 };
    const row = rowOf(1, { state: 'AMBIGUOUS', ...sent });
    const absent = (nowMs: number, serverMs: number) => {
      const began = { nowMs, server: { earliestMs: serverMs - 500, latestMs: serverMs + 500 } };
      return { kind: 'looked-up', answer: { kind: 'absent' }, began } as const;
    };
    expect(transition(row, absent(900_000, 7_090_999), moment)).toEqual({ state: 'AMBIGUOUS', next_at_ms: 900_001 });
    expect(after(row, absent(900_000, 7_091_000))).toBe('CREATING');
    expect(after(row, absent(589_999, 7_091_000))).toBe('AMBIGUOUS');
    expect(transition(row, absent(900_000, 6_000_000), moment)).toMatchObject({ sent_at_ms: moment.nowMs });
    const untimed = rowOf(1, { state: 'AMBIGUOUS', sent_at_ms: 500_000, attempts: 1 });
    expect(transition(untimed, absent(900_000, 7_091_000), moment)).toMatchObject({
      state: 'AMBIGUOUS',
      next_at_ms: 1_090_000,
    });
    expect(after(rowOf(1, { state: 'AMBIGUOUS' }), absent(900_000, 7_091_000))).toBe('CREATING');
    const resent = transition(row, absent(900_000, 7_091_000), { ...moment, server: { earliestMs: 5, latestMs: 9 } });
    expect(resent).toMatchObject({ sent_at_ms: moment.nowMs, sent_server_ms: 9 });
  });

  test('11: no number of attempts and no time changes where an event leads, but for the wait', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.constantFrom(...events),
        fc.nat(10_000),
        fc.nat(2 ** 45),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (state, event, attempts, nowMs, chance) => {
          const row = rowOf(1, { state, attempts: Math.max(2, attempts) });
          const began = event.kind === 'looked-up' ? { ...event, began: { nowMs } } : event;
          const at = { ...moment, nowMs, chance };
          const change = transition(row, began, at);
          if (event.kind === 'looked-up' && event.answer.kind === 'absent') return;
          expect(change?.state ?? null).toBe(after(rowOf(1, { state, attempts: 2 }), event));
          expect((change?.next_at_ms ?? 0) - nowMs).toBeLessThanOrEqual(LONGEST_WAIT_MS + 301_000);
        },
      ),
    );
  });

  test('8: full jitter stays under its cap; Retry-After is a floor', () => {
    expect(fullJitterMs(3, 1)).toBe(8000);
    expect(fullJitterMs(500, 1)).toBe(300_000);
    expect(fullJitterMs(5, 0)).toBe(0);
    expect(throttleMs(7000, 4, 0)).toBe(7000);
    expect(throttleMs(0, 0, 0)).toBe(1000);
    expect(throttleMs(9e9, 0, 0)).toBe(LONGEST_WAIT_MS);
  });
});
