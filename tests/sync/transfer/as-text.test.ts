import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asText, fromText } from '#sync/transfer/as-text.ts';
import { inspect } from '#sync/transfer/inspect.ts';
import { makeRunBundle } from '#sync/transfer/run-bundle.ts';
import type { Bytes } from '#sync/transfer/zip.ts';
import { bundled, MADE_AT, newSigner } from './carrying.ts';

const bundle = await makeRunBundle('bench-a', [bundled(1)], await newSigner(), MADE_AT);
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a file as text', () => {
  test('12: any bytes come back, whatever is done to line ends and however it is indented', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }) as fc.Arbitrary<Bytes>,
        fc.constantFrom('\n', '\r\n', '\n  ', '\n\n'),
        fc.constantFrom('', '\uFEFF', 'From the station:\n'),
        (bytes, lineEnd, before) => {
          expect(fromText(bytesOf(before + asText(bytes).replaceAll('\n', lineEnd)))).toEqual(bytes);
        },
      ),
    );
  });

  test('12: is opened like the file itself, and a file that is no text stays what it is', async () => {
    const { runs, problems } = await inspect(bytesOf(asText(bundle.bytes)));
    expect([runs.length, problems]).toEqual([1, []]);
    expect(fromText(bundle.bytes)).toBe(bundle.bytes);
  });

  test('2: cut anywhere, or with another letter in it, it is refused or its signature does not fit', async () => {
    const text = asText(bundle.bytes);
    for (const length of [40, 100, 2000, text.length - 20])
      await expect(inspect(bytesOf(text.slice(0, length)))).rejects.toMatchObject({ code: 'cut' });
    await expect(inspect(bytesOf(text.replace('UEsDB', 'UEs*B')))).rejects.toMatchObject({ code: 'cut' });
    const at = text.indexOf('\n', 2000) + 10;
    const other = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    const found = await inspect(bytesOf(other)).then(
      ({ problems }) => problems.length,
      () => 1,
    );
    expect(found).toBeGreaterThan(0);
  });
});
