/** A station's log, kept until the server has it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogShelf, MOST_KEPT, MOST_SENT, withoutQuotes } from '#fleet/health/log-shelf.ts';

const T0 = Date.UTC(2026, 10, 20, 8);
const MINUTE = 60_000;

test('5: the same within a minute is one entry that says how often', () => {
  const shelf = new LogShelf();
  for (let n = 0; n < 5; n += 1) shelf.add('warning', 'serial-pattern', '', T0 + n * 1000);
  shelf.add('warning', 'serial-pattern', '', T0 + MINUTE);
  shelf.add('error', 'serial-pattern', '', T0 + MINUTE);
  expect(shelf.entries.map(({ level, times }) => [level, times])).toEqual([
    ['warning', 5],
    ['warning', 1],
    ['error', 1],
  ]);
});

test('5: what was sent is forgotten, and what came meanwhile is not', () => {
  const shelf = new LogShelf();
  shelf.add('info', 'one', 'a', T0);
  shelf.add('info', 'two', 'b', T0);
  const batch = shelf.batch();
  shelf.add('info', 'two', 'b', T0 + 1);
  shelf.add('info', 'three', 'c', T0 + 2);
  shelf.sent(batch, 0);
  expect(shelf.entries.map(({ code, times }) => [code, times])).toEqual([
    ['two', 2],
    ['three', 1],
  ]);
});

test('5: bounded: what did not fit is counted, and an error is the last to go', () => {
  const shelf = new LogShelf();
  shelf.add('error', 'storage-failed', 'The disk answers with errors.', T0);
  for (let n = 0; n < MOST_KEPT + 50; n += 1) shelf.add('info', `code-${n}`, '', T0 + n);
  expect(shelf.entries.length).toBe(MOST_KEPT);
  expect(shelf.dropped).toBe(51);
  expect(shelf.entries[0]?.code).toBe('storage-failed');
  expect(shelf.batch().length).toBe(MOST_SENT);
});

test('5: it goes on after a restart with what was kept', () => {
  const before = new LogShelf();
  before.add('error', 'storage-failed', 'x', T0);
  const after = new LogShelf(structuredClone(before.entries), 3);
  expect(after.batch()).toEqual(before.batch());
  expect(after.dropped).toBe(3);
});

test.each([
  ['“X-1” is not a serial number of Power board.', '“…” is not a serial number of Power board.'],
  ['“a”, then “b” and “c', '“…”, then “…” and “…”'],
  ['Nothing is quoted.', 'Nothing is quoted.'],
])('5: what is quoted is not kept: %s', (message, kept) => {
  expect(withoutQuotes(message)).toBe(kept);
});

test('5: nothing is lost uncounted, whatever comes and goes', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      level: fc.constantFrom('info', 'warning', 'error' as const),
      code: fc.constantFrom('a', 'b', 'c'),
      message: fc.constantFrom('', 'x', 'y'),
    }),
    fc.record({ kind: fc.constant('send' as const), arrives: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const shelf = new LogShelf();
      let [added, told, nowMs] = [0, 0, T0];
      for (const one of steps) {
        nowMs += 40_000;
        if (one.kind === 'add') {
          shelf.add(one.level as 'info', one.code, one.message, nowMs);
          added += 1;
        } else if (one.arrives) {
          const [batch, dropped] = [shelf.batch(), shelf.dropped];
          told += batch.reduce((sum, { times }) => sum + times, dropped);
          shelf.sent(batch, dropped);
        }
      }
      const kept = shelf.entries.reduce((sum, { times }) => sum + times, shelf.dropped);
      expect(told + kept).toBe(added);
      expect(shelf.entries.length).toBeLessThanOrEqual(MOST_KEPT);
    }),
  );
});
