/**
 * A conversation with the console of a device under test: a command, what it prints, and its prompt again.
 *
 * A prompt has no terminator, so the line is given a moment to go on before it is believed. A command is sent only at
 * the prompt, and its answer is what stands between its echo and the next prompt. Below it: console-text.ts; beside it:
 * console-log.ts. Above it: the console driver. Rules: RULES.md. Knows nothing of what commands do.
 */
import { Fault } from '#base/fault.ts';
import type { Clock } from '#base/clock.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';
import { ConsoleLog } from '#hardware/protocol/console/console-log.ts';
import { ConsoleText } from '#hardware/protocol/console/console-text.ts';
import { withoutEcho, withoutPrompt } from '#hardware/protocol/console/echo.ts';
import {
  foreignEchoFault,
  loginFault,
  noPromptFault,
  promptlessFault,
} from '#hardware/protocol/console/console-faults.ts';
import type { Identification } from '#hardware/protocol/in-step.ts';
import { lineFault, lostLinkFault, unsendableFault } from '#hardware/protocol/link-faults.ts';
import { RequestQueue, type Request } from '#hardware/protocol/request-queue.ts';
import { closedFault, timeoutFault } from '#hardware/protocol/session-faults.ts';
import type { HardwareFault, Transport } from '#hardware/transport/transport.ts';
import { after } from '#hardware/waiting.ts';

export interface ConsoleLogin {
  readonly user: string;
  readonly password?: string;
}

export interface ConsoleSessionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** What ends a command: mostly `\n` or `\r`. */
  readonly terminator: string;
  /** What the text after the last line end matches at the prompt; absent: there is none to wait for. */
  readonly prompt?: string;
  readonly login?: ConsoleLogin;
  /** A command whose output says who it is; empty: nobody is asked, since the device may be off. */
  readonly identityQuery: string;
}

/** A shell's commands take a moment more than an instrument's. */
const ANSWER_LIMIT_MS = 5000;
/** Longer than the 16 ms by which an FTDI adapter holds bytes back (38): then what looks like a prompt is one. */
const QUIET_MS = 40;
/** Time in which a shell that works comes to its prompt after Ctrl-C or Enter. */
const PROMPT_LIMIT_MS = 1000;
/** Checking a password takes a small device some seconds. */
const LOGIN_LIMIT_MS = 10_000;
const LOGIN_PROMPT = /(?:^|\s)login:\s*$/i;
const PASSWORD_PROMPT = /password:\s*$/i;
const INTERRUPT = '\x03';

export class ConsoleSession implements CommandSession {
  readonly #options: ConsoleSessionOptions;
  readonly #prompt: RegExp | null;
  readonly #text = new ConsoleText();
  readonly #log = new ConsoleLog();
  readonly #queue = new RequestQueue<string>(() => undefined);
  readonly #stopListening: () => void;
  #heardAtMs = -Infinity;
  /** Something was heard since the last key was pressed: what stood there before is no answer to it. */
  #isFresh = false;
  /** A command was sent whose prompt has not come. */
  #isBusy = false;
  /** It was at its prompt, and nothing was heard or sent since. */
  #atPrompt = false;
  /** Whether this console echoes what it is sent; null before the first command. */
  #echoes: boolean | null = null;
  #damage: HardwareFault | null = null;
  /** Called after everything that comes. */
  #onHeard: () => void = () => undefined;

