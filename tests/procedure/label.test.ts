/** RULES.md 22: labels. What a unit says can never be a command to a printer. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLabelFiles } from '#procedure/label/label-files.ts';
import { fillLabel, labelTroubles } from '#procedure/label/label-text.ts';
import { earlyTrouble, labelUses } from '#procedure/label/label-uses.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { screenFiles } from '#procedure/screen-file.ts';
import { HEAD, readWithDrivers } from './read-text.ts';

const PLUGS = `plugs:
  - { name: Fixture, driver: scpi }
  - { name: Printer, driver: label-printer }
  - { name: Raw, driver: label-printer, language: raw }
`;
/** The step stands in line 13, in the last phase of main. */
const printing = (step: string, more = '') => `${HEAD}${PLUGS}main:
  - name: Test
    steps: [{ set: { name: v, value: 3.3 } }]
    measurements: [{ name: v, unit: V }]
  - name: Label
    steps:
      - print: ${step}
${more}`;
const errors = (text: string) =>
  readWithDrivers(text)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);
const load = (text: string): Procedure => {
  expect(errors(text)).toEqual([]);
  return readWithDrivers(text).procedure!;
};
const firstStep = (text: string) => load(text).phases.find(({ name }) => name === 'Label')!.steps[0];

describe('rule 24: the step', () => {
  test('a file or a text, how often, for which units', () => {
    expect(firstStep(printing('{ plug: printer, label: labels/unit.zpl, copies: 2, only: pass }'))).toEqual({
      kind: 'print',
      plug: 'printer',
      language: 'zpl',
      source: { file: 'labels/unit.zpl' },
      copies: 2,
      only: 'pass',
      line: 13,
    });
    expect(firstStep(printing("{ plug: raw, text: 'P{{serial_number}}' }"))).toMatchObject({
      language: 'raw',
      source: { text: 'P{{serial_number}}' },
      copies: 1,
    });
  });

  test.each([
    ['{ plug: printer }', 'missing-key', 'either “label” or “text”'],
    ["{ plug: printer, label: a.zpl, text: 'x' }", 'conflict', 'not both'],
    ['{ plug: fixture, label: a.zpl }', 'conflict', 'no label printer'],
    ['{ plug: printr, label: a.zpl }', 'unknown-plug', 'did you mean “printer”'],
    ['{ plug: printer, label: a.zpl, copies: 0 }', 'range', 'between 1 and 100'],
    ['{ plug: printer, label: a.zpl, only: passed }', 'choice', 'did you mean “pass”'],
    ['{ plug: printer, label: ../a.zpl }', 'choice', 'a file of the procedure'],
    ['{ plug: printer, label: a.png }', 'choice', 'must be a label (.zpl, .epl, .prn)'],
    ['{ plug: printer, label: a.zpl, count: 2 }', 'unknown-key', 'no key “count”'],
  ])('%s: %s', (step, code, words) => {
    const [error] = errors(printing(step));
    expect(error).toMatch(new RegExp(`^${code} 13:`));
    expect(error).toContain(words);
  });

  test('language belongs to a label printer', () => {
    const text = printing('{ plug: printer, label: a.zpl }').replace('driver: scpi }', 'driver: scpi, language: zpl }');
    expect(errors(text)).toEqual([expect.stringContaining('belongs to the driver “label-printer”')]);
  });

  test('a printer that is asked nothing has no identity to be asked for', () => {
    const raw = (more: string) =>
      printing('{ plug: printer, label: a.zpl }').replace(
        'language: raw }',
        `language: raw, resource: { serial: { usb: ['0403:6001'] }${more} } }`,
      );
    expect(errors(raw(''))).toEqual([]);
    expect(errors(raw(", identity_query: '~HI'")).join()).toContain('is asked nothing');
    expect(errors(raw(", identity: 'ZD'")).join()).toContain('needs “identity_query” beside it');
  });

  test('a measurement is named by its key or by its name', () => {
    const named = (key: string, name: string) =>
      printing(`{ plug: printer, text: '^FD{{measurement.${name}}}^FS' }`).replace(
        '[{ name: v, unit: V }]',
        `[{ name: v, unit: V }, { name: Rail 5 V, key: ${key} }]`,
      );
    expect(errors(named('Rail5', 'Rail5'))).toEqual([]);
    expect(errors(named('rail_5_v', 'Rail 5 V'))).toEqual([]);
  });

  test('an unknown placeholder is an error where it stands, with the name that is nearest', () => {
    expect(errors(printing("{ plug: printer, text: '^FD{{serial_nummer}}^FS' }"))).toEqual([
      expect.stringMatching(/^label 13:43 .*“{{serial_nummer}}” is nothing.*did you mean “serial_number”/),
    ]);
    expect(errors(printing("{ plug: printer, text: '^FD{{measurement.w}}^FS' }"))).toEqual([
      expect.stringContaining('names a measurement that no phase declares'),
    ]);
    const block = printing(
      '\n          plug: printer\n          text: |\n            ^XA\n            ^FD{{nothing}}^FS\n',
    );
    expect(errors(block)).toEqual([expect.stringMatching(/^label 17:4 /)]);
  });

  test('a curve is no value for a label', () => {
    const text = printing("{ plug: printer, text: '^FD{{measurement.v}}^FS' }").replace(
      '[{ name: v, unit: V }]',
      '[{ name: v, y_axis: [{ legend: V, data: [1] }] }]',
    );
    expect(errors(text).join('\n')).toContain('has many points');
  });

  test('its file is one of the release, its texts are read with it', async () => {
    const procedure = load(printing('{ plug: printer, label: labels/unit.zpl }'));
    expect(screenFiles(procedure)).toEqual([{ path: 'labels/unit.zpl', phase: 'Label', does: 'prints', line: 13 }]);
    const readAs = (text: string | Uint8Array) =>
      readLabelFiles(procedure, async () => (typeof text === 'string' ? new TextEncoder().encode(text) : text));
    const good = await readAs('^XA\n^FD{{serial_number}} {{measurement.v}}^FS^XZ');
    expect(good).toMatchObject({ texts: new Map([['labels/unit.zpl', expect.any(String)]]), problems: [] });
    expect((await readAs('^XA\n^FD{{serial}}^FS\n^FD{{part_number}}^FS {{date}}')).problems).toMatchObject([
      { severity: 'error', code: 'label', file: 'labels/unit.zpl', line: 2, column: 4 },
      { file: 'labels/unit.zpl', line: 3, column: 23, message: expect.stringContaining('outside of a field') },
    ]);
    expect((await readAs(Uint8Array.of(0xff, 0xfe))).problems).toMatchObject([
      { message: expect.stringContaining('UTF-8') },
    ]);
    expect(await readLabelFiles(procedure, async () => null)).toEqual({ texts: new Map(), problems: [] });
  });
});

