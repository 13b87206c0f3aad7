/**
 * The body of a phase that is a script: what it is told at its beginning, and who answers it.
 *
 * Above: run-attempt.ts, which owns deadline and record. Below: a script host, and script-desk.ts.
 */
import { axesToRead, isMultiPoint } from '#engine/curve-record.ts';
import type { EarlierPhases } from '#engine/script/earlier-phases.ts';
import { ScriptDesk } from '#engine/script/script-desk.ts';
import { askForScript } from '#engine/script/ask-for-script.ts';
import { ScriptFault, type ScriptCall, type ScriptHost } from '#engine/script/script-host.ts';
import type { StepScene } from '#engine/step-scene.ts';
import type { Tape } from '#engine/tape.ts';
import type { Phase, Procedure } from '#procedure/procedure.ts';
import { asks } from '#procedure/screen.ts';

/** What scripts of one run work with. */
export interface ScriptStage {
  /** Absent: this station cannot run scripts. */
  readonly host?: ScriptHost;
  readonly procedure: Pick<Procedure, 'plugs' | 'parameters' | 'phases' | 'unit'>;
  readonly unit: Readonly<Record<string, string | undefined>>;
  readonly earlier: EarlierPhases;
}

export interface ScriptRun {
  readonly phase: Phase;
  readonly script: string;
  readonly attempt: number;
  readonly stage: ScriptStage;
  readonly scene: StepScene;
  readonly tape: Tape;
}

/** @throws {ScriptFault} */
export async function runScript(run: ScriptRun): Promise<void> {
  const { phase, script, stage, scene, tape } = run;
  const { host } = stage;
  if (!host) throw new ScriptFault('script-missing', 'scripts cannot run here', 'Use a station, or fieldbench run.');
  const call = callOf(run);
  const desk = new ScriptDesk({
    scene,
    call,
    ask: (question, timeoutMs) => askForScript({ question, timeoutMs, phase, unit: stage.procedure.unit }, scene),
    log: (level, message, place) => tape.log(level, message, place?.line ?? phase.line, place?.file),
  });
  // The next one starts while this one runs.
  const next = scriptAfter(stage.procedure.phases, phase);
  if (next !== undefined) host.prepare(next);
  const task = { script, call, answer: desk.answer, hear: desk.hear };
  const sayDropped = () => desk.close();
  scene.signal.addEventListener('abort', sayDropped, { once: true });
  try {
    await host.run(task, scene.signal);
  } finally {
    scene.signal.removeEventListener('abort', sayDropped);
    if (!scene.signal.aborted) desk.close();
  }
}

/** The first script that a run will need. */
export function firstScript(phases: readonly Phase[]): string | undefined {
  return phases.find(({ script, skip }) => script !== undefined && skip === undefined)?.script;
}

function scriptAfter(phases: readonly Phase[], phase: Phase): string | undefined {
  return firstScript(phases.slice(phases.findIndex(({ key }) => key === phase.key) + 1));
}

function callOf({ phase, attempt, stage }: ScriptRun): ScriptCall {
  const { plugs, parameters } = stage.procedure;
  return {
    key: phase.key,
    name: phase.name,
    attempt,
    plugs: plugs.map(({ key }) => key),
    measurements: Object.fromEntries(
      phase.measurements.map((one) => [one.key, isMultiPoint(one) ? axesToRead(one).map(({ key }) => key) : null]),
    ),
    screen: (phase.ui?.components ?? []).filter(({ kind }) => !asks(kind)).map(({ key }) => key),
    unit: stage.unit,
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value])),
    earlier: stage.earlier.all,
  };
}
