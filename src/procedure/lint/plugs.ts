/**
 * Plugs that nothing uses, and plugs that are switched on and never made safe.
 *
 * Says nothing where a script, a program or Python may use them unseen. Above: read-procedure.ts.
 */
import type { Place } from '#procedure/located.ts';
import type { Phase, Plug, Step } from '#procedure/procedure.ts';
import type { Problems } from '#procedure/problem.ts';

/** What cannot run here, and what powers nothing: the console of a device, a label printer. */
const UNPOWERED = ['python', 'console', 'label-printer'];

/** @param places of the plugs, in their order */
export function lintPlugs(
  problems: Problems,
  plugs: readonly Plug[],
  places: readonly Place[],
  phases: readonly Phase[],
): void {
  const isUnseen = phases.some(({ script, python, executable }) => script ?? python ?? executable);
  const steps = phases.flatMap((phase) => phase.steps.flatMap(unrolled));
  for (const [index, { key, name, safeState, driver }] of plugs.entries()) {
    const own = steps.filter((step) => plugOf(step) === key);
    const place = places[index]!;
    if (!isUnseen && own.length === 0)
      problems.lint('unused-plug', place, `plug “${name}” (${key}) is used by no step; a run still waits for it`);
    if (
      safeState.length === 0 &&
      !UNPOWERED.includes(driver) &&
      own.some(({ kind }) => kind === 'write' || kind === 'set-point')
    )
      problems.lint(
        'no-safe-state',
        place,
        `plug “${name}” (${key}) is written to and has no “safe_state”, so a stopped run may leave it powered; add one, such as safe_state: ['OUTP OFF']`,
      );
  }
}

export function unrolled(step: Step): Step[] {
  return 'steps' in step ? [step, ...step.steps.flatMap(unrolled)] : [step];
}

function plugOf(step: Step): string | undefined {
  if ('plug' in step) return step.plug;
  // What a step reads from may be a plug as well.
  const source: object = 'source' in step ? (step.source as object) : {};
  return 'plug' in source ? String(source.plug) : undefined;
}
