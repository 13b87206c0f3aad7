import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WireLog } from '#hardware/transport/wire-log.ts';
import {
  readRecording,
  recordingLines,
  recordingText,
  wireLine,
  type WireEntry,
  type WireRecording,
} from '#hardware/transport/wire-recording.ts';

const WIRE = { label: 'usbtmc 2a8d:1301 MY1', kind: 'message' } as const;
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

const anyEntry: fc.Arbitrary<WireEntry> = fc.oneof(
  fc.record({
    kind: fc.constant('in' as const),
    atMs: fc.double({ min: 1, noNaN: true, noDefaultInfinity: true }),
    bytes: fc.uint8Array(),
  }),
  fc.record({ kind: fc.constant('out' as const), atMs: fc.nat(), bytes: fc.uint8Array(), asks: fc.constant(true) }),
  fc.record({ kind: fc.constant('in' as const), atMs: fc.nat(), bytes: fc.uint8Array(), end: fc.constant(true) }),
  fc.record({
    kind: fc.constant('line-error' as const),
    atMs: fc.nat(),
    error: fc.constantFrom('parity' as const, 'unknown' as const),
  }),
  fc.record({ kind: fc.constant('lost' as const), atMs: fc.nat(), cause: fc.string() }),
  fc.record({ kind: fc.constantFrom('opened' as const, 'closed' as const), atMs: fc.nat() }),
);

test('lines for a screen: both ways of writing bytes, and what is trouble', () => {
  const log = new WireLog(WIRE);
  log.add({ kind: 'opened', atMs: 1 });
  log.add({ kind: 'out', atMs: 2, bytes: bytes('V?\n') });
  log.add({ kind: 'in', atMs: 3, bytes: bytes('\x00'), end: true });
  log.add({ kind: 'lost', atMs: 4, cause: 'it was pulled' });
  expect(log.recording().entries.map(wireLine)).toEqual([
    { atMs: 1, direction: 'note', text: 'opened', hex: '' },
    { atMs: 2, direction: 'out', text: 'V?\\n', hex: '56 3f 0a' },
    { atMs: 3, direction: 'in', text: '<00> (end of message)', hex: '00 (end of message)' },
    { atMs: 4, direction: 'trouble', text: 'lost: it was pulled', hex: '' },
  ]);
});

describe('the ring', () => {
  test('is bounded, keeps the newest, and says how much went', () => {
    const log = new WireLog(WIRE, 10_000);
    for (let i = 0; i < 5000; i++) log.add({ kind: 'in', atMs: i, bytes: new Uint8Array(100).fill(i) });
    const { entries, forgottenBytes } = log.recording();
    expect(entries.length).toBeLessThan(100);
    expect(entries.at(-1)).toMatchObject({ atMs: 4999 });
    expect(forgottenBytes + entries.length * 100).toBe(500_000);
  });

  test('one answer that is larger than all of it is kept', () => {
    const log = new WireLog(WIRE, 1000);
    log.add({ kind: 'out', atMs: 1, bytes: bytes('CURV?\n') });
    log.add({ kind: 'in', atMs: 2, bytes: new Uint8Array(5000) });
    expect(log.recording().entries).toHaveLength(1);
  });

  test('entries without bytes fill it too', () => {
    const log = new WireLog(WIRE, 3200);
    for (let i = 0; i < 10_000; i++) log.add({ kind: 'line-error', atMs: i, error: 'parity' });
    expect(log.recording().entries).toHaveLength(100);
  });

  test('gives what came since a time', () => {
    const log = new WireLog(WIRE);
    for (const atMs of [1, 2, 3]) log.add({ kind: 'opened', atMs });
    expect(log.recording(2).entries.map(({ atMs }) => atMs)).toEqual([2, 3]);
    expect([log.hasEntriesSince(3), log.hasEntriesSince(4)]).toEqual([true, false]);
  });

  test('how the device was made ready goes before it, once, however much was forgotten in between', () => {
    const log = new WireLog(WIRE, 1000);
    for (const atMs of [1, 2]) log.add({ kind: 'out', atMs, bytes: bytes('*IDN?\n') });
    log.endOpening();
    expect(log.recording(1).entries.map(({ atMs }) => atMs)).toEqual([1, 2]);
    for (let atMs = 3; atMs < 100; atMs++) log.add({ kind: 'in', atMs, bytes: new Uint8Array(100) });
    expect(log.recording(98).entries.map(({ atMs }) => atMs)).toEqual([1, 2, 98, 99]);
    expect(log.recording().entries[0]!.atMs).toBeGreaterThan(2);
  });
});

describe('the file', () => {
  const recording = (entries: readonly WireEntry[]): WireRecording => ({
    format: 'fieldbench-wire-log',
    version: 1,
    label: WIRE.label,
    wire: 'message',
    forgottenBytes: 7,
    entries,
  });

  test('is read as it was written, whatever went over the wire', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), (entries) => {
        const written = recording(entries);
        expect(readRecording(recordingText(written))).toEqual(written);
      }),
    );
  });

  test('has one line an entry, bytes in hexadecimal', () => {
    const text = recordingText(recording([{ kind: 'in', atMs: 1.5, bytes: bytes('1\n'), end: true }]));
    expect(text.split('\n')[1]).toBe('  {"kind":"in","atMs":1.5,"bytes":"310a","end":true}');
  });

  test.each([
    ['x', 'no JSON'],
    ['{}', 'does not say'],
    ['null', 'does not say'],
    ['{"format":"fieldbench-wire-log","version":2}', 'does not say'],
    ['{"format":"fieldbench-wire-log","version":1,"wire":"stream"}', 'no entries'],
    [
      '{"format":"fieldbench-wire-log","version":1,"wire":"stream","entries":[{"kind":"in","atMs":1,"bytes":"0"}]}',
      'entry 1',
    ],
    [
      '{"format":"fieldbench-wire-log","version":1,"wire":"stream","entries":[{"kind":"line-error","atMs":1,"error":"x"}]}',
      'entry 1',
    ],
    ['{"format":"fieldbench-wire-log","version":1,"wire":"stream","entries":[null]}', 'entry 1'],
  ])('what is none is refused with what is wrong: %s', (text, words) => {
    expect(() => readRecording(text)).toThrow(words);
    expect(() => readRecording(text)).toThrow(expect.objectContaining({ code: 'not-a-wire-log' }));
  });

  test('any text is read or refused, never worse', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          readRecording(text);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'not-a-wire-log' });
        }
      }),
    );
  });

  test('is lines for people: time since the first, direction, bytes', () => {
    const lines = recordingLines(
      recording([
        { kind: 'opened', atMs: 100 },
        { kind: 'out', atMs: 100.25, bytes: bytes('*IDN?\n'), asks: true },
        { kind: 'in', atMs: 101, bytes: bytes('\0A\r\n'), end: true },
        { kind: 'line-error', atMs: 102, error: 'parity' },
        { kind: 'lost', atMs: 103, cause: 'it was unplugged' },
      ]),
    );
    expect(lines).toEqual([
      '(7 bytes before this are not kept)',
      '       0.000    opened',
      '       0.250  → *IDN?\\n',
      '       1.000  ← <00>A\\r\\n (end of message)',
      '       2.000  ! line error: parity',
      '       3.000  ! lost: it was unplugged',
    ]);
  });
});
