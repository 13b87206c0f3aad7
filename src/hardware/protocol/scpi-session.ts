/**
 * A conversation in SCPI: one request in flight, each with its deadline, and no answer believed that could be another's.
 *
 * Below it: line-link.ts; beside it: in-step.ts. Above it: instrument drivers, and the resource manager, which asks
 * for the identity and sends the safe state. Rules: RULES.md. Knows nothing of ports and nothing of readings.
 *
 * On a link in step there is no promise between the line that arrives and the answer that is given.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { Fault } from '#base/fault.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';
import { InStep, type Identification } from '#hardware/protocol/in-step.ts';
import { LateAnswers } from '#hardware/protocol/late-answers.ts';
import { LineLink } from '#hardware/protocol/line-link.ts';
import { abortedQuery, closedFault, stuckFault, timeoutFault } from '#hardware/protocol/session-faults.ts';
import type { HardwareFault, Transport } from '#hardware/transport/transport.ts';
import { after } from '#hardware/waiting.ts';

/** VISA's own default for an answer. */
const ANSWER_LIMIT_MS = 2000;
/** A device that is there takes a command line at once; flow control may hold it back this long. */
const WRITE_LIMIT_MS = 2000;

export interface ScpiSessionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly terminator: string;
  readonly identityQuery: string;
}

interface Request {
  readonly line: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What to do when its turn comes; it ends by `#settle`. */
  readonly begin: (request: Request) => void;
  readonly resolve: (answer: string) => void;
  readonly reject: (fault: unknown) => void;
  readonly onAbort: () => void;
  /** Monotonic; holds while an answer is awaited. */
  deadlineMs: number;
  awaitsAnswer: boolean;
  /** Ends its timer, or the work that it is doing. */
  stop: (() => void) | null;
}

export class ScpiSession implements CommandSession {
  readonly #link: LineLink;
  readonly #clock: Clock;
  readonly #identityQuery: string;
  readonly #unsolicited = new Emitter<string>();
  readonly #late: LateAnswers;
  readonly #step: InStep;
  readonly #waiting: Request[] = [];
  #current: Request | null = null;
  #inStep = false;
  #loss: HardwareFault | null = null;

