/** What the station says of an instrument whose calibration does not hold. Words only. */
import type { Word } from '#engine/link/station-link.ts';
import type { Calibration } from '#fleet/calibration/calibration.ts';

/** @param serial empty where the instrument tells none */
function called(name: string, serial: string): string {
  return serial === '' ? name : `${name} (${serial})`;
}

export function overdueWord(name: string, serial: string, { due, from }: Calibration): Word {
  const where = from === 'fleet' ? 'have its new date put into fleet.yaml' : 'enter its new date on Fixtures';
  return {
    code: 'calibration-overdue',
    message: `${called(name, serial)} is past its calibration, which held until ${due}.`,
    remedy: `Have it calibrated and ${where}, or connect another one.`,
  };
}

export function undatedWord(name: string, serial: string): Word {
  const message = `${called(name, serial)} has no calibration date, and this fleet asks for one.`;
  if (serial !== '')
    return {
      code: 'calibration-unknown',
      message,
      remedy: 'Enter its date on Fixtures, or have it listed in fleet.yaml.',
    };
  return {
    code: 'calibration-unknown',
    message: `${name} tells no serial number, so it has no calibration date, and this fleet asks for one.`,
    remedy: 'Connect one that tells its number. If it measures nothing, its plug says calibration: none.',
  };
}
