/**
 * A conversation with a label printer: labels go out, and a printer of ZPL is asked first whether it can print.
 *
 * Answers stand between STX and ETX. Many printers never answer, over USB most of all: they are printed to all the same,
 * and the run says so. One that has answered once must go on doing so. Below it: host-status.ts. Above it: the driver
 * `label-printer`. Rules: ../RULES.md. Knows nothing of what is on a label.
 */
import type { Clock } from '#base/clock.ts';
import { latin1FromBytes, bytesFromLatin1 } from '#hardware/protocol/byte-text.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';
import type { Identification } from '#hardware/protocol/in-step.ts';
import { lostLinkFault, unsendableFault } from '#hardware/protocol/link-faults.ts';
import { HOST_STATUS, readHostStatus, STATUS_STRINGS, statusTrouble } from '#hardware/protocol/printer/host-status.ts';
import {
  fellSilentFault,
  noStatusFault,
  notReadyFault,
  oneWayFault,
} from '#hardware/protocol/printer/printer-faults.ts';
import { RequestQueue, type Request } from '#hardware/protocol/request-queue.ts';
import { closedFault, stuckFault, timeoutFault } from '#hardware/protocol/session-faults.ts';
import type { Transport } from '#hardware/transport/transport.ts';
import { after, withDeadline } from '#hardware/waiting.ts';

export type PrinterLanguage = 'zpl' | 'raw';

export interface PrinterSessionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly language: PrinterLanguage;
  /** How fast the line takes a label at most. */
  readonly baudRate: number;
  /** Answered with one string; empty: nobody is asked who it is. */
  readonly identityQuery: string;
}

/** A status has some 80 characters, which take 0.1 s at 9600 baud; a printer answers while it prints. */
const ANSWER_LIMIT_MS = 1000;
/** What was asked so long ago and not answered since will not be. */
const LATE_LIMIT_MS = 30_000;
/** Who it is: questions are answered in their order, so nothing from before this one comes after its answer. */
const FENCE = '~HI';
/** Model, firmware, dots per millimetre, memory, and with some one field more. A status has none of so many fields. */
const FENCE_FIELDS = [4, 5];
/** A printer that is busy holds the line for so long at most, beside the time that the bytes themselves take. */
const TAKE_LIMIT_MS = 20_000;
/** Start bit, eight bits, stop bit. */
const BITS_PER_BYTE = 10;
/** Far more than a status; what never ends is noise. */
const MOST_HEARD = 8192;
const MOST_STRINGS = 100;
const ANSWER = /\x02([^\x02\x03]*)\x03/g; // oxlint-disable-line no-control-regex
/** Forgets a format that has begun and was cut. */
const CANCEL_PARTIAL = new TextEncoder().encode('~JX\r\n');

export class PrinterSession implements CommandSession {
  readonly #options: PrinterSessionOptions;
  readonly #queue = new RequestQueue<string>(() => undefined);
  readonly #stopListening: () => void;
  /** Of a string that has not ended. */
  #begun = '';
  #strings: string[] = [];
  /** It has answered a question over this connection. */
  #hasAnswered = false;
  /** Monotonic: until then the answer to a question that was given up may still come. */
  #owesUntilMs = -Infinity;
  readonly #fences = { said: 0, heard: 0, beforeLast: 0 };
  /** A label was not handed over to its end. */
  #isCut = false;
  #untold: string[] = [];
  #onHeard: () => unknown = () => undefined;

