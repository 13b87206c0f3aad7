/** RULES.md 16, 22: plugs and steps that speak of a driver's readings, settings, registers, frames and console. */
import { describe, expect, test } from 'vitest';
import type { Procedure } from '#procedure/procedure.ts';
import { ID, readWithDrivers } from './read-text.ts';

/** Steps begin in line 8 where there is one plug of one line. */
function procedure(plugs: string, steps: string, measurements = '[{ name: m, unit: V }]'): string {
  return `name: P
id: ${ID}
plugs:
${plugs.replace(/^/gm, '  ')}
main:
  - name: A
    measurements: ${measurements}
    steps:
${steps.replace(/^/gm, '      ')}
`;
}
const PSU = '- { name: psu, driver: scpi-dc-supply }';
const MODBUS =
  '- { name: io, driver: modbus, modbus: { registers: { t: { input: 4, unit: °C }, r: { coil: 0 }, v: { holding: 9, unit: V } } } }';
const said = (text: string) =>
  readWithDrivers(text)
    .problems.filter(({ code }) => code !== 'never-recorded' && code !== 'undeclared')
    .map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);
function load(text: string): Procedure {
  const { procedure: loaded, problems } = readWithDrivers(text);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return loaded!;
}
const stepsOf = (text: string) => load(text).phases[0]!.steps;

describe('rule 16: settings', () => {
  test.each<[string, string, string | number | boolean]>([
    ['set: voltage, value: 3.3', 'voltage', 3.3],
    ['set: voltage, value: 3.3, unit: V', 'voltage', 3.3],
    ['set: voltage, value: 3.3, unit: Vdc', 'voltage', 3.3],
    ['set: output, value: on', 'output', true],
    ['set: output, value: false', 'output', false],
  ])('write: { plug: psu, %s }', (body, setting, value) => {
    expect(stepsOf(procedure(PSU, `- write: { plug: psu, ${body} }`))).toEqual([
      { kind: 'set-point', plug: 'psu', setting, value, line: 9 },
    ]);
  });

  test('a parameter keeps its number and must have the unit', () => {
    const text = (unit: string) =>
      `parameters:\n  v: { type: number, unit: ${unit}, default: 5 }\n${procedure(PSU, '- write: { plug: psu, set: voltage, value: "${v}" }')}`;
    expect(stepsOf(text('V'))).toMatchObject([{ setting: 'voltage', value: 5 }]);
    expect(said(text('mV'))).toEqual([expect.stringContaining('“value” is in mV, and “voltage” is in V')]);
  });

  test('a channel may look like a number, and is a text', () => {
    const matrix = '- { name: m, driver: scpi-switch }';
    expect(stepsOf(procedure(matrix, '- write: { plug: m, set: connect, value: 101 }'))).toMatchObject([
      { value: '101' },
    ]);
  });

  test.each([
    ['set: voltag, value: 3', 'unknown-setting 9:34', 'did you mean “voltage”?'],
    ['set: voltage, value: much', 'type 9:50', 'must be a number of V'],
    ['set: voltage, value: 3300, unit: mV', 'unit 9:50', 'is in mV'],
    ['set: voltage, value: 3, unit: A', 'unit 9:50', 'is in A'],
    ['set: output, value: 1', 'type 9:49', 'must be on or off'],
    ['set: voltage', 'missing-key 9:16', 'needs “value”'],
    ['set: voltage, value: 3, command: X', 'conflict 9:62', 'exclude each other'],
    ['command: X, value: 3', 'conflict 9:48', 'belongs to “set”'],
  ])('write: { plug: psu, %s } is refused', (body, place, words) => {
    const [problem] = said(procedure(PSU, `- write: { plug: psu, ${body} }`));
    expect(problem).toContain(words);
    expect(problem?.slice(0, place.length)).toBe(place);
  });

  test('a driver without settings takes commands', () => {
    const text = procedure('- { name: f, driver: scpi }', '- write: { plug: f, set: voltage, value: 3 }');
    expect(said(text)).toEqual([expect.stringContaining('use “command”')]);
  });

  test('a plug whose driver knows its safe state has it, unless the procedure states another', () => {
    expect(load(procedure(PSU, '- write: { plug: psu, set: output, value: on }')).plugs[0]).toMatchObject({
      safeState: ['OUTP OFF'],
    });
    const own = "- { name: psu, driver: scpi-dc-supply, safe_state: ['*RST'] }";
    expect(load(procedure(own, '- wait: 1ms')).plugs[0]).toMatchObject({ safeState: ['*RST'] });
  });

  test('what is switched on and never made safe is said', () => {
    expect(said(procedure(MODBUS, '- write: { plug: io, set: r, value: on }'))).toEqual([
      expect.stringContaining('no-safe-state'),
    ]);
  });
});

