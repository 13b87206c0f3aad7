/**
 * Until when instruments are calibrated, as this station knows it: the fleet's list, and what was entered here.
 *
 * What was entered is kept on disk. Above: calibrations.ts. Below: fleet/calibration, the store. Knows nothing of plugs.
 */
import { isDay } from '#base/day.ts';
import { Fault } from '#base/fault.ts';
import type { CalibrationWish } from '#engine/link/fixture-link.ts';
import {
  type Calibration,
  calibrationOf,
  type EnteredCalibration,
  enteredFor,
  isSameSerial,
} from '#fleet/calibration/calibration.ts';
import type { FleetSettings } from '#fleet/distribution/manifest.ts';
import type { Store } from '#storage/store/store.ts';

export interface CalibrationBookOptions {
  readonly store: Pick<Store, 'get' | 'set'>;
  /** As the fleet says it now. */
  readonly fleet: { readonly settings: Pick<FleetSettings, 'instruments' | 'calibration' | 'calibration_soon_days'> };
}

const ENTERED = 'calibrations';
/** As in the fleet's file. */
const LONGEST_TEXT = 100;

export class CalibrationBook {
  readonly #options: CalibrationBookOptions;
  #entered: readonly EnteredCalibration[] = [];

  constructor(options: CalibrationBookOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    this.#entered = (await this.#options.store.get<EnteredCalibration[]>(ENTERED)) ?? [];
  }

  get isRequired(): boolean {
    return this.#options.fleet.settings.calibration === 'required';
  }

  get soonDays(): number | undefined {
    return this.#options.fleet.settings.calibration_soon_days;
  }

  find(serial: string): Calibration | null {
    return calibrationOf(serial, this.#options.fleet.settings.instruments ?? [], this.#entered);
  }

  /** What was entered here, whether or not it holds. */
  entered(serial: string): EnteredCalibration | undefined {
    return enteredFor(serial, this.#entered);
  }

  /** @throws {Fault} `calibration-refused` with what is wrong */
  async enter(wish: CalibrationWish): Promise<void> {
    const [serial, due, certificate] = [wish.serial.trim(), wish.due.trim(), wish.certificate.trim()];
    if (serial === '') throw refused('This instrument tells no serial number.');
    if (due !== '' && !isDay(due)) throw refused(`“${due.slice(0, 40)}” is no day of the calendar.`);
    if (due === '' && certificate !== '') throw refused('A certificate without a due date says nothing.');
    if (certificate.length > LONGEST_TEXT) throw refused(`A certificate has at most ${LONGEST_TEXT} characters.`);
    const others = this.#entered.filter((one) => !isSameSerial(one.serial, serial));
    const entered = due === '' ? others : [...others, { serial, due, certificate }];
    await this.#options.store.set(ENTERED, entered);
    this.#entered = entered;
  }
}

function refused(message: string): Fault {
  return new Fault('calibration-refused', message, 'Change it and save again; a day is written as 2027-03-01.');
}
