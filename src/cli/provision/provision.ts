/**
 * `fieldbench provision`: everything that makes a computer or tablet a station, as files in a folder.
 *
 * Grants exactly the fixtures' devices to exactly one origin. Safe to run again: the same fleet makes the same bytes, and what
 * a person changed is left. Above: provision-usage.ts, which reads the command line. Below: one file a kind of text.
 */
import { Fault } from '#base/fault.ts';
import { stationNameProblem } from '#fleet/identity/station-name.ts';
import type { Terminal } from '../terminal.ts';
import { askServer } from './ask-server.ts';
import { fixtureDevices } from './fixture-devices.ts';
import { keepFiles, type KeptFile } from './kept-files.ts';
import { exitOf, provisionFault } from './provision-fault.ts';
import { SECRET_FOLDER, stationFiles } from './station-files.ts';
import { askForKey, tokenOf } from './station-key.ts';
import type { StationPlan } from './station-plan.ts';

export interface ProvisionOptions {
  readonly station: string;
  readonly origin: string;
  readonly fleet: string;
  /** Absent: a folder with the station's name, here. */
  readonly out?: string;
  readonly procedure?: string;
  readonly scanners: readonly string[];
  /** RELAY_KEYS_FILE: the station is enrolled with its token in it. */
  readonly relayKeys?: string;
  readonly withoutKey: boolean;
  readonly isShared: boolean;
  readonly mayChoose: boolean;
  /** offline: the server is not asked. needed: it must answer. asked: one that does not is only told. */
  readonly server: 'asked' | 'needed' | 'offline';
  readonly force: boolean;
}

/** A file that was changed by hand was left as it is. */
const LEFT = 1;

/** @returns the exit code */
export async function provision(options: ProvisionOptions, terminal: Terminal): Promise<number> {
  try {
    const { plan, words } = await planOf(options, terminal);
    const folder = options.out ?? plan.station;
    const kept = await keepFiles(folder, stationFiles(plan), options.force);
    for (const line of report(plan, folder, kept)) terminal.out(line);
    for (const word of words) terminal.err(`warning: ${word}`);
    return kept.some(({ what }) => what === 'left') ? LEFT : 0;
  } catch (thrown) {
    const exit = exitOf(thrown);
    if (exit === undefined) throw thrown;
    const { code, message, remedy } = thrown as Fault;
    terminal.err(`error ${code}: ${message} ${remedy}`);
    return exit;
  }
}

async function planOf(options: ProvisionOptions, terminal: Terminal) {
  const { station, fleet, procedure, scanners, isShared, mayChoose } = options;
  const problem = stationNameProblem(station);
  if (problem) throw provisionFault('station-name', problem, 'Give it a name on the scheme.');
  const origin = originOf(options.origin);
  const devices = await fixtureDevices(fleet, procedure, scanners.map(scannerId));
  const words: string[] = [];
  if (devices.serial.length + devices.usb.length === 0)
    words.push('No procedure names a device on a wire: nothing is granted.');
  const key = await secretOf(options, terminal);
  words.push(...(await serverWords(options, origin, key, terminal)));
  const enrolment = key && enrolmentLink(origin, { station, key, ...(procedure ? { procedure } : {}) });
  const plan: StationPlan = {
    station,
    origin,
    devices,
    isShared,
    mayChoose,
    secret: options.relayKeys === undefined ? 'key' : 'token',
    ...(procedure === undefined ? {} : { procedure }),
    ...(enrolment === undefined ? {} : { enrolment }),
  };
  return { plan, words };
}

function secretOf({ withoutKey, relayKeys, station }: ProvisionOptions, terminal: Terminal) {
  if (withoutKey) return undefined;
  return relayKeys === undefined ? askForKey(station, terminal) : tokenOf(station, relayKeys);
}

async function serverWords(
  { server, station }: ProvisionOptions,
  origin: string,
  key: string | undefined,
  { fetch: ask = fetch, stop }: Terminal,
): Promise<string[]> {
  if (server === 'offline') return [];
  try {
    return await askServer({ origin, station, fetch: ask, stop, ...(key === undefined ? {} : { key }) });
  } catch (thrown) {
    if (server === 'needed' || !(thrown instanceof Fault) || thrown.code !== 'server-unreachable') throw thrown;
    return [`${thrown.message} The key was not tried.`];
  }
}

/** Where a page may use serial ports, USB and a service worker at all. */
function originOf(text: string): string {
  const remedy = 'Give the address of the server alone, e.g. https://station.example.';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw provisionFault('origin', `“${url?.username ? 'This' : text}” is no address of a server.`, remedy);
  if (url.pathname !== '/' || url.search || url.hash)
    throw provisionFault('origin', `“${text}” is more than the address of a server.`, remedy);
  const isLocal = /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLocal)
    throw provisionFault(
      'origin',
      `A browser lets no page on ${url.origin} use serial ports or USB: it wants HTTPS.`,
      'Put a TLS proxy in front of the server (docs/guides/server.md), and give its address.',
    );
  return url.origin;
}

function scannerId(text: string): string {
  const id = text.toLowerCase();
  if (/^[0-9a-f]{4}:(?:[0-9a-f]{4}|\*)$/.test(id)) return id;
  throw provisionFault(
    'scanner-id',
    `“${text}” is no USB id.`,
    'Write vendor:product in hexadecimal, such as 05f9:4204.',
  );
}

function enrolmentLink(origin: string, enrolment: Readonly<Record<string, string>>): string {
  return `${origin}/#enroll=${Buffer.from(JSON.stringify(enrolment)).toString('base64url')}`;
}

function* report(plan: StationPlan, folder: string, kept: readonly KeptFile[]): Generator<string> {
  for (const { path, what } of kept) if (what !== 'unchanged') yield `${what.padEnd(10)} ${folder}/${path}`;
  const left = kept.filter(({ what }) => what === 'left');
  if (kept.every(({ what }) => what === 'unchanged')) yield `Nothing was changed: ${folder} is as it should be.`;
  if (left.length > 0)
    yield 'What was left was changed by hand, or was there before; --force replaces it and keeps it as .by-hand.';
  if (plan.enrolment)
    yield `The ${plan.secret} stands in ${folder}/${SECRET_FOLDER}/, readable by you alone, and nowhere else.`;
  yield `Next: ${folder}/README.md says what to do on each system.`;
}
