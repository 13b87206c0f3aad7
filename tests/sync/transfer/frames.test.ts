import fc from 'fast-check';
import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';
import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { fromBase32, toBase32 } from '#sync/transfer/base32.ts';
import { FrameSeries } from '#sync/transfer/frame-series.ts';
import { framesOf, readFrame } from '#sync/transfer/frames.ts';
import { inspect } from '#sync/transfer/inspect.ts';
import { makeRunBundle } from '#sync/transfer/run-bundle.ts';
import type { Bytes } from '#sync/transfer/zip.ts';
import { bodyOf, bundled, MADE_AT, newSigner, runId } from './carrying.ts';

const signer = await newSigner();
const bundle = await makeRunBundle('bench-a', [bundled(1), bundled(2)], signer, MADE_AT);
const other = await makeRunBundle('bench-b', [bundled(1, 'bench-b'), bundled(2, 'bench-b')], signer, MADE_AT);
const frames = await framesOf(bundle.bytes);

const anyBytes = fc.uint8Array({ maxLength: 4000 }) as fc.Arbitrary<Bytes>;
const collected = async (texts: readonly string[]) => {
  const series = new FrameSeries();
  for (const text of texts) series.take(text);
  return series.file();
};

/** The vectors of RFC 4648, section 10, without padding. */
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('11: Base32 of “%s” is %s', (plain, letters) => {
  expect(toBase32(new TextEncoder().encode(plain))).toBe(letters);
  expect(new TextDecoder().decode(fromBase32(letters)!)).toBe(plain);
});

