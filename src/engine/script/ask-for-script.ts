/**
 * A question of a script: read as a procedure's own would be, then asked like any other.
 *
 * Above: run-script.ts. Below: prompt/ask-operator.ts. Knows nothing of workers.
 */
import { askOperator } from '#engine/prompt/ask-operator.ts';
import type { Entered } from '#engine/prompt/operator.ts';
import { ScriptFault } from '#engine/script/script-host.ts';
import type { StepScene } from '#engine/step-scene.ts';
import { readQuestion } from '#procedure/read/read-question.ts';
import type { Phase, UnitFields } from '#procedure/procedure.ts';

/** Characters of a question as JSON; a table of a page has less. */
const LONGEST_QUESTION = 100_000;

export interface ScriptQuestion {
  readonly question: unknown;
  readonly timeoutMs: number | undefined;
  readonly phase: Phase;
  readonly unit: UnitFields;
}

/** @throws {ScriptFault} for a question that no procedure could ask */
export async function askForScript(
  { question, timeoutMs, phase, unit }: ScriptQuestion,
  scene: StepScene,
): Promise<Entered> {
  if ((JSON.stringify(question) ?? '').length > LONGEST_QUESTION) throw wrong('the question is too long');
  const read = readQuestion(question, {
    phase: `phase “${phase.name}”`,
    measurements: new Map(phase.measurements.flatMap(({ key, name }) => [[name, key] as const, [key, key] as const])),
    axes: new Set(phase.measurements.flatMap(({ key, yAxis }) => (yAxis ? [key] : []))),
    unit,
  });
  if (typeof read === 'string') throw wrong(read);
  return askOperator({ ...read, waits: true, ...(timeoutMs === undefined ? {} : { timeoutMs }) }, scene);
}

function wrong(message: string): ScriptFault {
  return new ScriptFault('script-broke-rules', message, 'Correct the script.');
}
