/** The phases of a procedure as they are planned, so that a screen can show what is still to come. */
import type { Procedure } from '#procedure/procedure.ts';
import type { PhasePlan } from '#record/run-record.ts';

export function planOf({ phases }: Procedure): PhasePlan[] {
  return phases.map(({ key, name, section, measurements }) => ({
    key,
    name,
    section,
    measurements: measurements.map((one) => ({
      key: one.key,
      name: one.name,
      ...(one.unit === undefined ? {} : { units: one.unit }),
    })),
  }));
}
