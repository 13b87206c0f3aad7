/**
 * The schema of phases: bodies, steps, what follows an outcome.
 *
 * Above: procedure-schema.ts. Below: measurement-schema.ts, screen-schema.ts.
 */
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
import { OPERATORS } from '#measure/validator.ts';
import { SHELLS } from '#procedure/read/read-body.ts';
import { LONGEST_LABEL_TEXT, MOST_COPIES, PRINT_ONLY } from '#procedure/read/read-print.ts';
import { PHASE_SCOPES } from '#procedure/read/read-scope.ts';

const next = choice(['continue', 'stop', 'retry']);
/** By way of a list: an object with a `then` written into it looks like a promise. */
const FOLLOWS: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  ['then'].map((key) => [
    key,
    said('What follows an outcome.', map({ pass: next, fail: next, error: next, timeout: next })),
  ]),
);
const command = neededText(10_000);

const WANTED = { 'operator!': choice(OPERATORS), 'expected_value!': ANYTHING, tolerance: ANYTHING };

const steps: Readonly<Record<string, JsonSchema>> = {
  write: said(
    'Sends a command that has no answer, or brings a setting of the driver to a value.',
    map({
      'plug!': neededText(),
      command,
      set: said('A driver’s setting, such as voltage.', neededText()),
      value: said('In the setting’s unit; on or off for a switch.', ANYTHING),
      unit: said('For the reader; it must be the setting’s.', neededText(50)),
    }),
  ),
  query: said(
    'Sends a query; its answer becomes the measurement `name`, or only a log line.',
    map({ 'plug!': neededText(), command, query: command, name: neededText(), timeout: ref('duration') }),
  ),
  measure: said(
    'Takes a reading: by a query, or by a driver’s reading such as voltage_dc.',
    map({
      'name!': neededText(),
      'plug!': neededText(),
      query: command,
      read: neededText(),
      as: said('curve: the answer is a list of numbers for an axis.', choice(['curve'])),
      axis: said('Key of the axis that the answer is for.', neededText()),
      timeout: ref('duration'),
    }),
  ),
  wait: said('Waits, such as 50ms.', ref('duration')),
  set: said('Records a value that the procedure states.', map({ 'name!': neededText(), 'value!': ANYTHING })),
  expect: said(
    'Asks until the answer is the one that is waited for.',
    map({
      'plug!': neededText(),
      query: command,
      read: said('A driver’s reading, such as log.', neededText()),
      ...WANTED,
      'timeout!': ref('duration'),
      pause: said('Between two questions; 100ms.', ref('duration')),
    }),
  ),
  expect_reboot: said(
    'Lets a device leave and come back, and waits until it is back.',
    map({
      'plug!': neededText(),
      'within!': said('From the beginning of the step.', ref('duration')),
      command: said('Sent first.', command),
      steps: said('What makes it reboot, such as power off and on by the fixture.', listOf(ref('step'))),
      as: said(
        'What it becomes, where it does not come back as it was.',
        map({ usb: ref('usbIds'), identity: ref('pattern') }),
      ),
      until: said('Of a console: pattern in what it prints, which says that it is back.', ref('pattern')),
    }),
  ),
  repeat: said(
    'Does its steps again and again: a number of times, or until a measurement is right.',
    map({
      count: whole(1, 100_000),
      until: map({ 'name!': neededText(), ...WANTED }),
      timeout: ref('duration'),
      pause: ref('duration'),
      'steps!': listOf(ref('step'), { minItems: 1 }),
    }),
  ),
  print: said(
    'Fills a label in and prints it.',
    map({
      'plug!': neededText(),
      label: said('A file of the folder, such as labels/unit.zpl.', neededText(500)),
      text: said('The label itself.', text(LONGEST_LABEL_TEXT)),
      copies: whole(1, MOST_COPIES),
      only: said('Only of units that have passed, or have not.', choice(PRINT_ONLY)),
    }),
  ),
  prompt: said('Shows the operator something and waits for the answer.', ref('prompt')),
  attach: said(
    'Keeps a file with the run: the answer to a query, a reading, or a text.',
    map({
      'name!': said('With its ending, such as trace.csv.', neededText()),
      plug: neededText(),
      query: command,
      read: neededText(),
      text: text(10_000),
      timeout: ref('duration'),
    }),
  ),
};

export const PHASE_DEFS: Readonly<Record<string, JsonSchema>> = {
  step: {
    type: 'object',
    properties: steps,
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
  phase: map({
    'name!': said('Identifies the phase in TofuPilot; the same in every language.', neededText(100)),
    key: ref('key'),
    scope: said('Setup and teardown: once a slot, or once for all (execution).', choice(PHASE_SCOPES)),
    description: ref('localText'),
    enabled: flag,
    when: said("A condition, such as ${variant} != 'lite'; the phase is skipped when it does not hold.", {
      type: ['string', 'boolean'],
      maxLength: 1000,
    }),
    depends_on: said('Keys of phases of main that come first.', listOf(neededText(100), { maxItems: 100 })),
    timeout: ref('duration'),
    retry: map({ 'limit!': whole(1, 10), delay: ref('duration') }),
    ...FOLLOWS,
    steps: said('What the phase does, one act after the other.', listOf(ref('step'))),
    script: said('A module of the procedure’s folder, .ts or .js.', neededText(500)),
    python: said('TofuPilot’s; cannot run in a browser.', neededText()),
    executable: said(
      'TofuPilot’s; cannot run in a browser.',
      map({ 'command!': neededText(10_000), shell: choice(SHELLS), working_directory: text(4096) }),
    ),
    ui: ref('screen'),
    measurements: listOf(ref('measurement')),
    result: said('Only “skip” has an effect.', text(50)),
  }),
};
