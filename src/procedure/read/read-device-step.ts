/**
 * The parts of a step that speak to a device: a command, and a driver's readings and settings, whose names must exist and
 * whose values and units must fit.
 *
 * A measurement in mV of a reading in V would be judged a thousand times wrong. Above: read-steps.ts.
 */
import type { Scalar } from '#measure/scalar.ts';
import type { SettingFacts } from '#procedure/device-config.ts';
import { unitTrouble } from '#procedure/lint/units.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Plug, Step } from '#procedure/procedure.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { readingsOf, settingsOf } from '#procedure/read/plug-facts.ts';

export const WRITE_KEYS = ['plug', 'command', 'set', 'value', 'unit'];
const SET_KEYS = ['value', 'unit'];

export function readCommand(fields: Fields, key: string): string | undefined {
  const command = fields.requiredText(key, { parameters: 'embed', max: 10_000 });
  // A line end inside would be a second command that nobody waits for.
  if (command === undefined || !/\p{Cc}/u.test(command)) return command;
  return fields.refuse(
    'step',
    key,
    `has a control character in it: ${JSON.stringify(command)}; write one step a command`,
  );
}

export interface Wanted {
  readonly as: 'value' | 'curve';
  /** Of the measurement or axis that takes it; absent: none is stated. */
  readonly unit?: string | undefined;
}

export function readReading(
  context: Context,
  fields: Fields,
  plug: Plug | undefined,
  wanted: Wanted,
): string | undefined {
  const reading = fields.text('read');
  // An unknown driver is an obstacle already, and its readings are unknown as well.
  if (reading === undefined || !plug || !context.drivers.includes(plug.driver)) return reading;
  const known = readingsOf(context, plug);
  const facts = known.get(reading);
  if (facts === undefined) {
    const names = [...known.keys()];
    const near = proposal(reading, names) || (names.length === 0 ? '; use “query”' : `; it has ${names.join(', ')}`);
    return fields.refuse(
      'unknown-reading',
      'read',
      `names no reading of the driver “${plug.driver}”: “${reading}”${near}`,
    );
  }
  if (facts === null) return reading;
  const isCurve = facts.gives === 'curve';
  if (isCurve !== (wanted.as === 'curve'))
    return fields.refuse(
      'conflict',
      'read',
      isCurve
        ? `“${reading}” is a curve; add “as: curve” and a measurement with “y_axis”`
        : `“${reading}” is one value; take “as: curve” out`,
    );
  const trouble = wanted.unit === undefined ? null : unitTrouble(wanted.unit, facts.unit);
  return trouble === null ? reading : fields.refuse('unit', 'read', `“${reading}” is in ${facts.unit}, ${trouble}`);
}

/** `write` with `set`: a setting of the driver is brought to a value. */
export function readSetPoint(context: Context, fields: Fields, plug: Plug | undefined, line: number): Step | undefined {
  if (fields.has('command')) return fields.refuse('conflict', 'command', 'and “set” exclude each other');
  const setting = fields.text('set');
  fields.require('value');
  if (setting === undefined || !plug || !fields.has('value')) return undefined;
  const known = settingsOf(context, plug);
  const facts = known.get(setting);
  if (!facts) {
    // Of an unknown driver nothing is known, and that was said.
    if (!context.drivers.includes(plug.driver)) return undefined;
    const names = [...known.keys()];
    const near = proposal(setting, names) || (names.length === 0 ? '; use “command”' : `; it has ${names.join(', ')}`);
    return fields.refuse(
      'unknown-setting',
      'set',
      `names no setting of the driver “${plug.driver}”: “${setting}”${near}`,
    );
  }
  const value = readSettingValue(context, fields, setting, facts);
  return value === undefined ? undefined : { kind: 'set-point', plug: plug.key, setting, value, line };
}

/** What belongs to `set` alone is refused beside a command. */
export function refuseSetKeys(fields: Fields): void {
  for (const key of SET_KEYS)
    if (fields.has(key)) fields.refuse('conflict', key, 'belongs to “set”, and this step states its “command”');
}

function readSettingValue(
  context: Context,
  fields: Fields,
  setting: string,
  { takes, unit, choices }: SettingFacts,
): Scalar | undefined {
  const node = fields.scalar('value');
  if (!node) return undefined;
  const parameter = context.parameters.whole(node);
  if (parameter === null) return undefined;
  const value = parameter ? parameter.value : node.value;
  for (const stated of [fields.text('unit', { max: 50 }), parameter?.unit]) {
    const trouble = stated === undefined ? null : unitTrouble(stated, unit);
    if (trouble !== null)
      return fields.refuse('unit', 'value', `is in ${stated}, and “${setting}” is in ${unit ?? 'no unit'}`);
  }
  const refuse = (wanted: string) => fields.refuse('type', 'value', `must be ${wanted}, not ${node.text}`);
  if (takes === 'number') {
    const isNumber = typeof value === 'number' && Number.isFinite(value) && parameter?.type !== 'duration';
    return isNumber ? value : refuse(`a number${unit === undefined ? '' : ` of ${unit}`}`);
  }
  if (takes === 'flag') {
    if (value === 'on' || value === 'off') return value === 'on';
    return typeof value === 'boolean' ? value : refuse('on or off');
  }
  // `101` is a channel and not a quantity.
  const text = typeof value === 'number' ? node.text : value;
  if (typeof text !== 'string' || text === '') return refuse('a text');
  if (!choices || choices.includes(text)) return text;
  return fields.refuse(
    'choice',
    'value',
    `must be one of ${choices.join(', ')}, not “${text}”${proposal(text, choices)}`,
  );
}
