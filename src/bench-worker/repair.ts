/**
 * A person's repair of a parked run: what is wished is checked against what TofuPilot takes, then corrected.
 *
 * Joins sync/tofupilot, which knows what the wire allows, and sync/outbox. Knows nothing of screens.
 */
import { Fault } from '#base/fault.ts';
import type { CorrectionWish } from '#engine/link/station-link.ts';
import { type CorrectableStore, correctParked } from '#sync/outbox/correct.ts';
import { unsendable } from '#sync/tofupilot/run-body.ts';

/** A name or an address; longer is a mistake of the scanner. */
const LONGEST_NAME = 100;

/** @throws {Fault} `correction-refused`, `not-correctable` */
export async function correctRun(
  store: CorrectableStore,
  id: string,
  { serialNumber, procedureId, by }: CorrectionWish,
  at: string,
): Promise<void> {
  const [serial, procedure, name] = [serialNumber.trim(), procedureId.trim(), by.trim()];
  const why =
    unsendable({ serial_number: serial, procedure: { id: procedure } }) ??
    (name === '' || name.length > LONGEST_NAME ? 'A correction needs the name of whoever makes it.' : null);
  if (why) throw new Fault('correction-refused', why, 'Change it and try again. The run stays as it is until then.');
  await correctParked(store, id, { serial_number: serial, procedure_id: procedure, by: name, at });
}
