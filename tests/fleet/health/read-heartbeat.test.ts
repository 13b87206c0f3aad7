/** What is believed of a heartbeat that arrived from anyone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_CODES, MOST_FIXTURES } from '#fleet/health/heartbeat.ts';
import { readHeartbeat } from '#fleet/health/read-heartbeat.ts';
import { heartbeat } from './a-heartbeat.ts';

const sent = (change: Readonly<Record<string, unknown>> = {}): unknown =>
  JSON.parse(JSON.stringify({ ...heartbeat(), ...change }));

test('1: what a station sends is read as it was', () => {
  expect(readHeartbeat(sent())).toEqual(heartbeat());
});

test('1: fields that are not known are left out', () => {
  expect(readHeartbeat(sent({ humidity: 0.4, key: 'secret' }))).toEqual(heartbeat());
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['format', { format: 2 }],
  ['station', { station: 'Taipei 42' }],
  ['station', { station: `${'a'.repeat(70)}-line1-042` }],
  ['station', { station: 'taipei-line1-042"} 1\nfake 2' }],
  ['installation', { installation: 'x' }],
  ['session', { session: '<script>' }],
  ['app_version', { app_version: 'a\u0000b' }],
  ['browser', { browser: 'x'.repeat(121) }],
  ['sent_at', { sent_at: 'yesterday' }],
  ['term', { term: -1 }],
  ['queue.waiting', { queue: { waiting: 1.5, parked: 0, oldest_at: null } }],
  ['runs.PASS', { runs: { ...heartbeat().runs, PASS: '12' } }],
  ['fixtures.0.state', { fixtures: [{ plug: 'fixture', state: 'fine' }] }],
  ['fixtures', { fixtures: Array.from({ length: MOST_FIXTURES + 1 }, () => ({ plug: 'a', state: 'ready' })) }],
  ['refusals', { refusals: { 'Not A Code': 1 } }],
  ['faults', { faults: Object.fromEntries(Array.from({ length: MOST_CODES + 1 }, (_, n) => [`code-${n}`, 1])) }],
  ['battery.level', { battery: { level: 7, discharging: true } }],
  ['last_seq', { last_seq: Number.MAX_SAFE_INTEGER }],
])('1: a wrong %s is refused by its place, and nothing that was sent is repeated', (where, change) => {
  const read = readHeartbeat(sent(change));
  expect(read).toEqual({ problem: `Its ${where} is missing or cannot be.` });
});

test('1: each field that is left out is named', () => {
  for (const key of Object.keys(heartbeat())) {
    const { [key]: _, ...rest } = sent() as Record<string, unknown>;
    expect(readHeartbeat(rest), key).toEqual({ problem: expect.stringContaining(key) });
  }
});

test('1: whatever is sent is read or refused, and never thrown', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(heartbeat())), (value, key) => {
      expect(['problem', 'format'].some((one) => one in readHeartbeat(value))).toBe(true);
      const read = readHeartbeat(sent({ [key]: value }));
      if ('problem' in read) return;
      // What was believed has the form of what a station sends.
      expect(JSON.stringify(read).length).toBeLessThan(64 * 1024);
    }),
  );
});
