/**
 * A conversation in SCPI: one request in flight, each with its deadline, and no answer believed that could be another's.
 *
 * Below it: line-link.ts and request-queue.ts; beside it: in-step.ts. Above it: instrument drivers, and the resource
 * manager, which asks for the identity and sends the safe state. Rules: RULES.md. Knows nothing of ports and readings.
 *
 * On a link in step there is no promise between the line that arrives and the answer that is given.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { Fault } from '#base/fault.ts';
import type { Framing } from '#hardware/framing/framing.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';
import { InStep, type Identification } from '#hardware/protocol/in-step.ts';
import { LateAnswers } from '#hardware/protocol/late-answers.ts';
import { LineLink, type Coding } from '#hardware/protocol/line-link.ts';
import { RequestQueue, type Request } from '#hardware/protocol/request-queue.ts';
import { closedFault, mixedFault, noBlockFault, stuckFault, timeoutFault } from '#hardware/protocol/session-faults.ts';
import type { HardwareFault, Transport } from '#hardware/transport/transport.ts';
import { after } from '#hardware/waiting.ts';

/** VISA's own default for an answer. */
const ANSWER_LIMIT_MS = 2000;
/** A waveform of ten thousand bytes at 9600 baud takes that long. */
const BLOCK_LIMIT_MS = 12_000;
/** A device that is there takes a command line at once; flow control may hold it back this long. */
const WRITE_LIMIT_MS = 2000;

export interface ScpiSessionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly terminator: string;
  readonly identityQuery: string;
  /** What marks a line when it is not the terminator. */
  readonly framing?: Framing;
  /** `hex`: lines are bytes, written as hexadecimal. */
  readonly coding?: Coding;
}

type Answer = string | Uint8Array<ArrayBuffer>;
type ScpiRequest = Request<Answer>;

export class ScpiSession implements CommandSession {
  readonly #link: LineLink;
  readonly #clock: Clock;
  readonly #identityQuery: string;
  readonly #unsolicited = new Emitter<string>();
  readonly #late: LateAnswers;
  readonly #step: InStep;
  readonly #queue = new RequestQueue<Answer>((request) => this.#giveUp(request));
  #inStep = false;

  constructor({ transport, clock, terminator, identityQuery, framing, coding = 'text' }: ScpiSessionOptions) {
    this.#clock = clock;
    this.#identityQuery = identityQuery;
    this.#late = new LateAnswers(clock);
    this.#link = new LineLink(transport, framing ?? { kind: 'terminator', terminator }, coding, {
      line: (text, atMs) => this.#heard(text, atMs),
      block: (bytes, atMs) => this.#heardBlock(bytes, atMs),
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
    const ask = (request: ScpiRequest) => this.#whenInStep(request, () => this.#ask(request));
    // Without a block awaited the link hears lines only.
    return this.#queue.add(command, signal, timeoutMs, ask) as Promise<string>;
  }

