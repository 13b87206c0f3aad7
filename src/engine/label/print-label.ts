/**
 * The step `print`: a label is filled in with what is known now, and handed to its printer.
 *
 * What was printed, or why nothing was, is a line of the run's log. Above: run-step.ts. Below: run-labels.ts. Knows nothing
 * of what stands on a label.
 */
import { Fault } from '#base/fault.ts';
import type { StepScene } from '#engine/step-scene.ts';
import type { PrintStep } from '#procedure/label/label-uses.ts';

export async function printLabel(step: PrintStep, { labels, bench, signal, log }: StepScene): Promise<void> {
  const { plug, source, copies, only } = step;
  const outcome = labels.outcome();
  const name = 'file' in source ? source.file : 'a label';
  if (only !== undefined && (only === 'pass') !== (outcome === 'PASS'))
    return log(`${plug}: ${name} is only for units that ${only}; this one is ${outcome}`);
  const instrument = bench.instrument(plug);
  const text = labels.fill(step, outcome);
  if (!instrument.print) throw new Fault('unsupported', `${plug} is no label printer.`, 'Correct the procedure.');
  await instrument.print(new TextEncoder().encode(text.repeat(copies)), signal);
  log(`${plug}: printed ${name}${copies > 1 ? `, ${copies} copies` : ''} (${outcome})`);
}
