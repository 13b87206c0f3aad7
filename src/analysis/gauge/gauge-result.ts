/**
 * What a gauge study says: where the spread of its readings comes from, and whether the gauge can be used.
 *
 * The same result by either method, so that a screen shows both alike. All figures are standard deviations in the unit of
 * the measurement.
 *
 * @see AIAG, Measurement Systems Analysis, 4th edition 2010, chapter III section B and appendix A
 */
export interface GaugeResult {
  readonly method: 'average-range' | 'anova';
  /** Repeatability: equipment variation. */
  readonly ev: number;
  /** Reproducibility: appraiser variation; null with one operator. */
  readonly av: number | null;
  /** Operators measure some parts differently; null where the method cannot tell, 0 where it is not there. */
  readonly interaction: number | null;
  readonly grr: number;
  /** Part variation. */
  readonly pv: number;
  readonly tv: number;
  /** Distinct categories, 1.41 PV / GRR, cut off to a whole number; null where GRR is 0. */
  readonly ndc: number | null;
}

/** The share of the total that is printed as %EV, %AV, %GRR and %PV: of deviations, so that they do not add up to 100. */
export function ofStudy(deviation: number, { tv }: Pick<GaugeResult, 'tv'>): number | null {
  return tv > 0 ? deviation / tv : null;
}

/** Six sigmas over the tolerance; null where there are not two limits. */
export function ofTolerance(deviation: number, tolerance: number | null): number | null {
  return tolerance !== null && tolerance > 0 ? (6 * deviation) / tolerance : null;
}

export function totals(ev: number, av: number | null, interaction: number | null, pv: number) {
  const grr = Math.hypot(ev, av ?? 0, interaction ?? 0);
  return { grr, pv, tv: Math.hypot(grr, pv), ndc: grr > 0 ? Math.floor((1.41 * pv) / grr) : null };
}

export type GaugeVerdict = 'good' | 'limited' | 'poor';

/** AIAG's guide: under 10 % good, to 30 % perhaps good enough for what it is used for, above it not. */
export function gaugeVerdict(share: number): GaugeVerdict {
  if (share < 0.1) return 'good';
  return share <= 0.3 ? 'limited' : 'poor';
}

/** AIAG's guide: a gauge that cannot tell five kinds of parts apart says little about the process. */
export const LEAST_CATEGORIES = 5;
