/** RULES.md 14: the published schema takes what the reader takes, and refuses what it can see to be wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseData } from '#procedure/parse.ts';
import { AGGREGATION_KEYS, AXIS_KEYS } from '#procedure/read/read-axis.ts';
import { COMPONENT_KEYS } from '#procedure/read/read-component.ts';
import { EXECUTION_KEYS, SLOT_KEYS } from '#procedure/read/read-execution.ts';
import { EXECUTABLE_KEYS } from '#procedure/read/read-body.ts';
import { MEASUREMENT_KEYS } from '#procedure/read/read-measurement.ts';
import { PHASE_KEYS } from '#procedure/read/read-phases.ts';
import { CONSOLE_KEYS, FRAMING_KEYS, LOGIN_KEYS, MODBUS_KEYS, REGISTER_KEYS } from '#procedure/read/read-device.ts';
import { WRITE_KEYS } from '#procedure/read/read-device-step.ts';
import { PLUG_KEYS } from '#procedure/read/read-plugs.ts';
import { RESOURCE_KEYS, SERIAL_KEYS, USB_KEYS, USB_SERIAL_KEYS, USBTMC_KEYS } from '#procedure/read/read-resource.ts';
import { PARAMETER_KEYS, PROCEDURE_KEYS } from '#procedure/read/read-procedure.ts';
import { PROMPT_KEYS } from '#procedure/read/read-prompt.ts';
import { ATTACH_KEYS, MEASURE_KEYS, STEP_KINDS } from '#procedure/read/read-steps.ts';
import { REBOOT_KEYS } from '#procedure/read/read-reboot.ts';
import { EXPECT_KEYS, REPEAT_KEYS } from '#procedure/read/read-waiting.ts';
import { SUB_UNIT_KEYS, UNIT_KEYS } from '#procedure/read/read-unit.ts';
import { UNIT_FIELD_KEYS } from '#procedure/read/read-unit-field.ts';
import { VALIDATOR_KEYS } from '#procedure/read/read-validator.ts';
import { PROCEDURE_SCHEMA, procedureSchemaText } from '#procedure/schema/procedure-schema.ts';
import { read } from './read-text.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
const validate = ajv.compile(PROCEDURE_SCHEMA);
const takes = (text: string) => validate(parseData(masked(text)));
/** `${name}` needs quotes inside braces for a plain YAML reader; the format's own does not. */
const masked = (text: string) => text.replaceAll(/(?<=[[{,:] )\$\{([^{}]*)\}(?=\s*[,\]}])/g, "'$${$1}'");

const from = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url)).map((name) => ({
    name,
    text: readFileSync(new URL(`${folder}${name}/procedure.yaml`, import.meta.url), 'utf8'),
  }));
const FILES = [...from('../fixtures/corpus/'), ...from('../../examples/fleet/procedures/')];

describe('rule 14: schema and reader', () => {
  test('the published file is the one that is made (vitest -u writes it)', async () => {
    await expect(procedureSchemaText()).toMatchFileSnapshot('../../docs/procedure.schema.json');
  });

  test.each(FILES)('$name is taken by both', ({ text }) => {
    expect(read(text).procedure).not.toBeNull();
    expect([takes(text), validate.errors]).toEqual([true, null]);
  });

  test.each([
    ['', PROCEDURE_KEYS],
    ['parameter', PARAMETER_KEYS],
    ['execution', EXECUTION_KEYS],
    ['slot', SLOT_KEYS],
    ['unit', UNIT_KEYS],
    ['unitField', UNIT_FIELD_KEYS],
    ['subUnit', SUB_UNIT_KEYS],
    ['plug', PLUG_KEYS],
    ['resource', RESOURCE_KEYS],
    ['resource.serial', SERIAL_KEYS],
    ['register', REGISTER_KEYS],
    ['modbus', MODBUS_KEYS],
    ['console', CONSOLE_KEYS],
    ['console.login', LOGIN_KEYS],
    ['framing.1', FRAMING_KEYS],
    ['step.write', WRITE_KEYS],
    ['resource.usb_serial', USB_SERIAL_KEYS],
    ['resource.usbtmc', USBTMC_KEYS],
    ['resource.usb', USB_KEYS],
    ['phase', PHASE_KEYS],
    ['phase.executable', EXECUTABLE_KEYS],
    ['step', STEP_KINDS],
    ['measurement', MEASUREMENT_KEYS],
    ['validator', VALIDATOR_KEYS],
    ['axis', AXIS_KEYS],
    ['aggregation', AGGREGATION_KEYS],
    ['step.measure', MEASURE_KEYS],
    ['step.attach', ATTACH_KEYS],
    ['step.expect', EXPECT_KEYS],
    ['step.repeat', REPEAT_KEYS],
    ['step.expect_reboot', REBOOT_KEYS],
    ['component', COMPONENT_KEYS],
    ['prompt', PROMPT_KEYS],
  ])('“%s” has the same keys in both', (path, keys) => {
    const [def, inner] = path.split('.') as [string, string?];
    type Node = { properties: Record<string, Node>; anyOf?: Node[] };
    const top = def === '' ? PROCEDURE_SCHEMA : (PROCEDURE_SCHEMA['$defs'] as Record<string, unknown>)[def];
    // One of several forms is named by its number.
    const node = !inner
      ? (top as Node)
      : /^\d$/.test(inner)
        ? (top as Node).anyOf![Number(inner)]!
        : (top as Node).properties[inner]!;
    expect(Object.keys(node.properties).toSorted()).toEqual([...keys].toSorted());
  });
});

