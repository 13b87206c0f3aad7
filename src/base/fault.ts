/**
 * The one shape of a fault: a code for machines, a sentence for people, and what to do about it.
 *
 * Verdicts are returned; faults are thrown. Each room closes `Code` to its own list. Knows nothing of who shows it.
 */
export class Fault<Code extends string = string> extends Error {
  /** A word from the room's closed list, e.g. `timeout`; never shown alone. */
  readonly code: Code;
  /** What the person should do now, as one sentence. */
  readonly remedy: string;

  constructor(code: Code, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Fault';
    this.code = code;
    this.remedy = remedy;
  }
}

/** A sentence for whatever was thrown, fault or not. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
