import { expect, test } from 'vitest';
import { recordingText, type WireEntry } from '#hardware/transport/wire-recording.ts';
import { wireLogOf } from '../../src/bench-worker/wire-log-of.ts';
import { freshStore, headerOf } from '../storage/fresh-store.ts';

async function storeWith(text: string) {
  const store = await freshStore();
  await store.beginRun(headerOf('a'));
  const bytes = new TextEncoder().encode(text);
  await store.addAttachment('a', { name: 'fixture.wire.json', contentType: 'application/json', bytes });
  return store;
}
const logOf = (entries: readonly WireEntry[]) =>
  recordingText({ format: 'fieldbench-wire-log', version: 1, label: 'x', wire: 'stream', forgottenBytes: 7, entries });
const said = (atMs: number, text: string): WireEntry => ({ kind: 'out', atMs, bytes: new TextEncoder().encode(text) });

test('lines with times since the first, as text and in hexadecimal', async () => {
  const store = await storeWith(
    logOf([{ kind: 'opened', atMs: 1000 }, said(1012, '*IDN?\n'), { kind: 'lost', atMs: 1020, cause: 'gone' }]),
  );
  expect(await wireLogOf(store, 'a', 'fixture.wire.json')).toEqual({
    entries: 3,
    forgottenBytes: 7,
    lines: [
      { atMs: 0, direction: 'note', text: 'opened', hex: '' },
      { atMs: 12, direction: 'out', text: '*IDN?\\n', hex: '2a 49 44 4e 3f 0a' },
      { atMs: 20, direction: 'trouble', text: 'lost: gone', hex: '' },
    ],
  });
});

test('of a long one the end, and how much there is', async () => {
  const store = await storeWith(logOf(Array.from({ length: 5_003 }, (_, at) => said(at, 'x'))));
  const { lines, entries } = await wireLogOf(store, 'a', 'fixture.wire.json');
  expect([lines.length, entries, lines[0]?.atMs]).toEqual([5_000, 5_003, 3]);
});

test('what is no log, or not here, is said', async () => {
  const store = await storeWith('{}');
  await expect(wireLogOf(store, 'a', 'fixture.wire.json')).rejects.toMatchObject({ code: 'not-a-wire-log' });
  await expect(wireLogOf(store, 'a', 'other.wire.json')).rejects.toMatchObject({ code: 'nothing' });
});
