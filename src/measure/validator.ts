/**
 * A limit as the procedure states it.
 *
 * Data only; judge.ts gives the verdict on one value, judge-axis.ts on a list of points. Operators are TofuPilot's nine
 * plus `range` and `within`; `curve` is the name under which a limit curve is recorded, and is not written by authors.
 */
import type { LimitPoint } from '#measure/limit-curve.ts';
import type { Verdict } from '#measure/verdict.ts';

export const OPERATORS = ['==', '!=', '>', '>=', '<', '<=', 'in', 'not in', 'matches', 'range', 'within'] as const;
export type Operator = (typeof OPERATORS)[number] | 'curve';
export type Expected = number | string | boolean | readonly (number | string | boolean)[];
/** What was read. null: nothing usable. */
export type Value = number | string | boolean | null | readonly (number | string | boolean)[];

export interface Validator {
  readonly operator: Operator;
  /** `range`: [low, high], inclusive. `in`: the list. `within`: the value, see tolerance. `curve`: empty, see there. */
  readonly expected: Expected;
  /** Only `within`: half width, absolute in the measurement's unit or a fraction of the expected value. */
  readonly tolerance?: { readonly absolute: number } | { readonly fraction: number };
  /** Only on an axis: each point by itself, not the list as a whole. */
  readonly every?: 'point';
  /** Only on an axis, with the operator `curve`: limits that change with x. */
  readonly curve?: readonly LimitPoint[];
  /** false: a miss is a warning and does not fail the measurement. */
  readonly isDecisive: boolean;
  /** Display text of the author's; never evaluated. */
  readonly expression?: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Why it failed, in words. */
  readonly reason?: string;
  /** The value could not be compared with the limit at all; then it fails whether decisive or not. */
  readonly unusable?: true;
}
