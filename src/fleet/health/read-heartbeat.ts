/**
 * A heartbeat that arrived, believed only as far as it has the form of one.
 *
 * Anyone on the plant's network can post: every text has a longest length and no control characters, every list a
 * longest one, every number a range. Fields that nobody here knows are left out: a newer station may have them. Knows
 * nothing of who keeps it.
 */
import * as v from 'valibot';
import { HALT_REASONS } from '#fleet/distribution/signed/rollout.ts';
import {
  CONNECTIONS,
  FIXTURE_STATES,
  HEARTBEAT_FORMAT,
  type Heartbeat,
  MOST_CODES,
  MOST_FIXTURES,
  MOST_HALTS,
  OUTCOMES,
} from '#fleet/health/heartbeat.ts';
import { HIGHEST_STEP, MOST_STEPS, MOST_TALLIES } from '#fleet/health/tally.ts';
import { stationNameProblem } from '#fleet/identity/station-name.ts';

/** The scheme of names has no longest one; this is four times what fits on a label. */
const LONGEST_NAME = 64;
const LONGEST_TEXT = 120;
/** A run a second for thirty years: another computer may go on after this number. */
const HIGHEST_SEQ = 1_000_000_000;

const text = v.pipe(v.string(), v.maxLength(LONGEST_TEXT), v.regex(/^\P{C}*$/u, 'control characters'));
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{8,64}$/, 'no id'));
const moment = v.pipe(v.string(), v.maxLength(40), v.isoTimestamp());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const bytes = v.pipe(v.number(), v.finite(), v.minValue(0));
const codes = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,59}$/, 'no code')), count),
  v.check((found) => Object.keys(found).length <= MOST_CODES, 'too many codes'),
);
const station = v.pipe(
  v.string(),
  v.maxLength(LONGEST_NAME),
  v.check((name) => stationNameProblem(name) === null, 'no station name'),
);

const outcomes = v.object({ PASS: count, FAIL: count, ERROR: count, TIMEOUT: count, ABORTED: count });
const tally = v.object({
  release: text,
  attempt: count,
  runs: outcomes,
  first: v.pipe(
    v.object({ tested: count, passed: count }),
    v.check(({ tested, passed }) => passed <= tested, 'more passed than were tested'),
  ),
  durations: v.pipe(v.array(v.tuple([v.pipe(count, v.maxValue(HIGHEST_STEP)), count])), v.maxLength(MOST_STEPS)),
});
const halt = v.object({
  procedure: text,
  attempt: count,
  reason: v.picklist(HALT_REASONS),
  by: v.picklist(['station', 'fleet']),
});

const Schema: v.GenericSchema<unknown, Heartbeat> = v.object({
  format: v.literal(HEARTBEAT_FORMAT),
  station,
  installation: id,
  session: id,
  since: moment,
  term: count,
  started_at: moment,
  sent_at: moment,
  app_version: text,
  browser: text,
  system: text,
  procedure: v.nullable(v.object({ folder: text, version: text, release: text })),
  configuration: text,
  connection: v.picklist(CONNECTIONS),
  simulated: v.boolean(),
  running: v.boolean(),
  stopped: v.boolean(),
  queue: v.object({ waiting: count, parked: count, oldest_at: v.nullable(moment) }),
  disk: v.nullable(v.object({ quota_bytes: bytes, usage_bytes: bytes })),
  persisted: v.nullable(v.boolean()),
  clock_offset_ms: v.nullable(v.pipe(v.number(), v.finite())),
  fixtures: v.pipe(
    v.array(v.object({ plug: text, slot: v.optional(text), state: v.picklist(FIXTURE_STATES) })),
    v.maxLength(MOST_FIXTURES),
  ),
  fixture_losses: count,
  last_seq: v.pipe(count, v.maxValue(HIGHEST_SEQ)),
  last_run: v.nullable(v.object({ seq: count, ended_at: moment, outcome: v.picklist(OUTCOMES) })),
  runs: outcomes,
  refusals: codes,
  faults: codes,
  starts: count,
  crashes: count,
  tallies: v.optional(v.pipe(v.array(tally), v.maxLength(MOST_TALLIES))),
  halts: v.optional(v.pipe(v.array(halt), v.maxLength(MOST_HALTS))),
  battery: v.nullable(v.object({ level: v.pipe(v.number(), v.minValue(0), v.maxValue(1)), discharging: v.boolean() })),
});

/** @returns the heartbeat; or what is wrong with it, by the place of the first mistake, never repeating what was sent */
export function readHeartbeat(data: unknown): Heartbeat | { readonly problem: string } {
  const read = v.safeParse(Schema, data, { abortEarly: true, abortPipeEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  const path = (issue.path ?? []).map(({ key }) => String(key));
  // A key that was sent is not repeated either.
  const where = path[0] === 'refusals' || path[0] === 'faults' ? path[0] : path.join('.');
  return { problem: where === '' ? 'This is no heartbeat.' : `Its ${where} is missing or cannot be.` };
}
