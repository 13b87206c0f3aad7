/**
 * Inside a script's world: turns messages into the `phase` that an author works with, and back.
 *
 * The same in a browser's worker and in Node; each door hands in its channel. It keeps an honest script within bounds
 * and tells it early what is wrong; that a dishonest one gains nothing is the host's part (script-desk.ts).
 */
import type { Answers, Phase, Plug, Points, Ui, Value } from '#engine/script/phase-api.ts';
import {
  LONGEST_LOG_LINE,
  MOST_LOG_LINES,
  MOST_OPEN_CALLS,
  MOST_RECORDS,
  SHOW_EVERY_MS,
  type Frames,
  type FromScript,
  type ScriptRequest,
  type ToScript,
} from '#engine/script/script-words.ts';
import type { ScriptCall } from '#engine/script/script-host.ts';
import type { LogRecord } from '#record/run-record.ts';

/** The author's module, wrapped: called once, it evaluates it and hands over its default export. */
export type ScriptBody = (take: (phaseScript: unknown) => void) => Promise<void>;

export interface RuntimeWires {
  readonly post: (message: FromScript) => void;
  /** Positions of a stack that lie in the author's code. */
  readonly framesOf: (stack: string) => Frames;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  /** Made at the call, so that its stack has the author's line. */
  readonly trouble: Error;
}

export class ScriptRuntime {
  readonly #wires: RuntimeWires;
  readonly #waiting = new Map<number, Waiting>();
  readonly #over = new AbortController();
  #lastId = 0;
  #lines = 0;
  #records = 0;
  #body: ScriptBody | undefined;
  /** What is to be shown with the next word about it; null: the last word was long ago. */
  #shown: Record<string, Value> | null = null;

  constructor(wires: RuntimeWires) {
    this.#wires = wires;
  }

  /** The script; it is not begun before the host says so. */
  take(body: ScriptBody): void {
    this.#body = body;
  }

  hear(message: ToScript): void {
    switch (message.type) {
      case 'ping':
        return this.#wires.post({ type: 'pong' });
      case 'run':
        return void this.#run(message.call);
      case 'answer':
        return this.#taken(message.id)?.resolve(message.value);
      case 'failure': {
        const waiting = this.#taken(message.id);
        if (!waiting) return;
        waiting.trouble.message = message.message;
        return waiting.reject(Object.assign(waiting.trouble, { code: message.code }));
      }
    }
  }

  /** What nobody caught, such as a promise that was not awaited. */
  fail(thrown: unknown): void {
    const { message, stack } = wordsOf(thrown);
    this.#wires.post({ type: 'threw', message, frames: this.#wires.framesOf(stack) });
  }

  async #run(call: ScriptCall): Promise<void> {
    try {
      let script: unknown;
      await this.#body?.((given) => (script = given));
      if (typeof script !== 'function') throw new TypeError('its default export is no function');
      await (script as (phase: Phase) => unknown)(this.#phase(call));
      const [open] = this.#waiting.values();
      if (open) {
        open.trouble.message = 'the script ended while a call had no answer yet: an “await” is missing';
        throw open.trouble;
      }
      this.#sayShown();
      this.#wires.post({ type: 'done' });
    } catch (thrown) {
      this.fail(thrown);
    }
    this.#over.abort();
  }

