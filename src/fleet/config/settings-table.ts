/**
 * Every setting: what it is for, its unit and range in words, what holds where nobody says anything, and who may say it.
 *
 * Shown at stations, printed by the command line, and written out in docs/reference/configuration.md; a test holds it
 * against the schema. Loaded when somebody looks. Knows nothing of values in force.
 */
import { SOON_DAYS } from '#fleet/calibration/calibration.ts';
import { BUILT_IN } from '#fleet/config/built-in.ts';
import { DEFAULT_SETTINGS } from '#fleet/distribution/manifest.ts';
import { DEFAULT_HEALTH } from '#fleet/health/thresholds.ts';
import { DEFAULT_SIGN_IN } from '#fleet/people/person.ts';
import { DEFAULT_RETENTION } from '#storage/default-retention.ts';

export interface Setting {
  /** `sign_in.idle_min` */
  readonly key: string;
  readonly range: string;
  /** null: none. */
  readonly builtIn: string | number | boolean | null;
  /** Said in the fleet's file only, because the server judges by it: `too`; or it alone does: `alone`, and no station has it. */
  readonly byServer?: 'too' | 'alone';
  readonly meaning: string;
}

const YES = 'true, false';
const ROLE = 'operator, technician, supervisor';
const { sync } = DEFAULT_SETTINGS;

export const SETTINGS: readonly Setting[] = [
  {
    key: 'simulated',
    range: YES,
    builtIn: DEFAULT_SETTINGS.simulated,
    meaning: 'Every plug is simulated, and every run says so.',
  },
  {
    key: 'default_procedure',
    range: 'folder or id of a procedure',
    builtIn: null,
    meaning: 'What is tested where nobody has chosen a procedure.',
  },
  {
    key: 'retention.keep_runs',
    range: 'whole number from 0',
    builtIn: DEFAULT_RETENTION.keepRuns,
    meaning: 'Delivered runs that stay whole, newest first.',
  },
  {
    key: 'retention.keep_days',
    range: 'whole days from 0',
    builtIn: DEFAULT_RETENTION.keepDays,
    meaning: 'Delivered runs older than this are reduced to their line in the history.',
  },
  {
    key: 'sign_in.idle_min',
    range: 'whole minutes, 1 to 1440',
    builtIn: DEFAULT_SIGN_IN.idle_min,
    meaning: 'Without a scan or a press for this long nobody is signed in any more.',
  },
  {
    key: 'sign_in.badge_pattern',
    range: 'regular expression',
    builtIn: null,
    meaning: 'A scan of this form is a badge, known or not.',
  },
  {
    key: 'sign_in.retest_reason',
    range: YES,
    builtIn: DEFAULT_SIGN_IN.retest_reason,
    meaning: 'A unit that was tested today is tested again only with a reason.',
  },
  {
    key: 'sign_in.retest_by',
    range: ROLE,
    builtIn: DEFAULT_SIGN_IN.retest_by,
    meaning: 'The lowest role that may test a unit again by itself.',
  },
  {
    key: 'sign_in.fail_seen_by',
    range: `nobody, ${ROLE}`,
    builtIn: DEFAULT_SIGN_IN.fail_seen_by,
    meaning: 'The lowest role that acknowledges a unit which did not pass; until then no other one is tested.',
  },
  {
    key: 'calibration',
    range: 'notice, required',
    builtIn: 'notice',
    meaning: 'Whether a run needs instruments whose calibration holds.',
  },
  {
    key: 'calibration_soon_days',
    range: 'whole days, 0 to 3650',
    builtIn: SOON_DAYS,
    meaning: 'From so many days before its end on a calibration is shown as ending soon.',
  },
  {
    key: 'storage.warn_free_mib',
    range: 'whole MiB, 16 to 1048576',
    builtIn: BUILT_IN.storage.warn_free_mib,
    meaning: 'With less room than this for the app a notice says that the disk is nearly full.',
  },
  {
    key: 'clock.warn_offset_s',
    range: 'seconds, 1 to 86400',
    builtIn: BUILT_IN.clock.warn_offset_s,
    meaning: 'A clock further from the server’s than this is told, and each run says so.',
  },
  {
    key: 'screen.theme',
    range: 'system, light, dark',
    builtIn: BUILT_IN.screen.theme,
    meaning: 'Light or dark, where nobody has chosen on the screen itself.',
  },
  {
    key: 'screen.sound',
    range: YES,
    builtIn: BUILT_IN.screen.sound,
    meaning: 'A sound with every verdict, where nobody has chosen on the screen itself.',
  },
  {
    key: 'screen.back_after_min',
    range: 'whole minutes, 0 to 1440',
    builtIn: BUILT_IN.screen.back_after_min,
    meaning: 'Left alone for this long on another screen, the station’s window goes back to Test; 0: it stays.',
  },
  {
    key: 'sync.ambiguous_wait_s',
    range: 'seconds from 0',
    builtIn: sync.ambiguous_wait_s,
    meaning: 'How long a run whose upload has an unknown outcome waits before it may be posted again.',
  },
  { key: 'sync.concurrency', range: 'whole number, 1 to 32', builtIn: sync.concurrency, meaning: 'Uploads at once.' },
  {
    key: 'sync.rate_per_s',
    range: 'requests a second from 0; 0 is no limit',
    builtIn: sync.rate_per_s,
    meaning: 'What this station sends at most.',
  },
  {
    key: 'sync.relay_rate_per_s',
    range: 'requests a second from 0; 0 is no limit',
    builtIn: sync.relay_rate_per_s,
    byServer: 'alone',
    meaning: 'What the server lets through for all stations together.',
  },
  {
    key: 'health.heartbeat_s',
    range: 'seconds, 1 to 3600',
    builtIn: DEFAULT_HEALTH.heartbeat_s,
    byServer: 'too',
    meaning: 'How often a station says how it is; after three times as long it counts as silent.',
  },
  {
    key: 'health.queue_age_s',
    range: 'seconds from 0',
    builtIn: DEFAULT_HEALTH.queue_age_s,
    byServer: 'too',
    meaning: 'From this age of its oldest run that is not delivered on a station needs a person.',
  },
  {
    key: 'health.disk_free_gb',
    range: 'GB from 0',
    builtIn: DEFAULT_HEALTH.disk_free_gb,
    byServer: 'too',
    meaning: 'With less room than this a station needs a person.',
  },
  {
    key: 'health.clock_offset_s',
    range: 'seconds from 0',
    builtIn: DEFAULT_HEALTH.clock_offset_s,
    byServer: 'too',
    meaning: 'With a clock further off than this a station needs a person.',
  },
  {
    key: 'signed_only',
    range: YES,
    builtIn: DEFAULT_SETTINGS.signed_only,
    byServer: 'alone',
    meaning: 'The server offers no source folder. `fieldbench keys --signed-only` says it to stations, signed.',
  },
];

/** Lists that are merged one by one, by what each is known by; and values that are the procedure's own. */
export const LISTS = [
  { key: 'operators', by: 'name', meaning: 'Who may work here, each with role and the hash of a badge.' },
  { key: 'instruments', by: 'serial', meaning: 'Until when each instrument is calibrated.' },
] as const;
export const PARAMETERS = 'parameters';
export const PARAMETERS_MEANING = 'A parameter of this procedure, instead of its default.';

export function settingOf(key: string): Setting | undefined {
  return SETTINGS.find((one) => one.key === key);
}