  constructor({ transport, clock, terminator, identityQuery }: ScpiSessionOptions) {
    this.#clock = clock;
    this.#identityQuery = identityQuery;
    this.#late = new LateAnswers(clock);
    this.#link = new LineLink(transport, terminator, {
      line: (text, atMs) => this.#heard(text, atMs),
      damaged: (fault) => this.#damaged(fault),
      lost: (fault) => this.#lost(fault),
    });
    this.#step = new InStep({
      link: this.#link,
      clock,
      late: this.#late,
      identityQuery,
      unsolicited: this.#unsolicited,
    });
  }

  /** Lines that nobody asked for, and answers that came too late. */
  onUnsolicited(listener: Listener<string>): () => void {
    return this.#unsolicited.on(listener);
  }

  query(command: string, signal: AbortSignal, timeoutMs = ANSWER_LIMIT_MS): Promise<string> {
    return this.#enqueue(command, signal, timeoutMs, (request) => this.#whenInStep(request, () => this.#ask(request)));
  }

  async write(command: string, signal: AbortSignal): Promise<void> {
    await this.#enqueue(command, signal, WRITE_LIMIT_MS, (request) =>
      this.#whenInStep(request, () => this.#tell(request)),
    );
  }

  /**
   * Asks the device who it is. An answer that `accepts` takes is from then on what proves that the link is in step.
   * @throws {HardwareFault} `lost`, `aborted`, `protocol-error`
   */
  async identify(accepts: (answer: string) => boolean, signal: AbortSignal): Promise<Identification> {
    let found: Identification = { kind: 'silent' };
    await this.#enqueue(this.#identityQuery, signal, Infinity, (request) =>
      this.#work(request, async (stop) => {
        const wasInStep = this.#leaveStep();
        found = await this.#step.identify(accepts, stop, wasInStep);
        this.#inStep = found.kind === 'match';
      }),
    );
    return found;
  }

  /**
   * Sends the commands now, ahead of everything: what is under way or waits is stopped. Resolves when the device has
   * said who it is after them, and so has read them. The caller's signal is the deadline.
   * @throws {HardwareFault} `timeout`, `lost`, `aborted`, `protocol-error`
   */
  async makeSafe(commands: readonly string[], signal: AbortSignal): Promise<void> {
    // The waiting ones first: none of them may start when the current one ends.
    for (const request of [...this.#waiting, this.#current]) {
      if (request) this.#abort(request, 'the device was put into its safe state');
    }
    await this.#enqueue(commands.join('; '), signal, Infinity, (request) =>
      this.#work(request, async (stop) => {
        const wasInStep = this.#leaveStep();
        await Promise.all(commands.map((command) => this.#link.send(command, stop)));
        await this.#step.regain(stop, wasInStep);
        this.#inStep = true;
      }),
    );
  }

  /** Nothing is heard or sent any more; the transport stays as it is. */
  close(): void {
    this.#link.detach();
    this.#lost(closedFault(this.#link.label));
  }

  #enqueue(line: string, signal: AbortSignal, timeoutMs: number, begin: Request['begin']): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#loss) return reject(this.#loss);
      if (signal.aborted) return reject(abortedQuery(line, signal.reason));
      const onAbort = () => this.#abort(request, signal.reason);
      const rest = { deadlineMs: Infinity, awaitsAnswer: false, stop: null };
      const request: Request = { line, signal, timeoutMs, begin, resolve, reject, onAbort, ...rest };
      signal.addEventListener('abort', onAbort, { once: true });
      if (this.#current) this.#waiting.push(request);
      else this.#start(request);
    });
  }

  #start(request: Request): void {
    this.#current = request;
    request.begin(request);
  }

  /** Ends a request, whatever it waits for; the next one starts. */
  #settle(request: Request, end: { readonly answer: string } | { readonly thrown: unknown }): void {
    request.signal.removeEventListener('abort', request.onAbort);
    request.stop?.();
    request.awaitsAnswer = false;
    if ('answer' in end) request.resolve(end.answer);
    else request.reject(end.thrown);
    if (this.#current !== request) return;
    this.#current = null;
    const next = this.#waiting.shift();
    if (next) this.#start(next);
  }

  /** @returns whether the session was in step until now, with nothing half heard */
  #leaveStep(): boolean {
    const wasInStep = this.#inStep && !this.#link.midLine;
    this.#inStep = false;
    return wasInStep;
  }

  #fail(request: Request, thrown: unknown): void {
    if (this.#current === request) this.#settle(request, { thrown });
  }

  #whenInStep(request: Request, act: () => void): void {
    if (this.#inStep && !this.#link.midLine) return act();
    this.#leaveStep();
    const stop = new AbortController();
    request.stop = () => stop.abort();
    this.#step.regain(stop.signal).then(
      () => {
        if (this.#current !== request) return;
        this.#inStep = true;
        act();
      },
      (thrown: unknown) => this.#fail(request, thrown),
    );
  }

  /** Runs a request that is more than one line; it is stopped when the request ends for another reason. */
  #work(request: Request, work: (stop: AbortSignal) => Promise<void>): void {
    const stop = new AbortController();
    request.stop = () => stop.abort();
    work(stop.signal).then(
      () => {
        if (this.#current === request) this.#settle(request, { answer: '' });
      },
      (thrown: unknown) => this.#fail(request, thrown),
    );
  }

  #ask(request: Request): void {
    request.awaitsAnswer = true;
    request.deadlineMs = this.#clock.monotonicMs() + request.timeoutMs;
    request.stop = after(this.#clock, request.timeoutMs, () => this.#expire(request));
    this.#link.send(request.line, request.signal, true).catch((thrown: unknown) => this.#refused(request, thrown));
  }

  #tell(request: Request): void {
    request.stop = after(this.#clock, request.timeoutMs, () => {
      this.#inStep = false;
      this.#fail(request, stuckFault(this.#link.label, request.line, request.timeoutMs));
    });
    this.#link.send(request.line, request.signal).then(
      () => {
        if (this.#current === request) this.#settle(request, { answer: '' });
      },
      (thrown: unknown) => this.#refused(request, thrown),
    );
  }

  #refused(request: Request, thrown: unknown): void {
    // The device halted in the middle of it: nobody knows what it has.
    if (thrown instanceof Fault && thrown.code === 'line-error') this.#inStep = false;
    this.#fail(request, thrown);
  }

  #expire(request: Request): void {
    this.#giveUp(request);
    this.#fail(request, timeoutFault(this.#link.label, request.line, request.timeoutMs));
  }

  #abort(request: Request, reason: unknown): void {
    const at = this.#waiting.indexOf(request);
    if (at >= 0) this.#waiting.splice(at, 1);
    else this.#giveUp(request);
    this.#settle(request, { thrown: abortedQuery(request.line, reason) });
  }

  /** Its answer may still come, and must not be taken for the next one's (32). */
  #giveUp(request: Request): void {
    this.#inStep = false;
    if (!request.awaitsAnswer) return;
    if (request.line === this.#identityQuery) this.#late.expectIdentity();
    else this.#late.expect(request.timeoutMs);
  }

  #heard(text: string, atMs: number): void {
    const listener = this.#step.listener;
    if (listener) return listener.line(text, atMs);
    const request = this.#current;
    const asked = request?.awaitsAnswer === true;
    // Timers are late when the machine is busy; the clock is not (36).
    const tooLate = asked && atMs > request.deadlineMs;
    const isIdentity = text === this.#step.identity && !(asked && request.line === this.#identityQuery);
    if (isIdentity && this.#late.takeIdentity()) return this.#unsolicited.emit(text);
    if (asked && !tooLate) return this.#settle(request, { answer: text });
    // Whoever says more than was asked for may say it in place of the next answer.
    this.#inStep = false;
    this.#unsolicited.emit(text);
    if (asked) this.#fail(request, timeoutFault(this.#link.label, request.line, request.timeoutMs));
  }

  #damaged(fault: HardwareFault): void {
    const listener = this.#step.listener;
    if (listener) return listener.damaged(fault);
    this.#inStep = false;
    if (this.#current?.awaitsAnswer) this.#fail(this.#current, fault);
  }

  #lost(fault: HardwareFault): void {
    if (this.#loss) return;
    this.#loss = fault;
    this.#inStep = false;
    for (const request of [...this.#waiting.splice(0), this.#current]) {
      if (request) this.#settle(request, { thrown: fault });
    }
  }
}
