/**
 * What a person chose to look at, and the runs that belong to it.
 *
 * It outlives the screen, so that a look at a single run does not cost the reading again. Below: facts-reading. Knows
 * nothing of elements.
 */
import { chooseRuns, releasesOf } from '#analysis/runs/choose-runs.ts';
import type { GroupBy } from '#analysis/runs/grouped.ts';
import type { ParetoBy } from '#analysis/runs/pareto.ts';
import { readShifts, type Shifts, USUAL_SHIFTS, writeShifts } from '#analysis/runs/shifts.ts';
import { seriesPath, type RunFacts } from '#record/run-facts.ts';
import type { StationState } from '#ui/station-state.svelte.ts';
import { FactsReading } from './facts-reading.svelte.ts';
import { type Period, periodStart } from './period.ts';

export type View = 'overview' | 'measurement' | 'gauge';

const SHIFTS = 'fieldbench-shifts';

export class AnalysisDesk {
  readonly reading: FactsReading;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | null;
  readonly #nowMs: () => number;
  view = $state.raw<View>('overview');
  groupBy = $state.raw<GroupBy>('shift');
  paretoBy = $state.raw<ParetoBy>('measurement');
  withRetests = $state.raw(false);
  /** How many neighbours are one point of the control chart; 1: each value by itself. */
  groupSize = $state.raw(1);
  #procedureId = $state.raw('');
  #release = $state.raw<string | null>(null);
  #period = $state.raw<Period>('month');
  /** Path of the series that is looked at; empty: the first. */
  #path = $state.raw('');
  #shifts = $state.raw<Shifts>(USUAL_SHIFTS);

  /** Newest first, of the procedure, whole. */
  readonly #all = $derived.by(() => {
    void this.reading.version;
    // A copy: the book goes on with the same list, and nothing would be worked out anew.
    return [...this.reading.book.runs];
  });
  /** Simulated runs say nothing of units: they count only where there are no others. */
  readonly #simulated = $derived(this.#all.length > 0 && this.#all.every(({ simulated }) => simulated));
  readonly #releases = $derived(releasesOf(this.#all));
  readonly #runs = $derived.by(() =>
    chooseRuns(this.#all, {
      release: this.#releases.some(({ release }) => release === this.#release) ? this.#release : null,
      sinceMs: periodStart(this.#period, this.#nowMs()),
      simulated: this.#simulated,
    }),
  );

  constructor(
    station: Pick<StationState, 'port' | 'view'>,
    storage: Pick<Storage, 'getItem' | 'setItem'> | null,
    nowMs: () => number,
  ) {
    this.reading = new FactsReading(station.port.call);
    this.#storage = storage;
    this.#nowMs = nowMs;
    this.#procedureId = station.view.procedure?.id ?? station.view.recent[0]?.procedure_id ?? '';
    this.#shifts = readShifts(storage?.getItem(SHIFTS) ?? '') ?? USUAL_SHIFTS;
  }

  get procedureId(): string {
    return this.#procedureId;
  }

  set procedureId(id: string) {
    this.#procedureId = id;
    this.#release = null;
    this.#path = '';
  }

  get release(): string | null {
    return this.#release;
  }

  set release(release: string | null) {
    this.#release = release;
  }

  get period(): Period {
    return this.#period;
  }

  set period(period: Period) {
    this.#period = period;
  }

  get releases() {
    return this.#releases;
  }

  get isSimulated(): boolean {
    return this.#simulated;
  }

  /** Oldest first. */
  get runs(): readonly RunFacts[] {
    return this.#runs;
  }

  /** Of the procedure, whatever the period and the release. */
  get all(): readonly RunFacts[] {
    return this.#all;
  }

  get book() {
    void this.reading.version;
    return this.reading.book;
  }

  /** Place of the series that is looked at; -1 where the runs have none. */
  get series(): number {
    const { series } = this.book;
    const at = series.findIndex((one) => seriesPath(one) === this.#path);
    return at >= 0 ? at : (this.numericSeries[0] ?? -1);
  }

  set path(path: string) {
    this.#path = path;
  }

  readonly #numeric = $derived.by(() => {
    const found = new Set<number>();
    for (const { detail } of this.#all) for (const place of detail?.series ?? []) found.add(place);
    return [...found].sort((a, b) => a - b);
  });

  /** Places of the series that have numbers, in the order of the procedure. */
  get numericSeries(): readonly number[] {
    return this.#numeric;
  }

  get shifts(): Shifts {
    return this.#shifts;
  }

  set shifts(shifts: Shifts) {
    this.#shifts = shifts;
    this.#storage?.setItem(SHIFTS, writeShifts(shifts));
  }

  /** What is missing of what was chosen is read; what is here stays. */
  read(): Promise<void> {
    if (this.#procedureId === '') return Promise.resolve();
    return this.reading.read(this.#procedureId, periodStart(this.#period, this.#nowMs()));
  }
}

const desks = new WeakMap<object, AnalysisDesk>();

/** One for a station, however often the screen is opened. */
export function deskOf(
  station: StationState,
  storage: Pick<Storage, 'getItem' | 'setItem'> | null,
  nowMs: () => number,
): AnalysisDesk {
  const known = desks.get(station);
  if (known) return known;
  const desk = new AnalysisDesk(station, storage, nowMs);
  desks.set(station, desk);
  return desk;
}
