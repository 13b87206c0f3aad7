/**
 * The plan of a gauge study and what the runs have filled in.
 *
 * Kept in localStorage, one a procedure: a study takes hours, and the page may be loaded anew. The readings themselves are
 * the station's runs. Knows nothing of elements.
 */
import { averageRange } from '#analysis/gauge/average-range.ts';
import { gaugeAnova } from '#analysis/gauge/gauge-anova.ts';
import { fillStudy, type GaugePlan } from '#analysis/gauge/gauge-study.ts';
import { seriesPath } from '#record/run-facts.ts';
import type { AnalysisDesk } from './analysis-desk.svelte.ts';

const KEY = 'fieldbench-gauge-study';

export interface GaugeWish {
  readonly path: string;
  /** Serial numbers, any white space or commas between. */
  readonly parts: string;
  readonly operators: readonly string[];
  readonly trials: number;
}

export class GaugeDesk {
  readonly #desk: AnalysisDesk;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  #plans = $state.raw<Readonly<Record<string, GaugePlan>>>({});

  readonly #plan = $derived.by(() => this.#plans[this.#desk.procedureId] ?? null);
  readonly #series = $derived.by(() => {
    const path = this.#plan?.path;
    return this.#desk.book.series.findIndex((one) => seriesPath(one) === path);
  });
  readonly #progress = $derived.by(() => {
    // Whatever the period that is looked at: a study has its own beginning.
    const oldestFirst = this.#desk.all.toReversed();
    return this.#plan && fillStudy(this.#plan, oldestFirst, this.#series);
  });
  readonly #results = $derived.by(() => {
    const table = this.#progress?.table;
    return table ? { byRange: averageRange(table), byAnova: gaugeAnova(table) } : null;
  });

  constructor(desk: AnalysisDesk, storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null) {
    this.#desk = desk;
    this.#storage = storage;
    this.#plans = readPlans(storage?.getItem(KEY) ?? null);
  }

  get plan(): GaugePlan | null {
    return this.#plan;
  }

  get series() {
    return this.#desk.book.series[this.#series];
  }

  get progress() {
    return this.#progress;
  }

  get results() {
    return this.#results;
  }

  begin({ path, parts, operators, trials }: GaugeWish, nowMs: number): void {
    const plan: GaugePlan = {
      procedureId: this.#desk.procedureId,
      path,
      parts: partsOf(parts),
      operators,
      trials,
      sinceMs: nowMs,
    };
    this.#keep({ ...this.#plans, [plan.procedureId]: plan });
  }

  /** Runs from an earlier moment count, too: the study was begun before it was planned here. */
  reachBack(sinceMs: number): void {
    if (this.#plan) this.#keep({ ...this.#plans, [this.#plan.procedureId]: { ...this.#plan, sinceMs } });
  }

  end(): void {
    const { [this.#desk.procedureId]: _, ...others } = this.#plans;
    this.#keep(others);
  }

  #keep(plans: Readonly<Record<string, GaugePlan>>): void {
    this.#plans = plans;
    this.#storage?.setItem(KEY, JSON.stringify(plans));
  }
}

/** Each once, without case. */
export function partsOf(text: string): string[] {
  const parts = new Map<string, string>();
  for (const part of text.split(/[\s,;]+/))
    if (part !== '' && !parts.has(part.toUpperCase())) parts.set(part.toUpperCase(), part);
  return [...parts.values()];
}

/** What is wrong with a wish, in words; null when it can begin. */
export function wishTrouble({ path, parts, operators }: GaugeWish): string | null {
  if (path === '') return 'Choose a measurement.';
  const count = partsOf(parts).length;
  if (count < 2) return 'A study needs the serial numbers of at least two parts; ten are usual.';
  if (count > MOST_PARTS) return `At most ${MOST_PARTS} parts: the constants are known no further.`;
  return operators.length === 0 ? 'Choose who measures; two or three are usual.' : null;
}

/** Of the constants of averages and ranges. */
const MOST_PARTS = 25;

function readPlans(text: string | null): Readonly<Record<string, GaugePlan>> {
  try {
    const plans = JSON.parse(text ?? '{}') as Record<string, GaugePlan>;
    return Object.fromEntries(Object.entries(plans).filter(([, plan]) => isPlan(plan)));
  } catch {
    return {};
  }
}

function isPlan(plan: Partial<GaugePlan> | null): boolean {
  return (
    typeof plan?.path === 'string' &&
    typeof plan.sinceMs === 'number' &&
    Number.isInteger(plan.trials) &&
    [plan.parts, plan.operators].every((list) => Array.isArray(list) && list.every((one) => typeof one === 'string'))
  );
}
