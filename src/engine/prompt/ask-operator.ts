/**
 * One screen from its beginning to its end: shown, answered, every entry checked and put where it belongs.
 *
 * An entry that breaks a rule is refused with a word and the screen stays; what is entered after its end goes nowhere.
 * Above: run-attempt.ts (a phase's screen), run-step.ts (`prompt`), script/ (questions of scripts). Below: the port that
 * a door hands in. Knows nothing of how a screen looks.
 */
import { Fault } from '#base/fault.ts';
import { NobodyAnswered } from '#engine/prompt/nobody-answered.ts';
import type { LiveValues } from '#engine/link/prompt-link.ts';
import type { Entered, OpenScreen, PhaseScreen } from '#engine/prompt/operator.ts';
import type { StepScene } from '#engine/step-scene.ts';
import { isAnsweredFile, scalarOf, takeAnswers, type Answer, type Complaint } from '#procedure/answer.ts';
import { textIn, type LocalText } from '#procedure/local-text.ts';
import type { Component } from '#procedure/screen.ts';
import type { Scalar } from '#record/run-record.ts';

export interface Asked {
  readonly message?: LocalText;
  readonly components: readonly Component[];
  readonly waits: boolean;
  /** The question's own time. */
  readonly timeoutMs?: number;
}

const ENDINGS: Readonly<Record<string, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' };

export class ShownQuestion implements PhaseScreen {
  readonly over: Promise<Entered>;
  readonly #asked: Asked;
  readonly #scene: StepScene;
  /** No answer is taken before this. */
  readonly #earliestMs: number;
  readonly #opened: OpenScreen | undefined;
  #settle!: { readonly taken: (entered: Promise<Entered>) => void; readonly cut: (reason: unknown) => void };
  #isOver = false;

  constructor(asked: Asked, scene: StepScene) {
    const { operator, clock, signal, phase, untilDeadlineMs } = scene;
    const { waits, components, message, timeoutMs = Infinity } = asked;
    this.#asked = asked;
    this.#scene = scene;
    if (waits && !operator) throw nobodyThere();
    const heldMs = Math.max(0, ...components.map(({ durationMs = 0 }) => durationMs));
    this.#earliestMs = clock.monotonicMs() + heldMs;
    const answered = new Promise<Entered>((taken, cut) => (this.#settle = { taken, cut }));
    this.over = waits ? answered : clock.sleep(heldMs, signal).then(() => ({}));
    // Whoever shows it may have gone before it settles.
    for (const promise of [answered, this.over]) promise.catch(() => {});
    const leftMs = Math.min(timeoutMs, untilDeadlineMs() ?? Infinity);
    const about = { ...phase, waits, components, ...(message === undefined ? {} : { message }) };
    this.#opened = operator?.open({ ...about, ...(leftMs === Infinity ? {} : { leftMs }) }, (given) =>
      this.#take(given),
    );
    if (signal.aborted) this.#onCut();
    else signal.addEventListener('abort', this.#onCut, { once: true });
  }

  show(values: LiveValues): void {
    if (!this.#isOver) this.#opened?.show(values);
  }

  close(): void {
    this.#isOver = true;
    this.#scene.signal.removeEventListener('abort', this.#onCut);
    this.#opened?.close();
  }

  readonly #onCut = () => {
    this.close();
    this.#settle.cut(this.#scene.signal.reason);
  };

  #take(given: unknown): readonly Complaint[] {
    if (this.#isOver) return [{ key: null, message: 'This question is over.' }];
    const early = this.#tooEarly();
    const { answers, complaints } = takeAnswers(this.#asked.components, given);
    const all = [...early, ...complaints, ...answers.flatMap((one) => this.#unitTrouble(one))];
    if (all.length > 0) return all;
    this.close();
    this.#settle.taken(this.#keep(answers));
    return [];
  }

  #tooEarly(): Complaint[] {
    const leftMs = this.#earliestMs - this.#scene.clock.monotonicMs();
    if (leftMs <= 0) return [];
    const key = this.#asked.components.find(({ kind }) => kind === 'countdown')?.key ?? null;
    return [{ key, message: `is not over yet: ${Math.ceil(leftMs / 1000)} s to go` }];
  }

  #unitTrouble([{ bind, key }, answer]: readonly [Component, Answer | null]): Complaint[] {
    if (bind?.to !== 'unit' || answer === null || answer === '' || isAnsweredFile(answer)) return [];
    const message = this.#scene.unit.trouble(bind.field, String(scalarOf(answer)));
    return message === null ? [] : [{ key, message }];
  }

  /** What has no file is in the journal before anything else happens. */
  async #keep(answers: readonly (readonly [Component, Answer | null])[]): Promise<Entered> {
    const entered: Record<string, Scalar | readonly string[] | null> = {};
    for (const [component, answer] of answers) {
      if (answer !== null && isAnsweredFile(answer)) continue;
      entered[component.key] = answer;
      if (answer !== null) this.#put(component, scalarOf(answer));
      if (component.kind === 'verdict' && answer === false) this.#scene.refuse(`${nameOf(component)}: fail`);
    }
    this.#log(answers);
    for (const [component, answer] of answers) {
      if (answer === null || !isAnsweredFile(answer)) continue;
      const { contentType, bytes } = answer;
      const name = await this.#scene.keepFile({
        name: `${component.key}.${ENDINGS[contentType] ?? 'bin'}`,
        contentType,
        bytes,
      });
      entered[component.key] = name;
      this.#put(component, name);
    }
    return entered;
  }

  #put(component: Component, value: Scalar): void {
    const { bind } = component;
    if (bind?.to === 'measurement') this.#scene.recordEntry(bind.key, value, component.kind === 'verdict');
    else if (bind && value !== '') this.#scene.unit.fill(bind.field, String(value));
  }

  #log(answers: readonly (readonly [Component, Answer | null])[]): void {
    const said = answers.map(([component, answer]) => `${nameOf(component)} = ${wordsOf(component, answer)}`);
    this.#scene.log(`operator: ${said.length === 0 ? 'confirmed' : said.join('; ')}`);
  }
}

/** Asks, and waits for the answer. @throws {NobodyAnswered} when the question's own time is up */
export async function askOperator(asked: Asked, scene: StepScene): Promise<Entered> {
  const question = new ShownQuestion(asked, scene);
  const { timeoutMs } = asked;
  const timer = new AbortController();
  const late = async () => {
    await scene.clock.sleep(timeoutMs!, timer.signal);
    throw new NobodyAnswered(timeoutMs!);
  };
  try {
    return await (timeoutMs === undefined ? question.over : Promise.race([question.over, late()]));
  } finally {
    timer.abort();
    question.close();
  }
}

/** One line of the log; a remark of a page goes into its measurement, not here. */
const LONGEST_WORDS = 200;

function wordsOf({ kind }: Component, answer: Answer | null): string {
  if (answer === null) return '–';
  if (isAnsweredFile(answer)) return 'a picture';
  if (kind === 'verdict') return answer === true ? 'pass' : 'fail';
  const words = String(scalarOf(answer));
  return words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}…` : words;
}

function nameOf({ label, key }: Component): string {
  return label === undefined ? key : textIn(label, 'en');
}

function nobodyThere(): Fault {
  return new Fault(
    'nobody-to-ask',
    'it asks the operator, and nobody is there.',
    'Run it on a station, or give the answers in a file.',
  );
}
