/**
 * A station's own log, kept until the server has it: refusals, notices and faults, with code and level.
 *
 * Bounded and in order; what does not fit is counted. The same again within a minute is one entry that says how often.
 * Nothing secret comes near it: see `withoutQuotes`. Pure but for what it holds. Knows nothing of how it is sent.
 */
export type EntryLevel = 'info' | 'warning' | 'error';

export interface LogEntry {
  /** UTC, ISO 8601, by the station's clock: when it came first. */
  readonly at: string;
  readonly level: EntryLevel;
  readonly code: string;
  /** Empty for a refusal: its code says it, and its words repeat what was scanned. */
  readonly message: string;
  /** How often it came within a minute. */
  readonly times: number;
}

/** A day offline with a notice every seven minutes; what nobody read until then is no news. */
export const MOST_KEPT = 200;
/** One request: well under what the server takes. */
export const MOST_SENT = 100;
const LONGEST_MESSAGE = 500;
const SAME_MS = 60_000;

export class LogShelf {
  #entries: LogEntry[];
  #dropped: number;

  constructor(kept: readonly LogEntry[] = [], dropped = 0) {
    this.#entries = kept.slice(-MOST_KEPT);
    this.#dropped = dropped;
  }

  add(level: EntryLevel, code: string, message: string, nowMs: number): void {
    const clean = withoutQuotes(message).slice(0, LONGEST_MESSAGE);
    const at = this.#entries.findLastIndex((entry) => entry.code === code && entry.level === level);
    const same = this.#entries[at];
    if (same && same.message === clean && Math.abs(nowMs - Date.parse(same.at)) < SAME_MS) {
      this.#entries[at] = { ...same, times: same.times + 1 };
      return;
    }
    this.#entries.push({ at: new Date(nowMs).toISOString(), level, code, message: clean, times: 1 });
    if (this.#entries.length <= MOST_KEPT) return;
    // Of what is kept the oldest goes, but an error only when there is nothing else.
    const mild = this.#entries.findIndex((entry) => entry.level !== 'error');
    this.#dropped += this.#entries.splice(Math.max(0, mild), 1)[0]?.times ?? 0;
  }

  /** The oldest ones. Empty: there is nothing to send. */
  batch(): readonly LogEntry[] {
    return this.#entries.slice(0, MOST_SENT);
  }

  /** The server has them: those, and the count of what was dropped, are forgotten. */
  sent(batch: readonly LogEntry[], dropped: number): void {
    const had = new Set(batch);
    // One that came again meanwhile is another object, and goes again with its larger count.
    this.#entries = this.#entries.filter((entry) => !had.has(entry));
    this.#dropped = Math.max(0, this.#dropped - dropped);
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** Entries that did not fit and are lost, since the last that arrived. */
  get dropped(): number {
    return this.#dropped;
  }
}

/** What a message quotes was scanned or typed: a serial number at best, a badge or a password at worst. */
export function withoutQuotes(message: string): string {
  return message.replaceAll(/“[^”]*(”|$)/g, '“…”');
}
