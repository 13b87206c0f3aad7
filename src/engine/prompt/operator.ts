/**
 * The engine's port to the person at the station: screens that are shown, and what is entered into them.
 *
 * A door hands it in, one for each run: the station shows the page, `fieldbench run` answers from a file, a test does
 * what it likes. The engine knows nothing of pages.
 */
import type { LiveValues, ShownScreen } from '#engine/link/prompt-link.ts';
import type { Complaint } from '#procedure/answer.ts';
import type { Scalar } from '#record/run-record.ts';

/** @returns what is wrong; nothing when the answers are taken, and then the screen is over */
export type TakeAnswers = (given: unknown) => readonly Complaint[];

export interface OpenScreen {
  /** Changes what is shown, by component. */
  show(values: LiveValues): void;
  /** It is over; whatever is entered afterwards goes nowhere. May be called more than once. */
  close(): void;
}

export interface Operator {
  /** @throws {Fault} when nobody will ever answer it */
  open(screen: ShownScreen, take: TakeAnswers): OpenScreen;
}

/** What was entered, by component; a picture by its file's name, null where nothing was. */
export type Entered = Readonly<Record<string, Scalar | readonly string[] | null>>;

/** The screen of a phase, for those who work beside it. */
export interface PhaseScreen {
  /** Settles when it is answered and everything is kept, or, where nobody has to, when its countdown is over. */
  readonly over: Promise<Entered>;
  show(values: LiveValues): void;
}
