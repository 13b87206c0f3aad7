/**
 * Which files are a station's tiers, and one document out of them.
 *
 * Reads by what it is handed: a disk of a server, a working copy, a test's memory. Above: the server, the command line.
 */
import type { Configuration } from '#fleet/config/document.ts';
import { merge } from '#fleet/config/merge.ts';
import { type ConfigProblem, readTier, type TierFile } from '#fleet/config/read-tier.ts';
import { type FileTier, placesOf, tierFile, tierOfPath } from '#fleet/config/tiers.ts';
import { FORMAT } from '#fleet/distribution/signed/shapes.ts';
import { stationNameProblem } from '#fleet/identity/station-name.ts';

/** Of the fleet's folder, by path: the text of every file that is a tier's. */
export type TierTexts = ReadonlyMap<string, string>;

export interface StationTiers {
  readonly station: string;
  readonly product?: string;
  /** From the widest to the closest. */
  readonly files: readonly TierFile[];
  readonly values: Configuration['values'];
  readonly problems: readonly ConfigProblem[];
}

/** Reads each file once, however many stations it is for. */
export class FleetTiers {
  readonly #texts: TierTexts;
  readonly #read = new Map<string, TierFile>();

  constructor(texts: TierTexts) {
    this.#texts = texts;
  }

  /** Those that have a file of their own, which may be empty. */
  get stations(): readonly string[] {
    return [...this.#texts.keys()]
      .flatMap((path) => {
        const found = tierOfPath(path);
        return found?.tier === 'station' && stationNameProblem(found.name) === null ? [found.name] : [];
      })
      .toSorted();
  }

  /** The fleet's own file says what only documents bring. */
  get fleetSaysMore(): boolean {
    const { data } = this.#file('fleet', '') ?? {};
    return data?.locked !== undefined || data?.parameters !== undefined || data?.product !== undefined;
  }

  /** Everything that is wrong with any file, also of those that no station has. */
  get problems(): readonly ConfigProblem[] {
    const files = [...this.#texts.keys()].toSorted().flatMap((path) => {
      const found = tierOfPath(path);
      return found ? (this.#file(found.tier, found.name) ?? []) : [];
    });
    const strays = [...this.#texts.keys()].flatMap((path) => strayWords(path));
    const own = new Set(files.flatMap(({ problems }) => problems));
    const merged = this.stations.flatMap((station) => this.of(station).problems.filter((one) => !own.has(one)));
    return [...own, ...strays, ...unique(merged)];
  }

  of(station: string): StationTiers {
    const places = placesOf(station);
    const around = (['fleet', 'site', 'line', 'station'] as const).flatMap(
      (tier) => this.#file(tier, places[tier]) ?? [],
    );
    const stated = around.flatMap(({ product, file }) => (product ? [{ ...product, file }] : [])).at(-1);
    const product = stated && this.#file('product', stated.name);
    const missing: readonly ConfigProblem[] =
      stated && !product
        ? [
            {
              code: 'product',
              ...stated.place,
              file: stated.file,
              message: `product: there is no ${tierFile('product', stated.name)}`,
            },
          ]
        : [];
    const files = product
      ? [
          ...around.filter(({ tier }) => tier !== 'station'),
          product,
          ...around.filter(({ tier }) => tier === 'station'),
        ]
      : around;
    const { values, problems } = merge(files);
    return {
      station,
      ...(stated ? { product: stated.name } : {}),
      files,
      values,
      problems: [...files.flatMap((file) => file.problems), ...missing, ...problems],
    };
  }

  #file(tier: FileTier, name: string): TierFile | undefined {
    const file = tierFile(tier, name);
    const text = this.#texts.get(file);
    if (text === undefined) return undefined;
    const read = this.#read.get(file) ?? readTier({ tier, name, file, text });
    this.#read.set(file, read);
    return read;
  }
}

export function configurationOf(
  { station, product, values }: StationTiers,
  number: number,
  nowMs: number,
): Configuration {
  const madeAt = new Date(nowMs).toISOString();
  return {
    kind: 'fieldbench-configuration',
    format: FORMAT,
    station,
    number,
    made_at: madeAt,
    ...(product === undefined ? {} : { product }),
    values,
  };
}

/** A file that no station will ever read is a slip of its name. */
function strayWords(path: string): ConfigProblem[] {
  const found = tierOfPath(path);
  const say = (message: string): ConfigProblem[] => [{ code: 'tier', line: 1, column: 1, file: path, message }];
  if (!found) return say('no station reads this file: sites/, lines/, products/ and stations/ hold NAME.yaml');
  const { tier, name } = found;
  if (tier === 'station' && stationNameProblem(name) !== null) return say(stationNameProblem(name)!);
  if (tier === 'site' && !/^[a-z][a-z0-9]*$/.test(name)) return say(`“${name}” is not the site of a station’s name`);
  if (tier === 'line' && !/^[a-z][a-z0-9]*-[a-z0-9]+$/.test(name))
    return say(`“${name}” is not site and line of a station’s name, such as taipei-line1`);
  return [];
}

function unique(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}
