/**
 * What every run says about itself besides its result: the identity by which it is recognised wherever it arrives.
 *
 * One list for the network and for every file format, so that a run that leaves by two ways is known as the same. Knows
 * nothing of what a server or a format can take.
 */
import { instrumentsText, overduePlugs } from '#record/instrument.ts';
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
    ...said('configuration', record.configuration),
    fixture: record.fixture,
    ...said('instruments', record.instruments && instrumentsText(record.instruments)),
    ...said('calibration_overdue', overduePlugs(record.instruments ?? []) || undefined),
    operator: record.operator,
    ...said('operator_role', record.operator_role),
    ...said('allowed_by', record.allowed_by),
    ...said('retest', record.retest),
    ...said('retest_reason', record.retest_reason),
    ...said('sub_units', record.sub_units && subUnitsText(record.sub_units)),
    clock_offset_ms: record.clock_offset_ms,
    ...(record.clock_note === undefined ? {} : { clock_note: record.clock_note }),
    simulated: record.simulated,
    interrupted: record.interrupted,
    ...(record.chain_prev === undefined ? {} : { chain_prev: record.chain_prev }),
    ...(record.chain_break === undefined ? {} : { chain_break: record.chain_break }),
    ...(record.procedure.development ? { development: true } : {}),
  };
}

function said(name: string, value: string | number | undefined): RunMetadata {
  return value === undefined ? {} : { [name]: value };
}

/** The wire takes sub-units without their keys, so these are said here: `display=D-1; main_board=MB-7`. */
function subUnitsText(subUnits: Readonly<Record<string, string>>): string {
  return Object.entries(subUnits)
    .map(([key, serial]) => `${key}=${serial}`)
    .join('; ');
}

/** Neither keys nor serial numbers can have `=` or `;`. */
export function readSubUnits(text: string): Record<string, string> {
  const pairs = text.split('; ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}
