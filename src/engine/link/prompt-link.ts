/**
 * What page and bench worker say to each other about screens of a run and what is entered into them; part of
 * station-link.ts.
 *
 * Plain data only. Knows nothing of how a screen looks and of what becomes of an answer.
 */
import type { Answer, Complaint } from '#procedure/answer.ts';
import type { LocalText } from '#procedure/local-text.ts';
import type { Component } from '#procedure/screen.ts';

/** What a component that is only shown shows now. */
export type LiveValue = string | number | boolean;
export type LiveValues = Readonly<Record<string, LiveValue>>;

export interface ShownScreen {
  /** Key and name of the phase that shows it. */
  readonly phase: string;
  readonly name: string;
  readonly attempt: number;
  /** Of a `prompt` step, and of a question that a script asks. */
  readonly message?: LocalText;
  readonly components: readonly Component[];
  /** Somebody has to answer it; otherwise it is only looked at. */
  readonly waits: boolean;
  /** Time until the phase runs out of it, from the moment at which it was opened; absent: as long as it takes. */
  readonly leftMs?: number;
}

export interface PromptView extends ShownScreen {
  /** `client_run_id`. */
  readonly run: string;
  /** Of no other screen since the worker began. */
  readonly id: number;
  readonly values: LiveValues;
}

/** By component; null where nothing was entered. */
export type EnteredAnswers = Readonly<Record<string, Answer | null>>;

export interface PromptCommands {
  /** @returns what is wrong; nothing when the answers were taken. A screen that is over takes none. */
  answer(prompt: number, answers: EnteredAnswers): readonly Complaint[];
  /** A file of the procedure's folder that a screen shows; null when this station has none of that name. */
  screenFile(path: string): Uint8Array<ArrayBuffer> | null;
}
