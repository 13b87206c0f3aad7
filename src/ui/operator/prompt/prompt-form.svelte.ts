/**
 * One question on the screen: what stands in it, what is wrong with it, and its way to the station.
 *
 * Checked here first, so that a slip is said at once; the station checks again. Above: prompt-desk.svelte.ts. Knows
 * nothing of elements.
 */
import type { EnteredAnswers, PromptView } from '#engine/link/prompt-link.ts';
import { messageOf } from '#base/fault.ts';
import { takeAnswers, type Complaint } from '#procedure/answer.ts';
import { asks, type Component } from '#procedure/screen.ts';
import type { PhaseRecord } from '#record/run-record.ts';
import type { LiveRun } from '#ui/live-run.svelte.ts';
import type { Drafts } from '#ui/operator/prompt/drafts.ts';
import { answerOf, initialEntry, isTyped, type Entry } from '#ui/operator/prompt/entry.ts';

export interface PromptFormOptions {
  readonly prompt: PromptView;
  readonly drafts: Drafts;
  /** That asks. */
  readonly run: LiveRun | null;
  readonly send: (answers: EnteredAnswers) => Promise<readonly Complaint[]>;
  readonly nowMs: number;
}

export class PromptForm {
  /** As it was opened; live values come beside it. */
  readonly prompt: PromptView;
  readonly asking: readonly Component[];
  readonly openedAtMs: number;
  readonly #options: PromptFormOptions;
  #entries = $state.raw<Readonly<Record<string, Entry>>>({});
  #complaints = $state.raw<readonly Complaint[]>([]);
  #isSending = $state.raw(false);

  constructor(options: PromptFormOptions) {
    const { prompt, nowMs } = options;
    this.#options = options;
    this.prompt = prompt;
    this.asking = prompt.waits ? prompt.components.filter(({ kind }) => asks(kind)) : [];
    this.openedAtMs = nowMs;
    this.#entries = Object.fromEntries(this.asking.map((one) => [one.key, this.#first(one)]));
  }

  /** Of its elements: another question may be on the screen, in another slot. */
  get id(): string {
    return `prompt-${this.prompt.id}`;
  }

  /** A decision that is all there is to say: pressing it is the answer. */
  get decision(): Component | null {
    const [only, ...others] = this.asking;
    return only?.kind === 'verdict' && others.length === 0 ? only : null;
  }

  get isSending(): boolean {
    return this.#isSending;
  }

  get run(): LiveRun | null {
    return this.#options.run;
  }

  /** What the phase that asks has measured until now. */
  get attempt(): PhaseRecord | null {
    return this.run?.phases.find(({ key }) => key === this.prompt.phase)?.last ?? null;
  }

  entry(key: string): Entry {
    return this.#entries[key] ?? null;
  }

  complaint(key: string | null): string {
    return this.#complaints.find((one) => one.key === key)?.message ?? '';
  }

  set(component: Component, entry: Entry): void {
    const { key, kind } = component;
    this.#entries = { ...this.#entries, [key]: entry };
    // What was said about it was said about something else.
    this.#complaints = this.#complaints.filter((one) => one.key !== key);
    if (isTyped(kind) && typeof entry === 'string') this.#options.drafts.set(this.#draftKey(component), entry);
  }

  async decide(component: Component, entry: boolean): Promise<void> {
    this.set(component, entry);
    if (component === this.decision) await this.confirm();
  }

  /** @returns the key of the first component that something is wrong with; null when there is none, or the answer is taken */
  async confirm(): Promise<string | null> {
    if (this.#isSending) return null;
    const answers = Object.fromEntries(this.asking.map((one) => [one.key, answerOf(one, this.entry(one.key))]));
    this.#complaints = takeAnswers(this.prompt.components, answers).complaints;
    if (this.#complaints.length === 0) {
      this.#isSending = true;
      this.#complaints = await this.#send(answers);
      this.#isSending = false;
    }
    if (this.#complaints.length > 0) return this.#complaints.find(({ key }) => key !== null)?.key ?? null;
    for (const component of this.asking) this.#options.drafts.set(this.#draftKey(component), '');
    return null;
  }

  async #send(answers: EnteredAnswers): Promise<readonly Complaint[]> {
    try {
      return await this.#options.send(answers);
    } catch (thrown) {
      return [{ key: null, message: messageOf(thrown) }];
    }
  }

  #first(component: Component): Entry {
    const draft = isTyped(component.kind) ? this.#options.drafts.get(this.#draftKey(component)) : undefined;
    return draft ?? initialEntry(component);
  }

  #draftKey({ key }: Component): string {
    const { run, prompt } = this.#options;
    // What is typed for one unit is not offered for another.
    return JSON.stringify([run?.record.procedure.id, run?.record.serial_number, prompt.phase, key]);
  }
}