  /**
   * A query whose answer is a block of IEEE 488.2, such as a waveform.
   * @throws {HardwareFault} as `query`; `protocol-error` when the answer is none
   */
  async queryBlock(command: string, signal: AbortSignal, timeoutMs = BLOCK_LIMIT_MS): Promise<Uint8Array<ArrayBuffer>> {
    const ask = (request: ScpiRequest) =>
      this.#whenInStep(request, () => {
        this.#link.awaitBlock();
        this.#ask(request);
      });
    const answer = await this.#queue.add(command, signal, timeoutMs, ask);
    if (typeof answer === 'string') throw noBlockFault(this.#link.label, command, answer);
    return answer;
  }

  async write(command: string, signal: AbortSignal): Promise<void> {
    const tell = (request: ScpiRequest) => this.#whenInStep(request, () => this.#tell(request));
    await this.#queue.add(command, signal, WRITE_LIMIT_MS, tell);
  }

  /**
   * Asks the device who it is. An answer that `accepts` takes is from then on what proves that the link is in step.
   * @throws {HardwareFault} `lost`, `aborted`, `protocol-error`
   */
  async identify(accepts: (answer: string) => boolean, signal: AbortSignal): Promise<Identification> {
    let found: Identification = { kind: 'silent' };
    await this.#queue.add(this.#identityQuery, signal, Infinity, (request) =>
      this.#queue.work(request, async (stop) => {
        const wasInStep = this.#leaveStep();
        found = await this.#step.identify(accepts, stop, wasInStep);
        this.#inStep = found.kind === 'match';
        return '';
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
    this.#queue.stopAll('the device was put into its safe state');
    await this.#queue.add(commands.join('; '), signal, Infinity, (request) =>
      this.#queue.work(request, async (stop) => {
        const wasInStep = this.#leaveStep();
        await Promise.all(commands.map((command) => this.#link.send(command, stop)));
        await this.#step.regain(stop, wasInStep);
        this.#inStep = true;
        return '';
      }),
    );
  }

  /** Nothing is heard or sent any more; the transport stays as it is. */
  close(): void {
    this.#link.detach();
    this.#lost(closedFault(this.#link.label));
  }

  /** @returns whether the session was in step until now, with nothing half heard */
  #leaveStep(): boolean {
    const wasInStep = this.#inStep && !this.#link.midLine;
    this.#inStep = false;
    return wasInStep;
  }

  #whenInStep(request: ScpiRequest, act: () => void): void {
    if (this.#inStep && !this.#link.midLine) return act();
    this.#leaveStep();
    const stop = new AbortController();
    request.stop = () => stop.abort();
    this.#step.regain(stop.signal).then(
      () => {
        if (this.#queue.current !== request) return;
        this.#inStep = true;
        act();
      },
      (thrown: unknown) => this.#queue.fail(request, thrown),
    );
  }

  #ask(request: ScpiRequest): void {
    request.awaitsAnswer = true;
    request.deadlineMs = this.#clock.monotonicMs() + request.timeoutMs;
    request.stop = this.#andLinesAgain(after(this.#clock, request.timeoutMs, () => this.#expire(request)));
    this.#link.send(request.line, request.signal, true).catch((thrown: unknown) => this.#refused(request, thrown));
  }

  /** However the request ends, what comes next is a line. */
  #andLinesAgain(stopTimer: () => void): () => void {
    return () => {
      stopTimer();
      this.#link.awaitLine();
    };
  }

  #tell(request: ScpiRequest): void {
    request.stop = after(this.#clock, request.timeoutMs, () => {
      this.#inStep = false;
      this.#queue.fail(request, stuckFault(this.#link.label, request.line, request.timeoutMs));
    });
    this.#link.send(request.line, request.signal).then(
      () => this.#queue.settle(request, ''),
      (thrown: unknown) => this.#refused(request, thrown),
    );
  }

  #refused(request: ScpiRequest, thrown: unknown): void {
    // The device halted in the middle of it: nobody knows what it has.
    if (thrown instanceof Fault && thrown.code === 'line-error') this.#inStep = false;
    this.#queue.fail(request, thrown);
  }

  #expire(request: ScpiRequest): void {
    this.#giveUp(request);
    this.#queue.fail(request, timeoutFault(this.#link.label, request.line, request.timeoutMs));
  }

  /** Its answer may still come, and must not be taken for the next one's (32). */
  #giveUp(request: ScpiRequest): void {
    this.#inStep = false;
    if (!request.awaitsAnswer) return;
    if (request.line === this.#identityQuery) this.#late.expectIdentity();
    else this.#late.expect(request.timeoutMs);
  }

  #heard(text: string, atMs: number): void {
    const listener = this.#step.listener;
    if (listener) return listener.line(text, atMs);
    const request = this.#queue.current;
    const asked = request?.awaitsAnswer === true;
    // Timers are late when the machine is busy; the clock is not (36).
    const tooLate = asked && atMs > request.deadlineMs;
    const isAskedFor = asked && request.line === this.#identityQuery;
    const isIdentity = text === this.#step.identity && !isAskedFor;
    if (isIdentity && this.#late.takeIdentity()) return this.#unsolicited.emit(text);
    if (asked && !isAskedFor && this.#mayHoldIdentity(text)) return this.#damaged(mixedFault(this.#link.label, text));
    if (asked && !tooLate) return this.#queue.settle(request, text);
    // Whoever says more than was asked for may say it in place of the next answer.
    this.#inStep = false;
    this.#unsolicited.emit(text);
    if (asked) this.#queue.fail(request, timeoutFault(this.#link.label, request.line, request.timeoutMs));
  }

  /** A piece of a late identity, cut off before its end, stands in front of whatever is said next. */
  #mayHoldIdentity(text: string): boolean {
    const begin = this.#step.identity?.charAt(0);
    return begin !== undefined && text.startsWith(begin) && this.#late.owesIdentity && this.#late.takeIdentity();
  }

  /** Only while one is awaited: at any other time the link hears lines. */
  #heardBlock(bytes: Uint8Array<ArrayBuffer>, atMs: number): void {
    const request = this.#queue.current;
    if (request?.awaitsAnswer && atMs <= request.deadlineMs) return this.#queue.settle(request, bytes);
    this.#inStep = false;
    this.#unsolicited.emit(`(a block of ${bytes.length} bytes)`);
    if (request?.awaitsAnswer)
      this.#queue.fail(request, timeoutFault(this.#link.label, request.line, request.timeoutMs));
  }

  #damaged(fault: HardwareFault): void {
    const listener = this.#step.listener;
    if (listener) return listener.damaged(fault);
    this.#inStep = false;
    const request = this.#queue.current;
    if (request?.awaitsAnswer) this.#queue.fail(request, fault);
  }

  #lost(fault: HardwareFault): void {
    // First out of step: a request that ends now may have another one begin.
    this.#inStep = false;
    this.#queue.lose(fault);
  }
}