describe('rule 24: the outcome is said when it is known', () => {
  const pass = "{ plug: printer, text: '^FDx^FS', only: pass }";
  test('at the end of main, and in teardown', () => {
    load(printing(pass));
    load(printing("{ plug: printer, text: '^FD{{outcome}}^FS' }"));
    load(
      `${HEAD}${PLUGS}main:\n  - { name: A, steps: [{ wait: 1ms }] }\nteardown:\n  - { name: B, steps: [{ print: ${pass} }, { wait: 1ms }] }\n`,
    );
  });

  test.each([
    ['a phase comes after it', printing(pass, '  - { name: After, steps: [{ wait: 1ms }] }\n')],
    ['a step comes after it', printing(pass, '      - wait: 1ms\n')],
    ['an operator answers beside it', printing(pass, '    ui: { components: [{ type: verdict, label: Good }] }\n')],
  ])('%s: refused', (_, text) => {
    expect(errors(text).join('\n')).toContain('the outcome is not known there');
  });

  test('side by side nobody knows which phase is the last', () => {
    const procedure = load(printing(pass));
    const [use] = labelUses(procedure);
    expect(earlyTrouble(procedure, use!)).toBeNull();
    expect(earlyTrouble({ ...procedure, parallel: ['main'] }, use!)).toContain('not known there');
  });

  test('a phase for all units prints no label', () => {
    const text = `${HEAD}${PLUGS}main:\n  - { name: A, steps: [{ wait: 1ms }] }\nteardown:\n  - { name: B, scope: execution, steps: [{ print: ${pass} }] }\n`;
    expect(errors(text).join('\n')).toContain('a label is one unit’s');
  });
});

