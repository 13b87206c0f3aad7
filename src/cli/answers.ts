/**
 * Answers of an operator who is not there: from a file, given to the screens and questions of one run.
 *
 * `answers.yaml` beside the procedure, or the file that the command line names: phase → component → value. Whatever is
 * missing or breaks a rule is said before the run begins, as far as the procedure says what it asks; what a script asks
 * is known only when it asks. Above: run.ts. Knows nothing of how a run goes on.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import { Fault, messageOf } from '#base/fault.ts';
import type { Operator } from '#engine/prompt/operator.ts';
import { RunUnit } from '#engine/run-unit.ts';
import {
  initialAnswer,
  isAnsweredFile,
  scalarOf,
  takeAnswers,
  type AnsweredFile,
  type Complaint,
} from '#procedure/answer.ts';
import { mediaTypeOf } from '#procedure/file-name.ts';
import { parseData } from '#procedure/parse.ts';
import type { Phase, Procedure, Step } from '#procedure/procedure.ts';
import { asks, type Component } from '#procedure/screen.ts';

const ANSWERS_FILE = 'answers.yaml';

type Entries = Readonly<Record<string, unknown>>;

export class Answers {
  readonly #phases: Entries;
  /** Pictures are named from here. */
  readonly #folder: string;
  readonly #procedure: Pick<Procedure, 'phases' | 'unit'>;

  /** @throws {Fault} `answers-unreadable` */
  static async load(folder: string, file: string | undefined, procedure: Procedure): Promise<Answers> {
    const path = file ?? join(folder, ANSWERS_FILE);
    try {
      const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
        if (file === undefined && thrown.code === 'ENOENT') return '{}';
        throw thrown;
      });
      const data: unknown = parseData(text) ?? {};
      if (!isMap(data)) throw new Error('it must be a map of phases');
      return new Answers(data, dirname(path), procedure);
    } catch (thrown) {
      throw new Fault(
        'answers-unreadable',
        `${file ?? ANSWERS_FILE} cannot be used: ${messageOf(thrown)}`,
        'Write phase keys, and under each the keys of its components with their values.',
      );
    }
  }

  private constructor(phases: Entries, folder: string, procedure: Pick<Procedure, 'phases' | 'unit'>) {
    this.#phases = phases;
    this.#folder = folder;
    this.#procedure = procedure;
  }

  /** @throws {Fault} `no-answer`, `answer-refused`, for what the procedure itself asks */
  check(): void {
    for (const phase of this.#procedure.phases) {
      if (phase.skip !== undefined) continue;
      for (const components of screensOf(phase)) this.#given(phase, components);
    }
  }

  operator(clock: Clock): Operator {
    return {
      open: ({ phase: key, name, components, waits }, take) => {
        if (!waits) return NOTHING;
        const given = this.#given({ key, name }, components);
        const heldMs = Math.max(0, ...components.map(({ durationMs = 0 }) => durationMs));
        // Checked above, so it is taken, unless the question is over by then.
        void clock.sleep(heldMs).then(() => take(given));
        return NOTHING;
      },
    };
  }

  #given({ key, name }: Pick<Phase, 'key' | 'name'>, components: readonly Component[]): Entries {
    if (!Object.hasOwn(this.#phases, key)) throw noAnswer(`“${name}” asks the operator`, key);
    const entries = this.#phases[key];
    const stated = isMap(entries) ? entries : {};
    const given = Object.fromEntries(
      components.filter(({ kind }) => asks(kind)).map((one) => [one.key, this.#valueOf(one, stated[one.key])]),
    );
    const { answers, complaints } = takeAnswers(components, given);
    const unit = new RunUnit(this.#procedure.unit, {});
    const inUnit = answers.flatMap(([{ bind, key: of }, answer]): Complaint[] => {
      if (bind?.to !== 'unit' || answer === null || answer === '' || isAnsweredFile(answer)) return [];
      const message = unit.trouble(bind.field, String(scalarOf(answer)));
      return message === null ? [] : [{ key: of, message }];
    });
    const [wrong] = [...complaints, ...inUnit];
    if (!wrong) return given;
    if (wrong.key !== null && stated[wrong.key] === undefined)
      throw noAnswer(`“${name}” asks for “${wrong.key}”, which ${wrong.message}`, `${key}, ${wrong.key}`);
    throw new Fault(
      'answer-refused',
      `The answer to “${wrong.key}” of “${name}” ${wrong.message}.`,
      'Correct the answers.',
    );
  }

  #valueOf(component: Component, stated: unknown): unknown {
    if (stated === undefined || stated === null) return initialAnswer(component);
    const isWord = typeof stated === 'string';
    if (component.kind === 'verdict' && isWord && ['pass', 'fail'].includes(stated)) return stated === 'pass';
    if ((component.kind === 'camera' || component.kind === 'signature') && isWord) return this.#picture(stated);
    return stated;
  }

  #picture(name: string): AnsweredFile {
    try {
      return { contentType: mediaTypeOf(name), bytes: new Uint8Array(readFileSync(join(this.#folder, name))) };
    } catch (thrown) {
      throw new Fault(
        'answer-refused',
        `The picture ${name} cannot be read: ${messageOf(thrown)}`,
        'Name one that is there.',
      );
    }
  }
}

/** Nobody looks. */
const NOTHING = { show: () => {}, close: () => {} };

/** What a phase asks, screen by screen. */
function screensOf({ ui, steps }: Phase): (readonly Component[])[] {
  return [...(ui?.waits ? [ui.components] : []), ...steps.flatMap(promptsOf)];
}

function promptsOf(step: Step): (readonly Component[])[] {
  if ('steps' in step) return step.steps.flatMap(promptsOf);
  return step.kind === 'prompt' ? [step.components] : [];
}

function noAnswer(what: string, where: string): Fault {
  return new Fault(
    'no-answer',
    `${what}, and nobody is there.`,
    `Give the answer in ${ANSWERS_FILE} or with --answers FILE, under ${where}.`,
  );
}

function isMap(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
