/** RULES.md 12: what this version does not run is in the procedure all the same, as data. */
import { describe, expect, test } from 'vitest';
import { GOOD_MAIN, HEAD, load, message, problems, withPhase } from './read-text.ts';

describe('rule 12: what is read is kept', () => {
  test('slots, strategy and workers', () => {
    const execution = (slots: string) =>
      `${HEAD}execution: { strategy: slot_first, workers: 4, slots: ${slots} }\n${GOOD_MAIN}`;
    expect(load(execution('[{ name: Left side }, { name: Right, key: r }]'))).toMatchObject({
      strategy: 'slot_first',
      workers: 4,
      slots: [
        { key: 'left_side', name: 'Left side' },
        { key: 'r', name: 'Right' },
      ],
    });
    expect(problems(execution('[{ name: A }, { name: a }]'))).toContain('duplicate 3:69');
    expect(problems(execution(`[{ name: ${'n'.repeat(51)} }]`))).toContain('length 3:64');
    expect(problems(execution('[{ name: A, key: 1a, colour: red }]'))).toEqual(['identifier 3:72', 'unknown-key 3:76']);
    expect(load(execution('[{ name: A, key: 1a, colour: red }]')).slots).toEqual([{ key: '1a', name: 'A' }]);
    expect(message(execution('[{ name: 左 }]'))).toContain('key: left');
  });

  test('sub-units, metadata, scan rules and automatic identification', () => {
    const text = `${HEAD}unit:
  auto_identify: true
  serial_number: { default_value: S }
  part_number: { default_value: P }
  sub_units: [{ label: { en: Left MCU, de: Linker MCU }, serial_number: { default_value: M, min_length: 1 } }, { label: R, key: right, serial_number: { default_value: N } }]
  metadata: { colour: { default_value: light red, pattern: red } }
  scan: [{ pattern: '(?<serial_number>.+)' }, { gs1: { '21': serial_number, '01': part_number } }]
${GOOD_MAIN}`;
    expect(load(text).unit).toEqual({
      autoIdentify: true,
      serial_number: { defaultValue: 'S' },
      part_number: { defaultValue: 'P' },
      revision_number: {},
      batch_number: {},
      subUnits: [
        {
          key: 'left_mcu',
          label: { en: 'Left MCU', de: 'Linker MCU' },
          serialNumber: { defaultValue: 'M', minLength: 1 },
        },
        { key: 'right', label: 'R', serialNumber: { defaultValue: 'N' } },
      ],
      metadata: { colour: { defaultValue: 'light red', pattern: 'red' } },
      scan: [{ pattern: '(?<serial_number>.+)' }, { gs1: { '21': 'serial_number', '01': 'part_number' } }],
    });
  });

  test.each([
    ['auto_identify: true', 'missing-key', '“default_value” for “serial_number”'],
    ['sub_units: []', 'length', 'has no entry'],
    ['sub_units: [{ label: A }, { label: B, key: A }]', 'duplicate', 'the first is in line 4'],
    ['sub_units: [{ label: 左 }]', 'identifier', 'gives a key that is empty'],
    ["scan: [{ gs1: { '1': serial_number } }]", 'identifier', 'application identifier'],
    ["scan: [{ gs1: { '01': part_number } }]", 'missing-key', 'must fill “serial_number”'],
    ["scan: [{ gs1: { '21': serial_number, '01': serial_number } }]", 'duplicate', '21 does already'],
    ["scan: [{ gs1: { '21': serial } }]", 'choice', 'did you mean “serial_number”?'],
    ["scan: [{ gs1: { '21': serial_number }, pattern: a }]", 'conflict', 'exclude each other'],
  ])('a unit with %s', (unit, code, words) => {
    const text = `${HEAD}unit:\n  ${unit}\n${GOOD_MAIN}`;
    expect(problems(text).join(' ')).toContain(code);
    expect(message(text)).toContain(words);
  });

  test('bodies, scopes, conditions', () => {
    const text = `${HEAD}parameters: { variant: { type: choice, options: [lite, full], default: full } }
plugs: [{ name: Psu, python: 'a:B', scope: all, config: { port: COM3, list: [1, { a: null }] } }]
setup:
  - { name: On, scope: run, python: a.b }
main:
  - { name: A, script: phases/a.ts, when: "\${variant} != 'lite' and phase.on.outcome == 'PASS'" }
  - { name: B, executable: { command: make, shell: sh, working_directory: /tmp } }
`;
    const { plugs, phases } = load(text);
    expect(plugs[0]).toMatchObject({
      scope: 'execution',
      python: 'a:B',
      config: { port: 'COM3', list: [1, { a: null }] },
    });
    expect(phases).toMatchObject([
      { scope: 'execution', python: 'a.b' },
      {
        script: 'phases/a.ts',
        when: { text: "${variant} != 'lite' and phase.on.outcome == 'PASS'", tree: { kind: 'and' } },
      },
      { executable: { command: 'make', shell: 'sh', workingDirectory: '/tmp' } },
    ]);
    expect(problems(text).filter((one) => one.startsWith('old'))).toEqual(['old-spelling 4:44', 'old-spelling 6:24']);
    expect(message(text)).toContain('write “scope: execution”');
  });

  test.each([
    ["when: ${varian} == 'a'\nsteps: [{ wait: 1ms }]", 'when 8:11'],
    ['when: "unit.serial_number == \\"a\\" andd true"\nsteps: [{ wait: 1ms }]', 'when 8:40'],
    ["when: 'unit.serial_number == ''a'' and x'\nsteps: [{ wait: 1ms }]", 'when 8:44'],
    ["when: phase.rails.outcome == 'PASS'\nsteps: [{ wait: 1ms }]", 'when 8:11'],
    ["when: |\n  unit.serial == 'a'\nsteps: [{ wait: 1ms }]", 'when 8:11'],
  ])('a condition is pointed into: %s', (body, expected) => {
    expect(problems(withPhase(body))).toContain(expected);
  });

  test.each([
    ['script: ../a.ts', 'must be a file of the procedure'],
    ['script: a.py', 'must be a .ts or .js file'],
  ])('%s', (body, words) => {
    expect(message(withPhase(body))).toContain(words);
  });

  test('it is plain data', () => {
    const text = withPhase('script: a.ts\nui: { components: [{ type: verdict, label: { en: a } }] }');
    expect(JSON.parse(JSON.stringify(load(text)))).toEqual(load(text));
  });
});
