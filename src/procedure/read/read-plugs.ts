/**
 * Plugs: which instruments a procedure needs, by which driver, and how they are recognised and made safe.
 *
 * TofuPilot's `python:` plugs are read and cannot run; `driver:` stands in their place. Knows nothing of ports.
 */
import { describe, type Located, type Place } from '#procedure/located.ts';
import { LABEL_LANGUAGES } from '#procedure/label/label-text.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Plug } from '#procedure/procedure.ts';
import type { Resource } from '#procedure/resource.ts';
import { Fields, titleOf, type Context } from '#procedure/read/fields.ts';
import { readConsole, readModbus } from '#procedure/read/read-device.ts';
import { plainData } from '#procedure/read/plain-data.ts';
import { readKey } from '#procedure/read/read-key.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { readResource } from '#procedure/read/read-resource.ts';
import { PLUG_SCOPES, readScope } from '#procedure/read/read-scope.ts';
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
  'calibration',
  'modbus',
  'console',
  'language',
];

export const PLUG_CALIBRATIONS = ['none'] as const;

/** Keys that belong to one driver. */
const OWNERS = { modbus: 'modbus', console: 'console', language: 'label-printer' };
/** They ask nobody who it is unless the procedure says how. */
const TRUSTING = ['console', 'label-printer'];

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

/** A plug that asks nobody who it is would take any port that may carry it, and with it another plug's device. */
export function refuseGreedyPlugs(context: Context, plugs: readonly Plug[], places: readonly Place[]): void {
  for (const [at, { name, driver, resource }] of plugs.entries()) {
    if (!TRUSTING.includes(driver) || !resource || resource.identityQuery !== '') continue;
    const rival = plugs.find((other, index) => index !== at && other.resource && mayShare(resource, other.resource));
    if (rival)
      context.problems.error(
        'conflict',
        places[at]!,
        `plug “${name}” asks nobody who it is, and plug “${rival.name}” may be behind the same adapter; state “identity_query” and “identity”, or other “usb” ids`,
      );
  }
}

function mayShare(one: Resource, other: Resource): boolean {
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
  const calibration = fields.oneOf('calibration', PLUG_CALIBRATIONS);
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
  if (device.language === 'raw' && resource && resource.identityQuery !== '')
    fields.refuse('conflict', 'language', 'is “raw”, and such a printer is asked nothing; take “identity_query” out');
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
    ...stated({ scope, calibration, description, python, config }),
  };
}

/** Each belongs to one driver; `modbus` cannot do without. */
function readDeviceConfig(
  context: Context,
  fields: Fields,
  what: string,
  driver: string | undefined,
): Pick<Plug, 'modbus' | 'console' | 'language'> {
  for (const [key, owner] of Object.entries(OWNERS))
    if (fields.has(key) && driver !== undefined && driver !== owner)
      fields.refuse('conflict', key, `belongs to the driver “${owner}”, and this one is “${driver}”`);
  const modbusNode = driver === 'modbus' ? fields.require('modbus') : undefined;
  const consoleNode = driver === 'console' ? fields.node('console') : undefined;
  const modbus = modbusNode && readModbus(context, modbusNode, what);
  const language = driver === 'label-printer' ? fields.oneOf('language', LABEL_LANGUAGES) : undefined;
  return stated({ modbus, console: consoleNode && readConsole(context, consoleNode, what), language });
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
