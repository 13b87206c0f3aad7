/**
 * Requests to one device: one under way, the others wait in the order in which they were asked.
 *
 * Every request ends exactly once: with its answer, its fault, its signal, or the loss of the wire. Above it: the
 * sessions, which say what a request does when its turn comes. Knows nothing of what goes over the wire.
 */
import { abortedQuery } from '#hardware/protocol/session-faults.ts';
import type { HardwareFault } from '#hardware/transport/transport.ts';

export interface Request<Answer> {
  /** What is asked, for messages. */
  readonly line: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What to do when its turn comes; it ends by `settle` or `fail`. */
  readonly begin: (request: Request<Answer>) => void;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: unknown) => void;
  readonly onAbort: () => void;
  /** Monotonic; holds while an answer is awaited. */
  deadlineMs: number;
  awaitsAnswer: boolean;
  /** Ends its timer, or the work that it is doing. */
  stop: (() => void) | null;
}

export class RequestQueue<Answer> {
  readonly #waiting: Request<Answer>[] = [];
  /** Told of a request under way that is stopped: its answer may still come. */
  readonly #onGivenUp: (request: Request<Answer>) => void;
  #current: Request<Answer> | null = null;
  #loss: HardwareFault | null = null;

  constructor(onGivenUp: (request: Request<Answer>) => void) {
    this.#onGivenUp = onGivenUp;
  }

  get current(): Request<Answer> | null {
    return this.#current;
  }

  add(line: string, signal: AbortSignal, timeoutMs: number, begin: Request<Answer>['begin']): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#loss) return reject(this.#loss);
      if (signal.aborted) return reject(abortedQuery(line, signal.reason));
      const onAbort = () => this.#abort(request, signal.reason);
      const rest = { deadlineMs: Infinity, awaitsAnswer: false, stop: null };
      const request: Request<Answer> = { line, signal, timeoutMs, begin, resolve, reject, onAbort, ...rest };
      signal.addEventListener('abort', onAbort, { once: true });
      if (this.#current) this.#waiting.push(request);
      else this.#start(request);
    });
  }

  /** Runs a request that is more than one line; it is stopped when the request ends for another reason. */
  work(request: Request<Answer>, work: (stop: AbortSignal) => Promise<Answer>): void {
    const stop = new AbortController();
    request.stop = () => stop.abort();
    work(stop.signal).then(
      (answer) => this.settle(request, answer),
      (thrown: unknown) => this.fail(request, thrown),
    );
  }

  /** The request under way has its answer; of any other nothing is heard any more. */
  settle(request: Request<Answer>, answer: Answer): void {
    if (this.#current === request) this.#end(request, () => request.resolve(answer));
  }

  fail(request: Request<Answer>, thrown: unknown): void {
    if (this.#current === request) this.#end(request, () => request.reject(thrown));
  }

  /** Stops the waiting ones first: none of them may start when the current one ends. */
  stopAll(reason: string): void {
    for (const request of [...this.#waiting, this.#current]) if (request) this.#abort(request, reason);
  }

  /** The wire is gone, for good. @returns false when it was gone already */
  lose(fault: HardwareFault): boolean {
    if (this.#loss) return false;
    this.#loss = fault;
    for (const request of [...this.#waiting.splice(0), this.#current]) {
      if (request) this.#end(request, () => request.reject(fault));
    }
    return true;
  }

  #start(request: Request<Answer>): void {
    this.#current = request;
    request.begin(request);
  }

  #abort(request: Request<Answer>, reason: unknown): void {
    const at = this.#waiting.indexOf(request);
    if (at >= 0) this.#waiting.splice(at, 1);
    else this.#onGivenUp(request);
    this.#end(request, () => request.reject(abortedQuery(request.line, reason)));
  }

  /** Ends a request, whatever it waits for; the next one starts. */
  #end(request: Request<Answer>, tell: () => void): void {
    request.signal.removeEventListener('abort', request.onAbort);
    request.stop?.();
    request.awaitsAnswer = false;
    tell();
    if (this.#current !== request) return;
    this.#current = null;
    const next = this.#waiting.shift();
    if (next) this.#start(next);
  }
}
