/**
 * A script host made of workers: one for each attempt, started early, ended for good when the attempt is over.
 *
 * Above: run-script.ts. Below: a door, which opens a worker of its world. Knows nothing of what scripts ask for.
 */
import type { Clock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import { ScriptFault, type Place, type ScriptHost, type ScriptTask, type WhereIs } from '#engine/script/script-host.ts';
import type { Frames, FromScript, ToScript } from '#engine/script/script-words.ts';

/** A worker that has been started with one script, and waits for `run`. */
export interface ScriptWorker {
  post(message: ToScript): void;
  /** Called once, at once. `died`: there will be no further word. */
  listen(listeners: { readonly heard: (message: unknown) => void; readonly died: (why: string) => void }): void;
  /** Ends it in the middle of whatever it does. */
  end(): void;
  readonly whereIs: WhereIs;
}

export interface WorkerHostOptions {
  /** @throws {ScriptFault} `script-missing` */
  readonly open: (script: string) => ScriptWorker;
  readonly clock: Clock;
}

const PING_EVERY_MS = 250;
/**
 * 2 s. Arithmetic on many points takes less. A loop that allocates without end fills the 4 GB that a browser's process
 * has in 3 to 5 s (measured in Chromium 156, two cores), and takes page and bench worker with it.
 */
const MOST_UNANSWERED = 8;
/** 10 s, until a worker that was just started has been heard for the first time. */
const MOST_UNANSWERED_AT_FIRST = 40;
/** Of an error that a script throws; an answer of an instrument may be in it. */
const LONGEST_MESSAGE = 2000;

export function createWorkerHost({ open, clock }: WorkerHostOptions): ScriptHost {
  const spares = new Map<string, Attempt>();
  return {
    prepare: (script) => {
      if (spares.has(script)) return;
      try {
        spares.set(script, new Attempt(open(script), clock));
      } catch {
        // It cannot be opened when its phase begins either, and then the phase says so.
      }
    },
    run: async (task, signal) => {
      const { script } = task;
      const attempt = spares.get(script) ?? new Attempt(open(script), clock);
      spares.delete(script);
      return attempt.run(task, signal);
    },
    close: () => {
      for (const spare of spares.values()) spare.end();
      spares.clear();
    },
  };
}

class Attempt {
  readonly #worker: ScriptWorker;
  readonly #clock: Clock;
  readonly #life = new AbortController();
  readonly #ended: Promise<void>;
  #end!: (fault?: unknown) => void;
  #task: ScriptTask | undefined;
  #wasHeard = false;
  /** Pings, not time: a machine that slept has not been silent. */
  #unanswered = 0;

  constructor(worker: ScriptWorker, clock: Clock) {
    this.#worker = worker;
    this.#clock = clock;
    this.#ended = new Promise((resolve, reject) => {
      this.#end = (fault) => {
        // First of all: whatever is said below, the script does nothing any more.
        worker.end();
        this.#life.abort();
        if (fault === undefined) resolve();
        else reject(fault);
      };
    });
    // A spare may die before anybody waits for it; whoever runs it hears of it then.
    this.#ended.catch(() => {});
    worker.listen({ heard: (message) => this.#heard(message), died: (why) => this.#end(died(why)) });
  }

  end(): void {
    this.#end();
  }

  async run(task: ScriptTask, signal: AbortSignal): Promise<void> {
    this.#task = task;
    const stop = () => this.#end(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    // Before `run`: its answer says that whatever is silent from now on is the script.
    this.#worker.post({ type: 'ping' });
    this.#worker.post({ type: 'run', call: task.call });
    void this.#watch();
    try {
      await this.#ended;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #watch(): Promise<void> {
    const { signal } = this.#life;
    while (!signal.aborted) {
      this.#unanswered += 1;
      await this.#clock.sleep(PING_EVERY_MS, signal).catch(() => {});
      const limit = this.#wasHeard ? MOST_UNANSWERED : MOST_UNANSWERED_AT_FIRST;
      if (this.#unanswered >= limit) this.#end(silent((limit * PING_EVERY_MS) / 1000));
      if (!signal.aborted) this.#worker.post({ type: 'ping' });
    }
  }

  #heard(message: unknown): void {
    const task = this.#task;
    if (!task || this.#life.signal.aborted) return;
    this.#wasHeard = true;
    this.#unanswered = 0;
    const said = (typeof message === 'object' && message !== null ? message : {}) as FromScript;
    try {
      if (said.type === 'pong') return;
      if (said.type === 'done') this.#end();
      else if (said.type === 'tell') task.hear(said.told, this.#worker.whereIs);
      else if (said.type === 'ask' && Number.isSafeInteger(said.id)) void this.#answer(task, said.id, said.request);
      else if (said.type === 'threw')
        this.#end(threw(String(said.message), firstPlace(said.frames, this.#worker.whereIs)));
      else this.#end(brokeRules('it sent a message that no script sends'));
    } catch (thrown) {
      this.#end(thrown instanceof ScriptFault ? thrown : brokeRules(messageOf(thrown)));
    }
  }

  async #answer(task: ScriptTask, id: number, request: unknown): Promise<void> {
    const reply = await task.answer(request).then(
      (value): ToScript => ({ type: 'answer', id, value }),
      (thrown: unknown): ToScript => {
        const { code } = thrown as { code?: unknown };
        return { type: 'failure', id, code: typeof code === 'string' ? code : 'internal', message: messageOf(thrown) };
      },
    );
    if (!this.#life.signal.aborted) this.#worker.post(reply);
  }
}

/** The innermost line that is an author's. */
export function firstPlace(frames: Frames, whereIs: WhereIs): Place | null {
  for (const frame of Array.isArray(frames) ? (frames as Frames).slice(0, 50) : []) {
    const [line, column] = Array.isArray(frame) ? (frame as readonly unknown[]) : [];
    if (!Number.isSafeInteger(line) || !Number.isSafeInteger(column)) continue;
    const place = whereIs(line as number, column as number);
    if (place) return place;
  }
  return null;
}

function threw(message: string, place: Place | null): ScriptFault {
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : '';
  return new ScriptFault('script-threw', where + message.slice(0, LONGEST_MESSAGE), 'Correct the script.', place);
}

function died(why: string): ScriptFault {
  return new ScriptFault('script-died', `its script ended unexpectedly: ${why}`, 'Look for what it keeps in memory.');
}

function silent(seconds: number): ScriptFault {
  const message = `its script gave no sign of life for ${seconds} s: a loop without “await”, or no memory left`;
  return new ScriptFault('script-silent', message, 'Await something, such as phase.wait(0), in every long loop.');
}

function brokeRules(why: string): ScriptFault {
  return new ScriptFault('script-broke-rules', `its script was ended: ${why}`, 'Correct the script.');
}
