/**
 * One step of a phase: a command, a setting, a query, a pause, a stated value, a file, a wait for an answer or for a
 * reboot, a repetition, a question to the operator, a label.
 *
 * Above: run-attempt.ts, which owns deadline and record. Throws what the instrument throws, and `Unmet` for what was
 * waited for in vain. Below: until-answered.ts, expect-reboot.ts, prompt/.
 */
import { judge } from '#measure/judge.ts';
import { noteLines } from '#engine/device-lines.ts';
import { printLabel } from '#engine/label/print-label.ts';
import { askOperator } from '#engine/prompt/ask-operator.ts';
import { expectReboot } from '#engine/expect-reboot.ts';
import { untilAnswered } from '#engine/until-answered.ts';
import { plugsOfStep } from '#engine/phase-plugs.ts';
import type { StepScene } from '#engine/step-scene.ts';
import { Unmet } from '#engine/unmet.ts';
import type { Step } from '#procedure/procedure.ts';

/** A round that answers at once gives way this often, so that a stop is heard. */
const GIVE_WAY_AFTER_MS = 50;

export async function runStep(step: Step, scene: StepScene): Promise<void> {
  try {
    return await doStep(step, scene);
  } finally {
    // Also when it failed: what a device printed says most then.
    if (step.kind !== 'repeat') for (const plug of plugsOfStep(step)) noteLines(plug, scene);
  }
}

async function doStep(step: Step, scene: StepScene): Promise<void> {
  const { bench, clock, signal } = scene;
  switch (step.kind) {
    case 'wait':
      return clock.sleep(step.durationMs, signal);
    case 'set':
      return scene.recordValue(step.measurement, step.value);
    case 'write':
      return bench.instrument(step.plug).write(step.command, signal);
    case 'set-point':
      return bench.instrument(step.plug).set(step.setting, step.value, signal);
    case 'query': {
      const answer = await bench
        .instrument(step.plug)
        .query(step.command, signal, step.timeoutMs ?? scene.remainingMs());
      if (step.measurement === undefined) scene.log(`${step.plug}: ${step.command} → ${answer}`);
      else scene.recordAnswer(step.measurement, answer);
      return;
    }
    case 'attach': {
      const { name, contentType, source } = step;
      const text = 'text' in source ? source.text : await ask(source.plug, source, step.timeoutMs, scene);
      await scene.keepFile({ name, contentType, bytes: new TextEncoder().encode(text) });
      return;
    }
    case 'measure':
      return measure(step, scene);
    case 'expect':
      return untilAnswered(step, scene);
    case 'expect-reboot':
      return expectReboot(step, scene);
    case 'repeat':
      return repeat(step, scene);
    case 'print':
      return printLabel(step, scene);
    case 'prompt':
      await askOperator({ ...step, waits: true }, scene);
  }
}

function ask(
  plug: string,
  source: { readonly query: string } | { readonly read: string },
  timeoutMs: number | undefined,
  { bench, signal, remainingMs }: StepScene,
): Promise<string> {
  const instrument = bench.instrument(plug);
  const limitMs = timeoutMs ?? remainingMs();
  return 'read' in source
    ? instrument.read(source.read, signal, limitMs)
    : instrument.query(source.query, signal, limitMs);
}

async function measure(step: Extract<Step, { kind: 'measure' }>, scene: StepScene): Promise<void> {
  const { source, plug, timeoutMs } = step;
  if (step.axis !== undefined && 'read' in source) {
    const limitMs = timeoutMs ?? scene.remainingMs();
    const points = await scene.bench.instrument(plug).curve(source.read, scene.signal, limitMs);
    return scene.recordAxis(step.measurement, step.axis, points);
  }
  const answer = await ask(plug, source, timeoutMs, scene);
  if (step.axis === undefined) scene.recordAnswer(step.measurement, answer);
  else scene.recordPoints(step.measurement, step.axis, answer);
}

async function repeat(step: Extract<Step, { kind: 'repeat' }>, scene: StepScene): Promise<void> {
  const { count = Infinity, until, timeoutMs = Infinity, pauseMs } = step;
  const { clock, signal } = scene;
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  let gaveWayMs = clock.monotonicMs();
  let why = 'it was never asked';
  for (let round = 0; round < count && clock.monotonicMs() < deadlineMs && !signal.aborted; round += 1) {
    for (const inner of step.steps) await scene.within(inner);
    if (until) {
      const judged = judge(scene.lastValue(until.measurement), until.wanted);
      if (judged.verdict === 'PASS') return;
      why = judged.reason ?? why;
    }
    const isLate = clock.monotonicMs() - gaveWayMs >= GIVE_WAY_AFTER_MS;
    if ((pauseMs > 0 || isLate) && round + 1 < count) {
      await clock.sleep(Math.min(pauseMs, Math.max(0, deadlineMs - clock.monotonicMs())), signal);
      gaveWayMs = clock.monotonicMs();
    }
  }
  if (until) throw new Unmet(`repeated until “${until.measurement}” would be right, and it never was: ${why}`);
}

/** A step that gives up by its own limit, not by the phase's. */
export function hasOwnLimit(step: Step): boolean {
  return step.kind === 'print' || ('timeoutMs' in step && step.timeoutMs !== undefined);
}
