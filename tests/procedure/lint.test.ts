import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureOutcome } from '#measure/measure-outcome.ts';
import type { Validator } from '#measure/validator.ts';
import { impossible } from '#procedure/lint/impossible.ts';
import { unitSlip } from '#procedure/lint/units.ts';
import { parse } from '#procedure/parse.ts';
import { HEAD, read } from './read-text.ts';

const OPTIONS = { drivers: ['scpi', 'scpi-dmm'], readings: () => ['voltage_dc', 'current_dc'] };
const lint = (text: string) => parse(text, 'procedure.yaml', { ...OPTIONS, lints: true }).problems;
const lines = (text: string) =>
  lint(text).map(({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`);
const phase = (body: string) => `${HEAD}main:\n  - { name: A, ${body} }\n`;
const limits = (rest: string) => phase(`steps: [{ set: { name: m, value: 1 } }], measurements: [{ name: m, ${rest} }]`);

describe('rule 15: what a check says besides', () => {
  test.each([
    [phase('when: "true", steps: [{ wait: 1ms }]'), ['warning constant-when 4:22'], 'always runs'],
    [
      phase("when: \"unit.serial_number == 'a' and unit.serial_number == 'b'\", steps: [{ wait: 1ms }]"),
      ['warning constant-when 4:22'],
      'never runs',
    ],
    [
      `${phase('enabled: false')}  - { name: B, depends_on: [a], steps: [{ wait: 1ms }] }\n`,
      ['warning dependency-off 5:29'],
      'switched off',
    ],
    [limits('unit: mv'), ['warning unit-slip 4:89'], 'did you mean “mV”?'],
    [
      limits("validators: [{ operator: '>', expected_value: 5 }, { operator: '<', expected_value: 5 }]"),
      ['warning impossible-limit 4:95'],
      'nothing can be > 5 and < 5',
    ],
    [phase('timeout: 1s, steps: [{ wait: 600ms }, { wait: 400ms }]'), ['warning wait-over-timeout 4:25'], '1000 ms'],
    [
      `${HEAD}plugs: [{ name: F, driver: scpi }]\nmain: [{ name: A, steps: [{ wait: 1ms }] }]\n`,
      ['warning unused-plug 3:9'],
      'used by no step',
    ],
    [
      `${HEAD}plugs: [{ name: F, driver: scpi }]\nmain: [{ name: A, steps: [{ repeat: { count: 2, steps: [{ write: { plug: f, command: A } }] } }] }]\n`,
      ['warning no-safe-state 3:9'],
      'safe_state',
    ],
  ])('%s', (text, expected, words) => {
    expect(lines(text)).toEqual(expected);
    expect(lint(text)[0]!.message).toContain(words);
    // A station says none of it.
    expect(read(text).problems).toEqual([]);
  });

  test('nothing is said of plugs that a script may use', () => {
    const text = `${HEAD}plugs: [{ name: F, driver: scpi }]\nmain: [{ name: A, script: a.ts }]\n`;
    expect(lines(text)).toEqual([]);
  });

  test.each(['power-board', 'sensor-module'])('the example %s gives no cause', (folder) => {
    const url = new URL(`../../examples/fleet/procedures/${folder}/procedure.yaml`, import.meta.url);
    expect(lint(readFileSync(url, 'utf8'))).toEqual([]);
  });

  test.each([
    ['mv', 'mV'],
    ['Mhz', 'MHz'],
    ['volts', 'V'],
    ['dbm', 'dBm'],
    ['Amps', 'A'],
    ['mVv', 'mV'],
  ])('the unit %s', (unit, meant) => {
    expect(unitSlip(unit)).toBe(`; did you mean “${meant}”?`);
  });

  test.each(['V', 'mV', 'uV', 'μV', 'µV', '°C', '%', 'rpm', 'kΩ', '\u2126', 'widgets', 'x', 'MB/s'])(
    'nothing on the unit %s',
    (unit) => {
      expect(unitSlip(unit)).toBe('');
    },
  );

  test('what is called impossible is so, for any value', () => {
    const number = fc.integer({ min: 0, max: 6 });
    const limit = fc.oneof(
      fc.tuple(fc.constantFrom('>', '>=', '<', '<=', '==', '!=') as fc.Arbitrary<'>'>, number),
      fc.tuple(
        fc.constant('range' as const),
        fc.tuple(number, number).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]),
      ),
      fc.tuple(fc.constant('in' as const), fc.array(number, { minLength: 1, maxLength: 3 })),
    );
    let found = 0;
    fc.assert(
      fc.property(fc.array(limit, { minLength: 2, maxLength: 3 }), (made) => {
        const validators = made.map(([operator, expected]): Validator => ({ operator, expected, isDecisive: true }));
        const values = Array.from({ length: 33 }, (_, index) => index / 4 - 1);
        const passes = values.some((value) => measureOutcome(value, { validators }).outcome === 'PASS');
        if (impossible(validators) === null) return;
        found += 1;
        expect(passes).toBe(false);
      }),
      { numRuns: 400 },
    );
    expect(found).toBeGreaterThan(20);
  });
});
