/**
 * Getting in step with a device: drop what is late, wait for silence, and ask who it is.
 *
 * The resynchronisation of RULES.md. While it listens, the session passes every line here. Above it: scpi-session.ts;
 * below it: line-link.ts. Knows nothing of requests.
 */
import type { Clock } from '#base/clock.ts';
import type { Emitter } from '#base/emitter.ts';
import { LONGEST_WAIT_MS, type LateAnswers } from '#hardware/protocol/late-answers.ts';
import type { Ear, LineLink } from '#hardware/protocol/line-link.ts';
import { abortedQuery, chatterFault, outOfStepFault } from '#hardware/protocol/session-faults.ts';
import { after } from '#hardware/waiting.ts';

/** What was heard after the identity query. */
export type Identification =
  | { readonly kind: 'match'; readonly answer: string }
  /** Something answers, but not as expected. */
  | { readonly kind: 'other'; readonly answer: string }
  | { readonly kind: 'silent' };

/** Silence that ends a purge: longer than the 16 ms by which an FTDI adapter holds bytes back (38). */
const QUIET_MS = 50;
/** A device that is not silent for that long within this time talks without being asked. */
const QUIET_LIMIT_MS = 500;
/** Time in which a device that works says who it is. */
const IDENTITY_LIMIT_MS = 1000;
/** After an unexpected line (the rest of a boot text) the true answer is waited for this much longer. */
const AFTER_OTHER_MS = 100;
const UNREADABLE = '(unreadable characters)';

export interface InStepOptions {
  readonly link: LineLink;
  readonly clock: Clock;
  readonly late: LateAnswers;
  readonly identityQuery: string;
  readonly unsolicited: Emitter<string>;
}

export class InStep {
  readonly #options: InStepOptions;
  #identity: string | null = null;
  #listener: Ear | null = null;

  constructor(options: InStepOptions) {
    this.#options = options;
  }

  /** What the device said who it is; null before it was asked. */
  get identity(): string | null {
    return this.#identity;
  }

  /** Hears in place of a request; null when it does not listen. */
  get listener(): Ear | null {
    return this.#listener;
  }

  /** @throws {HardwareFault} `timeout`, `protocol-error`, `lost`, `aborted`; then nothing that comes is to be believed */
  async regain(stop: AbortSignal, wasInStep = false): Promise<void> {
    const isKnown = (answer: string) => this.#identity === null || answer === this.#identity;
    const found = await this.identify(isKnown, stop, wasInStep);
    if (found.kind !== 'match') throw outOfStepFault(this.#options.link.label);
  }

  /** @param wasInStep nothing is late, so nothing has to be waited for before asking */
  async identify(accepts: (answer: string) => boolean, stop: AbortSignal, wasInStep = false): Promise<Identification> {
    if (!wasInStep) await this.#purge(stop);
    const found = await this.#probe(accepts, stop);
    if (found.kind === 'match') {
      this.#identity = found.answer;
      this.#options.late.takeIdentity();
      await this.#outwait(stop);
      this.#options.late.inStep();
    }
    return found;
  }

  /** Drops late answers for as long as they may come, then whatever comes until the line is silent. */
  async #purge(stop: AbortSignal): Promise<void> {
    const { link, clock, late, unsolicited } = this.#options;
    const drop = (text: string) => {
      late.dropped(text === this.#identity);
      unsolicited.emit(text);
      return false;
    };
    await this.#listen(() => late.untilMs, drop, stop);
    const limitMs = clock.monotonicMs() + QUIET_LIMIT_MS;
    await this.#listen(() => Math.min(limitMs, link.heardAtMs + QUIET_MS), drop, stop);
    if (link.heardAtMs + QUIET_MS > clock.monotonicMs()) throw chatterFault(link.label);
    link.forget();
  }

  /** Where the identity may have been an earlier one: what comes after it is dropped, until the last identity came or is not to come. */
  async #outwait(stop: AbortSignal): Promise<void> {
    const { clock, late, unsolicited } = this.#options;
    const untilMs = clock.monotonicMs() + LONGEST_WAIT_MS;
    const drop = (text: string) => {
      late.dropped(text === this.#identity);
      unsolicited.emit(text);
      return false;
    };
    await this.#listen(() => (late.isBehindIdentity ? untilMs : -Infinity), drop, stop);
  }

  async #probe(accepts: (answer: string) => boolean, stop: AbortSignal): Promise<Identification> {
    const { link, clock, late, identityQuery } = this.#options;
    let found: Identification = { kind: 'silent' };
    let untilMs = clock.monotonicMs() + IDENTITY_LIMIT_MS;
    const heardOther = (answer: string) => {
      found = { kind: 'other', answer };
      untilMs = Math.min(untilMs, clock.monotonicMs() + AFTER_OTHER_MS);
    };
    const heard = this.#listen(
      () => untilMs,
      (answer) => {
        if (accepts(answer)) found = { kind: 'match', answer };
        else heardOther(answer);
        return found.kind === 'match';
      },
      stop,
      () => heardOther(UNREADABLE),
    );
    late.expectIdentity();
    // A device that does not even take the query is silent: only the listening has a limit.
    await Promise.race([heard, link.send(identityQuery, stop, true).then(() => heard)]);
    return found;
  }

  /** Passes lines to `takes` until it takes one, or until `untilMs` (monotonic; asked again after every line). */
  #listen(
    untilMs: () => number,
    takes: (text: string) => boolean,
    stop: AbortSignal,
    onDamage = () => {},
  ): Promise<void> {
    const { clock, identityQuery } = this.#options;
    return new Promise((resolve, reject) => {
      if (stop.aborted) return reject(abortedQuery(identityQuery, stop.reason));
      let stopTimer = () => {};
      const end = (settle: () => void) => {
        stopTimer();
        stop.removeEventListener('abort', onStop);
        if (this.#listener === listener) this.#listener = null;
        settle();
      };
      const onStop = () => end(() => reject(abortedQuery(identityQuery, stop.reason)));
      const wait = () => {
        stopTimer();
        const leftMs = untilMs() - clock.monotonicMs();
        if (leftMs > 0) stopTimer = after(clock, leftMs, wait);
        else end(resolve);
      };
      const listener: Ear = {
        line: (text) => (takes(text) ? end(resolve) : wait()),
        damaged: () => {
          onDamage();
          wait();
        },
        lost: (fault) => end(() => reject(fault)),
      };
      this.#listener = listener;
      stop.addEventListener('abort', onStop, { once: true });
      wait();
    });
  }
}
