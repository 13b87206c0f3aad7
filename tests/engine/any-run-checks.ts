/**
 * What must hold of every run, worked out from its record and its events alone, in other words than the engine's.
 *
 * Each function carries the number of the rule in RULES.md that it holds.
 */
import { expect } from 'vitest';
import type { Phase, Step } from '#procedure/procedure.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { MeasurementRecord, PhaseRecord, RunOutcome, RunRecord } from '#record/run-record.ts';
import { CLOSE, HIGH, LOW, recordedBy, SMALLEST, WHENS, type AnyRun } from './any-procedure.ts';
import type { Tried } from './try-run.ts';

export function lastAttempts(record: RunRecord): PhaseRecord[] {
  return [...new Map(record.phases.map((one) => [one.key, one])).values()];
}

/** Rule 1: no verdict but the one that the numbers give. */
export function checkVerdicts(record: RunRecord, run: AnyRun): void {
  for (const phase of record.phases) {
    const declared = new Map(phaseOf(run, phase.key).measurements.map((one) => [one.key, one]));
    for (const one of phase.measurements) {
      const isJudged = one.y_axis !== undefined || declared.get(one.key)!.validators.length > 0;
      const isUsable = one.y_axis ? isWhole(one) : one.measured_value !== null;
      const isGood = isUsable && (one.y_axis ? isGoodCurve(one) : !isJudged || isInside(one.measured_value));
      expect(one.outcome, JSON.stringify(one)).toBe(isGood ? (isJudged ? 'PASS' : 'UNSET') : 'FAIL');
      if (one.outcome === 'FAIL') expect(one.reason).toBeTruthy();
      expect(one.marginal === true).toBe(one.outcome === 'PASS' && isClose(one));
    }
  }
}

const isInside = (value: unknown) => typeof value === 'number' && value >= LOW && value <= HIGH;
const isFar = (value: number) => value < CLOSE[0] || value > CLOSE[1];
const isWhole = ({ y_axis = [] }: MeasurementRecord) =>
  y_axis[0]!.data.length > 0 && y_axis[0]!.data.every(Number.isFinite) && y_axis[0]!.data.length <= 3;
const isGoodCurve = ({ y_axis = [] }: MeasurementRecord) =>
  y_axis[0]!.data.every(isInside) && y_axis[0]!.data.every((one) => one >= SMALLEST);
const isClose = ({ y_axis, measured_value }: MeasurementRecord) =>
  y_axis ? y_axis[0]!.data.some(isFar) : typeof measured_value === 'number' && isFar(measured_value);

/** Rule 2: an attempt that came to a verdict has every declared measurement, and its last records decide. */
export function checkMissing(record: RunRecord, run: AnyRun): void {
  for (const { key, outcome, reason, measurements } of record.phases) {
    if (outcome !== 'PASS' && outcome !== 'FAIL') continue;
    const last = new Map(measurements.map((one) => [one.key, one.outcome]));
    for (const declared of phaseOf(run, key).measurements) expect(last.has(declared.key)).toBe(true);
    const isUnmet = /not answered as expected|repeated until|ok: fail/.test(reason ?? '');
    expect(outcome).toBe(isUnmet || [...last.values()].includes('FAIL') ? 'FAIL' : 'PASS');
  }
}

/** Rules 1 and 3: what an instrument answered to an attempt that was not cut is in the record, once for each answer. */
export function checkNothingLost({ record, bench }: Tried, run: AnyRun): void {
  const isCut = record.phases.some(({ outcome }) => outcome === 'ERROR');
  if (isCut) return;
  const isTaken = (one: string) => /: (?:[abc]|LIST|RAMP)\?$/.test(one);
  const taken = record.phases.flatMap(({ measurements }) => measurements).filter(isAnswered);
  expect(taken.length).toBe(bench.sent.filter(isTaken).length);
  void run;
}

const isAnswered = ({ key, reason }: MeasurementRecord) =>
  key !== 's' && key !== 'p' && reason !== 'was never recorded';