/** Another reading of ZPL: commands with their parameters, the data of fields decoded. */
function commands(text: string): string[] {
  let hex = '';
  return text.split(/(?=[\^~])/).flatMap((command) => {
    if (command.startsWith('^FH')) hex = command[3] ?? '_';
    if (command.startsWith('^FH')) return [];
    if (!command.startsWith('^FD')) return [command];
    const data = hex === '' ? command : decoded(command, hex);
    hex = '';
    return [data];
  });
}

function decoded(text: string, mark: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++)
    if (text[at] === mark) {
      bytes.push(Number.parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(...new TextEncoder().encode(String.fromCodePoint(text.codePointAt(at)!)));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const NASTY = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '^XZ',
    '~JA',
    '^FS^XZ~DGR:',
    '_5EXA',
    '\\5E',
    '^FH_',
    'SN_01',
    '~',
    '^',
    '_',
    '\r\n^XA',
    '\x02~HS\x03',
    '{{date}}',
  ),
);

describe('rule 24: no unit sends commands', () => {
  test.each(['', '^FH', '^FH\\', '^FH^', '^fh'])(
    'in ZPL, with %j before the field, whatever the unit says stays in its field',
    (fh) => {
      const own = fh === '' ? 'A_5B' : 'AB';
      const head = fh === '^FH^' ? '^FH' : fh.toUpperCase();
      fc.assert(
        fc.property(NASTY, NASTY, (one, two) => {
          const text = `^XA^CI28^FO1,2${head}^FD${own} {{a}}-{{ b }}^FS^FO3,4^FDfixed_1^FS^XZ`;
          const filled = fillLabel(text, 'zpl', (name) => (name === 'a' ? one : two));
          const data = commands(filled);
          expect(data.map((command) => command.slice(0, 3))).toEqual(
            commands(text).map((command) => command.slice(0, 3)),
          );
          expect(data.find((command) => command.startsWith('^FDA'))).toBe(`^FD${own} ${one}-${two}`);
          expect(data).toContain('^FDfixed_1');
          // Nothing raw that ends a field, and the indicator is only ours.
          const field = /\^FDA.*?(?=\^FS)/s.exec(filled)![0].slice(3);
          expect(field).not.toMatch(/[\^~]/);
        }),
      );
    },
  );

  test('an ordinary value leaves the label as its author wrote it', () => {
    expect(fillLabel('^FD{{a}}_1^FS', 'zpl', () => 'SN_000123')).toBe('^FDSN_000123_1^FS');
    expect(fillLabel('^FH^FD{{a}}^FS', 'zpl', () => 'SN_01')).toBe('^FH^FDSN_5F01^FS');
    expect(fillLabel('^FD{{a}}_1^FS', 'zpl', () => 'a^b')).toBe('^FH_^FDa_5Eb_5F1^FS');
  });

  test('what changes the prefix, and what stands outside of a field, is refused', () => {
    const troubles = (text: string) => labelTroubles(text, 'zpl', () => null).map(({ offset }) => offset);
    for (const text of ['^CC+', '~cc+', '^CT+', '~CT+']) expect(troubles(`^XA${text}^FD{{a}}^FS`)).toEqual([3]);
    expect(troubles('{{a}}^XA^FX {{b}}^FD{{c}}^FS{{d}}^FV{{e}}^FS')).toEqual([0, 12, 28]);
    expect(labelTroubles('A50,"{{a}}"', 'raw', () => null)).toEqual([]);
  });

  test('in another language a value that could be a command is refused', () => {
    fc.assert(
      fc.property(NASTY, (value) => {
        // oxlint-disable-next-line no-control-regex
        const isPlain = !/[\x00-\x1f\x7f-\x9f"\\]/.test(value);
        const fill = () => fillLabel('A50,"{{a}}"\n', 'raw', () => value);
        if (isPlain) expect(fill()).toBe(`A50,"${value}"\n`);
        else expect(fill).toThrow(expect.objectContaining({ code: 'label-value' }));
      }),
    );
  });
});
