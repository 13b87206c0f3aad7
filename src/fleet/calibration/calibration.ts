/**
 * Until when an instrument's calibration holds: by the fleet's list, else by what was entered at the station.
 *
 * Keyed by the instrument's serial number, without case: a label is often typed. Above: the bench worker, which asks it
 * before a run; the server, which checks the fleet's file. Knows nothing of plugs and of who is asked for a date.
 */
import { daysUntil, isDay } from '#base/day.ts';

/** `notice`: past its date it is told, and marks the run. `required`: no run begins without a date that holds. */
export const CALIBRATION_RULES = ['notice', 'required'] as const;
export type CalibrationRule = (typeof CALIBRATION_RULES)[number];

/** As `fleet.yaml` lists one. */
export interface FleetInstrument {
  readonly serial: string;
  readonly name?: string | undefined;
  /** Day of the calibration. */
  readonly calibrated?: string | undefined;
  /** The last day on which it holds. */
  readonly calibration_due: string;
  readonly certificate?: string | undefined;
}

/** As it was entered at this station. */
export interface EnteredCalibration {
  readonly serial: string;
  readonly due: string;
  /** Empty: none. */
  readonly certificate: string;
}

export interface Calibration {
  readonly due: string;
  readonly certificate: string;
  readonly from: 'fleet' | 'station';
  /** Empty: the list has none. */
  readonly name: string;
  readonly calibrated: string;
}

/** Two weeks: long enough to send an instrument away and get it back. */
export const SOON_DAYS = 14;

export type CalibrationState = 'good' | 'soon' | 'overdue';

export function isSameSerial(one: string, other: string): boolean {
  return one.trim().toUpperCase() === other.trim().toUpperCase();
}

/** @returns null where neither knows a date of this serial number */
export function calibrationOf(
  serial: string,
  fleet: readonly FleetInstrument[],
  entered: readonly EnteredCalibration[],
): Calibration | null {
  // A list that was written by hand for a static host was checked by nobody.
  const listed = fleet.find((one) => isSameSerial(String(one.serial), serial) && isDay(one.calibration_due));
  if (listed) {
    const { calibration_due: due, certificate = '', name = '', calibrated = '' } = listed;
    return { due, certificate, name, calibrated, from: 'fleet' };
  }
  const own = enteredFor(serial, entered);
  return own ? { due: own.due, certificate: own.certificate, name: '', calibrated: '', from: 'station' } : null;
}

export function enteredFor(serial: string, entered: readonly EnteredCalibration[]): EnteredCalibration | undefined {
  return entered.find((one) => isSameSerial(one.serial, serial));
}

/** It holds until the end of its last day. */
export function calibrationState(due: string, today: string, soonDays: number = SOON_DAYS): CalibrationState {
  const days = daysUntil(due, today);
  if (days < 0) return 'overdue';
  return days <= soonDays ? 'soon' : 'good';
}
