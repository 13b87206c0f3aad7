/**
 * What page and bench worker say to each other about the workshop: a run of a procedure that is being written.
 *
 * Such a run is nobody's: it has no number, is kept nowhere and sent nowhere. Its news is a station's news in an envelope
 * of its own, so that no screen takes it for one. Plain data only; part of station-link.ts.
 */
import type { Complaint } from '#procedure/answer.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { EnteredAnswers, PromptView } from '#engine/link/prompt-link.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { Section } from '#record/run-record.ts';

/** `step`: one step, then wait again. `on`: until its end, or until `step` is asked for. */
export type WorkshopPace = 'step' | 'on';
export type WorkshopBench = 'simulated' | 'real';

/** A phase script as a station runs it, by the author's path. */
export interface WorkshopScript {
  readonly path: string;
  readonly code: string;
  readonly map: { readonly sources: readonly string[]; readonly mappings: string };
}

export interface WorkshopWish {
  /** `procedure.yaml`, or `.yml`. */
  readonly file: string;
  /** Of the folder as it stands in the editor, by path: the procedure, its bench, its labels. */
  readonly texts: readonly (readonly [path: string, text: string])[];
  readonly scripts: readonly WorkshopScript[];
  /** Empty: the procedure's own example. */
  readonly serial: string;
  readonly bench: WorkshopBench;
  readonly pace: WorkshopPace;
}

/** Where the run is, for the editor. */
export interface WorkshopPlace {
  readonly phase: string;
  readonly section: Section;
  readonly line: number;
  /** It is held before this step. */
  readonly isWaiting: boolean;
}

export type WorkshopNews =
  | { readonly kind: 'place'; readonly place: WorkshopPlace }
  | { readonly kind: 'events'; readonly events: readonly RunEvent[] }
  | { readonly kind: 'plugs'; readonly plugs: readonly PlugStatus[] }
  | { readonly kind: 'prompts'; readonly prompts: readonly PromptView[] };

/** What a person is in the middle of writing, kept over a crash. */
export interface WorkshopDraft {
  readonly savedAt: string;
  readonly name: string;
  readonly file: string;
  /** As it stands in the editor, and as it was read; null: it was never anywhere else. */
  readonly texts: readonly { readonly path: string; readonly text: string; readonly saved: string | null }[];
  /** A FileSystemDirectoryHandle; null: it came from no folder that can be written. */
  readonly folder: object | null;
}

export interface WorkshopCommands {
  /**
   * Resolves when the run is over and the bench is safe again. Fails with a Fault when it may not begin: `busy`,
   * `workshop-busy`, `procedure-unreadable`, what the procedure's own problems are called, `fixture-…`, or who may.
   */
  workshopRun(wish: WorkshopWish): void;
  /** Lets a step that is held begin, at this pace. */
  workshopGo(pace: WorkshopPace): void;
  workshopStop(): void;
  workshopAnswer(prompt: number, answers: EnteredAnswers): readonly Complaint[];
  /** Texts of a procedure that this station has, by path. Fails with a Fault: `no-procedure`, or who may. */
  releasedTexts(folder: string): readonly (readonly [path: string, text: string])[];
  /** null: there is none any more. */
  keepDraft(draft: WorkshopDraft | null): void;
  draft(): WorkshopDraft | null;
}
