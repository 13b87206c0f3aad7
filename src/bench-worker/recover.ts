/**
 * After a crash: every run without an end is closed as ERROR, `interrupted`, with what it had measured until then.
 *
 * Runs once at start, by the tab that is the station, before anything else may begin. The bench sends every plug its
 * safe state when it binds, so the fixture is made safe by the same start.
 */
import type { Notice } from '#engine/link/station-link.ts';
import { applyEvent, type RunEvent } from '#record/run-event.ts';
import type { RunRecord } from '#record/run-record.ts';
import type { Store } from '#storage/store/store.ts';
import { toRunBody } from '#sync/tofupilot/run-body.ts';

const REASON = 'The station stopped during the run: the browser, the page or the machine went away.';

/** @returns the runs that were closed, oldest first */
export async function closeInterruptedRuns(store: Store): Promise<RunRecord[]> {
  const records = await store.unfinished();
  for (const record of records) {
    const events = closingEvents(record, lastMomentMs(record));
    for (const event of events) applyEvent(record, event);
    await store.seal(record.id, events, record, JSON.stringify(toRunBody(record)));
  }
  return records;
}

/** @param records at least one */
export function interruptedNotice(records: readonly RunRecord[]): Notice {
  const serials = records.map(({ serial_number }) => serial_number);
  const isOne = serials.length === 1;
  return {
    code: 'run-interrupted',
    tone: 'warning',
    message: `The ${isOne ? 'run' : 'runs'} of ${serials.join(', ')} ${isOne ? 'was' : 'were'} cut off and ${isOne ? 'is' : 'are'} kept as ERROR with what ${isOne ? 'it' : 'they'} had measured.`,
    remedy: `The fixture was sent its safe state. Test the ${isOne ? 'unit' : 'units'} again.`,
  };
}

function closingEvents(record: RunRecord, atMs: number): RunEvent[] {
  const open = record.phases.filter((phase) => phase.ended_ms === null);
  const seen = new Set(record.phases.map((phase) => phase.key));
  return [
    ...open.map(
      (phase) => ({ kind: 'phase-ended', at_ms: atMs, phase: phase.key, outcome: 'ERROR', reason: REASON }) as const,
    ),
    ...record.plan
      .filter((phase) => !seen.has(phase.key))
      .map(
        ({ key, name, section }) =>
          ({
            kind: 'phase-skipped',
            at_ms: atMs,
            key,
            name,
            section,
            reason: 'Not reached: the run was interrupted.',
          }) as const,
      ),
    { kind: 'run-ended', at_ms: atMs, outcome: 'ERROR', reason: REASON, interrupted: true },
  ];
}

/** The last moment that the journal knows of; a time after it would be invented. */
function lastMomentMs(record: RunRecord): number {
  const moments = record.phases.flatMap((phase) => [phase.started_ms, phase.ended_ms ?? 0]);
  return Math.max(0, ...moments, ...record.logs.map((log) => log.at_ms));
}
