/**
 * Takes what a script asks for and tells, and believes none of it.
 *
 * A value becomes a record only through the same recorder that steps use, so a script can state a reading and never a
 * verdict. What is too much is refused or counted: the journal and the memory of a run are bounded. Above:
 * run-script.ts. Knows nothing of workers.
 */
import { Fault } from '#base/fault.ts';
import { noteLines } from '#engine/device-lines.ts';
import type { LiveValue } from '#engine/link/prompt-link.ts';
import type { Entered } from '#engine/prompt/operator.ts';
import type { StepScene } from '#engine/step-scene.ts';
import { ScriptFault, type Place, type ScriptCall, type WhereIs } from '#engine/script/script-host.ts';
import { LONGEST_LOG_LINE, MOST_LOG_LINES, MOST_RECORDS, type Frames } from '#engine/script/script-words.ts';
import { firstPlace } from '#engine/script/worker-host.ts';
import type { LogRecord } from '#record/run-record.ts';

export interface ScriptDeskOptions {
  readonly scene: StepScene;
  readonly call: Pick<ScriptCall, 'plugs' | 'measurements' | 'screen'>;
  readonly ask: (question: unknown, timeoutMs: number | undefined) => Promise<Entered>;
  /** File and line of the author's, or of the phase where that is not known. */
  readonly log: (level: LogRecord['level'], message: string, place: Place | null) => void;
}

/** Points of one attempt: 32 MB of numbers. */
const MOST_POINTS = 4_000_000;
/** Characters of a text value and of a command. */
const LONGEST_TEXT = 10_000;

const LEVELS: readonly unknown[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] satisfies LogRecord['level'][];

type Words = Readonly<Record<string, unknown>>;

export class ScriptDesk {
  readonly #options: ScriptDeskOptions;
  #records = 0;
  #points = 0;
  #lines = 0;
  #dropped = 0;

  constructor(options: ScriptDeskOptions) {
    this.#options = options;
  }

  /** A call of a plug is answered by the bench, a question by the operator. @throws whatever they throw */
  readonly answer = async (asked: unknown): Promise<unknown> => {
    const request = wordsIn(asked);
    const { scene, ask } = this.#options;
    if (request['do'] === 'ask') return ask(request['question'], limitOf(request['timeoutMs'], undefined));
    if (request['do'] === 'answers') {
      const screen = scene.screen();
      if (!screen) throw refused('the phase shows no screen of its own; use ui.ask');
      return screen.over;
    }
    return this.#plug(request);
  };