/** Rules 3 and 7: every phase is accounted for, with every attempt, and teardown is never passed over. */
export function checkAttempts(record: RunRecord, run: AnyRun, isStopped: boolean): void {
  const keys = new Set(record.phases.map(({ key }) => key));
  expect([...keys].toSorted()).toEqual(run.procedure.phases.map(({ key }) => key).toSorted());
  for (const phase of run.procedure.phases) {
    const { key, section, skip, retry, when } = phase;
    const attempts = record.phases.filter((one) => one.key === key);
    expect(attempts.map(({ retry_count }) => retry_count)).toEqual(attempts.map((_, index) => index));
    for (const { outcome, reason, ended_ms } of attempts) {
      expect(ended_ms).not.toBeNull();
      expect(['PASS', 'FAIL', 'SKIP', 'ERROR']).toContain(outcome);
      if (outcome !== 'PASS') expect(reason).toBeTruthy();
    }
    for (const earlier of attempts.slice(0, -1)) expect(mayRetry(phase, earlier)).toBe(true);
    const most = 1 + (retry.limit > 0 ? retry.limit : Object.values(phase.next).includes('retry') ? 3 : 0);
    expect(attempts.length).toBeLessThanOrEqual(most);
    const last = attempts.at(-1)!;
    const isBounded = isStopped || run.procedure.timeoutMs !== undefined || section === 'teardown';
    if (!isBounded && attempts.length < most && last.outcome !== 'SKIP' && WHENS.get(when?.tree as never) !== 'trouble')
      expect(mayRetry(phase, last)).toBe(false);
    const isAlways = section === 'teardown' && skip === undefined && when === undefined;
    if (isAlways && run.emergencyAtMs === undefined) expect(last.outcome).not.toBe('SKIP');
  }
}

function mayRetry({ next, retry }: Phase, { outcome, timed_out }: PhaseRecord): boolean {
  if (outcome === 'PASS' || outcome === 'SKIP') return false;
  const cause = timed_out ? 'timeout' : outcome === 'FAIL' ? 'fail' : 'error';
  return next[cause] === 'retry' || (cause === 'fail' && retry.limit > 0);
}

/** Rule 4, with rule 15: the table. */
export function expectedOutcome({ record }: Tried, run: AnyRun, isStopped: boolean): RunOutcome {
  const last = lastAttempts(record);
  if (isStopped) return 'ABORTED';
  const isLate = last.some(({ reason }) => reason?.startsWith('not reached: the time for the run was used up'));
  if (isLate || last.some(({ timed_out }) => timed_out)) return 'TIMEOUT';
  const isDoubtful = run.procedure.phases.some(
    ({ section, skip, when }) =>
      section === 'teardown' && skip === undefined && when && WHENS.get(when.tree) === 'trouble',
  );
  if (isDoubtful || last.some(({ outcome }) => outcome === 'ERROR') || run.safe !== 'safe') return 'ERROR';
  if (last.some(({ outcome }) => outcome === 'FAIL')) return 'FAIL';
  if (last.some(({ outcome, reason }) => outcome === 'SKIP' && reason!.startsWith('not reached'))) return 'FAIL';
  return last.some(({ section, outcome }) => section === 'main' && outcome === 'PASS') ? 'PASS' : 'ERROR';
}

/** Rule 5: what a PASS says, phase by phase. */
export function checkPass({ record, bench }: Tried, run: AnyRun): void {
  if (record.outcome !== 'PASS') return;
  for (const { key, outcome } of lastAttempts(record)) {
    const { skip, when } = phaseOf(run, key);
    if (outcome === 'SKIP') expect(skip !== undefined || when !== undefined).toBe(true);
    else expect(outcome).toBe('PASS');
  }
  expect(bench.sent.at(-1)).toBe('safe');
}

/** Rules 8 and 10: the order of events. */
export function checkEvents({ events, bench }: Tried): void {
  const times = events.flatMap((event) => ('at_ms' in event ? [event.at_ms] : []));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(events.filter(({ kind }) => kind === 'run-ended')).toHaveLength(1);
  expect(events.at(-1)!.kind).toBe('run-ended');
  expect(bench.sent.filter((one) => one === 'safe')).toHaveLength(1);
  expect(bench.sent.findLast((one) => one !== 'cut')).toBe('safe');
  const open = new Set<string>();
  const sections: string[] = [];
  for (const event of events) {
    if (event.kind === 'phase-started' || event.kind === 'phase-skipped') {
      expect(open.has(event.key)).toBe(false);
      if (sections.at(-1) !== event.section) sections.push(event.section);
    }
    if (event.kind === 'phase-started') open.add(event.key);
    if (event.kind === 'measurement') expect(open.has(event.phase)).toBe(true);
    // What an instrument said is written down while the phase that asked is under way.
    if (event.kind === 'log' && event.log.message.includes(' → ')) expect(open.size).toBeGreaterThan(0);
    if (event.kind === 'phase-ended') expect(open.delete(event.phase)).toBe(true);
  }
  expect(open.size).toBe(0);
  expect(sections).toEqual(['setup', 'main', 'teardown'].filter((one) => sections.includes(one)));
}

