/**
 * Plugs: which instruments a procedure needs, by which driver, and how they are recognised and made safe.
 *
 * TofuPilot's `python:` plugs are read and cannot run; `driver:` stands in their place. Knows nothing of ports.
 */
import { describe, type Located, type Place } from '#procedure/located.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Plug, SerialResource } from '#procedure/procedure.ts';
import { Fields, titleOf, type Context } from '#procedure/read/fields.ts';
import { readConsole, readFraming, readModbus } from '#procedure/read/read-device.ts';
import { plainData } from '#procedure/read/plain-data.ts';
import { readKey } from '#procedure/read/read-key.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { PLUG_SCOPES, readScope } from '#procedure/read/read-scope.ts';
import { patternTrouble } from '#procedure/read/read-validator.ts';
import { stated } from '#procedure/read/stated.ts';

export const PLUG_KEYS = [
  'key',
  'name',
  'scope',
  'python',
  'description',
  'config',
  'driver',
  'resource',
  'safe_state',
  'modbus',
  'console',
];
export const RESOURCE_KEYS = ['serial', 'usbtmc', 'identity', 'identity_query', 'reset_on_open'];
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
const USB_ID = /^[0-9a-f]{4}:(?:[0-9a-f]{4}|\*)$/;
/** What USB serial fixtures are set to most often; over CDC-ACM the number means nothing. */
const USUAL_BAUD = 115_200;
/** Beyond the fastest adapter on sale (FTDI high speed, 12 MBd). */
const FASTEST_BAUD = 12_000_000;

export function readPlugs(context: Context, nodes: readonly Located[]): Plug[] {
  const taken = new Map<string, Place>();
  return nodes.flatMap((node) => {
    const plug = readPlug(context, node);
    if (!plug) return [];
    const first = taken.get(plug.key.toLowerCase());
    if (first)
      context.problems.error(
        'duplicate',
        node.place,
        `two plugs have the key “${plug.key}”; the first is in line ${first.line}`,
      );
    taken.set(plug.key.toLowerCase(), node.place);
    return [plug];
  });
}

/** A console that asks nobody who it is would take any port that may carry it, and with it another plug's device. */
export function refuseGreedyConsoles(context: Context, plugs: readonly Plug[], places: readonly Place[]): void {
  for (const [at, { name, driver, resource }] of plugs.entries()) {
    if (driver !== 'console' || !resource || resource.identityQuery !== '') continue;
    const rival = plugs.find((other, index) => index !== at && other.resource && mayShare(resource, other.resource));
    if (rival)
      context.problems.error(
        'conflict',
        places[at]!,
        `plug “${name}” asks nobody who it is, and plug “${rival.name}” may be behind the same adapter; state “identity_query” and “identity”, or other “usb” ids`,
      );
  }
}

function mayShare(one: SerialResource, other: SerialResource): boolean {
  const fits = (a: string, b: string) => a === b || a === `${b.slice(0, 4)}:*` || b === `${a.slice(0, 4)}:*`;
  return one.usb.some((a) => other.usb.some((b) => fits(a, b)));
}

function readPlug(context: Context, node: Located): Plug | undefined {
  const what = titleOf(node, 'plug', 'a plug');
  const fields = new Fields(context, node, what, PLUG_KEYS);
  if (node.kind !== 'map') return undefined;
  const name = fields.requiredText('name', { max: 100 });
  const key = readKey(fields, name);
  const scope = readScope(fields, PLUG_SCOPES);
  const description = readLocalText(fields, 'description', 50_000);
  const driver = readDriver(context, fields, what);
  if (fields.has('driver') && fields.has('config'))
    context.problems.obstacle(
      'unsupported',
      fields.keyPlace('config'),
      `${what}: “config” belongs to Python plugs and has no effect on a driver`,
    );
  const config = readConfig(fields);
  const resourceNode = fields.node('resource');
  const resource = resourceNode && readResource(context, resourceNode, what, driver);
  const device = readDeviceConfig(context, fields, what, driver);
  const facts = driver === undefined ? undefined : context.facts?.(driver);
  const safeState = fields.texts('safe_state', { parameters: 'embed', max: 10_000 }) ?? facts?.safeState ?? [];
  if (name === undefined || key === undefined || driver === undefined) return undefined;
  const python = driver === 'python' ? fields.text('python', { parameters: 'literal' }) : undefined;
  return {
    key,
    name,
    driver,
    ...(resource ? { resource } : {}),
    safeState,
    ...device,
    ...stated({ scope, description, python, config }),
  };
}

