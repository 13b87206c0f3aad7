/**
 * Driver `label-printer`: a printer that takes labels in its own language, ZPL or any other.
 *
 * It has no readings and no settings: the step `print` fills a label and hands it over. Stands on a printer session.
 */
import { Fault } from '#base/fault.ts';
import type { DriverFacts } from '#hardware/instrument/driver.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { unknownName } from '#hardware/instrument/scpi/scpi.ts';
import type { PrinterSession } from '#hardware/protocol/printer/printer-session.ts';
import type { HardwareCode } from '#hardware/transport/transport.ts';

// It drives nothing that could hurt a unit.
export const LABEL_PRINTER: DriverFacts = { readings: {}, settings: {}, safeState: [], config: 'language' };

export class LabelPrinter implements Instrument {
  readonly key: string;
  readonly #session: PrinterSession;

  constructor(key: string, session: PrinterSession) {
    this.key = key;
    this.#session = session;
  }

  print(label: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#session.print(label, signal);
  }

  write(command: string, signal: AbortSignal): Promise<void> {
    return this.#session.write(command, signal);
  }

  query(command: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    return this.#session.query(command, signal, timeoutMs);
  }

  async read(reading: string): Promise<string> {
    throw unknownName(this.key, 'reading', reading, []);
  }

  async curve(reading: string): Promise<Float64Array<ArrayBuffer>> {
    throw new Fault<HardwareCode>(
      'unsupported',
      `The label printer '${this.key}' has no curve '${reading}'.`,
      'Take the step out.',
    );
  }

  async set(setting: string): Promise<void> {
    throw unknownName(this.key, 'setting', setting, []);
  }

  takeLines(): readonly string[] {
    return this.#session.takeLines();
  }
}
