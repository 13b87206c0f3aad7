/**
 * Switches that make the sandbox misbehave as networks and servers do, so that anyone can watch a station cope.
 *
 * Each is on for the next n requests or until it is switched off. Knows nothing of runs; sandbox-api.ts asks before
 * and after it answers.
 */
import * as v from 'valibot';
import { apiError } from '#server/api-error.ts';

/**
 * slow: answers after so many seconds, whether the station still waits or not. drop: takes a POST, PATCH or PUT, then
 * cuts the connection without an answer. 429, 500, 401: answers so and takes nothing. offline: cuts every connection.
 */
export const FAULTS = ['slow', 'drop', '429', '500', '401', 'offline'] as const;
export type FaultName = (typeof FAULTS)[number];

export interface FaultSwitch {
  readonly on: boolean;
  /** Requests that it still befalls; null: until it is switched off. */
  readonly left: number | null;
  /** slow: the delay. 429: Retry-After. */
  readonly seconds: number;
  /** How often it struck since the start. */
  readonly struck: number;
}

/** Three seconds are felt and bear with any client; a Retry-After of five can be watched. */
const SECONDS: Readonly<Record<FaultName, number>> = { slow: 3, drop: 0, '429': 5, '500': 0, '401': 0, offline: 0 };

const Order = v.strictObject({
  fault: v.picklist(FAULTS),
  on: v.boolean(),
  seconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(600))),
  count: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))),
});

export class Faults {
  readonly #switches = new Map<FaultName, FaultSwitch>(
    FAULTS.map((name) => [name, { on: false, left: null, seconds: SECONDS[name], struck: 0 }]),
  );

  get state(): Readonly<Record<FaultName, FaultSwitch>> {
    return Object.fromEntries(this.#switches) as Record<FaultName, FaultSwitch>;
  }

  /** @returns false when the order cannot be understood; then nothing was switched */
  order(data: unknown): boolean {
    const read = v.safeParse(Order, data);
    if (!read.success) return false;
    const { fault, on, seconds = SECONDS[fault], count } = read.output;
    this.#switches.set(fault, { ...this.#get(fault), on, seconds, left: on ? (count ?? null) : null });
    return true;
  }

  /** Counts one request against a switch. @returns the switch when it is on */
  strike(name: FaultName): FaultSwitch | undefined {
    const now = this.#get(name);
    if (!now.on) return undefined;
    const left = now.left === null ? null : now.left - 1;
    this.#switches.set(name, { ...now, left: left === 0 ? null : left, on: left !== 0, struck: now.struck + 1 });
    return now;
  }

  /** The answer of a server in trouble, if one is switched on. */
  refusal(): Response | undefined {
    if (this.strike('401')) return apiError('UNAUTHORIZED', 'Switched on at /sandbox: the key is refused.');
    const throttled = this.strike('429');
    if (throttled)
      return apiError('TOO_MANY_REQUESTS', 'Switched on at /sandbox: too many requests.', {
        headers: { 'retry-after': String(throttled.seconds) },
      });
    return (
      this.strike('500') && apiError('INTERNAL_SERVER_ERROR', 'Switched on at /sandbox: the server is in trouble.')
    );
  }

  #get(name: FaultName): FaultSwitch {
    return this.#switches.get(name) as FaultSwitch;
  }
}
