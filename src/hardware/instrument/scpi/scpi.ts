/**
 * Driver `scpi`: any instrument or fixture that takes SCPI lines; and every driver that is a table of SCPI.
 *
 * Stands on a SCPI session. Knows nothing of wires; what a class of instruments can do is in its table.
 */
import { Fault } from '#base/fault.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import type { BlockSession, ScpiDriver, ScpiSetting } from '#hardware/instrument/scpi-table.ts';
import { drainErrors, operationComplete, wordsOf } from '#hardware/protocol/scpi-errors.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

/** No readings of its own: the procedure states commands and queries. */
export const SCPI: ScpiDriver = { readings: {}, settings: {}, safeState: [], hasErrorQueue: false };

export class ScpiInstrument implements Instrument {
  readonly key: string;
  readonly #session: BlockSession;
  readonly #driver: ScpiDriver;
  /** Whether the error queue holds nothing from before this instrument was taken over. */
  #isCleared = false;

  constructor(key: string, session: BlockSession, driver: ScpiDriver) {
    this.key = key;
    this.#session = session;
    this.#driver = driver;
  }

  write(command: string, signal: AbortSignal): Promise<void> {
    return this.#session.write(command, signal);
  }

  query(command: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    return this.#session.query(command, signal, timeoutMs);
  }

  async read(reading: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    const found = this.#reading(reading);
    if (!('query' in found)) throw wrongKind(this.key, reading, 'a curve', 'Add “as: curve” to the step.');
    return this.#explained(signal, () => this.#session.query(found.query, signal, timeoutMs));
  }

  async curve(reading: string, signal: AbortSignal, timeoutMs?: number): Promise<Float64Array<ArrayBuffer>> {
    const found = this.#reading(reading);
    if (!('take' in found)) throw wrongKind(this.key, reading, 'one value', 'Take “as: curve” out of the step.');
    return this.#explained(signal, () => found.take(this.#session, signal, timeoutMs));
  }

  async set(setting: string, value: number | string | boolean, signal: AbortSignal): Promise<void> {
    const { settings, hasErrorQueue, settles } = this.#driver;
    const found = Object.hasOwn(settings, setting) ? settings[setting] : undefined;
    if (!found) throw unknownName(this.key, 'setting', setting, Object.keys(settings));
    const command = found.command(wireValue(this.key, setting, found, value));
    if (hasErrorQueue && !this.#isCleared) await this.#session.write('*CLS', signal);
    this.#isCleared = true;
    await this.#session.write(command, signal);
    if (settles) await operationComplete(this.#session, signal);
    if (!hasErrorQueue) return;
    const errors = await drainErrors(this.#session, signal);
    if (errors.length > 0) throw refusedFault(this.key, command, wordsOf(errors));
  }

  #reading(reading: string) {
    const { readings } = this.#driver;
    const found = Object.hasOwn(readings, reading) ? readings[reading] : undefined;
    if (found) return found;
    throw unknownName(this.key, 'reading', reading, Object.keys(readings));
  }

  /** A reading that failed is explained by what the instrument has in its error queue; the queue is empty afterwards. */
  async #explained<T>(signal: AbortSignal, take: () => Promise<T>): Promise<T> {
    try {
      return await take();
    } catch (thrown) {
      const isTold = thrown instanceof Fault && ['timeout', 'protocol-error', 'frame-error'].includes(thrown.code);
      if (!isTold || !this.#driver.hasErrorQueue || signal.aborted) throw thrown;
      const errors = await drainErrors(this.#session, signal).catch(() => []);
      if (errors.length === 0) throw thrown;
      throw new Fault(thrown.code, `${thrown.message} It says: ${wordsOf(errors)}.`, thrown.remedy, { cause: thrown });
    }
  }
}

/** @throws {HardwareFault} `unsupported` */
function wireValue(key: string, setting: string, { takes, choices, words }: ScpiSetting, value: unknown): string {
  const refused = (wanted: string) =>
    new Fault<HardwareCode>(
      'unsupported',
      `The setting '${setting}' of the plug '${key}' takes ${wanted}, not ${JSON.stringify(value)}.`,
      'Correct the value in the procedure.',
    );
  if (takes === 'number') {
    if (typeof value === 'number' && Number.isFinite(value)) return String(value === 0 ? 0 : value).toUpperCase();
    throw refused('a number');
  }
  if (takes === 'flag') {
    if (typeof value === 'boolean') return value ? 'ON' : 'OFF';
    if (value === 'on' || value === 'off') return value.toUpperCase();
    throw refused('on or off');
  }
  const text = String(value);
  if (choices && !choices.includes(text)) throw refused(`one of ${choices.join(', ')}`);
  return words?.[text] ?? text;
}

export function unknownName(
  key: string,
  kind: 'reading' | 'setting',
  name: string,
  known: readonly string[],
): HardwareFault {
  return new Fault<HardwareCode>(
    'unsupported',
    `The plug '${key}' has no ${kind} '${name}'.`,
    known.length > 0 ? `Use one of: ${known.join(', ')}.` : 'Use a command of this instrument as text.',
  );
}

function wrongKind(key: string, reading: string, what: string, remedy: string): HardwareFault {
  return new Fault<HardwareCode>('unsupported', `The reading '${reading}' of the plug '${key}' is ${what}.`, remedy);
}

function refusedFault(key: string, command: string, errors: string): HardwareFault {
  return new Fault<HardwareCode>(
    'instrument-error',
    `The instrument '${key}' reports after ${JSON.stringify(command)}: ${errors}.`,
    'Check the value, whether this instrument has such a setting, and what was sent to it before.',
  );
}
