import { describe, expect, test } from 'vitest';
import { GOOD_MAIN, HEAD, ID, load, obstacles, problems, withPhase } from './read-text.ts';

describe('rules 2, 3, 8 and 9: what cannot run here loads for reading, and says what is in the way', () => {
  test.each([
    ['python: phases.rails:run', ['python-phase 8:5']],
    ['executable: { command: make, shell: bash }', ['executable-phase 8:5']],
    ['script: a.ts', []],
    ['ui: { components: [{ type: verdict, label: { en: Green?, de: Grün? } }] }', []],
    ['ui: { components: [{ type: text, label: Look }], requires_input: true }', []],
    ['ui: { components: [{ type: countdown, duration: 1m }] }', []],
    ['ui: { components: [{ type: text, label: Look }] }', ['empty-phase 8:5']],
    ['ui: { components: [{ type: text, label: Look }] }\nsteps: [{ wait: 1ms }]', []],
    ['steps: [{ prompt: { message: Turn it } }]', []],
    ["when: unit.serial_number != 'b'\nsteps: [{ wait: 1ms }]", []],
    ['result: pass\nsteps: [{ wait: 1ms }]', ['unsupported 8:5']],
    ['then: { pass: retry }\nsteps: [{ wait: 1ms }]', ['unsupported 8:13']],
    ['steps: []', ['empty-phase 8:5']],
    ['description: nothing else', ['empty-phase 7:5']],
    ['enabled: false\npython: a', ['nothing-to-run 7:5']],
    ['result: skip\npython: a', ['nothing-to-run 7:5']],
  ])('%s', (body, expected) => {
    expect(obstacles(withPhase(body))).toEqual(expected);
  });

  test.each([
    ['{ operator: range, expected_value: [1, 2], every: point }', 'every'],
    ["{ operator: '<', expected_value: 5, outcome: PASS }", 'outcome'],
    ['{ expression: looks good }', 'operator'],
    ["{ operator: '==', expected_value: null }", 'expected_value'],
    ["{ operator: '==', expected_value: { a: 1 } }", 'map'],
  ])('a validator that would be passed over in silence: %s', (validator, word) => {
    const text = withPhase(
      `steps: [{ set: { name: a, value: 1 } }]\nmeasurements: [{ name: a, validators: [${validator}] }]`,
    );
    expect(
      load(text)
        .obstacles.map((one) => one.message)
        .join('\n'),
    ).toContain(word);
  });

  test('axes and aggregations', () => {
    const axes = `python: a\nmeasurements:\n  - name: Sweep\n    x_axis: { legend: Load, unit: A }\n    y_axis: [{ legend: Out, unit: V, aggregations: [{ type: min, validators: [{ operator: '>=', expected_value: 3 }] }] }]`;
    expect(obstacles(withPhase(axes))).toEqual(['python-phase 8:5']);
    expect(problems(withPhase(axes.replace('legend: Out', 'legnd: Out')))[0]).toBe('unknown-key 12:20');
  });

  test('plugs in Python, and unknown drivers', () => {
    const plugs = `plugs:\n  - { name: Psu, scope: station, python: 'plugs.psu:Psu', config: { port: 1 } }\n  - { name: B, driver: scpy }\n  - { name: C, driver: scpi, resource: { usbtmc: { usb: ['2a8d:*'] } } }\n`;
    expect(obstacles(HEAD + plugs + GOOD_MAIN)).toEqual(['python-plug 4:34', 'unknown-driver 5:16']);
    expect(load(HEAD + plugs + GOOD_MAIN).obstacles[1]!.message).toContain('did you mean “scpi”?');
  });

  test('automatic identification; sub-units and metadata are in nobody’s way', () => {
    const unit = `unit:\n  auto_identify: true\n  serial_number: { default_value: A }\n  part_number: { default_value: B }\n  sub_units: [{ label: MCU, serial_number: { default_value: C } }]\n  metadata: { colour: { default_value: red } }\n  scan: [{ gs1: { '21': serial_number } }]\n`;
    const text = `${HEAD}${unit}${GOOD_MAIN}`;
    expect(obstacles(text)).toEqual(['unsupported 4:3']);
  });

  test('a phase may depend on one before it and on one after it', () => {
    const phase = (name: string, on = '') => `  - { name: ${name},${on} steps: [{ wait: 1ms }] }\n`;
    expect(obstacles(`${HEAD}main:\n${phase('a')}${phase('b', ' depends_on: [a],')}`)).toEqual([]);
    expect(obstacles(`${HEAD}main:\n${phase('a', ' depends_on: [b],')}${phase('b')}`)).toEqual([]);
  });

  test('the message names the phase and its replacement', () => {
    const [obstacle] = load(withPhase('python: phases.rails:run')).obstacles;
    expect(obstacle!.message).toBe(
      'phase “Rails” runs Python (phases.rails:run), which cannot run in a browser; write it as “steps:” or “script:”',
    );
  });

  test('a TofuPilot file with everything in it loads', () => {
    const text = `
id: ${ID}
name: Everything
version: 1.0.0
description: All keys of the rival's format
execution: { strategy: phase_first, workers: 8, on_first_failure: continue }
unit:
  serial_number: { default_value: SN1, placeholder: SN, description: d, min_length: 2, max_length: 20, pattern: ^SN }
plugs:
  - { key: psu, name: Power supply, scope: each, python: 'plugs/psu:Psu', description: d, config: { port: COM3, n: [1] } }
setup:
  - { name: Once, scope: execution, python: a.b }
main:
  - key: rails
    name: Rails
    scope: slot
    python: phases.rails
    description: d
    timeout: 1m 30s
    retry: { limit: 3, delay: 500 }
    then: { pass: continue, fail: retry, error: stop, timeout: continue }
    measurements:
      - key: v
        name: Voltage
        unit: V
        title: The voltage
        description: d
        validators:
          - { operator: '>=', expected_value: [3], expression: x >= 3 }
          - { operator: not in, expected_value: [1, 2] }
          - { operator: matches, expected_value: '^a' , outcome: UNSET }
        aggregations: [{ type: avg, unit: V, value: 3, outcome: PASS, validators: [] }]
    ui:
      requires_input: true
      components:
        - { type: text_input, key: a, label: A, required: true, bind: measurement.v, min_length: 1, pattern: ^a, prefix: p, trim: false, width: 50% }
        - { type: select, label: B, options: [{ value: x, label: X, image: i.png }], columns: 2, size: 2xl, color: sky, font: monospace }
        - { type: image, aspect: 16/9, fit: cover, height: 40vh }
        - { type: slider, label: C, min: 0, max: 10, step: 0.5, default_value: 5 }
  - { name: Later, depends_on: [rails], executable: { command: ./x, working_directory: /tmp }, enabled: true }
teardown:
  - { name: Off, python: a.off, result: skip }
`;
    const procedure = load(text);
    expect(new Set(procedure.obstacles.map(({ code }) => code))).toEqual(
      new Set(['python-plug', 'python-phase', 'executable-phase', 'unsupported']),
    );
    expect(procedure.phases[1]).toMatchObject({
      timeoutMs: 90_000,
      retry: { limit: 3, delayMs: 500 },
      next: { fail: 'retry' },
    });
    expect(procedure.onFirstFailure).toBe('continue');
  });
});
