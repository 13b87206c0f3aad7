/** Rule 30: a reboot that the procedure expects, as a step of a phase. */
import { describe, expect, test } from 'vitest';
import type { Phase, Step } from '#procedure/procedure.ts';
import { aPhase, aProcedure, ask, wait, write } from './a-procedure.ts';
import type { Behaviour } from './fake-bench.ts';
import { outcomes, tryRun, type TryOptions } from './try-run.ts';

type Reboot = Extract<Step, { kind: 'expect-reboot' }>;
const reboot = (more: Partial<Reboot> = {}): Step => ({
  kind: 'expect-reboot',
  plug: 'dut',
  steps: [],
  timeoutMs: 20_000,
  line: 7,
  ...more,
});

function attempt(steps: readonly Step[], behave: (command: string) => Behaviour, more: Partial<Phase> = {}) {
  const phases = [aPhase('Reboot', steps, more), aPhase('Off', [write('OFF')], {}, 'teardown')];
  return (options: TryOptions = {}) =>
    tryRun(aProcedure(phases), { ...options, behave: (_, command) => behave(command) });
}

const back =
  (afterMs: number) =>
  (command: string): Behaviour =>
    command === 'reboot' ? { kind: 'slow', afterMs, text: '' } : { kind: 'answer', text: '1' };

describe('rule 30', () => {
  test('the command goes first, the next step comes when it is back, and the log says how long it took', async () => {
    const tried = await attempt([reboot({ command: 'BOOT' }), ask('V?')], back(1500))();
    expect(outcomes(tried)).toEqual(['Reboot PASS', 'Off PASS']);
    expect(tried.bench.sent).toEqual(['dut: BOOT', 'dut: reboot', 'fixture: V?', 'fixture: OFF', 'safe']);
    expect(tried.record.logs.map(({ message }) => message)).toContain('dut: back after 1.5 s');
  });

  test('the steps in it are done while it may leave, in their order', async () => {
    const steps = [write('PWR OFF'), wait(500), write('PWR ON')];
    const tried = await attempt([reboot({ steps })], back(300))();
    expect(outcomes(tried)).toEqual(['Reboot PASS', 'Off PASS']);
    expect(tried.bench.sent.slice(0, 3)).toEqual(['fixture: PWR OFF', 'fixture: PWR ON', 'dut: reboot']);
  });

  test('a device that goes in the middle of its command is not lost by that; any other fault is one', async () => {
    const gone = (kind: 'lost' | 'broken') => (command: string) =>
      command === 'BOOT' ? ({ kind } as const) : back(100)(command);
    const other = await attempt([reboot({ command: 'BOOT' })], gone('broken'))();
    expect(outcomes(other)).toEqual(['Reboot ERROR', 'Off PASS']);
    const { bench } = await attempt([reboot({ command: 'BOOT' })], gone('lost'))();
    expect(bench.sent, 'it is waited for all the same').toContain('dut: BOOT');
  });

  test('one that does not come back is an error of its phase by its own limit, and teardown follows', async () => {
    const never = (command: string): Behaviour =>
      command === 'reboot' ? { kind: 'silent' } : { kind: 'answer', text: '1' };
    const tried = await attempt([reboot(), write('NEXT')], never, { timeoutMs: 60_000 })();
    expect(outcomes(tried)).toEqual(['Reboot ERROR', 'Off PASS']);
    expect(tried.record.phases[0]).not.toHaveProperty('timed_out');
    expect(tried.bench.sent).not.toContain('fixture: NEXT');
    expect(tried.tookMs).toBeLessThan(30_000);
  });

  test('the phase’s deadline ends it as a time-out', async () => {
    const tried = await attempt([reboot()], back(10_000), { timeoutMs: 2000 })();
    expect(tried.record.outcome).toBe('TIMEOUT');
    expect(tried.bench.sent).toContain('fixture: OFF');
  });

  test('a stop ends it at once', async () => {
    const tried = await attempt([reboot()], back(10_000))({ stopAtMs: 700 });
    expect(tried.record.outcome).toBe('ABORTED');
    expect(tried.bench.sent.slice(-2)).toEqual(['fixture: OFF', 'safe']);
    expect(tried.tookMs).toBeLessThan(1000);
  });

  test('a plug that is lost in it is lost as ever', async () => {
    const lost = (command: string): Behaviour => (command === 'PWR OFF' ? { kind: 'lost' } : back(100)(command));
    const tried = await attempt([reboot({ steps: [write('PWR OFF')] })], lost)();
    expect(outcomes(tried)[0]).toBe('Reboot ERROR');
    expect(tried.bench.sent).not.toContain('dut: reboot');
  });
});
