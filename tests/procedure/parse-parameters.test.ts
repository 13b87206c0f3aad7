import { describe, expect, test } from 'vitest';
import { parse } from '#procedure/parse.ts';
import { GOOD_MAIN, HEAD, load, message, read } from './read-text.ts';

describe('rule 6: parameters', () => {
  const text = (steps: string, more = '') => `${HEAD}parameters:
  rail: { type: range, unit: V, default: [3.2, 3.4] }
  settle: { type: duration, default: 50ms }
  channel: { type: number, default: 2 }
  variant: { type: choice, options: [lite, full], default: lite }
  fast: { type: boolean, default: false }
plugs: [{ name: Fixture, driver: scpi }]
main:
  - name: A
${more}    steps:
${steps}`;
  const set = (value: string) => `      - set: { name: a, value: ${value} }\n    measurements: [{ name: a }]\n`;

  test('a whole ${name} keeps its kind, inside flow braces too', () => {
    const validators = '[{ operator: range, expected_value: ${rail} }]';
    const measured = `      - wait: \${settle}\n      - set: { name: a, value: \${channel} }\n    measurements: [{ name: a, unit: V, validators: ${validators} }]\n`;
    const { phases, parameters } = load(text(measured, '    enabled: ${fast}\n    timeout: ${settle}\n'));
    expect(phases[0]).toMatchObject({
      timeoutMs: 50,
      skip: 'switched off in the procedure (enabled: false)',
      steps: [{ durationMs: 50 }, { value: 2 }],
      measurements: [{ validators: [{ expected: [3.2, 3.4] }] }],
    });
    expect(parameters).toEqual({
      rail: { value: [3.2, 3.4], tier: 'procedure' },
      settle: { value: 50, tier: 'procedure' },
      channel: { value: 2, tier: 'procedure' },
      variant: { value: 'lite', tier: 'procedure' },
      fast: { value: false, tier: 'procedure' },
    });
  });

  test('inside a command it is written out', () => {
    const steps = "      - write: { plug: fixture, command: 'MODE ${variant},${channel}' }\n";
    expect(load(text(steps)).phases[0]!.steps[0]).toMatchObject({ command: 'MODE lite,2' });
  });

  test.each([
    ['      - wait: ${setle}\n', 'there is no parameter “setle”; did you mean “settle”?'],
    ['      - wait: ${channel}\n', 'needs a duration, and ${channel} is a number'],
    [set('${rail}'), 'must be one value, and ${rail} is a range'],
    ["      - write: { plug: fixture, command: 'X ${rail}' }\n", 'is a range and cannot stand inside a text'],
    ['      - wait: 1ms\n    enabled: ${channel}\n', 'must be true or false, and ${channel} is a number'],
    ['      - wait: 1ms\n    retry: { limit: ${settle} }\n', 'must be a number, and ${settle} is a duration'],
    [
      '      - set: { name: a, value: 1 }\n    measurements: [{ name: a, unit: mV, validators: [{ operator: range, expected_value: ${rail} }] }]\n',
      'is in V (${rail}), the measurement in mV',
    ],
    ['      - wait: 1ms\n    key: k${channel}\n', 'cannot take a parameter'],
  ])('%s', (steps, words) => {
    expect(read(text(steps)).procedure).toBeNull();
    expect(message(text(steps))).toContain(words);
  });

  test.each([
    ['{ type: number, default: abc }', 'must be a number, not the text "abc"'],
    ['{ type: range, default: [3, 1] }', 'the lower one first'],
    ['{ type: choice, options: [a], default: b }', 'must be one of a'],
    ['{ type: duration, default: 1 day }', 'write whole numbers'],
    ['{ type: colour, default: red }', 'must be one of number'],
    ['{ type: number }', 'needs “default”'],
  ])('a default that does not fit: %s', (parameter, words) => {
    expect(message(`${HEAD}parameters:\n  p: ${parameter}\n${GOOD_MAIN}`)).toContain(words);
  });

  describe('values of the station’s configuration', () => {
    const PARAMETERS =
      'parameters:\n  rail: { type: range, unit: V, default: [3.2, 3.4] }\n  settle: { type: duration, default: 50ms }\n';
    const configured = (values: Record<string, unknown>, rest = GOOD_MAIN) =>
      parse(`${HEAD}${PARAMETERS}${rest}`, 'procedure.yaml', {
        drivers: ['scpi'],
        readings: () => [],
        parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, tier: 'line' }])),
      });

    test('stand in the place of defaults, with the tier that says so', () => {
      const { procedure } = configured({ rail: [3.25, 3.35], settle: '80ms' });
      expect(procedure?.parameters).toEqual({
        rail: { value: [3.25, 3.35], tier: 'line' },
        settle: { value: 80, tier: 'line' },
      });
      expect(configured({ settle: 20 }).procedure?.parameters).toEqual({
        rail: { value: [3.2, 3.4], tier: 'procedure' },
        settle: { value: 20, tier: 'line' },
      });
    });

    test.each([
      [{ rail: 3.3 }, 'the configuration (line) sets parameter “rail”: it must be [low, high]'],
      [{ rail: [3.4, 3.2] }, 'the lower one first'],
      [{ settle: true }, 'must be a duration'],
      [{ rial: [1, 2] }, 'the configuration (line) sets a parameter “rial” that is not there; did you mean “rail”?'],
    ])('%j does not fit: no limit is ever taken over half', (values, words) => {
      const { procedure, problems: found } = configured(values);
      expect(procedure).toBeNull();
      expect(found.map(({ message: said }) => said).join()).toContain(words);
    });
  });
});
