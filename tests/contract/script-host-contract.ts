/**
 * What must become of a run with a script, wherever the script runs: one acceptance suite for every script host.
 *
 * The procedure is tests/fixtures/script-acts; each case is a unit of its own. Judged by the body that is uploaded, so
 * that a command line and a whole station can be asked the same. Knows nothing of either.
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { WireRun } from '../support/tofupilot-schema.ts';

export const ACTS = fileURLToPath(new URL('../fixtures/script-acts', import.meta.url));

export interface ScriptRun extends WireRun {
  readonly logs: readonly {
    readonly level: string;
    readonly message: string;
    readonly source_file: string;
    readonly line_number: number;
  }[];
}

export interface ScriptCase {
  readonly title: string;
  readonly serial: string;
  /** Of the run. */
  readonly outcome: RegExp;
  /** Of the phase that is the script. */
  readonly act: string;
  /** A line of the log that must be there: words, file and line. */
  readonly says?: readonly [words: RegExp, file?: string, line?: number];
  readonly also?: (run: ScriptRun) => void;
}

const ACT = 'phases/act.ts';
const SWEEP = 'phases/sweep.ts';
const DEEP = 'phases/lib/deep.ts';

/** Its lines of the log; the engine's own have the procedure's file. */
const linesOf = ({ logs }: ScriptRun, file: string) => logs.filter(({ source_file }) => source_file === file);
const phaseOf = ({ phases = [] }: ScriptRun, name: string) => phases.find((phase) => phase.name === name);

export const SCRIPT_CASES: readonly ScriptCase[] = [
  {
    title: 'a script measures, logs with its own file and line, and knows parameters and earlier phases',
    serial: 'SN-000100',
    outcome: /^PASS$/,
    act: 'PASS',
    says: [/^read 3\.3 V, scale 2, began 7$/, ACT, 10],
    also: (run) => assert.equal(phaseOf(run, 'Sweep')?.outcome, 'PASS'),
  },
  {
    title: 'nothing of one run is left for the next',
    serial: 'SN-000200',
    outcome: /^PASS$/,
    act: 'PASS',
    says: [/^\{"runs":1\}$/, ACT, 14],
  },
  { title: 'a value off its limit fails', serial: 'SN-000101', outcome: /^FAIL$/, act: 'FAIL' },
  {
    title: 'an endless loop is cut by the deadline of its phase',
    serial: 'SN-000102',
    outcome: /^TIMEOUT$/,
    act: 'ERROR',
    says: [/ran out of time \(1\.5 s\)/],
  },
  {
    title: 'a script that throws is named by file and line, in what it imports too',
    serial: 'SN-000103',
    outcome: /^ERROR$/,
    act: 'ERROR',
    says: [/Act: phases\/lib\/deep\.ts:10:\d+: RangeError: the bottom is reached/, DEEP, 10],
    also: (run) =>
      assert.deepEqual(
        linesOf(run, DEEP).map(({ level, line_number }) => [level, line_number]),
        [
          ['WARNING', 8],
          ['ERROR', 10],
        ],
      ),
  },
  {
    title: 'a flood of log lines without end is cut by the deadline of its phase',
    serial: 'SN-000104',
    outcome: /^TIMEOUT$/,
    act: 'ERROR',
    also: (run) => assert.ok(linesOf(run, ACT).length <= 1000),
  },
  {
    title: 'of five thousand lines of the log the first thousand are kept, and the others counted',
    serial: 'SN-000116',
    outcome: /^PASS$/,
    act: 'PASS',
    says: [/at least \d{4,} further lines of the log were left out/],
    also: (run) => assert.equal(linesOf(run, SWEEP).length, 1000),
  },
  {
    title: 'memory without end ends the script alone',
    serial: 'SN-000105',
    outcome: /^(?:ERROR|TIMEOUT)$/,
    act: 'ERROR',
    says: [/ended unexpectedly: .*memory|no sign of life|ran out of time/],
  },
  {
    title: 'memory without end in a phase that states no time-out, too',
    serial: 'SN-000115',
    outcome: /^(?:ERROR|TIMEOUT)$/,
    act: 'PASS',
    says: [/Sweep: .*(?:ended unexpectedly: .*memory|no sign of life for 2 s)/],
  },
  {
    title: 'no network, no storage, no other code can be reached',
    serial: 'SN-000106',
    outcome: /^ERROR$/,
    act: 'ERROR',
    says: [/fetch is not defined/, ACT, 31],
    also: (run) =>
      assert.ok(
        run.logs.some(({ message }) => message === 'reachable: nothing'),
        JSON.stringify(run.logs),
      ),
  },
  {
    title: 'a measurement that is not declared is an error, named with those that are',
    serial: 'SN-000107',
    outcome: /^ERROR$/,
    act: 'ERROR',
    says: [/declares no measurement rial; there are: rail/, ACT, 33],
  },
  {
    title: 'a call that was not awaited is an error, even where all was measured',
    serial: 'SN-000108',
    outcome: /^ERROR$/,
    act: 'ERROR',
    says: [/an “await” is missing/, ACT, 36],
  },
  { title: 'what is no number fails', serial: 'SN-000109', outcome: /^FAIL$/, act: 'FAIL' },
  {
    title: 'an instrument that does not answer is an error where it was asked',
    serial: 'SN-000110',
    outcome: /^ERROR$/,
    act: 'ERROR',
    says: [/phases\/act\.ts:40:\d+: /, ACT, 40],
  },
  {
    title: 'a promise that nobody waits for and that fails is an error',
    serial: 'SN-000111',
    outcome: /^ERROR$/,
    act: 'ERROR',
    says: [/nobody waits for me/, ACT, 44],
  },
  { title: 'a text is no number', serial: 'SN-000112', outcome: /^FAIL$/, act: 'FAIL' },
  {
    title: 'calls without end are refused',
    serial: 'SN-000113',
    outcome: /^ERROR$/,
    act: 'PASS',
    says: [/Sweep: .*1000 calls have no answer yet/, SWEEP, 11],
  },
  {
    title: 'values without end are refused',
    serial: 'SN-000114',
    outcome: /^ERROR$/,
    act: 'PASS',
    says: [/Sweep: .*recorded more than 5000 values/, SWEEP, 13],
  },
];

/** @throws {AssertionError} */
export function judgeCase({ outcome, act, says, also }: ScriptCase, run: ScriptRun): void {
  const told = JSON.stringify({
    outcome: run.outcome,
    logs: run.logs.slice(-5),
    phases: run.phases?.map(({ name, outcome: one }) => [name, one]),
  });
  assert.match(run.outcome, outcome, told);
  assert.equal(phaseOf(run, 'Act')?.outcome, act, told);
  assert.equal(phaseOf(run, 'Power off')?.outcome, 'PASS', `teardown: ${told}`);
  if (says) {
    const [words, file, line] = says;
    const said = run.logs.filter(({ message }) => words.test(message));
    assert.ok(said.length > 0, `${words} in ${told}`);
    if (file !== undefined) assert.equal(said[0]?.source_file, file, told);
    if (line !== undefined) assert.equal(said[0]?.line_number, line, told);
  }
  also?.(run);
}