  constructor(options: PrinterSessionOptions) {
    this.#options = options;
    const { transport } = options;
    this.#stopListening = transport.onEvent((event) => {
      if (event.kind === 'lost') this.#queue.lose(lostLinkFault(transport.label, event.cause));
      if (event.kind !== 'data') return;
      this.#hear(latin1FromBytes(event.bytes));
      this.#onHeard();
    });
  }

  /**
   * Resolves when the label was handed over as a whole; the printer has it then, and may still be printing.
   * @throws {HardwareFault} `instrument-error` (no labels, open, paused), `timeout`, `protocol-error`, `lost`, `aborted`
   */
  async print(label: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#do('the label', signal, async (stop) => {
      if (this.#options.language === 'zpl') await this.#beReady(stop);
      await this.#hand(label, 'the label', stop);
      return '';
    });
  }

  async write(command: string, signal: AbortSignal): Promise<void> {
    await this.#do(command, signal, (stop) => this.#say(command, stop));
  }

  /** @returns the one string that answers it @throws {HardwareFault} `unsupported` where the language knows no answers */
  query(command: string, signal: AbortSignal, timeoutMs = ANSWER_LIMIT_MS): Promise<string> {
    const { language, transport } = this.#options;
    if (language === 'raw') return Promise.reject(oneWayFault(transport.label));
    return this.#do(command, signal, async (stop) => {
      const isInStep = await this.#getInStep(stop);
      const [answer] = isInStep ? await this.#ask(command, 1, timeoutMs, stop) : [];
      if (answer === undefined) throw timeoutFault(transport.label, command, timeoutMs);
      return answer;
    });
  }

  async identify(accepts: (answer: string) => boolean, signal: AbortSignal): Promise<Identification> {
    const { identityQuery } = this.#options;
    if (identityQuery === '') return { kind: 'match', answer: 'label printer' };
    const answer = await this.#do(identityQuery, signal, async (stop) =>
      (await this.#ask(identityQuery, 1, ANSWER_LIMIT_MS, stop)).join(''),
    );
    if (answer === '') return { kind: 'silent' };
    return accepts(answer) ? { kind: 'match', answer } : { kind: 'other', answer };
  }

  /** Sends the commands ahead of everything; a printer says nothing to them. */
  async makeSafe(commands: readonly string[], signal: AbortSignal): Promise<void> {
    this.#queue.stopAll('the printer was put into its safe state');
    await this.#do(commands.join('; '), signal, async (stop) => {
      for (const command of commands) await this.#say(command, stop);
      return '';
    });
  }

  /** What the run should say of its labels, each line once. */
  takeLines(): readonly string[] {
    return this.#untold.splice(0);
  }

  /** Nothing is heard or sent any more; the transport stays as it is. */
  close(): void {
    this.#stopListening();
    this.#queue.lose(closedFault(this.#options.transport.label));
  }

  #do(line: string, signal: AbortSignal, work: (stop: AbortSignal) => Promise<string>): Promise<string> {
    return this.#queue.add(line, signal, Infinity, (request: Request<string>) => this.#queue.work(request, work));
  }

  async #beReady(stop: AbortSignal): Promise<void> {
    const { label } = this.#options.transport;
    const isInStep = await this.#getInStep(stop);
    const strings = isInStep ? await this.#ask(HOST_STATUS, STATUS_STRINGS, ANSWER_LIMIT_MS, stop) : [];
    if (strings.length === 0 && this.#hasAnswered) throw fellSilentFault(label);
    if (strings.length === 0) return void this.#untold.push('it does not say its status; printed without');
    const status = readHostStatus(strings);
    if (!status) {
      // Nobody knows what of it is still to come.
      this.#owe();
      throw noStatusFault(label, strings.join(' '));
    }
    const trouble = statusTrouble(status);
    if (trouble) throw notReadyFault(label, trouble.words, trouble.remedy);
  }

  /**
   * Answers come in the order of the questions. So of several fences the answer with this number is that to this one or, where
   * some were lost, to a later one: what was asked before it has been answered, or never will be.
   * @returns false when nobody can say which question the next answer belongs to
   */
  async #getInStep(stop: AbortSignal): Promise<boolean> {
    const fences = this.#fences;
    if (this.#owesUntilMs === -Infinity) return true;
    if (this.#options.clock.monotonicMs() >= this.#owesUntilMs) {
      Object.assign(fences, { said: 0, heard: 0, beforeLast: 0 });
      this.#owesUntilMs = -Infinity;
      return true;
    }
    this.#owe();
    fences.said += 1;
    await this.#say(FENCE, stop);
    if (!(await this.#until(() => fences.heard > fences.beforeLast, ANSWER_LIMIT_MS, stop))) return false;
    this.#owesUntilMs = -Infinity;
    return true;
  }

  /** @returns the first strings that came, so many as are wanted; fewer when the time was up */
  async #ask(command: string, count: number, timeoutMs: number, stop: AbortSignal): Promise<readonly string[]> {
    const fences = this.#fences;
    if (command === FENCE) fences.said += 1;
    else fences.beforeLast = fences.said;
    // The answer to an earlier fence is none to this question.
    const answers = () =>
      fences.said > 0 && command !== FENCE ? this.#strings.filter((text) => !isFence(text)) : this.#strings;
    this.#strings = [];
    this.#owe();
    await this.#say(command, stop);
    const isWhole = await this.#until(() => answers().length >= count, timeoutMs, stop);
    if (isWhole) this.#owesUntilMs = -Infinity;
    return answers().slice(0, count);
  }

  #hear(text: string): void {
    const heard = (this.#begun + text).slice(-MOST_HEARD);
    let end = 0;
    for (const found of heard.matchAll(ANSWER)) {
      end = found.index + found[0].length;
      const [, string = ''] = found;
      this.#strings.push(string);
      this.#hasAnswered = true;
      if (isFence(string) && this.#fences.heard < this.#fences.said) this.#fences.heard += 1;
    }
    this.#begun = heard.slice(end);
    this.#strings = this.#strings.slice(-MOST_STRINGS);
  }

  #owe(): void {
    this.#owesUntilMs = this.#options.clock.monotonicMs() + LATE_LIMIT_MS;
  }

  async #say(command: string, stop: AbortSignal): Promise<string> {
    const bytes = bytesFromLatin1(command);
    if (!bytes) throw unsendableFault(command, 'text');
    await this.#hand(new Uint8Array([...bytes, 0x0d, 0x0a]), command, stop);
    return '';
  }

  /** What was cut before is forgotten by the printer first, or it would stand on this label. */
  async #hand(bytes: Uint8Array, what: string, stop: AbortSignal): Promise<void> {
    const { transport, clock, language, baudRate } = this.#options;
    const limitMs = TAKE_LIMIT_MS + (bytes.length * BITS_PER_BYTE * 1000) / baudRate;
    const mustCancel = this.#isCut && language === 'zpl';
    this.#isCut = true;
    await withDeadline(clock, limitMs, stop, async (limited) => {
      if (mustCancel) await transport.write(CANCEL_PARTIAL, limited);
      await transport.write(bytes, limited);
    }).catch((thrown: unknown) => {
      throw stop.aborted || transport.state === 'lost' ? thrown : stuckFault(transport.label, what, limitMs);
    });
    this.#isCut = false;
  }

  /** @returns true when it holds; false when the time was up first */
  #until(holds: () => boolean, limitMs: number, stop: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        stopTimer();
        this.#onHeard = () => undefined;
        stop.removeEventListener('abort', onStop);
        settle();
      };
      const onStop = () => end(() => reject(stop.reason));
      const stopTimer = after(this.#options.clock, limitMs, () => end(() => resolve(false)));
      if (stop.aborted) return onStop();
      stop.addEventListener('abort', onStop, { once: true });
      this.#onHeard = () => holds() && end(() => resolve(true));
      // It may have answered in the moment in which it was asked.
      this.#onHeard();
    });
  }
}

function isFence(text: string): boolean {
  return FENCE_FIELDS.includes(text.split(',').length);
}
