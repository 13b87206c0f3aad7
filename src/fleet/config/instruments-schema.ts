/**
 * `instruments` of a tier: what the fleet knows of its instruments, each by its serial number.
 *
 * Above: settings-schema.ts; read-tier.ts says where something is wrong. Knows nothing of files and places in them.
 */
import * as v from 'valibot';
import { isDay } from '#base/day.ts';
import { isSameSerial } from '#fleet/calibration/calibration.ts';

/** As long as what an instrument says of itself may be (hardware/bench/instrument-identity.ts). */
const LONGEST_TEXT = 100;

/** YAML takes digits alone for a number, and forgets the zeros in front. */
const text = v.pipe(
  v.string('a text is needed; one of digits alone stands in quotes'),
  v.trim(),
  v.minLength(1, 'it is empty'),
  v.maxLength(LONGEST_TEXT, `it has more than ${LONGEST_TEXT} characters`),
);
const day = v.pipe(
  v.string('a day is needed, as 2027-03-01'),
  v.check(isDay, 'this is no day of the calendar; one is written as 2027-03-01'),
);
const instrument = v.pipe(
  v.strictObject(
    {
      serial: text,
      name: v.optional(text),
      calibrated: v.optional(day),
      calibration_due: day,
      certificate: v.optional(text),
    },
    'serial and calibration_due are needed',
  ),
  v.check(
    ({ calibrated, calibration_due: due }) => calibrated === undefined || calibrated <= due,
    'calibration_due lies before calibrated',
  ),
);

export const instruments = v.pipe(
  v.array(instrument, 'a list of instruments is needed'),
  v.checkItems(
    ({ serial }, at, all) => all.findIndex((other) => isSameSerial(other.serial, serial)) === at,
    'this serial number is listed twice',
  ),
);
