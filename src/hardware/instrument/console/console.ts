/**
 * Driver `console`: the text console of a device under test.
 *
 * `query` sends a command and gives what it printed; the reading `log` is all that was printed since the last command or
 * since the run began, and lines go to the run's log as they come. Stands on a console session.
 */
import { Fault } from '#base/fault.ts';
import type { DriverFacts } from '#hardware/instrument/driver.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { unknownName } from '#hardware/instrument/scpi/scpi.ts';
import type { ConsoleSession } from '#hardware/protocol/console/console-session.ts';
import type { HardwareCode } from '#hardware/transport/transport.ts';

/** What a procedure says of a console, beside the plug's name. */
export interface ConsoleConfig {
  readonly prompt?: string;
  readonly login?: { readonly user: string; readonly password?: string };
}

const CLEAR = 'clear';

export const CONSOLE: DriverFacts = {
  readings: { log: { gives: 'text' } },
  settings: { log: { takes: 'text', choices: [CLEAR] } },
  safeState: [],
  config: 'console',
};

export class ConsoleInstrument implements Instrument {
  readonly key: string;
  readonly #session: ConsoleSession;

  constructor(key: string, session: ConsoleSession) {
    this.key = key;
    this.#session = session;
  }

  write(command: string, signal: AbortSignal): Promise<void> {
    return this.#session.write(command, signal);
  }

  query(command: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    return this.#session.query(command, signal, timeoutMs);
  }

  async read(reading: string): Promise<string> {
    if (reading === 'log') return this.#session.log;
    throw unknownName(this.key, 'reading', reading, Object.keys(CONSOLE.readings));
  }

  async curve(reading: string): Promise<Float64Array<ArrayBuffer>> {
    throw new Fault<HardwareCode>(
      'unsupported',
      `The console '${this.key}' has no curve '${reading}'.`,
      'Query a command that prints numbers between commas, “as: curve”.',
    );
  }

  async set(setting: string, value: number | string | boolean): Promise<void> {
    if (setting !== 'log' || value !== CLEAR)
      throw unknownName(this.key, 'setting', `${setting}: ${value}`, [`log: ${CLEAR}`]);
    this.#session.clearLog();
  }

  takeLines(): readonly string[] {
    return this.#session.takeLines();
  }
}
