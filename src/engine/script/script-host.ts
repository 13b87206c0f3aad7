/**
 * The engine's port to wherever phase scripts run: a place of its own for each attempt, which can be ended at any time.
 *
 * worker-host.ts does it with a worker that a door opens; tests do it without one. The engine knows nothing of workers.
 */
import { Fault } from '#base/fault.ts';
import type { EarlierPhase } from '#engine/script/phase-api.ts';
import type { Scalar } from '#measure/scalar.ts';

/** What a script is told when it begins; plain data. */
export interface ScriptCall {
  readonly key: string;
  readonly name: string;
  readonly attempt: number;
  readonly plugs: readonly string[];
  /** What may be recorded: null for a single value, else the keys of the axes whose points are awaited. */
  readonly measurements: Readonly<Record<string, readonly string[] | null>>;
  /** Keys of what the phase's screen only shows, and which a script may therefore change. */
  readonly screen: readonly string[];
  readonly unit: Readonly<Record<string, string | undefined>>;
  readonly parameters: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  readonly earlier: Readonly<Record<string, EarlierPhase>>;
}

/** Answers what a script asks; what it throws goes back to the script. Whatever arrives here is not to be trusted. */
export type AnswerScript = (request: unknown) => Promise<unknown>;
/** Takes what a script tells without waiting for an answer; what it throws ends the script. */
export type HearScript = (told: unknown, whereIs: WhereIs) => void;

export interface Place {
  /** In the procedure's folder. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** From a position in the code that runs to the author's own file; null when it is no author's line. */
export type WhereIs = (line: number, column: number) => Place | null;

export interface ScriptTask {
  /** Its file in the procedure's folder. */
  readonly script: string;
  readonly call: ScriptCall;
  readonly answer: AnswerScript;
  readonly hear: HearScript;
}

export interface ScriptHost {
  /** Starts what this script will need, so that nothing has to be waited for at its phase. */
  prepare(script: string): void;
  /**
   * Runs it in a fresh place, which is gone when this settles. An abort ends it at once, even in an endless loop.
   * @throws {ScriptFault}
   */
  run(task: ScriptTask, signal: AbortSignal): Promise<void>;
  /** Ends whatever was prepared and not used. */
  close(): void;
}

/**
 * script-threw: the author's code did. script-missing: the release has no such file. script-died: its world ended, most
 * likely for want of memory. script-silent: no sign of life; it has run out of time. script-broke-rules: it told what no script may tell.
 */
export type ScriptFaultCode =
  'script-threw' | 'script-missing' | 'script-died' | 'script-silent' | 'script-broke-rules';

export class ScriptFault extends Fault<ScriptFaultCode> {
  /** Where in the author's files, if that is known. */
  readonly place: Place | null;

  constructor(code: ScriptFaultCode, message: string, remedy: string, place: Place | null = null) {
    super(code, message, remedy);
    this.place = place;
  }
}
