/**
 * The small row of a run: as it begins, and as it is when its end is on disk.
 *
 * Pure. Later changes belong to the outbox (sync/outbox/transition.ts).
 */
import { factsOf } from '#record/searched-facts.ts';
import type { RunHeader, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import type { ChainLink } from '#storage/store/chain.ts';

export function rowAtStart(header: RunHeader): RunRow {
  return {
    id: header.id,
    seq: header.seq,
    serial_number: header.serial_number,
    serial_key: header.serial_number.toUpperCase(),
    ...subKeys(header),
    procedure_id: header.procedure.id,
    procedure_name: header.procedure.name,
    outcome: null,
    reason: '',
    started_at: header.started_at,
    duration_ms: 0,
    simulated: header.simulated,
    interrupted: false,
    state: 'RUNNING',
    next_at_ms: 0,
    attempts: 0,
    sent_at_ms: 0,
    remote_id: '',
    upload_reason: '',
    delivered_day: '',
  };
}

export function rowAtSeal(row: RunRow, record: RunRecord, chain: ChainLink): RunRow {
  return {
    ...row,
    // An operator may have corrected it during the run.
    serial_number: record.serial_number,
    serial_key: record.serial_number.toUpperCase(),
    ...subKeys(record),
    outcome: record.outcome,
    reason: record.reason ?? '',
    duration_ms: record.ended_ms ?? 0,
    interrupted: record.interrupted,
    facts: factsOf(record),
    state: 'QUEUED',
    chain,
  };
}

function subKeys({ sub_units = {} }: Pick<RunHeader, 'sub_units'>): Pick<RunRow, 'sub_keys'> {
  const keys = Object.values(sub_units).map((serial) => serial.toUpperCase());
  return keys.length > 0 ? { sub_keys: keys } : {};
}
