/**
 * A phase's condition (`when`) after reading: a small tree, the values that it asks for, and what it says.
 *
 * Plain data, stored and sent with the procedure. Made by parse-when.ts, evaluated by evaluate-when.ts. Knows nothing
 * of YAML and nothing of how phases run.
 */
import type { Scalar } from '#measure/scalar.ts';

/** What a phase that has ended can have come to. */
export const PHASE_OUTCOMES = ['PASS', 'FAIL', 'ERROR', 'SKIP'] as const;

export const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type WhenTree =
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'parameter'; readonly name: string }
  /** `serial_number` …, `metadata.<key>`, `sub_units.<key>`. */
  | { readonly kind: 'unit'; readonly field: string }
  | { readonly kind: 'outcome'; readonly phase: string }
  | { readonly kind: 'not'; readonly of: WhenTree }
  | { readonly kind: 'and' | 'or'; readonly left: WhenTree; readonly right: WhenTree }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: WhenTree; readonly right: WhenTree }
  | { readonly kind: 'member'; readonly negated: boolean; readonly of: WhenTree; readonly list: readonly Scalar[] };

/** A reference: what only a run can fill in. */
export type WhenReference = Extract<WhenTree, { kind: 'parameter' | 'unit' | 'outcome' }>;

export interface WhenValues {
  readonly parameters: Readonly<Record<string, Scalar | readonly Scalar[] | undefined>>;
  /** By field as in the tree; one that is undefined or empty is one that the unit does not have. */
  readonly unit: Readonly<Record<string, string | undefined>>;
  /** Outcome of each phase that has ended, by key: `PASS`, `FAIL`, `ERROR` or `SKIP`. */
  readonly outcomes: Readonly<Record<string, string | undefined>>;
}

export type WhenResult =
  | { readonly holds: boolean }
  /** It cannot be said. The phase must not be skipped for that: it is an error. */
  | { readonly trouble: string };

/** What kind of value a reference has; for `text`, the only values that it can have, where they are known. */
export interface WhenKind {
  readonly kind: 'number' | 'text' | 'flag' | 'duration' | 'list';
  readonly options?: readonly string[];
}

/** What a condition may refer to. */
export interface WhenScope {
  readonly parameters: ReadonlyMap<string, WhenKind>;
  readonly unitFields: readonly string[];
  /** Keys of the phases that have always ended before this one can begin. */
  readonly phases: readonly string[];
}

/** @param offset of the first character that is wrong, from 0 */
export interface WhenError {
  readonly offset: number;
  readonly message: string;
}
