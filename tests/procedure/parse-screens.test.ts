import { describe, expect, test } from 'vitest';
import { textIn } from '#procedure/local-text.ts';
import { COMPONENT_KINDS } from '#procedure/screen.ts';
import { load, message, problems, read, withPhase } from './read-text.ts';

const UNIT = 'unit: { sub_units: [{ label: Left MCU }], metadata: { colour: {} } }\n';
const screen = (components: string) =>
  UNIT +
  withPhase(
    `ui:\n  components:\n${components}\nmeasurements: [{ name: Voltage }, { name: LED }, { name: Sweep, y_axis: [{ legend: Y }] }]`,
  );
const componentsOf = (components: string) => load(screen(components)).phases[0]!.ui!.components;

describe('rule 12: screens are kept with everything that they state', () => {
  test('a component with all its keys', () => {
    const text = `    - { type: text_input, label: Voltage, description: d, placeholder: p, required: true, bind: measurement.voltage,
        default_value: '5', min_length: 1, max_length: 9, pattern: '^[0-9]+$', prefix: '≈ ', suffix: ' V', trim: false, rows: 2,
        min: 0, max: 10, step: 0.5, options: [{ value: a, label: A, image: a.png }], columns: 2, width: 50%, height: 40vh,
        aspect: 16/9, fit: cover, size: 2xl, color: sky, font: monospace }`;
    expect(componentsOf(text)).toEqual([
      {
        kind: 'text_input',
        key: 'voltage',
        label: 'Voltage',
        description: 'd',
        placeholder: 'p',
        required: true,
        bind: { to: 'measurement', key: 'voltage' },
        defaultValue: '5',
        minLength: 1,
        maxLength: 9,
        pattern: '^[0-9]+$',
        prefix: '≈ ',
        suffix: ' V',
        trim: false,
        rows: 2,
        min: 0,
        max: 10,
        step: 0.5,
        options: [{ value: 'a', label: 'A', image: 'a.png' }],
        columns: 2,
        width: '50%',
        height: '40vh',
        aspect: '16/9',
        fit: 'cover',
        size: '2xl',
        color: 'sky',
        font: 'monospace',
      },
    ]);
  });

  test('ours, and where entries go', () => {
    const text = `    - { type: markdown, text: { en: Look, de: Schau } }
    - { type: table, header: [A, { en: B, de: C }], cells: [['1', '2'], ['3', '4']] }
    - { type: video, source: a.webm }
    - { type: pdf, source: a.pdf, page: 3 }
    - { type: live_chart, series: [Voltage] }
    - { type: countdown, duration: 1m }
    - { type: camera, key: photo }
    - { type: signature, bind: unit.metadata.colour }
    - { type: verdict, label: { en: 'Is it green?', de: 'Ist sie grün?' }, bind: measurements.led }
    - { type: text_input, bind: unit.sub_units.left_mcu }
    - { type: text, default_value: [a, b] }
    - { type: text }`;
    expect(componentsOf(text)).toMatchObject([
      { kind: 'markdown', key: 'markdown', text: { en: 'Look', de: 'Schau' } },
      {
        header: ['A', { en: 'B', de: 'C' }],
        cells: [
          ['1', '2'],
          ['3', '4'],
        ],
      },
      { source: 'a.webm' },
      { source: 'a.pdf', page: 3 },
      { series: ['voltage'] },
      { durationMs: 60_000 },
      { key: 'photo' },
      { bind: { to: 'unit', field: 'metadata.colour' } },
      { key: 'is_it_green', bind: { to: 'measurement', key: 'led' } },
      { key: 'text_input', bind: { to: 'unit', field: 'sub_units.left_mcu' } },
      { key: 'text', defaultValue: ['a', 'b'] },
      { key: 'text_2' },
    ]);
  });

  test('who has to answer: an input, or a screen that says that it waits', () => {
    const waits = (ui: string) => load(withPhase(`ui: ${ui}`)).phases[0]!.ui!.waits;
    expect(waits('{ components: [{ type: text }] }')).toBe(false);
    expect(waits('{ components: [{ type: text }], requires_input: true }')).toBe(true);
    expect(waits('{ components: [{ type: verdict }] }')).toBe(true);
    expect(COMPONENT_KINDS).toHaveLength(21);
  });

  test.each([
    ['{ type: radio }', 'missing-key', 'needs “options”'],
    ['{ type: select, options: [] }', 'length', 'at least one entry'],
    ['{ type: slider, min: 5, max: 4 }', 'range', 'more than “max”'],
    ['{ type: text_input, min_length: 5, max_length: 4 }', 'range', 'more than “max_length”'],
    ['{ type: text, width: 101% }', 'choice', '1% to 100%'],
    ['{ type: text, color: grey }', 'choice', 'must be one of'],
    ['{ type: text_input, bind: voltage }', 'choice', 'measurement.<key>'],
    ['{ type: text_input, bind: unit.sub_units.left }', 'choice', 'did you mean “sub_units.left_mcu”?'],
    ['{ type: text, cells: [] }', 'unknown-key', 'belongs to table only'],
    ['{ type: table }', 'missing-key', 'needs “cells”'],
    ['{ type: table, header: [A], cells: [[a, b]] }', 'length', 'a row of 2 among rows of 1'],
    ['{ type: markdown }', 'missing-key', 'either “text” or “source”'],
    ['{ type: markdown, text: a, source: b }', 'conflict', 'not both'],
    ['{ type: countdown }', 'missing-key', 'needs “duration”'],
    ['{ type: live_chart, series: [Volt] }', 'unknown-measurement', 'did you mean'],
    ['{ type: text, label: { en_US: a } }', 'identifier', 'did you mean “en-US”?'],
    ['{ type: text, label: {} }', 'length', 'no language'],
    ['{ type: text, key: 1a }', 'identifier', 'must not begin with a digit'],
    ['{ type: text, key: a }\n    - { type: image, key: a }', 'duplicate', 'the first is in line'],
    ['{ type: text_input, pattern: ( }', 'pattern', 'is not a pattern'],
    ['{ type: text_input, bind: measurement.sweep }', 'conflict', 'a single value'],
    ['{ type: text_input, default_value: { a: 1 } }', 'type', 'single value or a list'],
  ])('%s', (component, code, words) => {
    const text = screen(`    - ${component}`);
    expect(read(text).procedure).toBeNull();
    expect(problems(text).filter((one) => !one.startsWith('never'))[0]).toMatch(new RegExp(`^${code} `));
    expect(message(text)).toContain(words);
  });

  test('an entry for a measurement that nobody declares loads, as there, and is pointed at', () => {
    const text = screen('    - { type: number_input, bind: measurement.volage }');
    expect(problems(text)).toContain('undeclared 11:39');
    expect(message(text)).toContain('did you mean “Voltage”?');
    expect(load(text).phases[0]!.ui!.components[0]!.bind).toEqual({ to: 'measurement', key: 'volage' });
  });

  test('an entry that a declared measurement cannot do without is required, stated or not', () => {
    const required = (component: string) => componentsOf(`    - ${component}`)[0]!.required;
    expect(required('{ type: number_input, bind: measurement.voltage, required: false }')).toBe(true);
    expect(required('{ type: radio, options: [{ value: a }], bind: measurement.led }')).toBe(true);
    expect(required('{ type: camera, bind: measurement.led }')).toBe(true);
    expect(required('{ type: number_input }')).toBe(false);
    expect(required('{ type: text_input, bind: measurement.led }')).toBe(false);
    expect(required('{ type: number_input, bind: measurement.other }')).toBe(false);
  });

  test('a decision needs no measurement beside it; what nothing records is pointed at', () => {
    const at = (component: string, names: string) =>
      problems(withPhase(`ui: { components: [${component}] }\nmeasurements: [${names}]`));
    expect(at('{ type: verdict, bind: measurement.led }', '')).toEqual([]);
    expect(at('{ type: switch, bind: measurement.led }', '{ name: led }')).toEqual([]);
    expect(at('{ type: switch }', '{ name: led }')).toEqual(['never-recorded 9:20']);
    // What is only shown records nothing.
    expect(at('{ type: text, bind: measurement.led }, { type: switch }', '{ name: led }')).toEqual([
      'never-recorded 9:20',
    ]);
  });

  test('prompts in steps', () => {
    const text = withPhase(
      'steps: [{ prompt: { message: { en: Turn it }, components: [{ type: switch, label: Done }], timeout: 1m } }]',
    );
    expect(load(text).phases[0]!.steps).toMatchObject([
      { kind: 'prompt', message: { en: 'Turn it' }, components: [{ key: 'done' }], timeoutMs: 60_000 },
    ]);
    expect(message(withPhase('steps: [{ prompt: { components: [] } }]'))).toContain('needs “message”');
  });
});

describe('rule 12: texts for operators', () => {
  test('in their language, or the nearest', () => {
    const text = { en: 'a', de: 'b', 'zh-TW': 'c' };
    expect(['de', 'de-AT', 'zh-CN', 'fr', 'zh-TW'].map((one) => textIn(text, one))).toEqual(['b', 'b', 'c', 'a', 'c']);
    expect(textIn({ fr: 'x' }, 'de')).toBe('x');
    expect(textIn('y', 'de')).toBe('y');
  });

  test('descriptions of procedure, phase, measurement, field and plug may have languages', () => {
    const local = '{ en: a, de: b }';
    const text = `name: P\ndescription: ${local}\nunit: { serial_number: { description: ${local} } }\nplugs: [{ name: F, driver: scpi, description: ${local} }]\nmain:\n  - name: A\n    description: ${local}\n    steps: [{ set: { name: m, value: 1 } }]\n    measurements: [{ name: m, title: ${local}, description: ${local} }]\n`;
    const both = { en: 'a', de: 'b' };
    expect(load(text)).toMatchObject({
      description: both,
      unit: { serial_number: { description: both } },
      plugs: [{ description: both }],
      phases: [{ description: both, measurements: [{ title: both, description: both }] }],
    });
  });
});