describe('rule 16: readings', () => {
  test.each([
    ['[{ name: m, unit: V }]', 'voltage'],
    ['[{ name: m, unit: VDC }]', 'voltage'],
    ['[{ name: m, unit: counts of nothing }]', 'voltage'],
    ['[{ name: m }]', 'current'],
  ])('a measurement %s takes %s', (measurements, read) => {
    expect(said(procedure(PSU, `- measure: { name: m, plug: psu, read: ${read} }`, measurements))).toEqual([]);
  });

  test.each([
    ['[{ name: m, unit: mV }]', 'voltage', 'unit 9:46', 'another multiple of it'],
    ['[{ name: m, unit: A }]', 'voltage', 'unit 9:46', 'another unit'],
    ['[{ name: m, unit: V }]', 'current', 'unit 9:46', 'is in A, and V is another unit'],
  ])('a measurement %s refuses %s', (measurements, read, place, words) => {
    const [problem] = said(procedure(PSU, `- measure: { name: m, plug: psu, read: ${read} }`, measurements));
    expect(problem).toContain(words);
    expect(problem).toContain(place);
  });

  const AXES = '[{ name: m, x_axis: { legend: t, unit: s, key: t }, y_axis: [{ legend: v, unit: V, key: v }] }]';
  const SCOPE = '- { name: scope, driver: scpi-scope }';
  test('a curve is read as one, each axis by its own unit', () => {
    const steps = ['time_1', 'waveform_1'].map(
      (read, at) => `- measure: { name: m, plug: scope, read: ${read}, as: curve, axis: ${'tv'[at]} }`,
    );
    expect(stepsOf(procedure(SCOPE, steps.join('\n'), AXES))).toMatchObject([
      { source: { read: 'time_1' }, axis: 't' },
      { source: { read: 'waveform_1' }, axis: 'v' },
    ]);
    const swapped = steps[0]!.replace('axis: t', 'axis: v');
    expect(said(procedure(SCOPE, swapped, AXES))).toEqual([expect.stringContaining('is in s, and V is another unit')]);
  });

  test('a curve is no value, and a value no curve', () => {
    expect(said(procedure(SCOPE, '- measure: { name: m, plug: scope, read: waveform_1 }'))).toEqual([
      expect.stringContaining('is a curve; add “as: curve”'),
    ]);
    const value = '- measure: { name: m, plug: scope, read: frequency_1, as: curve, axis: v }';
    expect(said(procedure(SCOPE, value, AXES))).toEqual([expect.stringContaining('take “as: curve” out')]);
  });

  test('what is waited for and what is kept may be a reading', () => {
    const console = '- { name: dut, driver: console }';
    const steps = `- expect: { plug: dut, read: log, operator: matches, expected_value: 'login:', timeout: 60s }
- attach: { name: boot.txt, plug: dut, read: log }`;
    expect(stepsOf(procedure(console, steps))).toMatchObject([
      { kind: 'expect', command: 'log', isReading: true },
      { kind: 'attach', source: { plug: 'dut', read: 'log' } },
    ]);
    expect(
      said(procedure(console, '- expect: { plug: dut, operator: matches, expected_value: x, timeout: 1s }')),
    ).toEqual([expect.stringContaining('either “query” or “read”')]);
    expect(said(procedure(console, '- attach: { name: a.txt, plug: dut, read: log, query: x }'))).toEqual([
      expect.stringContaining('exclude each other'),
    ]);
    expect(said(procedure(console, '- attach: { name: a.txt, plug: dut, read: lug }'))).toEqual([
      expect.stringContaining('did you mean “log”?'),
    ]);
  });
});