/** Seconds in every run, a minute in the long one. */
const RUNS = process.env['FIELDBENCH_NIGHTLY'] ? 10_000 : 400;

/** A file's data with one thing put in, taken out or put in another's place. */
const JUNK = fc.constantFrom<unknown>('x', '', 3, -1, true, [], {}, ['a'], { nonsense: 1 });
const change = fc.record({
  file: fc.nat(FILES.length - 1),
  at: fc.nat(10_000),
  how: fc.constantFrom('replace', 'remove', 'add'),
  junk: JUNK,
});

function placesOf(data: unknown): { owner: Record<string, unknown>; key: string }[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => [
    { owner: data as Record<string, unknown>, key },
    ...placesOf(value),
  ]);
}

describe('rule 14: files that were changed at random', () => {
  test(
    'whatever the reader takes, the schema takes; an unknown key is refused by both',
    () => {
      let taken = 0;
      let refused = 0;
      fc.assert(
        fc.property(change, ({ file, at, how, junk }) => {
          const data = parseData(masked(FILES[file]!.text));
          const places = placesOf(data);
          const { owner, key } = places[at % places.length]!;
          if (how === 'replace') owner[key] = junk;
          else if (how === 'remove' && !Array.isArray(owner)) delete owner[key];
          else if (!Array.isArray(owner)) owner['nonsense'] = junk;
          const { procedure } = read(stringify(data));
          const isGood = validate(data);
          if (procedure !== null) {
            taken += 1;
            expect([isGood, validate.errors]).toEqual([true, null]);
          } else if (!isGood) refused += 1;
        }),
        { numRuns: RUNS },
      );
      expect(Math.min(taken, refused)).toBeGreaterThan(RUNS / 10);
      // A busy machine is no reason to fail; the long run has 25 times as much to do.
    },
    RUNS * 100,
  );

  test.each([
    'nmae: P\nmain: [{ name: A }]',
    'name: P',
    'name: P\nmain: []',
    'name: P\nmain: [{ name: A, timeout: soon }]',
    'name: P\nmain: [{ name: A, retry: { limit: 11 } }]',
    'name: P\nmain: [{ name: A, retry: {} }]',
    'name: P\nmain: [{ name: A, then: { pass: go } }]',
    'name: P\nmain: [{ name: A, steps: [{ write: { plug: f, command: x }, wait: 1s }] }]',
    'name: P\nmain: [{ name: A, steps: [{ writ: { plug: f } }] }]',
    'name: P\nmain: [{ name: A, ui: { components: [{ type: buton }] } }]',
    'name: P\nmain: [{ name: A, ui: { components: [{ type: radio }] } }]',
    'name: P\nmain: [{ name: A, measurements: [{ name: m, validators: [{ operator: between }] }] }]',
    'name: P\nmain: [{ name: A, measurements: [{ name: m, validators: [{ expected: 1 }] }] }]',
    'name: P\nunit: { serial: {} }\nmain: [{ name: A }]',
    "name: P\nunit: { scan: [{ gs1: { '21': serial } }] }\nmain: [{ name: A }]",
    'name: P\nexecution: { workers: 300 }\nmain: [{ name: A }]',
    'name: P\nplugs: [{ name: F, driver: scpi, resource: { serial: { usb: [ftdi] } } }]\nmain: [{ name: A }]',
    'name: P\nparameters: { a: { type: nummer, default: 1 } }\nmain: [{ name: A }]',
    'name: P\nmain: [{ name: A, description: { en_US: a } }]',
    'name: P\nversion: 1 2\nmain: [{ name: A }]',
  ])('both refuse: %s', (text) => {
    expect(read(text).procedure).toBeNull();
    expect(takes(text)).toBe(false);
  });
});