interface Span {
  readonly begin: number;
  readonly end: number;
  readonly last: PhaseRecord;
}

/** From a phase's first event to its last, as places in the list of events. */
function spansOf({ events, record }: Tried): Map<string, Span> {
  const last = new Map(record.phases.map((one) => [one.key, one]));
  const place = (find: (event: RunEvent, key: string) => boolean, key: string, from: 'findIndex' | 'findLastIndex') =>
    events[from]((event) => find(event, key));
  return new Map(
    [...last].map(([key, phase]) => [
      key,
      {
        begin: place((event, of) => 'key' in event && event.key === of, key, 'findIndex'),
        end: place(
          (event, of) => ('phase' in event ? event.phase === of : 'key' in event && event.key === of),
          key,
          'findLastIndex',
        ),
        last: phase,
      },
    ]),
  );
}

/** Rules 12 to 14: whose turn it was, who ran beside whom, and who was passed over. */
export function checkTurns(tried: Tried, run: AnyRun, isStopped: boolean): void {
  const { procedure } = run;
  const spans = spansOf(tried);
  const of = (key: string) => spans.get(key)!;
  for (const phase of procedure.phases) {
    const { begin, last } = of(phase.key);
    const asked = phase.when && WHENS.get(phase.when.tree);
    const needs = [...(phase.dependsOn ?? []), ...(typeof asked === 'object' ? [asked.passed] : [])];
    for (const key of needs) expect(of(key).end, `${phase.key} after ${key}`).toBeLessThan(begin);
    const isUnreached = last.outcome === 'SKIP' && last.reason!.startsWith('not reached');
    const barring = (phase.dependsOn ?? []).some((key) => bars(phaseOf(run, key), of(key).last));
    if (barring && phase.skip === undefined && phase.section !== 'teardown') expect(isUnreached).toBe(true);
    const enders = procedure.phases.filter((one) => one.section !== 'teardown' && of(one.key).end < begin);
    // A failure that waited for its next attempt ended the run only when the stop came, which may be after this phase.
    const isOpen = (one: Phase) => isStopped && mayRetry(one, of(one.key).last);
    const isEnded = enders.some((one) => ends(one, of(one.key).last, run) && !isOpen(one));
    if (isEnded && phase.skip === undefined && phase.section !== 'teardown') expect(isUnreached, phase.key).toBe(true);
    if (isUnreached) {
      if (phase.section === 'teardown') expect(last.reason).toContain('emergency stop');
      expect(isStopped || barring || isEnded || last.reason!.includes('time for the run')).toBe(true);
    } else checkCondition(phase, last, asked, of);
    for (const other of procedure.phases) {
      const both = other.key !== phase.key && begin < of(other.key).begin && of(other.key).begin < of(phase.key).end;
      if (!both || of(other.key).last.outcome === 'SKIP') continue;
      expect(procedure.parallel).toContain(phase.section);
      const plugs = new Set(phase.steps.flatMap(plugsOf));
      expect(other.steps.flatMap(plugsOf).filter((plug) => plugs.has(plug))).toEqual([]);
    }
  }
}

function checkCondition(
  { skip, section }: Phase,
  last: PhaseRecord,
  asked: ReturnType<typeof WHENS.get>,
  of: (key: string) => Span,
): void {
  const isSkip = last.outcome === 'SKIP';
  if (skip !== undefined) return expect(isSkip).toBe(true);
  if (asked === undefined || asked === 'holds') return expect(isSkip).toBe(false);
  if (asked === 'fails') return expect(isSkip).toBe(true);
  if (asked === 'trouble')
    return section === 'teardown' ? expect(isSkip).toBe(false) : expect(last.outcome).toBe('ERROR');
  expect(isSkip).toBe(of(asked.passed).last.outcome !== 'PASS');
}

function plugsOf(step: Step): string[] {
  const inner = 'steps' in step ? step.steps.flatMap(plugsOf) : [];
  return 'plug' in step ? [step.plug, ...inner] : inner;
}

