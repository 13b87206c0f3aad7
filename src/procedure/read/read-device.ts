/**
 * What a plug says of its device beyond its wire: `framing`, `modbus`, `console`.
 *
 * Above: read-plugs.ts. Knows nothing of how a device is spoken with.
 */
import type { ConsoleConfig, Framing, ModbusMap, ModbusRegister } from '#procedure/device-config.ts';
import type { Located } from '#procedure/located.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { patternTrouble } from '#procedure/read/read-validator.ts';
import { stated } from '#procedure/read/stated.ts';

export const FRAMING_KEYS = ['fixed', 'length', 'endian', 'includes_header'];
export const FRAMING_NAMES = ['slip', 'cobs'] as const;
export const MODBUS_KEYS = ['unit_id', 'registers'];
export const REGISTER_TABLES = ['coil', 'discrete', 'input', 'holding'] as const;
export const REGISTER_KEYS = [...REGISTER_TABLES, 'type', 'word_order', 'scale', 'unit', 'unit_id'];
export const REGISTER_TYPES = ['uint16', 'int16', 'uint32', 'int32', 'float32'] as const;
export const CONSOLE_KEYS = ['prompt', 'login'];
export const LOGIN_KEYS = ['user', 'password'];
/** Modbus over Serial Line V1.02, 2.2: 248 to 255 are reserved, 0 is for all at once. */
const LAST_UNIT_ID = 247;
/** As much as the link keeps of one frame. */
const LONGEST_FRAME = 2_500_000;
const REGISTER_NAME = /^[a-z_][a-z0-9_]*$/i;

/** `slip`, `cobs`, `{ fixed: 8 }`, `{ length: 2, endian: big, includes_header: true }`. */
export function readFraming(context: Context, fields: Fields, what: string): Framing | undefined {
  const node = fields.node('framing');
  if (!node) return undefined;
  if (fields.has('terminator')) return fields.refuse('conflict', 'framing', 'and “terminator” exclude each other');
  if (node.kind === 'scalar') {
    const kind = fields.oneOf('framing', FRAMING_NAMES);
    return kind && { kind };
  }
  const framing = new Fields(context, node, `${what}, “framing”`, FRAMING_KEYS);
  const frameBytes = framing.integer('fixed', 1, LONGEST_FRAME);
  const widthBytes = framing.oneOf('length', [1, 2, 4] as const);
  if (framing.has('fixed') === framing.has('length')) {
    framing.error('missing-key', framing.place, `${framing.what} needs either “fixed” or “length”`);
    return undefined;
  }
  const endian = framing.oneOf('endian', ['big', 'little'] as const) ?? 'big';
  const includesHeader = framing.flag('includes_header') ?? false;
  for (const key of ['endian', 'includes_header'])
    if (frameBytes !== undefined && framing.has(key)) framing.refuse('conflict', key, 'belongs to “length”');
  if (frameBytes !== undefined) return { kind: 'fixed', frameBytes };
  return widthBytes && { kind: 'length', widthBytes, endian, includesHeader };
}

export function readModbus(context: Context, node: Located, plug: string): ModbusMap | undefined {
  const fields = new Fields(context, node, `${plug}, “modbus”`, MODBUS_KEYS);
  const unitId = fields.integer('unit_id', 1, LAST_UNIT_ID) ?? 1;
  const list = fields.require('registers');
  if (!list) return undefined;
  if (list.kind !== 'map')
    return fields.refuse(
      'type',
      'registers',
      'must be a map of names and registers, such as temperature: { holding: 4 }',
    );
  const registers = list.entries.flatMap(({ key, value, place }) => {
    if (!REGISTER_NAME.test(key)) {
      fields.error('identifier', place, `${fields.what}: “${key}” must be a name of letters, digits and _`);
      return [];
    }
    return readRegister(context, value, { plug, name: key, unitId }) ?? [];
  });
  return { unitId, registers };
}

function readRegister(
  context: Context,
  node: Located,
  { plug, name, unitId }: { readonly plug: string; readonly name: string; readonly unitId: number },
): ModbusRegister | undefined {
  const fields = new Fields(context, node, `${plug}, register “${name}”`, REGISTER_KEYS);
  if (node.kind !== 'map') return undefined;
  const tables = REGISTER_TABLES.filter((table) => fields.has(table));
  const [table] = tables;
  if (table === undefined || tables.length > 1) {
    fields.error(
      tables.length > 1 ? 'conflict' : 'missing-key',
      fields.place,
      `${fields.what} needs exactly one of ${REGISTER_TABLES.join(', ')}, with its address`,
    );
    return undefined;
  }
  const address = fields.integer(table, 0, 65_535);
  const isBit = table === 'coil' || table === 'discrete';
  for (const key of ['type', 'word_order', 'scale', 'unit'])
    if (isBit && fields.has(key)) fields.refuse('conflict', key, `belongs to registers, and a ${table} is 0 or 1`);
  const scale = fields.number('scale') ?? 1;
  if (scale === 0) fields.refuse('range', 'scale', 'is 0, and nothing could be told apart');
  const unit = fields.text('unit', { max: 50 });
  const own = {
    unitId: fields.integer('unit_id', 1, LAST_UNIT_ID) ?? unitId,
    type: fields.oneOf('type', REGISTER_TYPES) ?? ('uint16' as const),
    wordOrder: fields.oneOf('word_order', ['big', 'little'] as const) ?? ('big' as const),
  };
  return address === undefined ? undefined : { name, table, address, ...own, scale, ...stated({ unit }) };
}

export function readConsole(context: Context, node: Located, plug: string): ConsoleConfig {
  const fields = new Fields(context, node, `${plug}, “console”`, CONSOLE_KEYS);
  const prompt = fields.text('prompt', { max: 500, untrimmed: true });
  const trouble = prompt === undefined ? null : patternTrouble(prompt);
  if (trouble) fields.refuse('pattern', 'prompt', trouble);
  const loginNode = fields.node('login');
  if (!loginNode) return stated({ prompt });
  const login = new Fields(context, loginNode, `${plug}, “login”`, LOGIN_KEYS);
  const user = login.requiredText('user', { max: 200, parameters: 'embed' });
  const password = login.text('password', { max: 200, parameters: 'embed', untrimmed: true });
  return { ...stated({ prompt }), ...(user === undefined ? {} : { login: { user, ...stated({ password }) } }) };
}
