/**
 * Which labels a procedure prints, and what is wrong with them where their text is known.
 *
 * Pure. Above: the reader, for texts in the procedure itself; a station and the check, for files. Below: label-text.ts.
 * Knows nothing of where files lie.
 */
import { labelNameTrouble } from '#procedure/label/label-names.ts';
import { labelTroubles, placeholdersIn, placeIn, type LabelTrouble } from '#procedure/label/label-text.ts';
import type { Phase, Problem, Procedure, Step } from '#procedure/procedure.ts';

export type PrintStep = Extract<Step, { kind: 'print' }>;

export interface LabelUse {
  readonly phase: Phase;
  readonly step: PrintStep;
  /** Nothing of its phase comes after it but further labels. */
  readonly isLast: boolean;
}

type Printing = Pick<Procedure, 'phases' | 'unit' | 'parallel'>;

/** Of the phases that are not switched off. */
export function labelUses({ phases }: Pick<Procedure, 'phases'>): LabelUse[] {
  return phases.filter(({ skip }) => skip === undefined).flatMap((phase) => usesIn(phase, phase.steps, !phase.ui));
}

function usesIn(phase: Phase, steps: readonly Step[], mayBeLast: boolean): LabelUse[] {
  return steps.flatMap((step, index) => {
    if ('steps' in step) return usesIn(phase, step.steps, false);
    const isLast = mayBeLast && steps.slice(index).every(({ kind }) => kind === 'print');
    return step.kind === 'print' ? [{ phase, step, isLast }] : [];
  });
}

/** What is wrong with a label's text where it is printed. */
export function textTroubles(procedure: Printing, use: LabelUse, text: string): readonly LabelTrouble[] {
  const troubles = labelTroubles(text, use.step.language, (name) => labelNameTrouble(procedure, name));
  const outcome = placeholdersIn(text).find(({ name }) => name === 'outcome');
  const early = outcome ? earlyTrouble(procedure, use) : null;
  return outcome && early !== null ? [...troubles, { offset: outcome.offset, message: early }] : troubles;
}

/** @returns why the outcome cannot be said there, in words: a label must not say of a unit that it passed before it did */
export function earlyTrouble({ phases, parallel }: Printing, { phase, isLast }: LabelUse): string | null {
  if (phase.section === 'teardown') return null;
  const after = phases.slice(phases.findIndex(({ key }) => key === phase.key) + 1);
  const isEnd = phase.section === 'main' && isLast && !parallel?.includes('main');
  if (isEnd && !after.some(({ section, skip }) => section === 'main' && skip === undefined)) return null;
  return 'the outcome is not known there; print at the end of the last phase of main, or in teardown';
}

/** @param files the texts of label files by path; of one that is not there nothing is said */
export function labelFileProblems(procedure: Printing, files: ReadonlyMap<string, string>): Problem[] {
  return labelUses(procedure).flatMap((use) => {
    const { source } = use.step;
    const text = 'file' in source ? files.get(source.file) : undefined;
    if (text === undefined || !('file' in source)) return [];
    return textTroubles(procedure, use, text).map(({ offset, message }) => ({
      severity: 'error' as const,
      code: 'label',
      message,
      file: source.file,
      ...placeIn(text, offset),
    }));
  });
}
