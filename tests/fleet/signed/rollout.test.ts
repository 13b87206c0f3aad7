/** Rings: who is in which, and what halts them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '#base/hash.ts';
import type { PublishedProcedure, Ring } from '#fleet/distribution/signed/release-index.ts';
import { type Asker, ringOf, shareOf } from '#fleet/distribution/signed/rollout.ts';
import { wantedRelease } from '#fleet/distribution/signed/wanted-release.ts';

const hashOf = (digit: string) => `sha256:${digit.repeat(64)}`;
const [OLD, NEW] = [hashOf('a'), hashOf('b')];
const published = (release: string, version: string, number: number) => ({
  release,
  name: 'Power board',
  version,
  size: 400,
  number,
  published_at: '2026-11-30T09:00:00.000Z',
  signatures: [],
});
const rolling = (rings: Ring[], open: number, more: object = {}): PublishedProcedure => ({
  procedure: 'power-board',
  id: '',
  current: OLD,
  releases: [published(NEW, '2.0.0', 2), published(OLD, '1.0.0', 1)],
  pins: [],
  rollout: { release: NEW, attempt: 7, salt: 'salt', rings, open },
  ...more,
});
const asker = (share: number | undefined, more: Partial<Asker> = {}): Asker => ({
  station: 'taipei-line1-042',
  nowMs: Date.parse('2026-11-30T12:00:00Z'),
  shares: new Map(share === undefined ? [] : [['salt', share]]),
  ...more,
});
const version = (one: PublishedProcedure, who: Asker) => wantedRelease(one, who).version;

describe('19, 21: a rollout in rings', () => {
  const RINGS: Ring[] = [{ name: 'pilot', stations: ['taipei-line1-*'], percent: 50 }, { name: 'tenth', percent: 10 }, { name: 'all' }]; // prettier-ignore

  test('a station is in the first ring whose names and share it has both; only open rings take the new release', () => {
    const inRing = (share: number | undefined, station = 'taipei-line1-042') =>
      ringOf(rolling(RINGS, 1).rollout!, asker(share, { station }));
    expect([inRing(49.9), inRing(50), inRing(5, 'x-y-1'), inRing(10, 'x-y-1')]).toEqual([0, 2, 1, 2]);
    expect(inRing(undefined), 'no share is known').toBe(2);
    expect(version(rolling(RINGS, 1), asker(49))).toBe('2.0.0');
    expect(version(rolling(RINGS, 1), asker(50))).toBe('1.0.0');
    expect(version(rolling(RINGS, 3), asker(50))).toBe('2.0.0');
    expect(version(rolling([{ name: 'few', percent: 20 }], 1), asker(99)), 'in no ring').toBe('1.0.0');
  });

  test('a pin goes before it', () => {
    expect(version(rolling(RINGS, 3, { pins: [{ release: OLD }] }), asker(1))).toBe('1.0.0');
  });

  test('a halt brings back to the fleet’s release, and means one attempt of one procedure only', () => {
    const halted = (procedure: string, attempt: number) => asker(1, { halts: [{ procedure, attempt }] });
    expect(version(rolling(RINGS, 3), halted('power-board', 7))).toBe('1.0.0');
    expect(version(rolling(RINGS, 3), halted('power-board', 6))).toBe('2.0.0');
    expect(version(rolling(RINGS, 3), halted('other', 7))).toBe('2.0.0');
    const { rollout } = rolling(RINGS, 3);
    expect(version(rolling(RINGS, 3, { rollout: { ...rollout, halted: 'smoke' } }), asker(1))).toBe('1.0.0');
  });

  test('whatever is halted, nobody is brought to anything but what the index names for them', () => {
    const halt = fc.record({ procedure: fc.constantFrom('power-board', 'other'), attempt: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(halt), fc.nat(3), fc.double({ min: 0, max: 99, noNaN: true }), (halts, open, share) => {
        const one = rolling(RINGS, open);
        const [free, held] = [version(one, asker(share)), version(one, asker(share, { halts }))];
        expect(held === free || held === '1.0.0').toBe(true);
      }),
    );
  });
});

describe('20: the order of stations', () => {
  test('is sha-256 of salt and name: anybody can say who comes when', async () => {
    const digits = (await sha256(new TextEncoder().encode('salt/taipei-line1-042'))).slice(7, 15);
    expect(await shareOf('salt', 'taipei-line1-042')).toBeCloseTo((Number.parseInt(digits, 16) / 2 ** 32) * 100, 12);
  });

  test('is even: of a thousand stations a tenth is in a tenth, and another salt is another order', async () => {
    const names = Array.from({ length: 1000 }, (_, at) => `plant-line${at % 20}-${at}`);
    const first = await Promise.all(names.map((name) => shareOf('one', name)));
    const second = await Promise.all(names.map((name) => shareOf('two', name)));
    const tenth = (shares: readonly number[]) => shares.flatMap((share, at) => (share < 10 ? [at] : []));
    // Three standard deviations of a binomial with n 1000 and p 0.1.
    expect(Math.abs(tenth(first).length - 100)).toBeLessThan(3 * Math.sqrt(90));
    expect(Math.abs(tenth(second).length - 100)).toBeLessThan(3 * Math.sqrt(90));
    const both = tenth(first).filter((at) => second[at]! < 10).length;
    expect(both).toBeLessThan(25);
  });
});
