/**
 * What a file of any tier may say, key by key: kinds and ranges. settings-table.ts says what each key is for.
 *
 * Above: read-tier.ts, which says where something is wrong; document.ts, which lets nothing in that is not of this form.
 * Knows nothing of files and places in them.
 */
import * as v from 'valibot';
import { compilePattern } from '#measure/pattern.ts';
import { CALIBRATION_RULES } from '#fleet/calibration/calibration.ts';
import { instruments } from '#fleet/config/instruments-schema.ts';
import { isBadgeHash } from '#fleet/people/secret.ts';
import { FAIL_SEEN_BY, ROLES } from '#record/role.ts';
import { PRODUCT_NAME } from '#fleet/config/tiers.ts';

/** More uploads at once than this help no station and hurt every server. */
const MOST_AT_ONCE = 32;
/** Ten years: further ahead than any certificate. */
const MOST_DAYS = 3650;

const seconds = v.pipe(v.number('a number of seconds is needed'), v.finite(), v.minValue(0, 'it cannot be negative'));
const rate = v.pipe(v.number('a number is needed'), v.finite(), v.minValue(0, 'it cannot be negative'));
const whole = v.pipe(
  v.number('a whole number is needed'),
  v.integer('a whole number is needed'),
  v.minValue(0, 'it cannot be negative'),
);
const wholeFrom = (least: number, most: number, what = 'a whole number is needed') =>
  v.pipe(
    v.number(what),
    v.integer(what),
    v.minValue(least, `at least ${least} is needed`),
    v.maxValue(most, `at most ${most} is possible`),
  );
const yes = v.boolean('true or false is needed');
const oneOf = <const Words extends readonly string[]>(words: Words) =>
  v.picklist(words, `one of ${words.join(', ')} is needed`);
const role = oneOf(ROLES);
const name = v.pipe(
  v.string('a name is needed'),
  v.trim(),
  v.minLength(1, 'it is empty'),
  v.maxLength(100, 'it has more than 100 characters'),
);
const operator = v.strictObject(
  {
    name,
    email: v.optional(v.pipe(v.string('an e-mail address is needed'), v.email('this is no e-mail address'))),
    role,
    badge: v.pipe(
      v.string('the hash of a badge is needed'),
      v.check(isBadgeHash, 'this is no hash of a badge; “fieldbench badge CODE” makes one'),
    ),
  },
  'name, role and badge are needed',
);
const operators = v.pipe(
  v.array(operator, 'a list of people is needed'),
  v.checkItems(
    ({ name: own }, at, all) => all.findIndex((other) => other.name.toLowerCase() === own.toLowerCase()) === at,
    'this name is listed twice',
  ),
);
const SECTION = 'keys and values are needed';

/** Of stations; each may stand in every tier, unless settings-table.ts says otherwise. */
const SETTINGS = {
  simulated: v.optional(yes),
  default_procedure: v.optional(v.pipe(v.string('the name of a folder is needed'), v.minLength(1, 'it is empty'))),
  retention: v.optional(v.strictObject({ keep_runs: v.optional(whole), keep_days: v.optional(whole) }, SECTION)),
  operators: v.optional(operators),
  sign_in: v.optional(
    v.strictObject(
      {
        idle_min: v.optional(wholeFrom(1, 1440, 'whole minutes are needed')),
        badge_pattern: v.optional(
          v.pipe(
            v.string('a pattern is needed'),
            v.minLength(1, 'it is empty'),
            v.check(isPattern, 'this is no pattern'),
          ),
        ),
        retest_reason: v.optional(yes),
        retest_by: v.optional(role),
        fail_seen_by: v.optional(oneOf(FAIL_SEEN_BY)),
      },
      SECTION,
    ),
  ),
  instruments: v.optional(instruments),
  health: v.optional(
    v.strictObject(
      {
        heartbeat_s: v.optional(
          v.pipe(
            v.number('a number of seconds is needed'),
            v.minValue(1, 'at least 1 is needed'),
            v.maxValue(3600, 'at most 3600 is possible'),
          ),
        ),
        queue_age_s: v.optional(seconds),
        disk_free_gb: v.optional(rate),
        clock_offset_s: v.optional(seconds),
      },
      SECTION,
    ),
  ),
  calibration: v.optional(oneOf(CALIBRATION_RULES)),
  calibration_soon_days: v.optional(wholeFrom(0, MOST_DAYS, 'whole days are needed')),
  storage: v.optional(v.strictObject({ warn_free_mib: v.optional(wholeFrom(16, 1_048_576)) }, SECTION)),
  clock: v.optional(
    v.strictObject(
      {
        warn_offset_s: v.optional(
          v.pipe(
            v.number('a number of seconds is needed'),
            v.minValue(1, 'at least 1 is needed'),
            v.maxValue(86_400, 'at most 86400 is possible'),
          ),
        ),
      },
      SECTION,
    ),
  ),
  screen: v.optional(
    v.strictObject(
      {
        theme: v.optional(oneOf(['system', 'light', 'dark'])),
        sound: v.optional(yes),
        back_after_min: v.optional(wholeFrom(0, 1440)),
      },
      SECTION,
    ),
  ),
  sync: v.optional(
    v.strictObject(
      {
        ambiguous_wait_s: v.optional(seconds),
        concurrency: v.optional(wholeFrom(1, MOST_AT_ONCE)),
        rate_per_s: v.optional(rate),
        relay_rate_per_s: v.optional(rate),
      },
      SECTION,
    ),
  ),
};

const parameter = v.union(
  [
    v.pipe(v.number(), v.finite()),
    v.boolean(),
    v.pipe(v.string(), v.maxLength(1000)),
    v.strictTuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())]),
  ],
  'a number, a text, true or false, or [low, high] is needed',
);
/** By procedure's folder, then by name; what a value must be the procedure says. */
export const parameters = v.record(
  v.string(),
  v.record(v.string(), parameter, 'names of parameters with their values are needed'),
  'folders of procedures are needed, each with its parameters',
);

/** A whole file. */
export const tierSchema = v.strictObject({
  ...SETTINGS,
  signed_only: v.optional(yes),
  parameters: v.optional(parameters),
  product: v.optional(
    v.pipe(v.string('the name of a product is needed'), v.regex(PRODUCT_NAME, 'this cannot be the name of a file')),
  ),
  locked: v.optional(v.array(v.string('the name of a setting is needed'), 'a list of settings is needed')),
});

/** What is merged of a station's tiers, put together again. */
export const mergedSchema = v.strictObject({ ...SETTINGS, parameters: v.optional(parameters) });

export type TierFileData = Readonly<v.InferOutput<typeof tierSchema>>;

function isPattern(text: string): boolean {
  try {
    return compilePattern(text) !== undefined;
  } catch {
    return false;
  }
}