describe('rule 16: Modbus', () => {
  test('registers are readings, and coils and holding registers settings', () => {
    const steps = `- measure: { name: m, plug: io, read: v }
- write: { plug: io, set: r, value: on }
- write: { plug: io, set: v, value: 3.3, unit: V }`;
    expect(stepsOf(procedure(MODBUS, steps))).toMatchObject([
      { source: { read: 'v' } },
      { setting: 'r', value: true },
      { setting: 'v', value: 3.3 },
    ]);
    expect(said(procedure(MODBUS, '- write: { plug: io, set: t, value: 3 }'))).toEqual([
      expect.stringContaining('names no setting of the driver “modbus”: “t”'),
    ]);
    expect(said(procedure(MODBUS, '- measure: { name: m, plug: io, read: t }'))).toEqual([
      expect.stringContaining('“t” is in °C, and V is another unit'),
    ]);
  });

  test('every register has its defaults filled in', () => {
    const plug = `- name: io
  driver: modbus
  modbus:
    unit_id: 7
    registers:
      t: { input: 4, type: int16, scale: 0.1, unit: °C }
      p: { holding: 0, type: float32, word_order: little, unit_id: 8 }`;
    expect(load(procedure(plug, '- wait: 1ms')).plugs[0]).toMatchObject({
      modbus: {
        unitId: 7,
        registers: [
          { name: 't', unitId: 7, table: 'input', address: 4, type: 'int16', wordOrder: 'big', scale: 0.1, unit: '°C' },
          { name: 'p', unitId: 8, table: 'holding', address: 0, type: 'float32', wordOrder: 'little', scale: 1 },
        ],
      },
    });
  });

  test.each([
    ['modbus: { registers: { a: { coil: 1, holding: 2 } } }', 'exactly one of coil'],
    ['modbus: { registers: { a: { type: int16 } } }', 'exactly one of coil'],
    ['modbus: { registers: { a: { holding: 70000 } } }', 'between 0 and 65535'],
    ['modbus: { registers: { a: { coil: 1, scale: 2 } } }', 'a coil is 0 or 1'],
    ['modbus: { registers: { a: { holding: 1, scale: 0 } } }', 'nothing could be told apart'],
    ['modbus: { registers: { a: { holding: 1, type: int8 } } }', 'uint16'],
    ['modbus: { registers: { "a b": { holding: 1 } } }', 'must be a name'],
    ['modbus: { registers: [a] }', 'must be a map'],
    ['modbus: { unit_id: 0, registers: {} }', 'between 1 and 247'],
    ['modbus: { unit_id: 1 }', 'needs “registers”'],
    ['description: none', 'needs “modbus”'],
  ])('%s is refused: %s', (body, words) => {
    expect(said(procedure(`- { name: io, driver: modbus, ${body} }`, '- wait: 1ms'))[0]).toContain(words);
  });
});

