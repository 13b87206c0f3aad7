/**
 * A person's correction of a parked run: another serial number or procedure, noted and chained, and a new try.
 *
 * Under its own `client_run_id`, so that it can never be a second run. Knows nothing of screens and of what a server
 * takes; the store keeps the sealed bytes as they are.
 */
import { Fault } from '#base/fault.ts';
import type { Correction } from '#record/correction.ts';
import type { RunRow } from '#record/run-row.ts';
import type { OutboxStore } from '#sync/outbox/ports.ts';
import { transition } from '#sync/outbox/transition.ts';

export interface CorrectableStore extends Pick<OutboxStore, 'undelivered'> {
  /** Adds the correction to the chain and moves the row, as `move` does, in one strict transaction. */
  correct(from: RunRow, text: string, to: Partial<RunRow>): Promise<boolean>;
}

/** @throws {Fault} `not-correctable` */
export async function correctParked(store: CorrectableStore, id: string, wish: Correction): Promise<void> {
  const row = (await store.undelivered()).find((each) => each.id === id);
  const serial = wish.serial_number ?? row?.serial_number ?? '';
  const procedureId = wish.procedure_id ?? row?.procedure_id ?? '';
  const moment = { nowMs: 0, chance: 0, today: '', ambiguousWaitMs: 0 };
  const change = row && transition(row, { kind: 'corrected', serial, procedureId }, moment);
  const correction: Correction = {
    ...(serial === row?.serial_number ? {} : { serial_number: serial }),
    ...(procedureId === row?.procedure_id ? {} : { procedure_id: procedureId }),
    by: wish.by,
    at: wish.at,
  };
  if (row && change && (await store.correct(row, JSON.stringify(correction), change))) return;
  throw new Fault(
    'not-correctable',
    row?.exported_at === undefined
      ? 'This run cannot be corrected now: it may be at the server, or is not parked any more.'
      : 'This run is in an exported file, and another station may deliver it as it is there.',
    'Press “Retry”: it is then looked up before it is sent.',
  );
}
