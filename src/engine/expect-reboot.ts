/**
 * The step `expect_reboot`: a device is told to reboot, or made to, and is waited for until it is back.
 *
 * What is no loss meanwhile, and who it is that comes back, the bench knows. Above: run-step.ts.
 */
import { Fault } from '#base/fault.ts';
import type { StepScene } from '#engine/step-scene.ts';
import type { Step } from '#procedure/procedure.ts';

export async function expectReboot(step: Extract<Step, { kind: 'expect-reboot' }>, scene: StepScene): Promise<void> {
  const { plug, command, steps, timeoutMs, as, until } = step;
  const { bench, signal, clock } = scene;
  const startedMs = clock.monotonicMs();
  // Its last words stay with the wire that it leaves.
  const before = bench.instrument(plug);
  const cause = async () => {
    if (command !== undefined) await before.write(command, signal).catch(unlessGone);
    for (const inner of steps) await scene.within(inner);
  };
  const expected = { withinMs: timeoutMs, ...(as ? { as } : {}), ...(until === undefined ? {} : { until }) };
  try {
    await bench.reboot(plug, expected, cause, signal);
  } finally {
    for (const line of before.takeLines?.() ?? []) scene.log(`${plug}: ${line}`);
  }
  scene.log(`${plug}: back after ${((clock.monotonicMs() - startedMs) / 1000).toFixed(1)} s`);
}

/** A device may go before the command was handed over whole: that is what it was told. */
function unlessGone(thrown: unknown): void {
  if (!(thrown instanceof Fault) || thrown.code !== 'lost') throw thrown;
}