describe('rule 16: wires', () => {
  const wired = (driver: string, serial: string, more = '') =>
    procedure(
      `- { name: x, driver: ${driver}${more}, resource: { serial: { usb: ['0403:6001']${serial} } } }`,
      '- wait: 1ms',
    );
  test.each<[string, object]>([
    ['slip', { kind: 'slip' }],
    ['cobs', { kind: 'cobs' }],
    ['{ fixed: 8 }', { kind: 'fixed', frameBytes: 8 }],
    ['{ length: 2 }', { kind: 'length', widthBytes: 2, endian: 'big', includesHeader: false }],
    [
      '{ length: 4, endian: little, includes_header: true }',
      { kind: 'length', widthBytes: 4, endian: 'little', includesHeader: true },
    ],
  ])('framing: %s', (framing, expected) => {
    expect(load(wired('scpi', `, framing: ${framing}`)).plugs[0]!.resource).toMatchObject({ framing: expected });
  });

  test.each([
    ['scpi', ', framing: slop', 'did you mean “slip”?'],
    ['scpi', ", framing: slip, terminator: '\\n'", 'exclude each other'],
    ['scpi', ', framing: { fixed: 2, length: 1 }', 'either “fixed” or “length”'],
    ['scpi', ', framing: { fixed: 2, endian: big }', 'belongs to “length”'],
    ['scpi', ', framing: { length: 3 }', '1, 2, 4'],
    ['console', ', framing: slip', 'has no effect'],
    ['binary', '', 'needs “identity_query”'],
    ['binary', '', 'needs “framing”'],
  ])('%s with %s is refused: %s', (driver, serial, words) => {
    expect(said(wired(driver, serial)).join('\n')).toContain(words);
  });

  test('who is asked, by driver', () => {
    const query = (driver: string, more = '') => load(wired(driver, '', more)).plugs[0]!.resource?.identityQuery;
    expect(query('scpi')).toBe('*IDN?');
    expect(query('console')).toBe('');
    expect(query('modbus', ', modbus: { registers: {} }')).toBe('');
    const identity = "- { name: x, driver: console, resource: { serial: { usb: ['0403:6001'] }, identity: dut } }";
    expect(said(procedure(identity, '- wait: 1ms'))[0]).toContain('needs “identity_query” beside it');
  });

  test('a console, its prompt and its login', () => {
    const plug =
      "- { name: dut, driver: console, console: { prompt: '^dut# $', login: { user: root, password: '' } } }";
    expect(said(procedure(plug, '- wait: 1ms'))[0]).toContain('“password” is empty');
    const good = "- { name: dut, driver: console, console: { prompt: '^dut# $', login: { user: root } } }";
    expect(load(procedure(good, '- wait: 1ms')).plugs[0]).toMatchObject({
      console: { prompt: '^dut# $', login: { user: 'root' } },
    });
    const bad = "- { name: dut, driver: console, console: { prompt: '(' } }";
    expect(said(procedure(bad, '- wait: 1ms'))[0]).toContain('“prompt”');
    expect(said(procedure('- { name: f, driver: scpi, console: {} }', '- wait: 1ms'))[0]).toContain(
      'belongs to the driver',
    );
  });

  test('a console that asks nobody who it is shares its adapter with no other plug', () => {
    const two = (usb: string) => `- { name: f, driver: scpi, resource: { serial: { usb: ['0403:6001'] } } }
- { name: dut, driver: console, resource: { serial: { usb: ['${usb}'] } } }`;
    expect(said(procedure(two('0403:*'), '- wait: 1ms'))[0]).toContain('asks nobody who it is');
    expect(said(procedure(two('10c4:ea60'), '- wait: 1ms')).join()).not.toContain('asks nobody');
  });
});

describe('rule 22: calibration', () => {
  test('a plug that measures nothing says so; another word is refused', () => {
    const text = (word: string) =>
      procedure(
        `- { name: psu, driver: scpi-dc-supply, calibration: ${word} }`,
        '- write: { plug: psu, set: output, value: on }',
      );
    expect(load(text('none')).plugs).toMatchObject([{ key: 'psu', calibration: 'none' }]);
    expect(load(procedure(PSU, '- write: { plug: psu, set: output, value: on }')).plugs[0]).not.toHaveProperty(
      'calibration',
    );
    expect(said(text('yearly'))).toEqual([expect.stringMatching(/^choice 4:.*“calibration” must be one of none/)]);
  });
});
