/**
 * `fleet.yaml`: the fleet's settings, checked key by key, with line and column of whatever is wrong.
 *
 * An absent file means every default. Knows nothing of procedures.
 */
import * as v from 'valibot';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { compilePattern } from '#measure/pattern.ts';
import { isBadgeHash } from '#fleet/people/secret.ts';
import { ROLES } from '#record/role.ts';
import { CALIBRATION_RULES } from '#fleet/calibration/calibration.ts';
import { DEFAULT_SETTINGS, type FleetSettings } from '#fleet/distribution/manifest.ts';
import { serverFault } from '#server/server-fault.ts';
import { instruments } from '#server/fleet/fleet-instruments.ts';

/** More uploads at once than this help no station and hurt every server. */
const MOST_AT_ONCE = 32;

const seconds = v.pipe(v.number('a number of seconds is needed'), v.finite(), v.minValue(0, 'it cannot be negative'));
const rate = v.pipe(v.number('a number is needed'), v.finite(), v.minValue(0, 'it cannot be negative'));
const whole = v.pipe(
  v.number('a whole number is needed'),
  v.integer('a whole number is needed'),
  v.minValue(0, 'it cannot be negative'),
);
const role = v.picklist(ROLES, `one of ${ROLES.join(', ')} is needed`);
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
const signIn = v.strictObject({
  idle_min: v.optional(
    v.pipe(
      v.number('whole minutes are needed'),
      v.integer('whole minutes are needed'),
      v.minValue(1, 'at least 1 is needed'),
      v.maxValue(1440, 'at most 1440 is possible'),
    ),
  ),
  badge_pattern: v.optional(
    v.pipe(v.string('a pattern is needed'), v.minLength(1, 'it is empty'), v.check(isPattern, 'this is no pattern')),
  ),
  retest_reason: v.optional(v.boolean('true or false is needed')),
  retest_by: v.optional(role),
});
const health = v.strictObject({
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
});
const Schema = v.strictObject({
  signed_only: v.optional(v.boolean('true or false is needed')),
  simulated: v.optional(v.boolean('true or false is needed')),
  default_procedure: v.optional(v.pipe(v.string('the name of a folder is needed'), v.minLength(1, 'it is empty'))),
  retention: v.optional(v.strictObject({ keep_runs: v.optional(whole), keep_days: v.optional(whole) })),
  operators: v.optional(operators),
  sign_in: v.optional(signIn),
  instruments: v.optional(instruments),
  health: v.optional(health),
  calibration: v.optional(v.picklist(CALIBRATION_RULES, `one of ${CALIBRATION_RULES.join(', ')} is needed`)),
  sync: v.optional(
    v.strictObject({
      ambiguous_wait_s: v.optional(seconds),
      concurrency: v.optional(
        v.pipe(
          v.number('a whole number is needed'),
          v.integer('a whole number is needed'),
          v.minValue(1, 'at least 1 is needed'),
          v.maxValue(MOST_AT_ONCE, `at most ${MOST_AT_ONCE} is possible`),
        ),
      ),
      rate_per_s: v.optional(rate),
      relay_rate_per_s: v.optional(rate),
    }),
  ),
});

/** @throws {Fault} `fleet-invalid`, naming file, line, column and key */
export function readFleetConfig(text: string, file: string): FleetSettings {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) throw wrong(file, counter.linePos(broken.pos[0]), broken.message.split('\n')[0] ?? 'it is not YAML');
  const read = v.safeParse(Schema, document.toJS() ?? {}, { abortEarly: true });
  if (read.success)
    return { ...DEFAULT_SETTINGS, ...read.output, sync: { ...DEFAULT_SETTINGS.sync, ...read.output.sync } };
  const issue = read.issues[0];
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const unknown = issue.expected === 'never';
  const said = unknown ? 'there is no such setting' : issue.message;
  throw wrong(file, counter.linePos(offsetOf(document, path)), path.length ? `${path.join('.')}: ${said}` : said);
}

function isPattern(text: string): boolean {
  try {
    return compilePattern(text) !== undefined;
  } catch {
    return false;
  }
}

/** Where the key or the item at the end of a path stands. */
function offsetOf(document: Document, path: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const name of path) {
    if (isSeq(node)) {
      node = node.items[Number(name)];
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
      continue;
    }
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined;
    if (!pair) break;
    offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
    node = pair.value;
  }
  return offset;
}

function wrong(file: string, { line, col }: { line: number; col: number }, said: string) {
  const where = `${file}, line ${line}, column ${col}`;
  return serverFault('fleet-invalid', `${where}: ${said}.`, 'Correct it; docs name every setting.');
}
