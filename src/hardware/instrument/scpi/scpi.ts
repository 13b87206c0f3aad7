/**
 * Driver `scpi`: any instrument or fixture that takes SCPI lines, with no readings of its own.
 *
 * Stands on a command session; its simulated twin is any plug of a simulated bench. Knows nothing of wires.
 */
import { Fault } from '#base/fault.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';

export class ScpiInstrument implements Instrument {
  readonly key: string;
  readonly #session: CommandSession;
  readonly #readings: Readonly<Record<string, string>>;

  /** @param readings the query behind each reading's name */
  constructor(key: string, session: CommandSession, readings: Readonly<Record<string, string>> = {}) {
    this.key = key;
    this.#session = session;
    this.#readings = readings;
  }

  write(command: string, signal: AbortSignal): Promise<void> {
    return this.#session.write(command, signal);
  }

  query(command: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    return this.#session.query(command, signal, timeoutMs);
  }

  async read(reading: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    const query = Object.hasOwn(this.#readings, reading) ? this.#readings[reading] : undefined;
    if (query === undefined) {
      const known = Object.keys(this.#readings).join(', ');
      throw new Fault(
        'unsupported',
        `The plug '${this.key}' has no reading '${reading}'.`,
        known ? `Use one of: ${known}.` : 'Use `query` with the command of this instrument.',
      );
    }
    return this.#session.query(query, signal, timeoutMs);
  }
}
