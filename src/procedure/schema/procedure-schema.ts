/**
 * The JSON Schema of `procedure.yaml`, for editors: completion, hover texts, and most mistakes as they are typed.
 *
 * Made of the same lists that the reader uses; tests hold the two together. The reader sees more: references, circles,
 * limits that nothing can meet. Above: the server, the command line, docs/procedure.schema.json.
 */
import { LABEL_LANGUAGES } from '#procedure/label/label-text.ts';
import { IDENTITY_FIELDS } from '#procedure/identify.ts';
import { PARAMETER_TYPES } from '#procedure/read/parameters.ts';
import { STRATEGIES } from '#procedure/read/read-execution.ts';
import { PLUG_CALIBRATIONS } from '#procedure/read/read-plugs.ts';
import { PLUG_SCOPES } from '#procedure/read/read-scope.ts';
import {
  ANYTHING,
  choice,
  flag,
  listOf,
  map,
  neededText,
  ref,
  said,
  text,
  whole,
} from '#procedure/schema/json-schema.ts';
import type { JsonSchema } from '#procedure/schema/json-schema.ts';
import { MEASUREMENT_DEFS } from '#procedure/schema/measurement-schema.ts';
import { PHASE_DEFS } from '#procedure/schema/phase-schema.ts';
import { DEVICE_DEFS } from '#procedure/schema/device-schema.ts';
import { RESOURCE_DEFS } from '#procedure/schema/resource-schema.ts';
import { SCREEN_DEFS } from '#procedure/schema/screen-schema.ts';

const DEFS: Readonly<Record<string, JsonSchema>> = {
  key: { type: 'string', pattern: '^\\s*[A-Za-z_][A-Za-z0-9_]*\\s*$', maxLength: 100 },
  pattern: said(
    'In the part of the language that Rust and JavaScript share; matches anywhere unless it begins with ^.',
    text(),
  ),
  duration: said('500ms, 30s, 1h30m; a bare number is milliseconds.', {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: 86_400_000 },
      { type: 'string', pattern: '^\\s*(\\d+(ms|s|m|h)\\s*)+$|^\\$\\{[^{}]*\\}$' },
    ],
  }),
  localText: said('A text, or one a language: { en: …, de: …, zh-TW: … }.', {
    anyOf: [
      text(),
      {
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' },
        additionalProperties: text(),
      },
    ],
  }),
  unitField: map({
    default_value: text(),
    placeholder: text(),
    description: ref('localText'),
    min_length: whole(0),
    max_length: whole(0),
    pattern: ref('pattern'),
  }),
  subUnit: map({ 'label!': ref('localText'), key: ref('key'), serial_number: ref('unitField') }),
  scanRule: {
    ...map({
      pattern: said('With named groups such as (?<serial_number>…).', ref('pattern')),
      gs1: said('From application identifiers to fields.', {
        type: 'object',
        propertyNames: { pattern: '^\\d{2,4}$' },
        additionalProperties: choice(IDENTITY_FIELDS),
      }),
    }),
  },
  unit: map({
    auto_identify: flag,
    serial_number: ref('unitField'),
    part_number: ref('unitField'),
    revision_number: ref('unitField'),
    batch_number: ref('unitField'),
    sub_units: listOf(ref('subUnit'), { minItems: 1 }),
    metadata: {
      type: 'object',
      maxProperties: 50,
      propertyNames: { pattern: '^[A-Za-z0-9_.:+-]{1,40}$' },
      additionalProperties: { anyOf: [ref('unitField'), { type: 'null' }] },
    },
    retest_reason: said('A unit that was tested today is tested again only with a reason.', flag),
    scan: said('One scan fills several fields; the first rule that matches wins.', listOf(ref('scanRule'))),
  }),
  ...RESOURCE_DEFS,
  plug: map({
    'name!': neededText(100),
    key: ref('key'),
    scope: choice(PLUG_SCOPES),
    driver: said(
      'scpi, scpi-dmm, scpi-dc-supply, scpi-load, scpi-scope, modbus, console, label-printer …',
      neededText(100),
    ),
    resource: ref('resource'),
    modbus: ref('modbus'),
    console: ref('console'),
    language: said('Driver label-printer: what it takes; zpl unless stated.', choice(LABEL_LANGUAGES)),
    safe_state: said(
      'Commands that leave the fixture without power; the driver’s own unless stated.',
      listOf(neededText(10_000)),
    ),
    calibration: said(
      'Nothing is measured with it: no run asks until when it is calibrated.',
      choice(PLUG_CALIBRATIONS),
    ),
    description: ref('localText'),
    python: said('TofuPilot’s; cannot run in a browser. Use driver.', neededText()),
    config: { type: 'object' },
  }),
  parameter: map({
    'type!': choice(PARAMETER_TYPES),
    'default!': ANYTHING,
    unit: neededText(50),
    options: listOf(neededText()),
    description: text(1000),
  }),
  slot: {
    ...map({
      'name!': neededText(50),
      key: neededText(50),
      parameters: said('Values of this slot’s own, by name.', { type: 'object' }),
    }),
    additionalProperties: true,
  },
  execution: map({
    strategy: choice(STRATEGIES),
    workers: whole(1, 256),
    on_first_failure: choice(['stop', 'continue']),
    slots: listOf(ref('slot')),
    timeout: said('For setup and main together.', ref('duration')),
    teardown_timeout: said('For teardown; 30s.', ref('duration')),
  }),
  ...DEVICE_DEFS,
  ...MEASUREMENT_DEFS,
  ...SCREEN_DEFS,
  ...PHASE_DEFS,
};

export const PROCEDURE_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Fieldbench procedure',
  ...map({
    'name!': neededText(100),
    'main!': section({ minItems: 1 }),
    id: said('The procedure’s UUID in TofuPilot; without it no run can be delivered.', {
      type: 'string',
      pattern: '^\\s*([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})?\\s*$',
    }),
    version: { type: 'string', pattern: '^\\s*[A-Za-z0-9_.:+-]{0,50}\\s*$' },
    description: ref('localText'),
    parameters: said('Values that configuration may override; ${name} stands for one.', {
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
      additionalProperties: ref('parameter'),
    }),
    execution: ref('execution'),
    unit: ref('unit'),
    plugs: listOf(ref('plug')),
    setup: section(),
    teardown: section(),
  }),
  $defs: DEFS,
};

/** A list of phases, or a map that says beside them that independent ones run side by side. */
function section(limits: JsonSchema = {}): JsonSchema {
  const phases = listOf(ref('phase'), limits);
  return { anyOf: [phases, map({ 'phases!': phases, parallel: flag })] };
}

/** As it is shipped and served. */
export function procedureSchemaText(): string {
  return `${JSON.stringify(PROCEDURE_SCHEMA, null, 2)}\n`;
}
