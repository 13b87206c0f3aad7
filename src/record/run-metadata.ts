/**
 * What every run says about itself besides its result: the identity by which it is recognised wherever it arrives.
 *
 * One list for the network and for every file format, so that a run that leaves by two ways is known as the same. Knows
 * nothing of what a server or a format can take.
 */
import type { RunRecord } from '#record/run-record.ts';

export type RunMetadata = Readonly<Record<string, string | number | boolean>>;

export function metadataOf(record: RunRecord): RunMetadata {
  return {
    client_run_id: record.id,
    station_id: record.station_id,
    ...(record.seq === 0 ? {} : { station_seq: record.seq }),
    slot: record.slot,
    app_version: record.app_version,
    browser: record.browser,
    release: record.procedure.release,
    fixture: record.fixture,
    operator: record.operator,
    clock_offset_ms: record.clock_offset_ms,
    ...(record.clock_note === undefined ? {} : { clock_note: record.clock_note }),
    simulated: record.simulated,
    interrupted: record.interrupted,
    ...(record.chain_prev === undefined ? {} : { chain_prev: record.chain_prev }),
    ...(record.chain_break === undefined ? {} : { chain_break: record.chain_break }),
    ...(record.procedure.development ? { development: true } : {}),
  };
}
