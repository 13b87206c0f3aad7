/**
 * A bench for engine tests: each command does what a script says, and everything that was sent is written down.
 */
import { Fault } from '#base/fault.ts';
import type { Bench, ExpectedReboot, PlugStatus } from '#hardware/bench/bench.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import type { FakeClock } from '../base/fake-clock.ts';

export type Behaviour =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'slow'; readonly afterMs: number; readonly text: string }
  /** Never answers; the query gives up by its limit, or by the driver's. */
  | { readonly kind: 'silent' }
  /** Never answers, and heeds neither its signal nor its limit. */
  | { readonly kind: 'deaf' }
  /** Answers in the end, and heeds neither its signal nor its limit. */
  | { readonly kind: 'late'; readonly afterMs: number; readonly text: string }
  /** The wire is gone from here on. */
  | { readonly kind: 'lost' }
  /** A driver with a mistake in it. */
  | { readonly kind: 'broken' };

/** What a real session waits when it is not told how long. */
export const DRIVER_LIMIT_MS = 2000;

export class FakeBench implements Bench {
  readonly plugs: readonly PlugStatus[] = [];
  /** `plug: command` in order; `safe` when the safe state was asked for, `cut` at an emergency stop. */
  readonly sent: string[] = [];
  /** Labels as they came, of every plug. */
  readonly printed: string[] = [];
  readonly limits: (number | undefined)[] = [];
  readonly #clock: FakeClock;
  readonly #behave: (plug: string, command: string) => Behaviour;
  readonly #safe: () => Promise<readonly PlugStatus[]>;
  readonly #lost = new Set<string>();
  #isCut = false;

  constructor(
    clock: FakeClock,
    behave: (plug: string, command: string) => Behaviour,
    safe: () => Promise<readonly PlugStatus[]> = () => Promise.resolve([]),
  ) {
    this.#clock = clock;
    this.#behave = behave;
    this.#safe = safe;
  }

  onChange = () => () => undefined;
  inSlot = () => this;
  check = () => Promise.resolve([]);
  refresh = () => undefined;
  close = () => Promise.resolve();

  makeSafe(): Promise<readonly PlugStatus[]> {
    this.sent.push('safe');
    return this.#safe();
  }

  wires(): readonly [] {
    return [];
  }

  cutOff(): Promise<readonly PlugStatus[]> {
    this.sent.push('cut');
    this.#isCut = true;
    return this.#safe();
  }

  instrument(key: string): Instrument {
    if (this.#isCut || this.#lost.has(key)) throw this.#lostFault(key);
    const ask = (command: string, signal: AbortSignal, limitMs?: number) => this.#ask(key, command, signal, limitMs);
    return {
      key,
      write: async (command, signal) => void (await ask(command, signal)),
      query: ask,
      read: ask,
      curve: async (reading, signal, limitMs) =>
        Float64Array.from((await ask(reading, signal, limitMs)).split(','), (item) => Number(item)),
      print: async (label, signal) => {
        await ask('print', signal);
        this.printed.push(new TextDecoder().decode(label));
      },
      set: async (setting, value, signal) => void (await ask(`${setting} = ${value}`, signal)),
    };
  }

  /** What the script says to `reboot` decides how it ends: an answer is its return. */
  async reboot(key: string, expected: ExpectedReboot, cause: () => Promise<void>, signal: AbortSignal): Promise<void> {
    if (this.#isCut || this.#lost.has(key)) throw this.#lostFault(key);
    await cause();
    signal.throwIfAborted();
    await this.#ask(key, 'reboot', signal, expected.withinMs);
  }

  async #ask(plug: string, command: string, signal: AbortSignal, limitMs?: number): Promise<string> {
    this.sent.push(`${plug}: ${command}`);
    this.limits.push(limitMs);
    const behaviour = this.#behave(plug, command);
    const timeLimitMs = limitMs ?? DRIVER_LIMIT_MS;
    switch (behaviour.kind) {
      case 'answer':
        return behaviour.text;
      case 'slow':
        if (behaviour.afterMs >= timeLimitMs) return this.#giveUp(plug, timeLimitMs, signal);
        await this.#clock.sleep(behaviour.afterMs, signal);
        return behaviour.text;
      case 'silent':
        return this.#giveUp(plug, timeLimitMs, signal);
      case 'deaf':
        return new Promise(() => undefined);
      case 'late':
        await this.#clock.sleep(behaviour.afterMs);
        return behaviour.text;
      case 'lost':
        this.#lost.add(plug);
        throw this.#lostFault(plug);
      case 'broken':
        throw new TypeError('undefined is not a function');
    }
  }

  async #giveUp(plug: string, limitMs: number, signal: AbortSignal): Promise<never> {
    await this.#clock.sleep(limitMs, signal);
    throw new Fault('timeout', `${plug} did not answer within ${limitMs} ms.`, 'Check the cable.');
  }

  #lostFault(plug: string): Fault {
    return new Fault('lost', `${plug} is gone.`, 'Plug it in again.');
  }
}

export function unsafePlug(name: string): PlugStatus {
  return {
    key: name,
    name,
    state: 'lost',
    simulated: false,
    identity: '',
    message: 'no answer',
    remedy: 'Plug it in.',
  };
}
