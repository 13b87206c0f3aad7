/**
 * Every rule over random procedures, random instruments, and a person who may press stop at any moment.
 *
 * What is expected is worked out from record and events alone: any-run-checks.ts. `npm test` tries thousands of runs,
 * the nightly tests a hundred thousand.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunOutcome } from '#record/run-record.ts';
import { runProcedure } from '#engine/run-procedure.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { checkOperator, planOf } from './any-operator.ts';
import { anyRun, behaviourOf, type AnyRun } from './any-procedure.ts';
import {
  checkAttempts,
  checkDeadlines,
  checkEmergency,
  checkEvents,
  checkMissing,
  checkNothingLost,
  checkPass,
  checkTurns,
  checkVerdicts,
  checkWaiting,
  expectedOutcome,
} from './any-run-checks.ts';
import { FakeBench, unsafePlug } from './fake-bench.ts';
import { FakeOperator } from './fake-operator.ts';
import { KeptFiles } from './kept-files.ts';
import { tryRun } from './try-run.ts';

const { keep: keepFile } = new KeptFiles();

const isNightly = process.env['FIELDBENCH_NIGHTLY'] !== undefined;
const RUNS = isNightly ? 100_000 : 5000;
const LIMIT_MS = isNightly ? 3_600_000 : 120_000;
const seed = 20261121;

const SAFE: Record<string, () => Promise<never[] | ReturnType<typeof unsafePlug>[]>> = {
  safe: () => Promise.resolve([]),
  unsafe: () => Promise.resolve([unsafePlug('Fixture')]),
  throws: () => Promise.reject(new Error('no port')),
  hangs: () => new Promise<never>(() => undefined),
};

async function checkRun(run: AnyRun): Promise<RunOutcome> {
  let operator: FakeOperator | undefined;
  const tried = await tryRun(run.procedure, {
    behave: behaviourOf(run),
    operator: (clock) => (operator = new FakeOperator(clock, planOf(run))),
    safe: SAFE[run.safe]!,
    ...(run.stopAtMs === undefined ? {} : { stopAtMs: run.stopAtMs }),
    ...(run.emergencyAtMs === undefined ? {} : { emergencyAtMs: run.emergencyAtMs }),
  });
  const { record, tookMs } = tried;
  const pressedAtMs = [run.stopAtMs, run.emergencyAtMs].filter((at) => at !== undefined);
  const isStopped = pressedAtMs.some((at) => at <= tookMs);
  checkVerdicts(record, run);
  checkMissing(record, run);
  checkNothingLost(tried, run);
  checkAttempts(record, run, isStopped);
  checkPass(tried, run);
  checkEvents(tried);
  checkTurns(tried, run, isStopped);
  checkDeadlines(tried, run);
  checkWaiting(tried, run);
  checkEmergency(tried, run);
  checkOperator(tried, run.procedure.phases, operator!);
  // At the very moment of the end either is right; the person who pressed then sees what stands there.
  if (!pressedAtMs.includes(tookMs)) expect(record.outcome).toBe(expectedOutcome(tried, run, isStopped));
  expect(record.outcome === 'PASS').toBe(record.reason === undefined);
  return record.outcome!;
}

test(
  'rules 1 to 5, 7, 8, 10 to 17 and 25 to 28 hold for every run',
  async () => {
    const seen = new Map<RunOutcome, number>();
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        const outcome = await checkRun(run);
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }),
      { numRuns: RUNS, seed },
    );
    // A generator that hardly ever makes a passing run would prove nothing.
    expect([...seen.keys()].toSorted()).toEqual(['ABORTED', 'ERROR', 'FAIL', 'PASS', 'TIMEOUT']);
    expect(Math.min(...seen.values())).toBeGreaterThan(RUNS / 100);
  },
  LIMIT_MS,
);

test(
  'rule 9 holds for every run: wherever the disk gives out, teardown and safe state take place',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        const clock = new FakeClock();
        const bench = new FakeBench(clock, behaviourOf(run), SAFE[run.safe]!);
        const operator = new FakeOperator(clock, planOf(run));
        let count = 0;
        const emit = () => {
          if (count++ === run.brokenAt) throw new Error('disk full');
        };
        const { procedure } = run;
        const ending = clock.run(
          runProcedure({ procedure, bench, clock, operator, signal: new AbortController().signal, keepFile, emit }),
        );
        const failed = await ending.then(
          () => false,
          (thrown: Error) => thrown.message === 'disk full',
        );
        expect(failed).toBe(count > run.brokenAt);
        if (failed) expect(count).toBe(run.brokenAt + 1);
        expect(bench.sent.at(-1)).toBe('safe');
      }),
      { numRuns: Math.round(RUNS / 10), seed },
    );
  },
  LIMIT_MS,
);
