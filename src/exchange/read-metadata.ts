/**
 * The identity of a run, read back from the metadata that it carries in every format.
 *
 * The other direction is #record/run-metadata.ts. A run that was recorded elsewhere has none of it, and gets an empty
 * header. Knows nothing of the format around it.
 */
import { readInstruments } from '#record/instrument.ts';
import { readSubUnits } from '#record/run-metadata.ts';
import type { RunHeader } from '#record/run-record.ts';
import { given } from '#exchange/given.ts';
import type { Located } from '#exchange/located-json.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface ReadMetadata {
  /** `client_run_id`; undefined when the run was recorded by something else. */
  readonly id: string | undefined;
  readonly header: Pick<
    RunHeader,
    | 'seq'
    | 'station_id'
    | 'slot'
    | 'app_version'
    | 'browser'
    | 'fixture'
    | 'instruments'
    | 'operator'
    | 'operator_role'
    | 'allowed_by'
    | 'retest'
    | 'retest_reason'
    | 'sub_units'
    | 'clock_offset_ms'
    | 'clock_note'
    | 'simulated'
    | 'chain_prev'
  >;
  readonly release: string;
  readonly development: boolean;
  readonly interrupted: boolean;
  /** Members that a record has no place for. */
  readonly unknown: readonly string[];
}

const KNOWN: ReadonlySet<string> = new Set([
  'client_run_id',
  'station_id',
  'station_seq',
  'slot',
  'app_version',
  'browser',
  'release',
  'fixture',
  'calibration_overdue',
  'operator',
  'operator_role',
  'allowed_by',
  'retest',
  'retest_reason',
  'sub_units',
  'clock_offset_ms',
  'clock_note',
  'simulated',
  'interrupted',
  'chain_prev',
  'development',
]);

/** @param read names that the caller reads itself */
export function readMetadata(metadata: Located, read: readonly string[] = []): ReadMetadata {
  const text = (name: string) => metadata.get(name).optionalText() ?? '';
  const flag = (name: string) => !metadata.get(name).isAbsent && metadata.get(name).boolean();
  const id = metadata.get('client_run_id').optionalText();
  if (id !== undefined && !UUID.test(id)) throw metadata.get('client_run_id').wrong('a UUID');
  const seq = metadata.get('station_seq').optionalNumber() ?? 0;
  if (!Number.isSafeInteger(seq) || seq < 0) throw metadata.get('station_seq').wrong('a whole number');
  const optional = (name: string) => metadata.get(name).optionalText();
  const retest = metadata.get('retest').optionalNumber();
  const subUnits = optional('sub_units');
  const instruments = readInstruments(metadata.get('instruments').value);
  return {
    id,
    header: {
      seq,
      station_id: text('station_id'),
      slot: text('slot'),
      app_version: text('app_version'),
      browser: text('browser'),
      fixture: text('fixture'),
      ...(instruments ? { instruments } : {}),
      operator: text('operator'),
      clock_offset_ms: metadata.get('clock_offset_ms').optionalNumber() ?? 0,
      simulated: flag('simulated'),
      ...given('operator_role', optional('operator_role')),
      ...given('allowed_by', optional('allowed_by')),
      ...(retest === undefined ? {} : { retest }),
      ...given('retest_reason', optional('retest_reason')),
      ...(subUnits === undefined ? {} : { sub_units: readSubUnits(subUnits) }),
      ...given('clock_note', optional('clock_note')),
      ...given('chain_prev', optional('chain_prev')),
    },
    release: text('release'),
    development: flag('development'),
    interrupted: flag('interrupted'),
    unknown: metadata
      .entries()
      .map(([name]) => name)
      .filter((name) => !KNOWN.has(name) && !read.includes(name) && !(name === 'instruments' && instruments)),
  };
}
