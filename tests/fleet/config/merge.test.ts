/** RULES.md 1 to 6: one value for each key, from the closest tier that says it, whatever order the files come in. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingsOf } from '#fleet/config/effective.ts';
import { merge } from '#fleet/config/merge.ts';
import { readTier, type TierFile } from '#fleet/config/read-tier.ts';
import { configurationOf, FleetTiers } from '#fleet/config/station-tiers.ts';
import { type FileTier, TIERS, tierFile } from '#fleet/config/tiers.ts';
import { stringify } from 'yaml';

const STATION = 'taipei-line1-042';
const NAMES: Readonly<Record<FileTier, string>> = {
  fleet: '',
  site: 'taipei',
  line: 'taipei-line1',
  product: 'PWR-A',
  station: STATION,
};
const file = (tier: FileTier, data: object): TierFile =>
  readTier({ tier, name: NAMES[tier], file: tierFile(tier, NAMES[tier]), text: stringify(data) });
const FILE_TIERS = TIERS.slice(1) as FileTier[];

/** Anything that a tier may say, as far as merging cares: settings, a list of one, parameters. */
const anyData = fc.record(
  {
    simulated: fc.boolean(),
    sign_in: fc.record(
      { idle_min: fc.integer({ min: 1, max: 60 }), retest_reason: fc.boolean() },
      { requiredKeys: [] },
    ),
    sync: fc.record({ concurrency: fc.integer({ min: 1, max: 32 }) }, { requiredKeys: [] }),
    instruments: fc
      .uniqueArray(fc.constantFrom('A1', 'B2', 'C3'), { minLength: 1 })
      .map((serials) => serials.map((serial) => ({ serial, calibration_due: '2027-03-01' }))),
    parameters: fc.record(
      { board: fc.record({ settle: fc.integer(), rail: fc.constant([3.25, 3.35]) }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const anyTiers = fc
  .subarray(FILE_TIERS)
  .chain((tiers) => fc.tuple(...tiers.map((tier) => anyData.map((data) => file(tier, data)))));

describe('of whatever tiers there are', () => {
  test('1, 2: each value is that of the closest tier that says it, and names exactly that file and line', () => {
    fc.assert(
      fc.property(anyTiers, (files) => {
        const { values, problems } = merge(files);
        expect(problems).toEqual([]);
        const keys = values.map(({ path }) => path.join('.'));
        expect(new Set(keys).size).toBe(keys.length);
        for (const { path, value, tier, from } of values) {
          const saying = files.filter((one) => one.values.some((stated) => stated.path.join('.') === path.join('.')));
          const closest = saying.toSorted((a, b) => TIERS.indexOf(b.tier) - TIERS.indexOf(a.tier))[0]!;
          const stated = closest.values.find((one) => one.path.join('.') === path.join('.'))!;
          expect([tier, from, value]).toEqual([closest.tier, `${closest.file}:${stated.place.line}`, stated.value]);
        }
        // And nothing that any tier says is lost.
        const said = files.flatMap((one) => one.values.map(({ path }) => path.join('.')));
        expect(new Set(keys)).toEqual(new Set(said));
      }),
    );
  });

  test('3: the order in which files come means nothing, and merging again changes nothing', () => {
    fc.assert(
      fc.property(anyTiers, fc.infiniteStream(fc.nat(1000)), (files, chance) => {
        const shuffled = files
          .map((one) => [chance.next().value as number, one] as const)
          .toSorted(([a], [b]) => a - b);
        expect(merge(shuffled.map(([, one]) => one))).toEqual(merge(files));
        const settings = settingsOf(merge(files).values, { signed_only: false });
        const { locked: _, signed_only: __, sync, ...rest } = settings;
        const again = merge([file('fleet', { ...rest, sync: { concurrency: sync.concurrency } })]);
        expect(settingsOf(again.values, { signed_only: false })).toEqual(settings);
      }),
    );
  });

  test('4: a tier that says nothing of a key changes nothing of it', () => {
    fc.assert(
      fc.property(anyTiers, fc.constantFrom(...FILE_TIERS), (files, tier) => {
        const without = files.filter((one) => one.tier !== tier);
        expect(merge([...without, file(tier, {})])).toEqual(merge(without));
      }),
    );
  });
});

describe('6: locks', () => {
  const LOCKING = { sign_in: { retest_by: 'supervisor' }, locked: ['sign_in.retest_by', 'simulated'] };

  test('what a tier locks no closer one can say: that is a mistake, with both places', () => {
    const { values, problems } = merge([
      file('fleet', LOCKING),
      file('station', { sign_in: { retest_by: 'operator', idle_min: 3 } }),
    ]);
    expect(problems).toMatchObject([
      {
        code: 'locked',
        file: `config/stations/${STATION}.yaml`,
        line: 2,
        message: expect.stringContaining('sign_in.retest_by: fleet.yaml:4 has locked it'),
      },
    ]);
    expect(values).toContainEqual(
      expect.objectContaining({ path: ['sign_in', 'retest_by'], value: 'supervisor', tier: 'fleet' }),
    );
    expect(values).toContainEqual(
      expect.objectContaining({ path: ['sign_in', 'idle_min'], value: 3, tier: 'station' }),
    );
  });

  test('what is locked and said by nobody stays as it is built in; a section locks all that stands in it', () => {
    const { values } = merge([file('fleet', { ...LOCKING, locked: ['simulated', 'sync'] })]);
    expect(values.filter(({ locked }) => locked).map(({ path, value, tier }) => [path.join('.'), value, tier])).toEqual(
      [
        ['simulated', false, 'built-in'],
        ['sync.ambiguous_wait_s', 90, 'built-in'],
        ['sync.concurrency', 6, 'built-in'],
        ['sync.rate_per_s', 0, 'built-in'],
      ],
    );
    expect(
      merge([file('fleet', { locked: ['sync'] }), file('line', { sync: { concurrency: 2 } })]).problems,
    ).toHaveLength(1);
  });
});

describe('5: which files are a station’s', () => {
  const fleet = (texts: Record<string, string>) => new FleetTiers(new Map(Object.entries(texts)));

  test('by the parts of its name; its product by what the closest of them states', () => {
    const tiers = fleet({
      'fleet.yaml': 'product: OLD\nsync: { concurrency: 2 }\n',
      'config/sites/taipei.yaml': 'sign_in: { idle_min: 20 }\n',
      'config/sites/berlin.yaml': 'sign_in: { idle_min: 99 }\n',
      'config/lines/taipei-line1.yaml': 'product: PWR-A\n',
      'config/products/PWR-A.yaml': 'sign_in: { idle_min: 5 }\nparameters: { board: { settle: 1 } }\n',
      [`config/stations/${STATION}.yaml`]: 'parameters: { board: { settle: 2 } }\n',
    }).of(STATION);
    expect(tiers.problems).toEqual([]);
    expect(tiers.files.map(({ tier }) => tier)).toEqual(['fleet', 'site', 'line', 'product', 'station']);
    expect(configurationOf(tiers, 7, 0)).toMatchObject({ station: STATION, number: 7, product: 'PWR-A' });
    expect(tiers.values.map(({ path, value, tier }) => [path.join('.'), value, tier])).toEqual([
      ['parameters.board.settle', 2, 'station'],
      ['sign_in.idle_min', 5, 'product'],
      ['sync.concurrency', 2, 'fleet'],
    ]);
  });

  test('a product without a file, and a file that no station will ever read, are mistakes', () => {
    const { problems } = fleet({
      'fleet.yaml': '',
      'config/lines/taipei-line1.yaml': 'product: PWR-B\n',
      'config/lines/taipei.yaml': '',
      'config/station/x.yaml': '',
      'config/stations/Taipei-042.yaml': '',
      [`config/stations/${STATION}.yaml`]: '',
    });
    expect(problems.map(({ file: at, code }) => [at, code]).toSorted()).toEqual([
      ['config/lines/taipei-line1.yaml', 'product'],
      ['config/lines/taipei.yaml', 'tier'],
      ['config/station/x.yaml', 'tier'],
      ['config/stations/Taipei-042.yaml', 'tier'],
    ]);
  });
});
