/**
 * Whether a phase's `when` lets it run, for what is known at its turn.
 *
 * Above: run-procedure.ts. Below: procedure/when, which knows the language.
 */
import type { PhaseFact } from '#engine/run-outcome.ts';
import type { Phase, Procedure } from '#procedure/procedure.ts';
import { evaluateWhen } from '#procedure/when/evaluate-when.ts';

export interface Known {
  readonly parameters: Procedure['parameters'];
  readonly unit: Readonly<Record<string, string | undefined>>;
  /** Of the phases that have ended, by key. */
  readonly facts: ReadonlyMap<string, PhaseFact>;
}

export type Asked = { readonly run: true } | { readonly off: string } | { readonly trouble: string };

const OUTCOMES: Readonly<Record<PhaseFact['ended'], string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  error: 'ERROR',
  timeout: 'ERROR',
  stopped: 'ERROR',
  off: 'SKIP',
  unreached: 'SKIP',
};

export function conditionOf({ when }: Pick<Phase, 'when'>, { parameters, unit, facts }: Known): Asked {
  if (!when) return { run: true };
  const found = evaluateWhen(when.tree, {
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value])),
    unit,
    outcomes: Object.fromEntries([...facts].map(([key, { ended }]) => [key, OUTCOMES[ended]])),
  });
  if ('trouble' in found) return { trouble: `its condition (${when.text}) cannot be evaluated: ${found.trouble}` };
  return found.holds ? { run: true } : { off: `its condition does not hold: ${when.text}` };
}
