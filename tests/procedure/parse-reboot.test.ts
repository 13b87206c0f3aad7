/** RULES.md 23: the step `expect_reboot`. */
import { describe, expect, test } from 'vitest';
import { ID, readWithDrivers } from './read-text.ts';

const PLUGS = `
  - { name: Board, key: dut, driver: scpi, safe_state: ['OFF'], resource: { serial: { usb: ['0403:6001'] }, identity: '^A' } }
  - { name: Fixture, key: fixture, driver: scpi, safe_state: ['OFF'] }
  - { name: Console, key: console, driver: console }`;
const text = (step: string, more = '', plugs = PLUGS, phase = '') => `name: P
id: ${ID}
${more}plugs:${plugs}
main:
  - name: A
    ${phase}steps:
      - expect_reboot: ${step}
      - query: { plug: console, command: 'x' }
      - write: { plug: fixture, command: 'x' }
      - query: { plug: dut, command: 'x' }
`;
const said = (...all: Parameters<typeof text>) =>
  readWithDrivers(text(...all)).problems.map(({ severity, code, message }) => `${severity} ${code} ${message}`);
const stepOf = (step: string) => readWithDrivers(text(step)).procedure?.phases[0]?.steps[0];

describe('rule 23', () => {
  test('a command, an other form, a pattern and steps are read', () => {
    const usual = { kind: 'expect-reboot', plug: 'dut', timeoutMs: 20_000, steps: [] };
    expect(stepOf('{ plug: dut, within: 20s }')).toEqual({ ...usual, line: expect.any(Number) });
    expect(stepOf('{ plug: dut, within: 20s, command: BOOT }')).toMatchObject({ ...usual, command: 'BOOT' });
    expect(stepOf("{ plug: dut, within: 20s, as: { usb: ['0483:DF11'], identity: '^B' } }")).toMatchObject({
      as: { usb: ['0483:df11'], identity: '^B' },
    });
    expect(stepOf("{ plug: console, within: 1m, until: 'login: ?$' }")).toMatchObject({ until: 'login: ?$' });
    expect(stepOf('{ plug: dut, within: 20s, steps: [{ write: { plug: fixture, command: OFF } }] }')).toMatchObject({
      steps: [{ kind: 'write', plug: 'fixture' }],
    });
  });

  test.each([
    ['{ plug: dut }', 'missing-key', 'within'],
    ['{ plug: nobody, within: 2s }', 'unknown-plug', 'nobody'],
    ['{ plug: dut, within: 2s, command: A, steps: [{ wait: 1s }] }', 'conflict', 'exclude each other'],
    ["{ plug: dut, within: 2s, until: 'x' }", 'conflict', 'what a console prints'],
    ["{ plug: console, within: 2s, until: '(' }", 'pattern', 'until'],
    ['{ plug: dut, within: 2s, as: {} }', 'missing-key', '“usb” or “identity”'],
    ["{ plug: dut, within: 2s, as: { usb: ['nonsense'] } }", 'choice', 'vendor:product'],
    ["{ plug: fixture, within: 2s, as: { identity: '^B' } }", 'conflict', 'states no “identity”'],
    ['{ plug: dut, within: 2s, retries: 3 }', 'unknown-key', 'retries'],
  ])('%s is refused', (step, code, words) => {
    const problems = said(step);
    expect(problems.join('\n')).toContain(`error ${code} `);
    expect(problems.join('\n')).toContain(words);
  });

  test('what all slots share reboots only in a phase for all', () => {
    const slots = 'execution:\n  slots: [{ name: Left }, { name: Right }]\n';
    const shared = PLUGS.replace('key: dut,', 'key: dut, scope: execution,');
    const obstacles = (step: string) =>
      readWithDrivers(text(step, slots, shared))
        .procedure!.obstacles.map(({ message }) => message)
        .join('\n');
    expect(obstacles('{ plug: dut, within: 2s }')).toContain('phase “A”: a reboot of “dut”, which all slots share');
    expect(obstacles('{ plug: fixture, within: 2s }')).not.toContain('a reboot of');
  });
});
