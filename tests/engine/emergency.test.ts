/** An emergency stop: the wires are gone, so everything ends, teardown too, and only the safe state is asked for. */
import { expect, test } from 'vitest';
import { aMeasurement, aPhase, aProcedure, ask, measure, range, wait, write } from './a-procedure.ts';
import { unsafePlug } from './fake-bench.ts';
import { outcomes, tryRun } from './try-run.ts';

const rail = aMeasurement('rail', [range(3.2, 3.4)]);
const procedure = aProcedure([
  aPhase('Power on', [write('OUTP ON')], {}, 'setup'),
  aPhase('Rails', [measure('rail'), wait(1000), ask('MORE?')], { measurements: [rail] }),
  aPhase('Sweep', [ask('SWEEP?')]),
  aPhase('Discharge', [wait(1000), write('DISCH')], {}, 'teardown'),
  aPhase('Power off', [write('OUTP OFF')], {}, 'teardown'),
]);
const answers = { 'rail?': '3.3' };

test('rule 17: in main, what was measured is kept and no phase begins any more, teardown included', async () => {
  const tried = await tryRun(procedure, { answers, emergencyAtMs: 500 });
  expect(tried.record).toMatchObject({ outcome: 'ABORTED', reason: 'Emergency stop.' });
  expect(outcomes(tried)).toEqual(['Power on PASS', 'Rails ERROR', 'Sweep SKIP', 'Discharge SKIP', 'Power off SKIP']);
  expect(tried.record.phases[1]!.measurements).toMatchObject([{ key: 'rail', measured_value: 3.3, outcome: 'PASS' }]);
  expect(tried.record.phases.at(-1)!.reason).toBe('not reached: the emergency stop has cut every wire');
  expect(tried.bench.sent).toEqual(['fixture: OUTP ON', 'fixture: rail?', 'cut', 'safe']);
  expect(tried.tookMs, 'nobody waits for a teardown').toBe(500);
});

test('rule 17: in teardown, which a stop does not cut, it ends what is under way', async () => {
  const tried = await tryRun(procedure, { answers, stopAtMs: 200, emergencyAtMs: 700 });
  expect(outcomes(tried).slice(-2)).toEqual(['Discharge ERROR', 'Power off SKIP']);
  expect(tried.record).toMatchObject({ outcome: 'ABORTED', reason: 'Emergency stop.' });
  expect(tried.bench.sent.slice(-2)).toEqual(['cut', 'safe']);
  expect(tried.tookMs).toBe(700);
});

test('rule 17: a safe state that was not confirmed is said, and the run is ABORTED all the same', async () => {
  const { record } = await tryRun(procedure, {
    answers,
    emergencyAtMs: 500,
    safe: () => Promise.resolve([unsafePlug('Fixture')]),
  });
  expect(record.outcome).toBe('ABORTED');
  expect(record.logs).toMatchObject([{ level: 'ERROR', message: expect.stringContaining('safe state of Fixture') }]);
});
