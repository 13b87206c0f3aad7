import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseData } from '#procedure/parse.ts';
import { PROBLEM_CODES } from '#procedure/problem.ts';
import type { Procedure } from '#procedure/procedure.ts';

const OPTIONS = {
  drivers: ['scpi', 'scpi-dmm'],
  readings: (driver: string) => (driver === 'scpi-dmm' ? ['voltage_dc', 'current_dc'] : []),
};
const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

const read = (text: string) => parse(text, 'procedure.yaml', OPTIONS);

/** `code line:column` for each problem. */
function problems(text: string): string[] {
  return read(text).problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

function message(text: string): string {
  return read(text)
    .problems.map((problem) => problem.message)
    .join('\n');
}

function load(text: string): Procedure {
  const { procedure, problems: found } = read(text);
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  return procedure!;
}

function obstacles(text: string): string[] {
  return load(text).obstacles.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

/** A procedure whose phase body is `body`, indented by four; the body's first line is line 8. */
function withPhase(body: string): string {
  const lines = body.split('\n').map((line) => `    ${line}`);
  return `name: P\nid: ${ID}\nplugs:\n  - { name: Fixture, driver: scpi }\n  - { name: DMM, driver: scpi-dmm }\nmain:\n  - name: Rails\n${lines.join('\n')}\n`;
}

const HEAD = `name: P\nid: ${ID}\n`;
const GOOD_MAIN = 'main:\n  - { name: A, steps: [{ wait: 1ms }] }\n';

describe('a whole procedure', () => {
  test.each(['power-board', 'sensor-module'])('the example %s loads and can run', (folder) => {
    const text = readFileSync(
      new URL(`../../examples/fleet/procedures/${folder}/procedure.yaml`, import.meta.url),
      'utf8',
    );
    expect(read(text).problems).toEqual([]);
    expect(load(text).obstacles).toEqual([]);
  });

  test('every default is filled in', () => {
    const text = `${HEAD}plugs:
  - { name: Fixture, driver: scpi, resource: { serial: { usb: ['0403:6ABC', '2a8d:*'] } } }
main:
  - name: Rails
    steps:
      - measure: { name: rail, plug: fixture, query: 'V?' }
    measurements:
      - { name: rail, validators: [{ operator: '<=', expected_value: 5 }] }
`;
    expect(load(text)).toEqual({
      id: ID,
      name: 'P',
      version: '',
      description: '',
      onFirstFailure: 'stop',
      unit: { serial_number: {}, part_number: {}, revision_number: {}, batch_number: {} },
      plugs: [
        {
          key: 'fixture',
          name: 'Fixture',
          driver: 'scpi',
          resource: {
            kind: 'serial',
            usb: ['0403:6abc', '2a8d:*'],
            baudRate: 115_200,
            dataBits: 8,
            stopBits: 1,
            parity: 'none',
            flowControl: 'none',
            terminator: '\n',
            identityQuery: '*IDN?',
            resetOnOpenMs: 0,
          },
          safeState: [],
        },
      ],
      phases: [
        {
          key: 'rails',
          name: 'Rails',
          section: 'main',
          description: '',
          retry: { limit: 0, delayMs: 0 },
          next: {},
          steps: [{ kind: 'measure', measurement: 'rail', plug: 'fixture', source: { query: 'V?' }, line: 8 }],
          measurements: [
            { key: 'rail', name: 'rail', validators: [{ operator: '<=', expected: 5, isDecisive: true }] },
          ],
          line: 6,
        },
      ],
      parameters: {},
      obstacles: [],
    });
  });

  test('sections come in the order in which they run, however the file has them', () => {
    const phase = (name: string) => `  - { name: ${name}, steps: [{ wait: 1ms }] }\n`;
    const text = `${HEAD}teardown:\n${phase('Off')}main:\n${phase('Test')}setup:\n${phase('On')}`;
    expect(load(text).phases.map(({ name, section }) => `${section} ${name}`)).toEqual([
      'setup On',
      'main Test',
      'teardown Off',
    ]);
  });

  test('plain data: it survives a message to another world', () => {
    const procedure = load(HEAD + GOOD_MAIN);
    expect(structuredClone(procedure)).toEqual(procedure);
    expect(JSON.parse(JSON.stringify(procedure))).toEqual(procedure);
  });

  test('without an id it runs, with a warning that its runs cannot be delivered', () => {
    expect(read(`name: P\n${GOOD_MAIN}`)).toMatchObject({
      problems: [{ severity: 'warning', code: 'no-id' }],
      procedure: { id: '' },
    });
  });
});

describe('rules 1, 3, 4, 5 and 7: what is wrong is said with line and column', () => {
  test.each([
    ['', ['yaml 1:1']],
    ['# nothing\n', ['yaml 1:1']],
    ['name: [a\nmain: b', ['yaml 2:1']],
    ['name: "a\n', ['yaml 2:1']],
    ['a: 1\na: 2\n', ['yaml 2:1']],
    ['- a\n- b\n', ['type 1:1', 'missing-key 1:1', 'missing-key 1:1', 'no-id 1:1']],
    [`${HEAD}main: &x [*x]\n`, ['yaml 3:11']],
    [`${HEAD}mian: []\n`, ['missing-key 1:1', 'unknown-key 3:1']],
    [`${HEAD}main:\n`, ['missing-key 3:1']],
    [`${HEAD}main: []\n`, ['length 3:7']],
    [`${HEAD}main: { a: 1 }\n`, ['type 3:7']],
    [`name: 5\nid: ${ID}\n${GOOD_MAIN}`, ['type 1:7']],
    [`name: ''\nid: ${ID}\n${GOOD_MAIN}`, ['length 1:7']],
    [`name: ${'n'.repeat(101)}\nid: ${ID}\n${GOOD_MAIN}`, ['length 1:7']],
    [`name: P\nid: power-board\n${GOOD_MAIN}`, ['identifier 2:5']],
    [`${HEAD}version: 1.2\n${GOOD_MAIN}`, ['type 3:10']],
    [`${HEAD}version: '1 2'\n${GOOD_MAIN}`, ['pattern 3:10']],
    [`${HEAD}execution: { on_first_failure: stopp, workers: 300 }\n${GOOD_MAIN}`, ['choice 3:32', 'range 3:48']],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test.each([
    [
      'timout: 10s\nsteps: [{ wait: 1ms }]',
      ['unknown-key 8:5'],
      'phase “Rails” has no key “timout”; did you mean “timeout”?',
    ],
    ['timeout: 10\nsteps: [{ wait: 1.5s }]', ['duration 9:21'], '“wait” is no duration (1.5s): write whole numbers'],
    ['timeout: 0s\nsteps: [{ wait: 1ms }]', ['duration 8:14'], 'at least 1ms'],
    ['timeout: 25h\nsteps: [{ wait: 1ms }]', ['duration 8:14'], 'at most 24h'],
    ["timeout: '500'\nsteps: [{ wait: 1ms }]", ['duration 8:14'], '(500)'],
    ['retry: { limit: 11 }\nsteps: [{ wait: 1ms }]', ['range 8:21'], 'between 1 and 10'],
    ['retry: { delay: 1s }\nsteps: [{ wait: 1ms }]', ['missing-key 8:12'], 'needs “limit”'],
    ['then: { fail: retri }\nsteps: [{ wait: 1ms }]', ['choice 8:19'], 'did you mean “retry”?'],
    ['enabled: yes\nsteps: [{ wait: 1ms }]', ['type 8:14'], 'must be true or false, not the text "yes"'],
    ['steps: [{ writ: { plug: fixture, command: A } }]', ['unknown-key 8:15'], 'did you mean “write”?'],
    ['steps: [{ wait: 1ms, set: { name: a, value: 1 } }]', ['step 8:13'], 'exactly one thing, not 2'],
    ['steps: [wait]', ['type 8:13'], 'must be a map'],
    ['steps: [{ wait: }]', ['missing-key 8:15'], 'needs “wait”'],
    ['steps: [{ write: { plug: fixtur, command: A } }]', ['unknown-plug 8:30'], 'did you mean “fixture”?'],
    ['steps: [{ write: { plug: fixture } }]', ['missing-key 8:22'], 'needs “command”'],
    ['steps: [{ write: { plug: fixture, command: "A\\nB" } }]', ['step 8:48'], 'control character'],
    ['steps: [{ query: { plug: fixture, command: A, query: B } }]', ['conflict 8:22'], 'not both'],
    [
      'steps: [{ measure: { name: a, plug: fixture, query: A } }]',
      ['unknown-measurement 8:32'],
      'add it under “measurements”',
    ],
    [
      'steps: [{ measure: { name: a, plug: dmm, read: voltage_cd } }]\nmeasurements: [{ name: a }]',
      ['unknown-reading 8:52'],
      'did you mean “voltage_dc”?',
    ],
    [
      'steps: [{ measure: { name: a, plug: fixture, read: x } }]\nmeasurements: [{ name: a }]',
      ['unknown-reading 8:56'],
      'use “query”',
    ],
    [
      'steps: [{ set: { name: rail_33, value: 1 } }]\nmeasurements: [{ name: rail_3v3 }]',
      ['unknown-measurement 8:28'],
      'did you mean “rail_3v3”?',
    ],
    ['steps: [{ set: { name: a, value: .nan } }]\nmeasurements: [{ name: a }]', ['type 8:38'], 'finite'],
    [
      'steps: [{ set: { name: a, value: 1 } }]\nmeasurements: [{ name: a }, { name: A }]',
      ['duplicate 9:33'],
      'the first is in line 9',
    ],
    ['steps: [{ wait: 1ms }]\nscript: a.ts', ['conflict 9:13'], '“script” and “steps” exclude each other'],
    ['python: a:b\nexecutable: { command: x }', ['conflict 9:17'], 'exclude each other'],
    ['scope: station\nsteps: [{ wait: 1ms }]', ['choice 8:12'], 'not the text "station"'],
    ['depends_on: [rail]\nsteps: [{ wait: 1ms }]', ['unknown-phase 8:18'], 'did you mean “rails”?'],
    ['depends_on: [rails]\nsteps: [{ wait: 1ms }]', ['cycle 8:18'], 'depends on itself'],
    ['ui: { components: [{ type: text_imput }] }', ['choice 8:32'], 'did you mean “text_input”?'],
    ['ui: { components: [{ label: x }] }', ['missing-key 8:24'], 'needs “type”'],
    ['name2: x\nsteps: []', ['unknown-key 8:5'], 'did you mean “name”?'],
  ])('in a phase: %s', (body, expected, words) => {
    expect(
      problems(withPhase(body)).filter(
        (one) => PROBLEM_CODES.indexOf(one.split(' ')[0] as never) < PROBLEM_CODES.indexOf('python-phase'),
      ),
    ).toEqual(expected);
    expect(message(withPhase(body))).toContain(words);
  });

  test.each([
    ['{ operator: between, expected_value: 1 }', 'choice', 'must be one of =='],
    ["{ operator: '<', expected_value: '5' }", 'validator', 'must be a number for “<”'],
    ["{ operator: '<', expected_value: [1, 2] }", 'validator', 'must be a number for “<”'],
    ['{ operator: range, expected_value: 5 }', 'validator', 'must be [low, high]'],
    ['{ operator: range, expected_value: [5, 4] }', 'validator', 'wrong way round'],
    ['{ operator: range, expected_value: [1, .inf] }', 'validator', 'must be finite'],
    ['{ operator: in, expected_value: [] }', 'validator', 'at least one value'],
    ['{ operator: in, expected_value: 5 }', 'validator', 'must be a list'],
    ["{ operator: matches, expected_value: '(' }", 'validator', 'is not a pattern'],
    ["{ operator: matches, expected_value: '(?=a)' }", 'validator', 'look-around'],
    ['{ operator: within, expected_value: 5 }', 'missing-key', 'is needed by “within”'],
    ['{ operator: within, expected_value: 5, tolerance: -1 }', 'range', 'between 0 and'],
    ["{ operator: '<', expected_value: 5, tolerance: 1 }", 'conflict', 'belongs to “within” only'],
    ["{ operator: '<', expected: 5 }", 'unknown-key', 'did you mean “expected_value”?'],
    ["{ operator: '<', expected_value: 5, is_decisive: no }", 'type', 'true or false'],
  ])('a limit that could never be evaluated does not load: %s', (validator, code, words) => {
    const text = withPhase(
      `steps: [{ set: { name: a, value: 1 } }]\nmeasurements: [{ name: a, validators: [${validator}] }]`,
    );
    expect(read(text).procedure).toBeNull();
    expect(problems(text)[0]).toMatch(new RegExp(`^${code} 9:`));
    expect(message(text)).toContain(words);
  });

  test('everything at once, in the file’s order', () => {
    const text = `name: P\nid: x\nmain:\n  - name: A\n    timout: 1s\n    steps:\n      - write: { plug: nope, command: A }\n      - wait: soon\n`;
    expect(problems(text)).toEqual(['identifier 2:5', 'unknown-key 5:5', 'unknown-plug 7:24', 'duration 8:15']);
  });

  test('keys used twice are refused in and across sections, and the first is named', () => {
    const phase = (name: string) => `  - { name: ${name}, steps: [{ wait: 1ms }] }\n`;
    const text = `${HEAD}main:\n${phase('A b')}teardown:\n${phase('A-B')}${phase('C')}${phase('C')}`;
    expect(problems(text)).toEqual(['duplicate 6:5', 'duplicate 8:5']);
    expect(message(text)).toContain('the first is “A b” in line 4');
  });

  test('a circle of dependencies is printed', () => {
    const phase = (name: string, on: string) => `  - { name: ${name}, depends_on: [${on}], steps: [{ wait: 1ms }] }\n`;
    expect(message(`${HEAD}main:\n${phase('a', 'b')}${phase('b', 'a')}`)).toContain('a -> b -> a');
  });

  test('a name without Latin letters needs a key', () => {
    const text = `${HEAD}main:\n  - { name: 電源, steps: [{ wait: 1ms }] }\n`;
    expect(problems(text)).toEqual(['identifier 4:13']);
    expect(load(text.replace('name: 電源', 'name: 電源, key: power')).phases[0]!.key).toBe('power');
  });
});

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
});

describe('rule 4: plugs and unit', () => {
  const plug = (resource: string) =>
    `${HEAD}plugs:\n  - { name: F, driver: scpi, resource: ${resource} }\n${GOOD_MAIN}`;

  test('a serial resource', () => {
    const serial = `{ usb: ['0403:6001'], baud_rate: 9600, data_bits: 7, stop_bits: 2, parity: even, flow_control: hardware, terminator: "\\r\\n" }`;
    const [read] = load(
      plug(`{ serial: ${serial}, identity: '^ACME', identity_query: 'ID?', reset_on_open: 2s }`),
    ).plugs;
    expect(read!.resource).toEqual({
      kind: 'serial',
      usb: ['0403:6001'],
      baudRate: 9600,
      dataBits: 7,
      stopBits: 2,
      parity: 'even',
      flowControl: 'hardware',
      terminator: '\r\n',
      identity: '^ACME',
      identityQuery: 'ID?',
      resetOnOpenMs: 2000,
    });
  });

  test.each([
    ['{ serial: { usb: [403:6001] } }', 'vendor:product in hexadecimal'],
    ['{ serial: { usb: [] } }', 'at least one id'],
    ['{ serial: { } }', 'needs “usb”'],
    ["{ serial: { usb: ['0403:6001'], baudrate: 9600 } }", 'did you mean “baud_rate”?'],
    ["{ serial: { usb: ['0403:6001'], parity: mark } }", 'none, even, odd'],
    ["{ serial: { usb: ['0403:6001'] }, identity: '(' }", 'is not a pattern'],
    ["{ identity: 'a' }", 'needs “serial”'],
  ])('%s', (resource, words) => {
    expect(message(plug(resource))).toContain(words);
  });

  test('two plugs with one key, whatever the case', () => {
    expect(
      problems(`${HEAD}plugs:\n  - { name: A, driver: scpi }\n  - { name: B, key: A, driver: scpi }\n${GOOD_MAIN}`),
    ).toEqual(['duplicate 5:5']);
  });

  test('unit fields with their rules', () => {
    const unit = `unit:\n  serial_number: { pattern: '^SN', min_length: 3, max_length: 9, placeholder: SN-1 }\n  part_number: { default_value: P-1 }\n`;
    expect(load(HEAD + unit + GOOD_MAIN).unit).toEqual({
      serial_number: { pattern: '^SN', minLength: 3, maxLength: 9, placeholder: 'SN-1' },
      part_number: { defaultValue: 'P-1' },
      revision_number: {},
      batch_number: {},
    });
  });

  test.each([
    ["serial_number: { pattern: '(' }", 'is not a pattern'],
    ['serial_number: { min_length: 5, max_length: 4 }', 'more than “max_length”'],
    ['part_number: { default_value: a b }', 'character that is not allowed'],
    ["scan: [{ pattern: '(?<serial>.+)' }]", 'has a group “serial”'],
    ["scan: [{ pattern: '(?<part_number>.+)' }]", 'needs a group (?<serial_number>…)'],
    ['serial: {}', 'did you mean “serial_number”?'],
  ])('%s', (unit, words) => {
    expect(message(`${HEAD}unit:\n  ${unit}\n${GOOD_MAIN}`)).toContain(words);
  });
});

describe('rules 2, 3, 8 and 9: what cannot run here loads for reading, and says what is in the way', () => {
  test.each([
    ['python: phases.rails:run', ['python-phase 8:5']],
    ['executable: { command: make, shell: bash }', ['executable-phase 8:5']],
    ['script: a.ts', ['script-phase 8:5']],
    [
      'ui: { components: [{ type: verdict, label: { en: Green?, de: Grün? } }], requires_input: true }',
      ['ui-phase 8:5'],
    ],
    ["when: ${a} != 'b'\nsteps: [{ wait: 1ms }]", ['unsupported 8:5']],
    ['steps: [{ expect: { plug: fixture, query: A, matches: B } }]', ['unsupported 8:15']],
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
    expect(obstacles(withPhase(axes))).toEqual(['python-phase 8:5', 'unsupported 11:9', 'unsupported 12:9']);
    expect(problems(withPhase(axes.replace('legend: Out', 'legnd: Out')))[0]).toBe('unknown-key 12:20');
  });

  test('plugs in Python, unknown drivers, other wires', () => {
    const plugs = `plugs:\n  - { name: Psu, scope: station, python: 'plugs.psu:Psu', config: { port: 1 } }\n  - { name: B, driver: scpy }\n  - { name: C, driver: scpi, resource: { usbtmc: { usb: ['2a8d:*'] } } }\n`;
    expect(obstacles(HEAD + plugs + GOOD_MAIN)).toEqual([
      'python-plug 4:34',
      'unknown-driver 5:16',
      'unsupported 6:42',
    ]);
    expect(load(HEAD + plugs + GOOD_MAIN).obstacles[1]!.message).toContain('did you mean “scpi”?');
  });

  test('slots, sub-units, metadata, GS1 and automatic identification', () => {
    const unit = `unit:\n  auto_identify: true\n  sub_units: [{ label: MCU }]\n  metadata: { colour: { default_value: red } }\n  scan: [{ gs1: { '21': serial_number } }]\n`;
    const text = `${HEAD}execution: { strategy: slot_first, workers: 4, slots: [{ name: Left, key: l }] }\n${unit}${GOOD_MAIN}`;
    expect(obstacles(text)).toEqual([
      'unsupported 3:48',
      'unsupported 5:3',
      'unsupported 6:3',
      'unsupported 7:3',
      'unsupported 8:12',
    ]);
  });

  test('a dependency that repeats the order is fulfilled by it; another one is not', () => {
    const phase = (name: string, on = '') => `  - { name: ${name},${on} steps: [{ wait: 1ms }] }\n`;
    expect(obstacles(`${HEAD}main:\n${phase('a')}${phase('b', ' depends_on: [a],')}`)).toEqual([]);
    expect(obstacles(`${HEAD}main:\n${phase('a', ' depends_on: [b],')}${phase('b')}`)).toEqual(['unsupported 4:29']);
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
      new Set(['python-plug', 'python-phase', 'executable-phase', 'ui-phase', 'unsupported']),
    );
    expect(procedure.phases[1]).toMatchObject({
      timeoutMs: 90_000,
      retry: { limit: 3, delayMs: 500 },
      next: { fail: 'retry' },
    });
    expect(procedure.onFirstFailure).toBe('continue');
  });
});

describe('rule 1: whatever the text', () => {
  test('parse answers: a procedure or at least one error with a place, and only known codes', () => {
    const base = withPhase(
      "timeout: 1s\nsteps:\n  - measure: { name: a, plug: fixture, query: 'V?' }\nmeasurements:\n  - { name: a, unit: V, validators: [{ operator: range, expected_value: [1, 2] }] }",
    );
    const cut = fc.tuple(fc.nat(base.length), fc.nat(20), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 3 }), (cuts) => {
        const text = cuts.reduce((rest, [at, length, put]) => rest.slice(0, at) + put + rest.slice(at + length), base);
        const { procedure, problems: found } = read(text);
        expect(procedure === null).toBe(found.some(({ severity }) => severity === 'error'));
        for (const { code, line, column, message: words } of found) {
          expect(PROBLEM_CODES).toContain(code);
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(words).not.toMatch(/[\ue000\ue001]/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a file that nests without end is refused, not crashed on', () => {
    expect(problems(`name: ${'['.repeat(20_000)}`)[0]).toMatch(/^yaml /);
  });

  test('five thousand measurements are read in linear time', () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `m${index}`);
    const text = `${HEAD}plugs: [{ name: F, driver: scpi }]\nmain:\n  - name: All\n    steps:\n${keys
      .map((key) => `      - measure: { name: ${key}, plug: f, query: 'V?' }\n`)
      .join('')}    measurements:\n${keys.map((key) => `      - { name: ${key}, unit: V }\n`).join('')}`;
    const startMs = performance.now();
    expect(load(text).phases[0]!.steps).toHaveLength(5000);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });
});

describe('other YAML', () => {
  test('as plain data, or a fault with its place', () => {
    expect(parseData("fixture:\n  '*IDN?': ACME\n  'ON': null\n")).toEqual({ fixture: { '*IDN?': 'ACME', ON: null } });
    expect(() => parseData('a: [1\nb: 2')).toThrow('Line 2, column 1');
  });
});
