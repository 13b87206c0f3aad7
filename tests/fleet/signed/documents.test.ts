/** Keys that change, an index that only grows, and pins: what a station believes. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalText } from '#fleet/distribution/signed/canonical.ts';
import {
  followIndex,
  type Pin,
  type PublishedProcedure,
  readIndex,
  type ReleaseIndex,
} from '#fleet/distribution/signed/release-index.ts';
import { signStatement } from '#fleet/distribution/signed/signature.ts';
import {
  demandSignature,
  followKeys,
  type KeyList,
  readKeyLists,
  type SignedLists,
} from '#fleet/distribution/signed/trusted-keys.ts';
import { isLike } from '#fleet/distribution/signed/like.ts';
import { wantedRelease } from '#fleet/distribution/signed/wanted-release.ts';
import { aKey, type TestKey } from './any-content.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const hashOf = (digit: string) => `sha256:${digit.repeat(64)}`;

let [old, young, stranger]: TestKey[] = [];
beforeAll(async () => {
  [old, young, stranger] = [await aKey('Old'), await aKey('Young'), await aKey('Stranger')];
});

const listOf = (number: number, keys: readonly KeyList['keys'][number][], signed_only = false): KeyList => ({
  kind: 'fieldbench-keys',
  format: 1,
  number,
  signed_only,
  keys: [...keys],
});
const signedBy = async (list: KeyList, { signer }: TestKey) => ({
  signed: list,
  signatures: [await signStatement(list, signer)],
});
const read = (lists: SignedLists) => readKeyLists(JSON.stringify(lists));

describe('canonical text', () => {
  test('means the value: whatever order its members come in', () => {
    expect(canonicalText({ b: [1, true, null, 'ä"\n'], a: { d: undefined, c: '' } })).toBe(
      '{"a":{"c":""},"b":[1,true,null,"ä\\"\\n"]}',
    );
    // RFC 8785, 3.2.3: by UTF-16 code units.
    expect(canonicalText({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1f600}":5,"\ufb33":3}',
    );
    for (const wrong of [Number.POSITIVE_INFINITY, Number.NaN, undefined, () => 1])
      expect(() => canonicalText(wrong)).toThrow(TypeError);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (object) => {
        const turned = Object.fromEntries(Object.entries(object).toReversed());
        expect(canonicalText(turned)).toBe(canonicalText(object));
        expect(JSON.parse(canonicalText(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });
});

describe('5: a signature counts', () => {
  const demand = (made: TestKey[], keys: KeyList['keys']) =>
    Promise.all(made.map(({ signer }) => signStatement({ what: 1 }, signer))).then((signatures) =>
      demandSignature(() => ({ what: 1 }), signatures, listOf(1, keys), NOW, 'it'),
    );

  test('by a key that is listed, not revoked, and whose time has come', async () => {
    expect(await demand([old!], [old!.trusted])).toEqual(old!.trusted);
    await expect(demand([], [old!.trusted])).rejects.toMatchObject({ code: 'release-key-unknown' });
    await expect(demand([stranger!], [old!.trusted])).rejects.toMatchObject({ code: 'release-key-unknown' });
    const revoked = { ...old!.trusted, revoked: '2026-11-01' };
    await expect(demand([old!], [revoked])).rejects.toMatchObject({ code: 'release-key-revoked' });
    const early = { ...old!.trusted, valid_from: '2026-12-01' };
    await expect(demand([old!], [early])).rejects.toMatchObject({ code: 'release-key-early' });
    expect(await demand([stranger!, old!, young!], [revoked, young!.trusted])).toEqual(young!.trusted);
  });

  test('only for what was signed, and only by the key that it names', async () => {
    const signature = await signStatement({ what: 1 }, old!.signer);
    const keys = listOf(1, [old!.trusted, young!.trusted]);
    const check = (statement: object, made = signature) => demandSignature(() => statement, [made], keys, NOW, 'it');
    await expect(check({ what: 2 })).rejects.toMatchObject({ code: 'release-signature' });
    await expect(check({ what: 1, more: 1 })).rejects.toMatchObject({ code: 'release-signature' });
    await expect(check({ what: 1 }, { ...signature, key: young!.signer.id })).rejects.toMatchObject({
      code: 'release-signature',
    });
    await expect(check({ what: 1 }, { ...signature, signature: 'AAAA' })).rejects.toMatchObject({
      code: 'release-signature',
    });
  });
});

describe('6: keys change', () => {
  test('each list by a key that counted before; a station that was away follows all of them', async () => {
    const lists = [
      await signedBy(listOf(1, [old!.trusted]), old!),
      await signedBy(listOf(2, [old!.trusted, young!.trusted]), old!),
      await signedBy(listOf(3, [{ ...old!.trusted, revoked: '2026-11-30' }, young!.trusted]), young!),
    ];
    const all = await read(lists);
    for (const { signed } of lists) expect(followKeys(signed, all).number).toBe(3);
    expect(followKeys(null, all).number, '7: the first that it sees').toBe(3);
    const [first] = lists;
    expect(() => followKeys(lists[2]!.signed, [first!])).toThrow(expect.objectContaining({ code: 'release-older' }));
    const taken = [await signedBy(listOf(1, [stranger!.trusted]), stranger!)];
    expect(() => followKeys(first!.signed, taken)).toThrow(expect.objectContaining({ code: 'release-keys' }));
    const longer = [...taken, await signedBy(listOf(2, [stranger!.trusted]), stranger!)];
    expect(() => followKeys(first!.signed, longer)).toThrow(expect.objectContaining({ code: 'release-keys' }));
  });

  test('nobody lists themselves, nor changes a list after it was signed, nor leaves one out', async () => {
    const first = await signedBy(listOf(1, [old!.trusted]), old!);
    const both = listOf(2, [old!.trusted, stranger!.trusted]);
    const good = await signedBy(both, old!);
    for (const lists of [
      [first, await signedBy(both, stranger!)],
      [first, { ...good, signed: { ...both, signed_only: true } }],
      [first, await signedBy(listOf(3, [old!.trusted]), old!)],
      [await signedBy(listOf(1, [old!.trusted]), stranger!)],
      [
        first,
        await signedBy(listOf(2, [{ ...old!.trusted, revoked: '2026-11-30' }]), old!),
        await signedBy(listOf(3, [old!.trusted]), old!),
      ],
    ])
      await expect(read(lists)).rejects.toMatchObject({ code: 'release-keys' });
    const swapped = listOf(1, [{ ...old!.trusted, public_key: stranger!.trusted.public_key }]);
    await expect(read([await signedBy(swapped, stranger!)])).rejects.toMatchObject({ code: 'release-unreadable' });
    await expect(readKeyLists('[{]')).rejects.toMatchObject({ code: 'release-unreadable' });
    await expect(readKeyLists('[]')).rejects.toMatchObject({ code: 'release-unreadable' });
  });
});

const published = (digit: string, number: number) => ({
  release: hashOf(digit),
  name: 'Power board',
  version: `1.${number}.0`,
  size: 100,
  number,
  published_at: '2026-11-30T00:00:00.000Z',
  signatures: [],
});
const procedureOf = (pins: Pin[] = []): PublishedProcedure => ({
  procedure: 'power-board',
  id: '',
  current: hashOf('b'),
  releases: [published('b', 2), published('a', 1)],
  pins,
});
const indexOf = (number: number, procedures = [procedureOf()]): ReleaseIndex => ({
  kind: 'fieldbench-index',
  format: 1,
  number,
  made_at: '2026-11-30T00:00:00.000Z',
  procedures,
});

describe('8: the index', () => {
  const follow = async (known: ReleaseIndex | null, index: ReleaseIndex, by: TestKey, keys = [old!.trusted]) =>
    followIndex(known, { signed: index, signatures: [await signStatement(index, by.signer)] }, listOf(1, keys), NOW);

  test('only grows, is signed as a whole, and has one content for each number', async () => {
    const five = indexOf(5);
    expect(await follow(null, five, old!)).toEqual(five);
    expect(await follow(five, indexOf(6), old!)).toEqual(indexOf(6));
    expect(await follow(five, structuredClone(five), old!)).toEqual(five);
    await expect(follow(five, indexOf(4), old!)).rejects.toMatchObject({ code: 'release-older' });
    const other = { ...five, made_at: '2026-12-01T00:00:00.000Z' };
    await expect(follow(five, other, old!)).rejects.toMatchObject({ code: 'release-forked' });
    await expect(follow(five, indexOf(6), stranger!)).rejects.toMatchObject({ code: 'release-key-unknown' });
    const signatures = [await signStatement(five, old!.signer)];
    const changed = { signed: { ...five, number: 6 }, signatures };
    await expect(followIndex(five, changed, listOf(1, [old!.trusted]), NOW)).rejects.toMatchObject({
      code: 'release-signature',
    });
  });

  test('what is not of its form is refused with the place; a newer form says so', () => {
    const text = (change: object) => JSON.stringify({ signed: { ...indexOf(1), ...change }, signatures: [] });
    const refuses = (input: string, message: string, code = 'release-unreadable') =>
      expect(() => readIndex(input)).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
      );
    expect(readIndex(text({})).signed).toEqual(indexOf(1));
    refuses('{', 'no JSON');
    refuses('null', 'not of the known form');
    refuses(text({ number: 1.5 }), 'signed.number');
    refuses(text({ surprise: true }), 'signed.surprise');
    refuses(text({ format: 2 }), 'newer', 'release-newer-format');
    refuses(text({ procedures: [{ ...procedureOf(), current: hashOf('c') }] }), 'does not list');
    refuses(text({ procedures: [procedureOf([{ release: hashOf('c') }])] }), 'does not list');
    refuses(text({ procedures: [{ ...procedureOf(), procedure: '../up' }] }), 'procedure');
  });
});

describe('9: pins', () => {
  const wanted = (pins: Pin[], station = 'taipei-line1-042', nowMs = NOW) =>
    wantedRelease(procedureOf(pins), { station, nowMs }).version;

  test('the first that fits a station now goes before the fleet’s choice', () => {
    const release = hashOf('a');
    expect(wanted([])).toBe('1.2.0');
    expect(wanted([{ release }])).toBe('1.1.0');
    expect(wanted([{ release, stations: ['taipei-line1-*'] }])).toBe('1.1.0');
    expect(wanted([{ release, stations: ['taipei-line2-*', 'x'] }])).toBe('1.2.0');
    expect(wanted([{ release: hashOf('b') }, { release }]), 'the first').toBe('1.2.0');
    expect(wanted([{ release, from: '2026-11-30T12:00:01Z' }])).toBe('1.2.0');
    expect(wanted([{ release, from: '2026-11-30T12:00:00Z' }])).toBe('1.1.0');
    expect(wanted([{ release, until: '2026-11-30T12:00:00Z' }])).toBe('1.2.0');
    expect(wanted([{ release, until: '2026-11-30T20:00:01+08:00' }])).toBe('1.1.0');
  });

  test('a pattern is a name with *, and nothing else in it means anything', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, rest) => {
        fc.pre(!name.includes('*') && !name.includes('\n') && !rest.includes('\n'));
        expect(isLike(name, name)).toBe(true);
        expect(isLike(name + rest, `${name}*`)).toBe(true);
        expect(isLike(`${name}x${rest}`, name)).toBe(false);
      }),
    );
    expect(isLike('a-b', 'a.b')).toBe(false);
  });
});