describe('a series of frames', () => {
  test('11: any bytes come back from their frames, in any order and with doubled ones among them', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, fc.infiniteStream(fc.nat()), async (bytes, chances) => {
        const texts = await framesOf(bytes);
        const twice = [...texts, ...texts];
        const order = twice.map((text) => ({ text, at: chances.next().value })).sort((a, b) => a.at - b.at);
        const series = new FrameSeries();
        const results = order.map(({ text }) => series.take(text).result);
        expect(results.filter((result) => result === 'new')).toHaveLength(texts.length);
        expect(results.filter((result) => result === 'known')).toHaveLength(texts.length);
        expect(await series.file()).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  test('11: while one is missing there is no file, and its number is the one that is not there', async () => {
    for (const [gone] of frames.entries()) {
      const series = new FrameSeries();
      const others = frames.toSpliced(gone, 1);
      for (const text of others) series.take(text);
      expect(await series.file()).toBeNull();
      const { have, total } = series.take(others[0]!);
      expect(total).toBe(frames.length);
      expect(Array.from({ length: total }, (_, at) => at + 1).filter((number) => !have.includes(number))).toEqual([
        gone + 1,
      ]);
    }
  });

  test('11: each fits one QR code of version 13 in letters and digits, and is read from its picture', async () => {
    // Noise fills its frames to the last byte.
    const full = await framesOf(crypto.getRandomValues(new Uint8Array(2000)));
    for (const text of [...frames, ...full]) {
      expect(text).toMatch(/^FB1[A-Z0-9]+$/);
      const picture = encodeQR(text, 'raw', { ecc: 'medium', encoding: 'alphanumeric', version: 13, border: 4 });
      expect(decodeQR(enlarged(picture, 4))).toBe(text);
    }
  });

  test('11: the runs that come out are the ones that went in', async () => {
    const { runs, problems } = await inspect((await collected(frames.toReversed()))!);
    expect(problems).toEqual([]);
    expect(runs.map(({ id, body }) => [id, body])).toEqual([1, 2].map((seq) => [runId(seq), bodyOf(seq)]));
  });

  test('11: a scanner with caps lock on, or one that types a line end, is understood', async () => {
    expect(await collected(frames.map((text) => `${text.toLowerCase()}\r\n`))).toEqual(bundle.bytes);
  });

  test('11: whatever a scanner does to the characters of a frame, it is refused and nothing of it is taken', async () => {
    const at = fc.nat({ max: frames[0]!.length - 1 });
    const typed = fc.constantFrom('A', 'Z', '2', '7', '0', '9', '-', ' ', '');
    await fc.assert(
      fc.asyncProperty(at, typed, async (index, character) => {
        const text = frames[0]!.slice(0, index) + character + frames[0]!.slice(index + 1);
        fc.pre(text !== frames[0]);
        expect(readFrame(text)).toBeNull();
        const { result, have, problem } = new FrameSeries().take(text);
        expect([result, have]).toEqual(['refused', []]);
        expect(['frame-damaged', 'no-frame']).toContain(problem?.code);
      }),
      { numRuns: 500 },
    );
  });

  test('11: a frame of another series, and a code that is none, are refused with a word and change nothing', async () => {
    const foreign = await framesOf(other.bytes);
    expect(foreign).toHaveLength(frames.length);
    const series = new FrameSeries();
    series.take(frames[0]!);
    expect(series.take(foreign[0]!)).toMatchObject({
      result: 'refused',
      problem: { code: 'other-series' },
      have: [1],
      total: frames.length,
    });
    expect(series.take('SN-000123')).toMatchObject({ result: 'refused', problem: { code: 'no-frame' }, have: [1] });
    for (const text of frames) series.take(text);
    expect(await series.file()).toEqual(bundle.bytes);
  });

  test('11: any text at all is refused or taken, and never breaks anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(new FrameSeries().take(text).result).toBe('refused');
      }),
    );
  });

  test('11: frames that do not belong together are no file, and the series can be read anew', async () => {
    const bytes = new TextEncoder().encode('x'.repeat(50)) as Bytes;
    const [one] = await framesOf(bytes);
    const forged = await framesOf(crypto.getRandomValues(new Uint8Array(600)));
    const series = new FrameSeries();
    // Another part under the same series and number: only somebody who makes checksums can write it.
    const alien = resealed(forged[0]!.replace(forged[0]!.slice(17, 40), forged[1]!.slice(17, 40)));
    for (const text of [alien, ...forged.slice(1)]) series.take(text);
    await expect(series.file()).rejects.toMatchObject({ code: 'cut' });
    expect(series.take(one!).result).toBe('new');
    expect(await series.file()).toEqual(bytes);
  });

  test('9: more than a series may hold is refused before it is made, and before it is unpacked', async () => {
    const noise = new Uint8Array(400_000);
    for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
    const fault = await framesOf(noise).catch((thrown: unknown) => thrown);
    expect(fault).toBeInstanceOf(Fault);
    expect((fault as Fault).code).toBe('too-large');
    // 17 MB of nothing are 17 kB deflated: few enough codes.
    const bomb = await framesOf(new Uint8Array(17 * 1024 * 1024));
    const thrown = await collected(bomb).then(
      () => 'it was unpacked',
      (fault: unknown) => fault,
    );
    expect(thrown).toMatchObject({ code: 'too-large' });
  });
});

/** As a camera sees it: black on white, each module so many pixels wide. */
function enlarged(picture: readonly (readonly boolean[])[], scale: number) {
  const size = picture.length * scale;
  const data = new Uint8Array(size * size * 4);
  for (let at = 0; at < size * size; at += 1) {
    const isDark = picture[Math.floor(at / size / scale)]![Math.floor((at % size) / scale)];
    data.fill(isDark ? 0 : 255, at * 4, at * 4 + 3);
    data[at * 4 + 3] = 255;
  }
  return { width: size, height: size, data };
}

/** With the checksum that its text has now. */
function resealed(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const body = text.slice(0, -7);
  let value = 0xffffffff;
  for (const character of body) {
    value ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  const bits = (BigInt(~value >>> 0) << 3n).toString(2).padStart(35, '0');
  return body + (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}