  #phase(call: ScriptCall): Phase {
    const { key, name, attempt, unit, parameters, earlier } = call;
    return Object.freeze({
      key,
      name,
      attempt,
      unit: Object.freeze({ serial_number: '', ...unit }) as Phase['unit'],
      parameters: Object.freeze(parameters),
      earlier: Object.freeze(earlier),
      plugs: named(Object.fromEntries(call.plugs.map((plug) => [plug, this.#plug(plug)])), 'plug'),
      measurements: this.#measurements(call.measurements),
      log: Object.freeze({
        debug: (message: unknown) => this.#log('DEBUG', message),
        info: (message: unknown) => this.#log('INFO', message),
        warning: (message: unknown) => this.#log('WARNING', message),
        error: (message: unknown) => this.#log('ERROR', message),
      }),
      ui: this.#ui(call.screen),
      signal: this.#over.signal,
      wait: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
    });
  }

  #ui(screen: readonly string[]): Ui {
    return Object.freeze({
      show: (values: Readonly<Record<string, Value>>) => {
        const [unknown] = Object.keys(values).filter((key) => !screen.includes(key));
        if (unknown !== undefined)
          throw new TypeError(`the phase's screen shows no ${unknown}; there are: ${screen.join(', ') || 'none'}`);
        const isSoon = this.#shown !== null;
        this.#shown = { ...this.#shown, ...values };
        if (!isSoon) this.#sayShown();
      },
      ask: (question, options = {}) => this.#ask({ do: 'ask', question, ...options }) as Promise<Answers>,
      answers: () => this.#ask({ do: 'answers' }) as Promise<Answers>,
    } satisfies Ui);
  }

  /** At once, and then what came meanwhile, as long as anything does. */
  #sayShown(): void {
    const values = this.#shown ?? {};
    this.#shown = Object.keys(values).length > 0 ? {} : null;
    if (this.#shown === null) return;
    this.#wires.post({ type: 'tell', told: { do: 'show', values } });
    setTimeout(() => this.#sayShown(), SHOW_EVERY_MS);
  }

  #plug(plug: string): Plug {
    return Object.freeze({
      write: (command: string) => this.#ask({ do: 'write', plug, command }) as Promise<void>,
      query: (command: string, options = {}) =>
        this.#ask({ do: 'query', plug, command, ...options }) as Promise<string>,
      read: (reading: string, options = {}) => this.#ask({ do: 'read', plug, reading, ...options }) as Promise<string>,
      curve: (reading: string, options = {}) =>
        this.#ask({ do: 'curve', plug, reading, ...options }) as Promise<Float64Array>,
      set: (setting: string, value: Value) => this.#ask({ do: 'set', plug, setting, value }) as Promise<void>,
    });
  }

  #measurements(declared: ScriptCall['measurements']): Record<string, Value | Points> {
    const set = (values: Record<string, Value | Points>, key: string | symbol, value: Value | Points) => {
      if (typeof key !== 'string' || !Object.hasOwn(declared, key))
        throw new TypeError(`the phase declares no measurement ${String(key)}; there are: ${listed(declared)}`);
      this.#records += 1;
      if (this.#records > MOST_RECORDS) throw new Error(`it recorded more than ${MOST_RECORDS} values in one attempt`);
      this.#wires.post({ type: 'tell', told: { do: 'record', measurement: key, value } });
      values[key] = value;
      return true;
    };
    return new Proxy({}, { set, deleteProperty: () => false, defineProperty: () => false });
  }

  #ask(request: ScriptRequest): Promise<unknown> {
    const trouble = new Error('no answer');
    if (this.#waiting.size >= MOST_OPEN_CALLS)
      throw new Error(`${MOST_OPEN_CALLS} calls have no answer yet: an “await” is missing`);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject, trouble });
      this.#wires.post({ type: 'ask', id, request });
    });
  }

  #taken(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #log(level: LogRecord['level'], message: unknown): void {
    this.#lines += 1;
    if (this.#lines <= MOST_LOG_LINES) {
      const text = textOf(message).slice(0, LONGEST_LOG_LINE);
      const frames = this.#wires.framesOf(new Error('a line of the log').stack ?? '').slice(0, 1);
      this.#wires.post({ type: 'tell', told: { do: 'log', level, message: text, frames } });
      return;
    }
    const dropped = this.#lines - MOST_LOG_LINES;
    // Each time the number has doubled: a flood sends a few words, and the count is true to half of it at any end.
    if ((dropped & (dropped - 1)) === 0) this.#wires.post({ type: 'tell', told: { do: 'dropped', lines: dropped } });
  }
}

/** A misspelt name is said at once, with the names that there are. */
function named<T extends object>(things: T, what: string): T {
  const get = (from: T, key: string | symbol) => {
    if (typeof key !== 'string' || key in from) return from[key as keyof T];
    throw new TypeError(`the procedure has no ${what} ${key}; there are: ${listed(things)}`);
  };
  return new Proxy(Object.freeze(things), { get });
}

function listed(things: object): string {
  return Object.keys(things).join(', ') || 'none';
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** Also of an error that was made in another realm, and of what is none. */
function wordsOf(thrown: unknown): { message: string; stack: string } {
  const { name, message, stack } = (thrown ?? {}) as { name?: unknown; message?: unknown; stack?: unknown };
  if (typeof message !== 'string') return { message: `threw ${textOf(thrown)}`, stack: '' };
  const kind = typeof name === 'string' && name !== 'Error' ? `${name}: ` : '';
  return { message: kind + message, stack: typeof stack === 'string' ? stack : '' };
}