/** Each belongs to one driver; `modbus` cannot do without. */
function readDeviceConfig(
  context: Context,
  fields: Fields,
  what: string,
  driver: string | undefined,
): Pick<Plug, 'modbus' | 'console'> {
  for (const key of ['modbus', 'console'])
    if (fields.has(key) && driver !== undefined && driver !== key)
      fields.refuse('conflict', key, `belongs to the driver “${key}”, and this one is “${driver}”`);
  const modbusNode = driver === 'modbus' ? fields.require('modbus') : undefined;
  const consoleNode = driver === 'console' ? fields.node('console') : undefined;
  const modbus = modbusNode && readModbus(context, modbusNode, what);
  return stated({ modbus, console: consoleNode && readConsole(context, consoleNode, what) });
}

function readConfig(fields: Fields): Plug['config'] {
  const node = fields.node('config');
  if (!node) return undefined;
  if (node.kind === 'map') return plainData(node) as Plug['config'];
  return fields.refuse('type', 'config', `must be a map of names and values, not ${describe(node)}`);
}

function readDriver(context: Context, fields: Fields, what: string): string | undefined {
  const python = fields.text('python', { parameters: 'literal' });
  if (python !== undefined && fields.has('driver'))
    return fields.refuse('conflict', 'driver', 'and “python” exclude each other');
  if (python !== undefined) {
    const message = `${what} is Python (${python}), which cannot run here; name a driver instead, such as driver: scpi`;
    context.problems.obstacle('python-plug', fields.keyPlace('python'), message);
    return 'python';
  }
  const driver = fields.requiredText('driver', { max: 100 });
  if (driver === undefined || context.drivers.includes(driver)) return driver;
  const known = proposal(driver, context.drivers) || `; there are: ${context.drivers.join(', ')}`;
  context.problems.obstacle(
    'unknown-driver',
    fields.keyPlace('driver'),
    `${what}: there is no driver “${driver}”${known}`,
  );
  return driver;
}

function readResource(
  context: Context,
  node: Located,
  plug: string,
  driver: string | undefined,
): SerialResource | undefined {
  const what = `${plug}, “resource”`;
  const fields = new Fields(context, node, what, RESOURCE_KEYS);
  if (node.kind !== 'map') return undefined;
  const identity = fields.text('identity', { max: 500, parameters: 'embed' });
  const trouble = identity === undefined ? null : patternTrouble(identity);
  if (trouble) fields.refuse('pattern', 'identity', trouble);
  const identityQuery =
    fields.text('identity_query', { max: 200, parameters: 'embed' }) ?? usualIdentityQuery(fields, driver);
  const resetOnOpenMs = fields.duration('reset_on_open') ?? 0;
  if (fields.has('usbtmc'))
    context.problems.obstacle(
      'unsupported',
      fields.keyPlace('usbtmc'),
      `${plug}: USBTMC instruments cannot be reached yet; use “serial”`,
    );
  const serialNode = fields.has('usbtmc') ? fields.node('serial') : fields.require('serial');
  const serial = serialNode && readSerial(context, serialNode, plug, driver);
  if (!serial) return undefined;
  return { ...serial, ...(identity === undefined ? {} : { identity }), identityQuery, resetOnOpenMs };
}

/** SCPI has one for all; of the others only the procedure knows what says who they are. */
function usualIdentityQuery(fields: Fields, driver: string | undefined): string {
  if (driver !== 'modbus' && driver !== 'console' && driver !== 'binary') return '*IDN?';
  if (driver === 'binary') fields.require('identity_query');
  else if (fields.has('identity')) fields.refuse('missing-key', 'identity', 'needs “identity_query” beside it');
  return '';
}

function readSerial(
  context: Context,
  node: Located,
  plug: string,
  driver: string | undefined,
): Omit<SerialResource, 'identity' | 'identityQuery' | 'resetOnOpenMs'> {
  const fields = new Fields(context, node, `${plug}, “serial”`, SERIAL_KEYS);
  fields.require('usb');
  const framing = readFraming(context, fields, plug);
  if (driver === 'binary' && !fields.has('framing')) fields.require('framing');
  if (fields.has('framing') && (driver === 'modbus' || driver === 'console'))
    fields.refuse('conflict', 'framing', `has no effect on the driver “${driver}”`);
  return {
    kind: 'serial',
    usb: readUsbIds(fields),
    baudRate: fields.integer('baud_rate', 1, FASTEST_BAUD) ?? USUAL_BAUD,
    dataBits: fields.oneOf('data_bits', [7, 8] as const) ?? 8,
    stopBits: fields.oneOf('stop_bits', [1, 2] as const) ?? 1,
    parity: fields.oneOf('parity', ['none', 'even', 'odd'] as const) ?? 'none',
    flowControl: fields.oneOf('flow_control', ['none', 'hardware'] as const) ?? 'none',
    terminator: fields.text('terminator', { max: 8, untrimmed: true }) ?? '\n',
    ...stated({ framing }),
  };
}

function readUsbIds(fields: Fields): string[] {
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