  async #plug(request: Words): Promise<unknown> {
    const { scene, call } = this.#options;
    const plug = textIn(request, 'plug');
    if (!call.plugs.includes(plug)) throw refused(`there is no plug ${plug.slice(0, 80)}`);
    try {
      return await this.#call(plug, request);
    } finally {
      noteLines(plug, scene);
    }
  }

  async #call(plug: string, request: Words): Promise<unknown> {
    const { scene } = this.#options;
    const instrument = scene.bench.instrument(plug);
    const limitMs = limitOf(request['timeoutMs'], scene.remainingMs());
    switch (request['do']) {
      case 'write':
        return instrument.write(textIn(request, 'command'), scene.signal);
      case 'query':
        return instrument.query(textIn(request, 'command'), scene.signal, limitMs);
      case 'read':
        return instrument.read(textIn(request, 'reading'), scene.signal, limitMs);
      case 'curve':
        return instrument.curve(textIn(request, 'reading'), scene.signal, limitMs);
      case 'set':
        return instrument.set(textIn(request, 'setting'), settingValue(request), scene.signal);
      default:
        throw refused('it asked for what there is not');
    }
  }

  /** @throws {ScriptFault} and with it the script has ended */
  readonly hear = (told: unknown, whereIs: WhereIs): void => {
    // The phase is over: what comes now belongs to nobody.
    if (this.#options.scene.signal.aborted) return;
    const words = wordsIn(told);
    switch (words['do']) {
      case 'record':
        return this.#record(textIn(words, 'measurement'), words['value']);
      case 'log':
        return this.#log(words, whereIs);
      case 'show':
        return this.#show(wordsIn(words['values']));
      case 'dropped':
        this.#dropped = Math.max(this.#dropped, Number.isSafeInteger(words['lines']) ? (words['lines'] as number) : 0);
        return;
      default:
        throw refused('it told what no script tells');
    }
  };

  /** Says how much of the log was left out. */
  close(): void {
    const { log } = this.#options;
    if (this.#dropped > 0)
      log(
        'WARNING',
        `at least ${this.#dropped} further lines of the log were left out (${MOST_LOG_LINES} are kept)`,
        null,
      );
  }

  #record(key: string, value: unknown): void {
    const { scene, call } = this.#options;
    const axes = Object.hasOwn(call.measurements, key) ? call.measurements[key] : undefined;
    if (axes === undefined) throw refused(`the phase declares no measurement ${key.slice(0, 80)}`);
    this.#records += 1;
    if (this.#records > MOST_RECORDS) throw refused(`it recorded more than ${MOST_RECORDS} values in one attempt`);
    if (axes !== null) return this.#recordAxes(key, axes, value);
    if (typeof value === 'string' && value.length > LONGEST_TEXT)
      throw refused(`${key} was given a text of more than ${LONGEST_TEXT} characters`);
    if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean')
      throw refused(`${key} was given ${nameOf(value)}; a measurement takes a number, a text, true or false`);
    scene.recordValue(key, value);
  }

  #show(values: Words): void {
    const { scene, call } = this.#options;
    const shown: Record<string, LiveValue> = {};
    for (const [key, value] of Object.entries(values)) {
      if (!call.screen.includes(key)) throw refused(`the phase's screen shows no ${key.slice(0, 80)}`);
      if (typeof value === 'string' && value.length > LONGEST_TEXT)
        throw refused(`${key} was given a text of more than ${LONGEST_TEXT} characters`);
      if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean')
        throw refused(`${key} was given ${nameOf(value)}; a screen shows a number, a text, true or false`);
      shown[key] = value;
    }
    scene.screen()?.show(shown);
  }

  #recordAxes(key: string, axes: readonly string[], value: unknown): void {
    const given = typeof value === 'object' && value !== null ? (value as Words) : {};
    const [unknown] = Object.keys(given).filter((axis) => !axes.includes(axis));
    if (unknown !== undefined || !axes.some((axis) => Object.hasOwn(given, axis)))
      throw refused(`${key} takes points by axis: { ${axes.join(', ')} }`);
    for (const axis of axes) {
      if (!Object.hasOwn(given, axis)) continue;
      const points = given[axis];
      const isList = points instanceof Float64Array || Array.isArray(points);
      if (!isList) throw refused(`the points of ${key}, ${axis}, are no list`);
      this.#points += points.length;
      if (this.#points > MOST_POINTS) throw refused(`it recorded more than ${MOST_POINTS} points in one attempt`);
      // What is no number becomes NaN, and NaN fails.
      const numbers = Float64Array.from(points as ArrayLike<unknown>, (one) => (typeof one === 'number' ? one : NaN));
      this.#options.scene.recordAxis(key, axis, numbers);
    }
  }

  #log(words: Words, whereIs: WhereIs): void {
    this.#lines += 1;
    if (this.#lines > MOST_LOG_LINES) {
      this.#dropped += 1;
      return;
    }
    const level = LEVELS.includes(words['level']) ? (words['level'] as LogRecord['level']) : 'INFO';
    const place = firstPlace(words['frames'] as Frames, whereIs);
    this.#options.log(level, String(words['message']).slice(0, LONGEST_LOG_LINE), place);
  }
}

function wordsIn(value: unknown): Words {
  return typeof value === 'object' && value !== null ? (value as Words) : {};
}

function textIn(words: Words, key: string): string {
  const text = words[key];
  if (typeof text !== 'string') throw refused(`${key} must be a text, not ${nameOf(text)}`);
  if (text.length > LONGEST_TEXT) throw refused(`${key} has more than ${LONGEST_TEXT} characters`);
  return text;
}

function settingValue(request: Words): number | string | boolean {
  const value = request['value'];
  if (typeof value === 'string') return textIn(request, 'value');
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  throw refused(`a setting takes a number, a text, true or false, not ${nameOf(value)}`);
}

/** The script's own limit, never more than what the phase has left. */
function limitOf(stated: unknown, leftMs: number | undefined): number | undefined {
  if (stated === undefined) return leftMs;
  if (typeof stated !== 'number' || !(stated > 0)) throw refused('timeoutMs must be a number above 0');
  return Math.min(stated, leftMs ?? Infinity);
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : typeof value;
}

function refused(message: string): Fault {
  return new ScriptFault('script-broke-rules', message, 'Correct the script.');
}
