/**
 * The facts of one procedure's runs, gathered piece by piece, with one list of names for all of them.
 *
 * Pieces come newest first; what ran meanwhile is put in front. The limits of a series are those of its newest run, and
 * whether older ones had others is said. Knows nothing of where pieces come from.
 */
import { type FactsPiece, type PhaseName, type RunFacts, type Series, seriesPath } from '#record/run-facts.ts';

export interface BookSeries extends Series {
  /** Older runs had other limits. */
  readonly hadOtherLimits: boolean;
}

/**
 * How far behind the newest run one may still have been under way when that was read: sixteen slots, and each of them
 * a few runs late.
 */
export const OVERLAP_RUNS = 64;
/** Runs are told by number within this many of the newest. */
const KNOWN = 4 * OVERLAP_RUNS;

export class FactsBook {
  /** Newest first. */
  #runs: RunFacts[] = [];
  readonly #series: BookSeries[] = [];
  readonly #phases: PhaseName[] = [];
  readonly #seriesPlaces = new Map<string, number>();
  readonly #phasePlaces = new Map<string, number>();

  get runs(): readonly RunFacts[] {
    return this.#runs;
  }

  get series(): readonly BookSeries[] {
    return this.#series;
  }

  get phases(): readonly PhaseName[] {
    return this.#phases;
  }

  /** The piece that ends before everything that is here. */
  addOlder(piece: FactsPiece): void {
    for (const run of this.#taken(piece, false)) this.#runs.push(run);
  }

  /** Pieces from the newest run on, the newest first; they may reach into what is here. */
  addNewer(pieces: readonly FactsPiece[]): void {
    const known = new Set(this.#runs.slice(0, KNOWN).map(({ seq }) => seq));
    // The oldest first, so that the newest has the last word on limits.
    const found = pieces
      .toReversed()
      .flatMap((piece) => this.#taken(piece, true))
      .filter(({ seq }) => !known.has(seq));
    if (found.length === 0) return;
    // One that began earlier may have ended later, in another slot.
    const oldest = Math.min(...found.map(({ seq }) => seq));
    const at = this.#runs.findIndex(({ seq }) => seq < oldest);
    const rest = at < 0 ? [] : this.#runs.slice(at);
    const mixed = at < 0 ? this.#runs : this.#runs.slice(0, at);
    this.#runs = [...[...mixed, ...found].sort((a, b) => b.seq - a.seq), ...rest];
  }

  #taken({ runs, series, phases }: FactsPiece, isNewer: boolean): RunFacts[] {
    // In a piece, too, the first that is told of a series is the newest.
    const order = isNewer ? series.map((_, place) => series.length - 1 - place) : series.map((_, place) => place);
    const toSeries = new Int32Array(series.length);
    for (const place of order) toSeries[place] = this.#seriesPlace(series[place]!, isNewer);
    const toPhase = phases.map((phase) => placeIn(this.#phasePlaces, phase.key, this.#phases, phase));
    return runs.map((run) => {
      const { detail } = run;
      if (!detail) return run;
      return {
        ...run,
        detail: {
          ...detail,
          series: detail.series.map((place) => toSeries[place]!),
          phases: detail.phases.map((place) => toPhase[place]!),
          failedSeries: toSeries[detail.failedSeries] ?? -1,
          failedPhase: toPhase[detail.failedPhase] ?? -1,
        },
      };
    });
  }

  #seriesPlace(series: Series, isNewer: boolean): number {
    const known = this.#series.length;
    const place = placeIn(this.#seriesPlaces, seriesPath(series), this.#series, { ...series, hadOtherLimits: false });
    if (place === known) return place;
    const before = this.#series[place]!;
    const differs = before.low !== series.low || before.high !== series.high;
    const hadOtherLimits = before.hadOtherLimits || differs;
    this.#series[place] = { ...(isNewer ? series : before), hadOtherLimits };
    return place;
  }
}

function placeIn<T>(places: Map<string, number>, name: string, all: T[], thing: T): number {
  const known = places.get(name);
  if (known !== undefined) return known;
  places.set(name, all.length);
  return all.push(thing) - 1;
}