function causeOf({ outcome, timed_out }: PhaseRecord): 'pass' | 'fail' | 'error' | 'timeout' | undefined {
  if (outcome === 'SKIP') return undefined;
  return timed_out ? 'timeout' : outcome === 'PASS' ? 'pass' : outcome === 'FAIL' ? 'fail' : 'error';
}

function ends(phase: Phase, last: PhaseRecord, { procedure }: AnyRun): boolean {
  const cause = causeOf(last);
  if (cause === undefined) return false;
  const stated = phase.next[cause];
  if (stated === 'continue' || stated === 'stop') return stated === 'stop';
  return cause !== 'pass' && (phase.section === 'setup' || procedure.onFirstFailure === 'stop');
}

function bars(phase: Phase, last: PhaseRecord): boolean {
  const cause = causeOf(last);
  if (cause === undefined) return last.reason!.startsWith('not reached');
  return cause !== 'pass' && phase.next[cause] !== 'continue';
}

/** Rules 3 and 15: nothing of setup and main goes on after its time. */
export function checkDeadlines({ record }: Tried, run: AnyRun): void {
  for (const { key, section, started_ms, ended_ms, timed_out, reason } of record.phases) {
    const { timeoutMs } = phaseOf(run, key);
    if (timeoutMs !== undefined) expect(ended_ms! - started_ms).toBeLessThanOrEqual(timeoutMs);
    if (run.procedure.timeoutMs !== undefined && section !== 'teardown')
      expect(ended_ms!).toBeLessThanOrEqual(Math.max(started_ms, run.procedure.timeoutMs));
    if (timed_out) expect(reason).toMatch(/ran out of time|used up/);
  }
}

function phaseOf({ procedure }: AnyRun, key: string): Phase {
  return procedure.phases.find((one) => one.key === key)!;
}

/** Rule 16: an attempt that passed has heard what it waited for, and measured what it repeated for. */
export function checkWaiting({ events }: Tried, run: AnyRun): void {
  for (const [key, attempt] of passedAttempts(events)) {
    const { steps } = phaseOf(run, key);
    // The phase had its plug to itself, so what was heard meanwhile was heard by it.
    const heard = attempt.filter((one) => one.kind === 'log' && one.log.message === 'fixture: STAT? → READY').length;
    expect(heard, key).toBeGreaterThanOrEqual(steps.reduce((sum, step) => sum + leastWaits(step), 0));
    if (!steps.some((step) => step.kind === 'repeat' && step.until)) continue;
    const values = attempt.flatMap((one) =>
      one.kind === 'measurement' && one.phase === key && one.measurement.key === 'a'
        ? [one.measurement.measured_value]
        : [],
    );
    const isAlone = steps.filter((step) => recordedBy(step).includes('a')).length === 1;
    expect(isAlone ? isInside(values.at(-1)) : values.some(isInside), key).toBe(true);
  }
}

/** How many awaited answers a step must have heard at the least when it came to its end. */
function leastWaits(step: Step): number {
  if (step.kind === 'expect') return 1;
  if (step.kind !== 'repeat') return 0;
  const rounds = step.until ? 1 : (step.count ?? 1);
  return rounds * step.steps.reduce((sum, inner) => sum + leastWaits(inner), 0);
}

/** The events from a phase's beginning to its end, for each attempt that passed. */
function passedAttempts(events: readonly RunEvent[]): [key: string, attempt: readonly RunEvent[]][] {
  const begun = new Map<string, number>();
  return events.flatMap((event, index) => {
    if (event.kind === 'phase-started') begun.set(event.key, index);
    if (event.kind !== 'phase-ended' || event.outcome !== 'PASS') return [];
    return [[event.phase, events.slice(begun.get(event.phase), index)] as [string, RunEvent[]]];
  });
}

/** Rule 19: after an emergency stop nothing begins, nothing is measured, and nothing is sent but the safe state. */
export function checkEmergency({ events, bench, tookMs, toldBeforeCut }: Tried, { emergencyAtMs }: AnyRun): void {
  if (toldBeforeCut === null) return expect(emergencyAtMs ?? Infinity).toBeGreaterThanOrEqual(tookMs);
  const sent = bench.sent.slice(bench.sent.indexOf('cut') + 1);
  expect(sent.filter((one) => one !== 'safe')).toEqual([]);
  const later = events.slice(toldBeforeCut).map(({ kind }) => kind);
  expect(later).not.toContain('phase-started');
  expect(later).not.toContain('measurement');
}
