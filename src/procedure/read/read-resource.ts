/**
 * A plug's resource: over which wire its device is reached, and how it is known again.
 *
 * Exactly one kind of wire. Above it: read-plugs.ts. Knows nothing of ports and of what a browser can reach.
 */
import type { Framing } from '#procedure/device-config.ts';
import type { Located } from '#procedure/located.ts';
import type { AnyResource, Resource, SerialLine } from '#procedure/resource.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { readFraming } from '#procedure/read/read-device.ts';
import { patternTrouble } from '#procedure/read/read-validator.ts';
import { stated } from '#procedure/read/stated.ts';

/** Kinds of wire, each the key of its settings. */
export const WIRES = ['serial', 'usb_serial', 'usbtmc', 'usb'] as const;
export const RESOURCE_KEYS = [...WIRES, 'identity', 'identity_query', 'reset_on_open'];
export const SERIAL_KEYS = [
  'usb',
  'baud_rate',
  'data_bits',
  'stop_bits',
  'parity',
  'flow_control',
  'terminator',
  'framing',
];
export const USB_SERIAL_KEYS = [...SERIAL_KEYS, 'serial_number'];
export const USBTMC_KEYS = ['usb', 'serial_number', 'terminator', 'term_char'];
export const USB_KEYS = ['usb', 'serial_number', 'terminator', 'interface', 'zero_length_packet', 'framing'];
const KEYS = { serial: SERIAL_KEYS, usb_serial: USB_SERIAL_KEYS, usbtmc: USBTMC_KEYS, usb: USB_KEYS };
const USB_ID = /^[0-9a-f]{4}:(?:[0-9a-f]{4}|\*)$/;
/** What USB serial fixtures are set to most often; over CDC-ACM the number means nothing. */
const USUAL_BAUD = 115_200;
/** Beyond the fastest adapter on sale (FTDI high speed, 12 MBd). */
const FASTEST_BAUD = 12_000_000;
/** USB strings have at most 126 characters. */
const LONGEST_SERIAL_NUMBER = 126;

/** Drivers of what knows no `*IDN?`. */
const ASKS_ITS_OWN_WAY = ['modbus', 'console', 'binary', 'label-printer'];

type Known = Omit<AnyResource, 'usb' | 'terminator'>;

export function readResource(
  context: Context,
  node: Located,
  plug: string,
  driver: string | undefined,
): Resource | undefined {
  const fields = new Fields(context, node, `${plug}, “resource”`, RESOURCE_KEYS);
  if (node.kind !== 'map') return undefined;
  const identity = fields.text('identity', { max: 500, parameters: 'embed' });
  const trouble = identity === undefined ? null : patternTrouble(identity);
  if (trouble) fields.refuse('pattern', 'identity', trouble);
  const identityQuery =
    fields.text('identity_query', { max: 200, parameters: 'embed' }) ?? usualIdentityQuery(fields, driver);
  const known: Known = {
    ...stated({ identity }),
    identityQuery,
    resetOnOpenMs: fields.duration('reset_on_open') ?? 0,
  };
  const [wire, other] = WIRES.filter((one) => fields.has(one));
  if (other !== undefined) return fields.refuse('conflict', other, `and “${wire}” exclude each other`);
  const settings = wire === undefined ? fields.require('serial') : fields.node(wire);
  if (!settings || !wire) return undefined;
  const wireFields = new Fields(context, settings, `${plug}, “${wire}”`, KEYS[wire]);
  return {
    ...readWire(wireFields, wire, known),
    ...stated({ framing: readOwnFraming(context, wireFields, plug, driver) }),
  };
}

/** SCPI has one for all; of the others only the procedure knows what says who they are. */
function usualIdentityQuery(fields: Fields, driver: string | undefined): string {
  if (!ASKS_ITS_OWN_WAY.includes(driver ?? '')) return '*IDN?';
  if (driver === 'binary') fields.require('identity_query');
  else if (fields.has('identity')) fields.refuse('missing-key', 'identity', 'needs “identity_query” beside it');
  return '';
}

function readOwnFraming(
  context: Context,
  fields: Fields,
  plug: string,
  driver: string | undefined,
): Framing | undefined {
  const framing = readFraming(context, fields, plug);
  if (driver === 'binary' && !fields.has('framing')) fields.require('framing');
  if (fields.has('framing') && (driver === 'modbus' || driver === 'console' || driver === 'label-printer'))
    fields.refuse('conflict', 'framing', `has no effect on the driver “${driver}”`);
  return framing;
}

function readWire(fields: Fields, wire: (typeof WIRES)[number], known: Known): Resource {
  fields.require('usb');
  const usb = readUsbIds(fields);
  const terminator = fields.text('terminator', { max: 8, untrimmed: true }) ?? '\n';
  const serialNumber = wire === 'serial' ? undefined : fields.text('serial_number', { max: LONGEST_SERIAL_NUMBER });
  const common = { usb, terminator, ...known, ...stated({ serialNumber }) };
  switch (wire) {
    case 'serial':
    case 'usb_serial':
      return { kind: wire, ...common, ...readLine(fields) };
    case 'usbtmc':
      return { kind: wire, ...common, ...stated({ termChar: readTermChar(fields) }) };
    case 'usb': {
      const interfaceNumber = fields.integer('interface', 0, 255);
      const zeroLengthPacket = fields.flag('zero_length_packet') ?? false;
      return { kind: wire, ...common, zeroLengthPacket, ...stated({ interfaceNumber }) };
    }
  }
}

function readLine(fields: Fields): SerialLine {
  return {
    baudRate: fields.integer('baud_rate', 1, FASTEST_BAUD) ?? USUAL_BAUD,
    dataBits: fields.oneOf('data_bits', [7, 8] as const) ?? 8,
    stopBits: fields.oneOf('stop_bits', [1, 2] as const) ?? 1,
    parity: fields.oneOf('parity', ['none', 'even', 'odd'] as const) ?? 'none',
    flowControl: fields.oneOf('flow_control', ['none', 'hardware'] as const) ?? 'none',
  };
}

/** Of eight bits: it is a byte on the wire. */
function readTermChar(fields: Fields): string | undefined {
  const text = fields.text('term_char', { max: 1, untrimmed: true });
  if (text === undefined || text.charCodeAt(0) <= 0xff) return text;
  return fields.refuse('choice', 'term_char', 'must be one character of Latin-1, such as "\\n"');
}

/** `usb`: vendor and product, or all of a vendor. */
export function readUsbIds(fields: Fields): string[] {
  const ids = fields.texts('usb') ?? [];
  if (fields.list('usb')?.length === 0) fields.refuse('length', 'usb', 'needs at least one id');
  for (const [index, id] of ids.entries()) {
    const place = fields.list('usb')?.[index]?.place;
    if (!USB_ID.test(id.toLowerCase()))
      fields.refuse(
        'choice',
        'usb',
        `must be vendor:product in hexadecimal, such as '0403:6001' or '2a8d:*', not “${id}”`,
        place,
      );
  }
  return ids.map((id) => id.toLowerCase());
}