  constructor(options: ConsoleSessionOptions) {
    this.#options = options;
    const { transport, prompt } = options;
    this.#prompt = prompt === undefined ? null : new RegExp(prompt);
    this.#stopListening = transport.onEvent((event) => {
      switch (event.kind) {
        case 'data':
          this.#heardAtMs = event.atMs;
          this.#isFresh = true;
          this.#atPrompt = false;
          for (const line of this.#text.push(event.bytes)) this.#log.add(line);
          return this.#onHeard();
        case 'line-error':
          this.#damage = lineFault(transport.label, event.error);
          return this.#onHeard();
        case 'lost':
          this.#queue.lose(lostLinkFault(transport.label, event.cause));
          return;
      }
    });
  }

  /** All that was printed since the last command, or since `identify`, with the line that has not ended. */
  get log(): string {
    return [...this.#log.lines, this.#text.tail].join('\n');
  }

  clearLog(): void {
    this.#log.clear();
  }

  /** Lines that were not told yet, each once. */
  takeLines(): readonly string[] {
    return this.#log.takeUntold();
  }

  /** Sends a line, at the prompt or not; nothing is waited for. */
  async write(command: string, signal: AbortSignal): Promise<void> {
    await this.#do(command, signal, async (stop) => {
      await this.#send(command, stop);
      return '';
    });
  }

  /**
   * Sends a command at the prompt. @returns what it printed, up to the next prompt
   * @throws {HardwareFault} `timeout`, `protocol-error`, `instrument-error` (login), `line-error`, `lost`, `aborted`
   */
  query(command: string, signal: AbortSignal, timeoutMs = ANSWER_LIMIT_MS): Promise<string> {
    return this.#do(command, signal, (stop) => this.#ask(command, timeoutMs, stop));
  }

  /** Also begins the log anew: what another unit has printed is none of the next one's. */
  async identify(accepts: (answer: string) => boolean, signal: AbortSignal): Promise<Identification> {
    const { identityQuery } = this.#options;
    this.clearLog();
    if (identityQuery === '') return { kind: 'match', answer: 'console' };
    try {
      const answer = await this.query(identityQuery, signal);
      return accepts(answer) ? { kind: 'match', answer } : { kind: 'other', answer };
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.code === 'timeout') return { kind: 'silent' };
      if (thrown instanceof Fault && thrown.code === 'instrument-error')
        return { kind: 'other', answer: thrown.message };
      throw thrown;
    }
  }

  /**
   * Sends the commands now, ahead of everything: what is under way or waits is stopped. Resolves at the next prompt;
   * where there is none to wait for, when the commands were handed over.
   * @throws {HardwareFault} `timeout`, `instrument-error`, `lost`, `aborted`
   */
  async makeSafe(commands: readonly string[], signal: AbortSignal): Promise<void> {
    this.#queue.stopAll('the device was put into its safe state');
    await this.#do(commands.join('; '), signal, async (stop) => {
      // A program in the foreground would take the commands for its input.
      const breakOut = this.#isBusy && this.#prompt ? [this.#type(INTERRUPT, stop)] : [];
      await Promise.all([...breakOut, ...commands.map((command) => this.#send(command, stop))]);
      if (this.#prompt) await this.#toPrompt(stop);
      return '';
    });
  }

  /** Nothing is heard or sent any more; the transport stays as it is. */
  close(): void {
    this.#stopListening();
    this.#queue.lose(closedFault(this.#options.transport.label));
  }

  #do(command: string, signal: AbortSignal, work: (stop: AbortSignal) => Promise<string>): Promise<string> {
    return this.#queue.add(command, signal, Infinity, (request: Request<string>) => this.#queue.work(request, work));
  }

  async #ask(command: string, timeoutMs: number, stop: AbortSignal): Promise<string> {
    const { clock, transport } = this.#options;
    if (!this.#prompt) throw promptlessFault(transport.label, command);
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    if (!this.#atPrompt) await this.#toPrompt(stop);
    this.#damage = null;
    const prompt = this.#text.tail;
    const untold = this.#log.untoldCount;
    await this.#send(command, stop);
    if (!(await this.#until(() => this.#isPrompt(), deadlineMs, stop)))
      throw timeoutFault(transport.label, command, timeoutMs);
    if (this.#damage) throw this.#damage;
    this.#isBusy = false;
    this.#atPrompt = true;
    const { lines } = this.#log;
    const printed = withoutEcho(lines, prompt, command);
    this.#echoes ??= printed !== null;
    // One that echoed before and does not now has answered something else.
    this.#atPrompt = printed !== null || !this.#echoes;
    if (!this.#atPrompt) throw foreignEchoFault(transport.label, command);
    this.#log.tellOnlyFirst(untold);
    return (printed ?? withoutPrompt(lines, prompt)).join('\n').trim();
  }

  /** To the prompt, whatever the console is doing: late output is waited for, then it is interrupted, then logged in to. */
  async #toPrompt(stop: AbortSignal): Promise<void> {
    const { clock, transport } = this.#options;
    const within = (limitMs: number) => this.#until(() => this.#isAsking(), clock.monotonicMs() + limitMs, stop);
    let isThere = this.#isBusy ? await within(PROMPT_LIMIT_MS) : false;
    for (const key of [this.#isBusy && !isThere ? INTERRUPT : null, this.#options.terminator]) {
      if (isThere || key === null) continue;
      await this.#type(key, stop);
      isThere = await within(PROMPT_LIMIT_MS);
    }
    if (isThere && !this.#isPrompt()) isThere = await this.#login(stop);
    if (!isThere) throw noPromptFault(transport.label, this.#text.tail);
    this.#isBusy = false;
    this.#atPrompt = true;
  }

  /** @returns true at the prompt */
  async #login(stop: AbortSignal): Promise<boolean> {
    const { login, clock, transport } = this.#options;
    if (!login) throw loginFault(transport.label, 'the procedure states no “login”');
    const deadlineMs = clock.monotonicMs() + LOGIN_LIMIT_MS;
    let hasGivenName = false;
    while (!this.#isPrompt()) {
      const asksForName = LOGIN_PROMPT.test(this.#text.tail);
      if (asksForName && hasGivenName) throw loginFault(transport.label, 'it refuses the name or the password');
      hasGivenName ||= asksForName;
      await this.#type((asksForName ? login.user : (login.password ?? '')) + this.#options.terminator, stop);
      if (!(await this.#until(() => this.#isAsking(), deadlineMs, stop))) return false;
    }
    return true;
  }

  #isPrompt(): boolean {
    return this.#prompt?.test(this.#text.tail) === true;
  }

  /** At its prompt, or at the one of its login. */
  #isAsking(): boolean {
    const { tail } = this.#text;
    return this.#isPrompt() || LOGIN_PROMPT.test(tail) || PASSWORD_PROMPT.test(tail);
  }

  async #send(command: string, stop: AbortSignal): Promise<void> {
    // oxlint-disable-next-line no-control-regex
    if (/[\x00-\x02\x04-\x08\x0a-\x1f\x7f]/.test(command)) throw unsendableFault(command, 'text', 'it is not one line');
    this.#log.clear();
    this.#isBusy = true;
    await this.#type(command + this.#options.terminator, stop);
  }

  async #type(keys: string, stop: AbortSignal): Promise<void> {
    this.#atPrompt = false;
    this.#isFresh = false;
    await this.#options.transport.write(new TextEncoder().encode(keys), stop);
  }

  /** @returns true when it holds and the line has been quiet since; false when the time was up first */
  #until(holds: () => boolean, deadlineMs: number, stop: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      let stopTimer = () => {};
      const end = (settle: () => void) => {
        stopTimer();
        this.#onHeard = () => undefined;
        stop.removeEventListener('abort', onStop);
        settle();
      };
      const onStop = () => end(() => reject(stop.reason));
      const look = () => {
        stopTimer();
        const nowMs = clock.monotonicMs();
        const isFresh = this.#isFresh && holds();
        const quietAtMs = this.#heardAtMs + QUIET_MS;
        if (isFresh && nowMs >= quietAtMs && quietAtMs <= deadlineMs) return end(() => resolve(true));
        if (nowMs >= deadlineMs) return end(() => resolve(false));
        const wakeAtMs = isFresh ? Math.min(quietAtMs, deadlineMs) : deadlineMs;
        stopTimer = after(clock, Math.max(wakeAtMs - nowMs, 0), look);
      };
      if (stop.aborted) return onStop();
      stop.addEventListener('abort', onStop, { once: true });
      this.#onHeard = look;
      look();
    });
  }
}
