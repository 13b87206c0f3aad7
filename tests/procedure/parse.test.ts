import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseData } from '#procedure/parse.ts';
import { PROBLEM_CODES } from '#procedure/problem.ts';
import { GOOD_MAIN, HEAD, ID, load, message, problems, read, withPhase } from './read-text.ts';

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

  test('a file of a plug’s answer or of a text, with the media type of its ending', () => {
    const query = "{ attach: { name: trace.CSV, plug: fixture, query: 'CURV?', timeout: 5s } }";
    const [phase] = load(withPhase(`steps:\n  - ${query}\n  - { attach: { name: note.dat, text: "a\\n b " } }`)).phases;
    expect(phase!.steps).toEqual([
      {
        kind: 'attach',
        name: 'trace.CSV',
        contentType: 'text/csv',
        source: { plug: 'fixture', query: 'CURV?' },
        timeoutMs: 5000,
        line: 9,
      },
      {
        kind: 'attach',
        name: 'note.dat',
        contentType: 'application/octet-stream',
        source: { text: 'a\n b ' },
        line: 10,
      },
    ]);
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
