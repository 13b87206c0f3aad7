/** The documented table of outcomes and the documented order of events are what the engine does. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runOutcome, type PhaseFact, type RunFacts } from '#engine/run-outcome.ts';
import type { RunEvent } from '#record/run-event.ts';
import { aMeasurement, aPhase, aProcedure, measure, range, wait, write } from './a-procedure.ts';
import { tryRun } from './try-run.ts';

const doc = (name: string) => readFileSync(new URL(`../../docs/reference/${name}`, import.meta.url), 'utf8');

const fact = (ended: PhaseFact['ended']): Partial<RunFacts> => ({
  phases: [{ name: ended, section: 'main', ended, reason: 'why' }],
});
/** What makes each row of the table apply. */
const CAUSES: Readonly<Record<string, Partial<RunFacts>>> = {
  'a person stopped the run': { stopped: 'stop' },
  'a phase ran out of time': fact('timeout'),
  'the run’s own time was used up': { late: 'late' },
  'a phase broke': fact('error'),
  'the safe state was not reached': { broken: ['broken'] },
  'a phase failed': fact('fail'),
  'a phase was not reached': fact('unreached'),
};
const NOTHING = 'no phase of main passed';

test('rule 4: docs/reference/outcomes.md holds for every combination of its rows', () => {
  const rows = [...doc('outcomes.md').matchAll(/^\| (?!What|-)(.+?) \| ([A-Z]+) \|$/gm)].map(([, what, outcome]) => [
    what!,
    outcome!,
  ]);
  expect(rows.map(([what]) => what).toSorted()).toEqual([...Object.keys(CAUSES), NOTHING, 'none of these'].toSorted());
  const names = Object.keys(CAUSES);
  for (let bits = 0; bits < 2 ** (names.length + 1); bits += 1) {
    const chosen = names.filter((_, index) => bits & (2 ** index));
    const isEmpty = (bits & (2 ** names.length)) !== 0;
    const causes = chosen.map((name) => CAUSES[name]!);
    const passed: PhaseFact = { name: 'good', section: isEmpty ? 'setup' : 'main', ended: 'pass', reason: '' };
    const facts: RunFacts = {
      phases: [passed, ...causes.flatMap(({ phases = [] }) => phases)],
      stopped: causes.find(({ stopped }) => stopped)?.stopped ?? null,
      late: causes.find(({ late }) => late)?.late ?? null,
      broken: causes.flatMap(({ broken = [] }) => broken),
    };
    const applies = new Set([...chosen, ...(isEmpty ? [NOTHING] : []), 'none of these']);
    const [, expected] = rows.find(([what]) => applies.has(what!))!;
    expect(runOutcome(facts).outcome, [...applies].join(', ')).toBe(expected);
  }
});

test('rule 10: docs/reference/event-order.md shows a run as it is', async () => {
  const forgotten = aMeasurement('forgotten');
  const rail = aMeasurement('rail', [range(3.2, 3.4)]);
  const procedure = aProcedure([
    aPhase('Power on', [write('OUTP ON')], {}, 'setup'),
    aPhase('Rails', [measure('rail')], { measurements: [rail], retry: { limit: 1, delayMs: 0 } }),
    aPhase('Sweep', [wait(1)]),
    aPhase('Power off', [write('OUTP OFF')], {}, 'teardown'),
  ]);
  let asked = 0;
  const { events } = await tryRun(
    {
      ...procedure,
      phases: procedure.phases.map((one) => (one.key === 'rails' ? { ...one, measurements: [rail, forgotten] } : one)),
    },
    { behave: () => ({ kind: 'answer', text: asked++ === 1 ? '3.05' : '3.3' }) },
  );
  const [, shown] = /```\n([^]*?)```/.exec(doc('event-order.md'))!;
  expect(`${events.flatMap(lineOf).join('\n')}\n`).toBe(shown);
});

function lineOf(event: RunEvent): string | [] {
  switch (event.kind) {
    case 'run-started':
      return [];
    case 'phase-started':
      return `${event.kind} ${event.name} ${event.attempt}`;
    case 'phase-skipped':
      return `${event.kind} ${event.name}`;
    case 'phase-ended': {
      const names: Record<string, string> = { power_on: 'Power on', rails: 'Rails', power_off: 'Power off' };
      return `${event.kind} ${names[event.phase]} ${event.outcome}`;
    }
    case 'measurement':
      return `${event.kind} ${event.measurement.key} ${event.measurement.outcome}`;
    case 'attachment':
      return `${event.kind} ${event.file.name}`;
    case 'unit-field':
      return `${event.kind} ${event.field}`;
    case 'log':
      return `${event.kind} ${event.log.message}`;
    case 'run-ended':
      return `${event.kind} ${event.outcome}`;
  }
}
