/**
 * How many requests a second TofuPilot takes from all stations behind this relay; the others are told when to come.
 *
 * A station whose request is refused here created nothing and rests as long as it is told (sync/outbox, rule 8). Each
 * further refusal names a later time, so that those who were refused together do not come back together. Pure but for
 * what it counts. Above it: relay.ts.
 */

/** A second's worth may come at once: a run with a file is five requests. */
const BURST_S = 1;

export class Budget {
  readonly #ratePerS: () => Promise<number>;
  readonly #monotonicMs: () => number;
  #tokens = 0;
  /** Refused, and not back yet if they do as they were told. */
  #waiting = 0;
  #atMs: number | null = null;

  /** @param ratePerS as the fleet wants it now; 0: no limit */
  constructor(ratePerS: () => Promise<number>, monotonicMs: () => number) {
    this.#ratePerS = ratePerS;
    this.#monotonicMs = monotonicMs;
  }

  /** @returns 0 when a request may pass, else after how many seconds it may come again */
  async take(): Promise<number> {
    const ratePerS = await this.#ratePerS();
    if (ratePerS <= 0) return 0;
    this.#refill(ratePerS);
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    this.#waiting += 1;
    return Math.ceil(this.#waiting / ratePerS);
  }

  #refill(ratePerS: number): void {
    const nowMs = this.#monotonicMs();
    const most = Math.max(1, ratePerS * BURST_S);
    const earned = this.#atMs === null ? most : ((nowMs - this.#atMs) / 1000) * ratePerS;
    this.#atMs = nowMs;
    this.#tokens = Math.min(most, this.#tokens + earned);
    this.#waiting = Math.max(0, this.#waiting - earned);
  }
}
