import { unzipSync, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import type { Signer } from '#sync/transfer/bag.ts';
import { inspect } from '#sync/transfer/inspect.ts';
import { makeReceipt } from '#sync/transfer/receipt.ts';
import { makeRunBundle } from '#sync/transfer/run-bundle.ts';
import type { Bytes } from '#sync/transfer/zip.ts';
import { bodyOf, bundled, MADE_AT, newSigner, runId } from './carrying.ts';

const signer = await newSigner();
const whole = await makeRunBundle('bench-a', [bundled(7), bundled(3), bundled(5)], signer, MADE_AT);

const codes = async (bytes: Bytes) => (await inspect(bytes)).problems.map(({ code }) => code).toSorted();
const faultOf = async (bytes: Bytes) => {
  const thrown = await inspect(bytes).catch((fault: unknown) => fault);
  expect(thrown).toBeInstanceOf(Fault);
  return thrown as Fault;
};
/** As somebody with a ZIP tool would: other contents, the hashes and the signature left as they were. */
function retouched(change: (files: Record<string, Uint8Array>) => void, bytes = whole.bytes): Bytes {
  const files = unzipSync(bytes);
  change(files);
  return zipSync(files, { level: 0 }) as Bytes;
}
const text = (value: string) => new TextEncoder().encode(value);
const RUN_5 = `data/runs/${runId(5)}.json`;

describe('a bundle', () => {
  test('1: gives back the exact bytes, in the order of the numbers, and its name says which', async () => {
    const { facts, runs, problems, isTrusted } = await inspect(whole.bytes);
    expect(whole.name).toBe('bench-a-3-7.fieldbench');
    expect(isTrusted).toBe(true);
    expect(problems).toEqual([]);
    expect(facts).toEqual({
      kind: 'runs',
      station: 'bench-a',
      madeAt: MADE_AT,
      firstSeq: 3,
      lastSeq: 7,
      runs: 3,
    });
    expect(runs.map(({ seq, id, body }) => [seq, id, body])).toEqual(
      [3, 5, 7].map((seq) => [seq, runId(seq), bodyOf(seq)]),
    );
  });

  test('1: is a BagIt bag whose signature another tool can check', async () => {
    const files = unzipSync(whole.bytes);
    const decode = (path: string) => new TextDecoder().decode(files[path]);
    expect(decode('bagit.txt')).toBe('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
    const bytes = [3, 5, 7].reduce((sum, seq) => sum + text(bodyOf(seq)).length, 0);
    expect(decode('bag-info.txt')).toContain(`Payload-Oxum: ${bytes}.3\n`);
    expect(decode('manifest-sha256.txt').split('\n').filter(Boolean)).toHaveLength(3);
    const { createPublicKey, verify } = await import('node:crypto');
    const key = createPublicKey(decode('station-key.pem'));
    expect(verify(null, files['tagmanifest-sha256.txt']!, key, files['manifest.sig']!)).toBe(true);
  });

  test('1: every text survives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (docstring) => {
        const body = bodyOf(1, 'bench-a', { docstring });
        const file = await makeRunBundle('bench-a', [{ id: runId(1), seq: 1, body }], signer, MADE_AT);
        const { runs, problems } = await inspect(file.bytes);
        expect(problems).toEqual([]);
        expect(runs[0]?.body).toBe(body);
      }),
      { numRuns: 40 },
    );
  });

  test.each(['1970-01-01T00:00:01.000Z', '2137-06-01T00:00:00.000Z'])(
    '1: a station whose clock says %s exports all the same',
    async (at) => {
      const { facts, runs, problems } = await inspect((await makeRunBundle('bench-a', [bundled(1)], signer, at)).bytes);
      expect([facts.madeAt, runs.length, problems]).toEqual([at, 1, []]);
    },
  );

  test('2: cut anywhere, it is refused', async () => {
    const lengths = fc.integer({ min: 0, max: whole.bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(lengths, async (length) => {
        const { code } = await faultOf(whole.bytes.slice(0, length));
        expect(code).toBe(length < 4 ? 'unreadable' : 'cut');
      }),
      { numRuns: 100 },
    );
  });

  test('2: whatever one byte becomes, no run with other bytes is ever called sound', async () => {
    const bodies = new Set([3, 5, 7].map((seq) => bodyOf(seq)));
    const at = fc.integer({ min: 0, max: whole.bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (index, flip) => {
        const bytes = whole.bytes.slice();
        bytes[index] = bytes[index]! ^ flip;
        const inspection = await inspect(bytes).catch((thrown: unknown) => {
          expect(thrown).toBeInstanceOf(Fault);
          return null;
        });
        if (!inspection?.isTrusted) return;
        for (const { body } of inspection.runs) expect(bodies).toContain(body);
        if (inspection.runs.length < 3) expect(inspection.problems).not.toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  const refusals: readonly [string, Bytes, string[]][] = [
    ['another signature', retouched((files) => (files['manifest.sig']![0]! ^= 1)), ['signature']],
    ['no signature', retouched((files) => delete files['manifest.sig']), ['signature']],
    ['no key', retouched((files) => delete files['station-key.pem']), ['manifest', 'signature']],
    [
      'a manifest that was made to fit',
      retouched((files) => (files['manifest-sha256.txt'] = text(''))),
      ['count', 'manifest', 'stray', 'stray', 'stray'],
    ],
    [
      'other facts',
      retouched((files) => {
        const info = new TextDecoder().decode(files['bag-info.txt']);
        files['bag-info.txt'] = text(info.replace('bench-a', 'bench-b'));
      }),
      ['foreign', 'foreign', 'foreign', 'manifest'],
    ],
  ];
  test.each(refusals)('2: %s: nothing in it may be believed', async (_, bytes, expected) => {
    expect(await codes(bytes)).toEqual(expected);
    expect((await inspect(bytes)).isTrusted).toBe(false);
  });

  test('2: a key of somebody else does not fit the signature', async () => {
    const other = await newSigner();
    const forged: Signer = { publicKey: other.publicKey, sign: (bytes) => signer.sign(bytes) };
    const file = await makeRunBundle('bench-a', [bundled(1)], forged, MADE_AT);
    expect(await codes(file.bytes)).toEqual(['signature']);
  });

  test('2: an entry that stands in it twice', async () => {
    // Two directory entries of one name: the name of run 3 is written over that of run 7, in both places.
    const bytes = whole.bytes.slice();
    const [from, to] = [text(`data/runs/${runId(7)}.json`), text(`data/runs/${runId(3)}.json`)];
    for (let at = 0; at < bytes.length - from.length; at += 1)
      if (from.every((byte, offset) => bytes[at + offset] === byte) && bytes[at - 1] !== 0x20) bytes.set(to, at);
    expect(await codes(bytes)).toContain('doubled');
    expect((await inspect(bytes)).isTrusted).toBe(false);
  });

  const parts: readonly [string, Bytes, string[], number[]][] = [
    ['a run is missing', retouched((files) => delete files[RUN_5]), ['missing'], [3, 7]],
    [
      'a run was altered',
      retouched((files) => (files[RUN_5] = text(bodyOf(5).replace('PASS', 'FAIL')))),
      ['altered'],
      [3, 7],
    ],
    ['a file was put in', retouched((files) => (files['data/runs/x.json'] = text('{}'))), ['stray'], [3, 5, 7]],
    ['a stranger’s file lies beside', retouched((files) => (files['../../etc/x'] = text('x'))), ['stray'], [3, 5, 7]],
  ];
  test.each(parts)('3: %s: it is named, and the sound ones stay', async (_, bytes, expected, sound) => {
    expect(await codes(bytes)).toEqual(expected);
    const { isTrusted, runs } = await inspect(bytes);
    expect(isTrusted).toBe(true);
    expect(runs.map(({ seq }) => seq)).toEqual(sound);
  });

  const bodies: readonly [string, string][] = [
    ['no JSON', '{"outcome":'],
    ['a list', '[]'],
    ['no outcome', bodyOf(5, 'bench-a', { outcome: 'GOOD' })],
    ['no phases', bodyOf(5, 'bench-a', { phases: null })],
    ['an end before its start', bodyOf(5, 'bench-a', { ended_at: '2026-11-20T07:00:00.000Z' })],
    ['a serial number that is none', bodyOf(5, 'bench-a', { serial_number: 'a b' })],
    ['no identity', bodyOf(5, 'bench-a', { metadata: {} })],
    ['the identity of another run', bodyOf(6)],
  ];
  test.each(bodies)('3: a run with %s is damaged, though signed', async (_, body) => {
    const file = await makeRunBundle('bench-a', [bundled(3), { id: runId(5), seq: 5, body }], signer, MADE_AT);
    const { runs, problems } = await inspect(file.bytes);
    expect(problems).toMatchObject([{ code: 'shape', run: runId(5) }]);
    expect(runs.map(({ seq }) => seq)).toEqual([3]);
  });

  test('3: a run of another station is foreign', async () => {
    const stranger = { ...bundled(5), body: bodyOf(5, 'bench-a').replace('"bench-a"', '"bench-z"') };
    const file = await makeRunBundle('bench-a', [bundled(3), stranger], signer, MADE_AT);
    const { runs, problems } = await inspect(file.bytes);
    expect(problems).toMatchObject([{ code: 'foreign', run: runId(5) }]);
    expect(runs.map(({ seq }) => seq)).toEqual([3]);
  });

  test.each([
    ['nothing', new Uint8Array(), 'unreadable'],
    ['a picture', text('\u0089PNG\r\n'), 'unreadable'],
    ['another ZIP', zipSync({ 'a.txt': text('a') }, { level: 0 }) as Bytes, 'unreadable'],
    ['one that was compressed anew', zipSync(unzipSync(whole.bytes), { level: 6 }) as Bytes, 'unreadable'],
    [
      'a later format',
      retouched((files) => {
        const info = new TextDecoder().decode(files['bag-info.txt']);
        files['bag-info.txt'] = text(info.replace('Format: 1', 'Format: 2'));
      }),
      'newer-format',
    ],
  ] as const)('2: %s is not opened', async (_, bytes, code) => {
    const fault = await faultOf(bytes as Bytes);
    expect(fault.code).toBe(code);
    expect(fault.remedy).not.toBe('');
  });

  test('9: an entry that claims more than the file has is not unpacked', async () => {
    const bytes = whole.bytes.slice();
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    // Compressed and original size of the first entry in the directory (APPNOTE 4.3.12).
    view.setUint32(directory + 20, 0x7fffffff, true);
    view.setUint32(directory + 24, 0x7fffffff, true);
    expect((await faultOf(bytes)).code).toBe('cut');
  });

  test('an empty one is not made', async () => {
    await expect(makeRunBundle('bench-a', [], signer, MADE_AT)).rejects.toMatchObject({ code: 'nothing' });
  });
});

describe('a receipt', () => {
  const entry = { client_run_id: runId(3), station_seq: 3, sha256: 'a'.repeat(64), run_id: 'r-3' };

  test('7: says which runs of which station, under which ids', async () => {
    const file = await makeReceipt('bench-b', { origin: 'bench-a', runs: [entry] }, signer, MADE_AT);
    expect(file.name).toBe('receipt-bench-a-3-3.fieldbench');
    const { facts, receipt, problems } = await inspect(file.bytes);
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ kind: 'receipt', station: 'bench-b', runs: 1 });
    expect(receipt).toEqual({ origin: 'bench-a', runs: [entry] });
  });

  test('7: an altered one names nothing', async () => {
    const file = await makeReceipt('bench-b', { origin: 'bench-a', runs: [entry] }, signer, MADE_AT);
    const bytes = retouched((files) => {
      const path = 'data/receipt.json';
      files[path] = text(new TextDecoder().decode(files[path]).replace('r-3', 'r-4'));
    }, file.bytes);
    expect(await codes(bytes)).toEqual(['altered']);
    expect((await inspect(bytes)).receipt).toBeNull();
  });
});
