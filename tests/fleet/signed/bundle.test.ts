import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { sha256 } from '#base/hash.ts';
import {
  type Bundle,
  bundleOf,
  type Content,
  readBundle,
  withSignature,
  writeBundle,
} from '#fleet/distribution/signed/bundle.ts';
import { releaseStatement } from '#fleet/distribution/signed/release-manifest.ts';
import { signStatement } from '#fleet/distribution/signed/signature.ts';
import { aKey, anyContent } from './any-content.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const CONTENT: Content = {
  title: { id: '', name: 'Power board', version: '3.2.0' },
  files: new Map([
    ['procedure.yaml', bytesOf('name: Power board\n')],
    ['images/led.png', new Uint8Array([137, 80, 78, 71])],
  ]),
  scripts: new Map([['phases/a.ts', bytesOf('{"code":"","map":{"sources":[],"mappings":""}}')]]),
};
const signed = async (bundle: Bundle): Promise<Bundle> => {
  const { signer } = await aKey('Release');
  return withSignature(
    bundle,
    await signStatement(releaseStatement(bundle.manifest, bundle.release, signer.id), signer),
  );
};
const shuffled = (contents: Content['files'], by: readonly number[]) =>
  new Map(
    [...contents]
      .map((entry, at) => [by[at] ?? 0, entry] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, entry]) => entry),
  );

describe('1: the same content makes the same bytes', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test('in any order', () =>
    fc.assert(
      fc.asyncProperty(anyContent, fc.array(fc.nat(), { maxLength: 8 }), async (content, order) => {
        const other = { ...content, files: shuffled(content.files, order), scripts: shuffled(content.scripts, order) };
        expect(await writeBundle(await bundleOf(other))).toEqual(await writeBundle(await bundleOf(content)));
      }),
    ));

  test('on any machine: in any zone, at any time, with any version of what writes it', async () => {
    for (const name of ['UTC', 'Asia/Taipei', 'America/Los_Angeles']) {
      process.env['TZ'] = name;
      const bundle = await bundleOf(CONTENT);
      // Whoever changes what is written changes every release that is made: not by accident.
      expect(bundle.release).toBe('sha256:3144d8b82cd71fdb082775b4c252d4276803a2b5d3b32c214b9f5e780ef2af2c');
      expect(await sha256(await writeBundle(bundle)), name).toBe(
        'sha256:f58e3429d6afb19d7098a7aa3c5b0279a50e680e39b9c4c06e4dc214ef8d8771',
      );
    }
  });
});

describe('2: a release is its content', () => {
  test('what is read is what was written, signed or not, and the name is the hash of the manifest', () =>
    fc.assert(
      fc.asyncProperty(anyContent, fc.boolean(), async (content, isSigned) => {
        const bundle = isSigned ? await signed(await bundleOf(content)) : await bundleOf(content);
        const read = await readBundle(await writeBundle(bundle));
        expect(read).toEqual(bundle);
        expect(read.release).toBe((await bundleOf(content)).release);
      }),
      { numRuns: 30 },
    ));

  test('any other content is another release', () =>
    fc.assert(
      fc.asyncProperty(anyContent, fc.string({ maxLength: 5 }), async (content, name) => {
        const other = { ...content, files: new Map([...content.files, [`x${name}`, bytesOf(name)]]) };
        fc.pre(!content.files.has(`x${name}`));
        expect((await bundleOf(other)).release).not.toBe((await bundleOf(content)).release);
      }),
    ));

  test('signed again by the same key it has one signature; two keys stand in one order', async () => {
    const once = await signed(await bundleOf(CONTENT));
    const [one] = once.signatures;
    expect(withSignature(once, one!)).toEqual(once);
    const other = { key: '0000000000000000', signature: 'AA==' };
    expect(withSignature(once, other).signatures[0]).toEqual(other);
    expect(withSignature(withSignature(await bundleOf(CONTENT), other), one!)).toEqual(withSignature(once, other));
  });
});

describe('3: a bundle with any byte changed is refused', () => {
  const isRefused = async (bytes: Uint8Array<ArrayBuffer>) => {
    const thrown: unknown = await readBundle(bytes).catch((fault: unknown) => fault);
    return thrown instanceof Fault && /^release-(damaged|unreadable|newer-format)$/.test(thrown.code);
  };

  test('each byte of one, in turn', async () => {
    const bytes = await writeBundle(await signed(await bundleOf(CONTENT)));
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << (at % 8);
      expect(await isRefused(changed), `byte ${at}`).toBe(true);
    }
  });

  test('any byte of any, to anything; cut anywhere; with anything added', () =>
    fc.assert(
      fc.asyncProperty(anyContent, fc.nat(), fc.integer({ min: 1, max: 255 }), async (content, place, by) => {
        const bytes = await writeBundle(await bundleOf(content));
        const at = place % bytes.length;
        const changed = bytes.slice();
        changed[at]! ^= by;
        expect(await isRefused(changed), 'changed').toBe(true);
        expect(await isRefused(bytes.slice(0, at)), 'cut').toBe(true);
        expect(await isRefused(new Uint8Array([...bytes, by])), 'longer').toBe(true);
        expect(await isRefused(new Uint8Array([...bytes.slice(0, at), by, ...bytes.slice(at)])), 'put in').toBe(true);
      }),
    ));

  test('also where it is a whole one with a file out of its place or of its folder', async () => {
    for (const path of ['../up.yaml', '.git/config', 'a//b', 'a\\b', ''])
      expect(
        await isRefused(await writeBundle(await bundleOf({ ...CONTENT, files: new Map([[path, bytesOf('x')]]) }))),
        path,
      ).toBe(true);
  });
});
