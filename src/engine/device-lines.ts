/**
 * What a device says without being asked, such as the boot text of a console, as lines of the run's log.
 *
 * Above: run-step.ts and the desk of a script, which call it after everything that they do with a plug. Knows nothing of
 * where lines come from.
 */
import type { StepScene } from '#engine/step-scene.ts';

export function noteLines(plug: string, { bench, log }: StepScene): void {
  for (const line of linesOf(plug, bench)) log(`${plug}: ${line}`);
}

function linesOf(plug: string, bench: StepScene['bench']): readonly string[] {
  try {
    return bench.instrument(plug).takeLines?.() ?? [];
  } catch {
    // It is lost; the step has said so.
    return [];
  }
}
