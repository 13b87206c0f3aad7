/**
 * The server's settings, read from the environment once.
 *
 * An empty value counts as unset; a wrong one ends the start with one line. Knows nothing of what the settings are for.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOG_LEVELS, type LogLevel } from '#server/log.ts';
import { serverFault } from '#server/server-fault.ts';

export interface Settings {
  /** 0 lets the system choose, for tests. */
  readonly port: number;
  readonly host: string;
  /** Base of the API without a slash at its end; undefined: the embedded sandbox. */
  readonly tofupilotUrl: string | undefined;
  readonly fleetDir: string;
  readonly relayKeysFile: string | undefined;
  /** Origins of the other servers of this fleet; a name that stands for several, this one among them, is enough. */
  readonly peers: readonly string[];
  /** Origin under which stations see this server; undefined: whatever they asked for. */
  readonly publicUrl: string | undefined;
  readonly logLevel: LogLevel;
  readonly appDir: string;
}

/** Both src/server/ and dist/server/ lie two folders below the top. */
const TOP = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {Fault} `setting-invalid` */
export function readSettings(env: Environment): Settings {
  const text = (name: string) => env[name]?.trim() || undefined;
  const logLevel = text('LOG_LEVEL') ?? 'info';
  if (!isLogLevel(logLevel)) throw wrong('LOG_LEVEL', logLevel, `Use one of ${LOG_LEVELS.join(', ')}.`);
  const base = text('TOFUPILOT_URL');
  const publicUrl = text('PUBLIC_URL');
  const keys = text('RELAY_KEYS_FILE');
  if (keys && !base) throw wrong('RELAY_KEYS_FILE', keys, 'Set TOFUPILOT_URL too: the embedded sandbox needs no keys.');
  return {
    port: portOf(text('PORT') ?? '4173'),
    host: text('HOST') ?? '127.0.0.1',
    tofupilotUrl: base && apiBase(base),
    fleetDir: resolve(text('FLEET_DIR') ?? join(TOP, 'examples', 'fleet')),
    relayKeysFile: keys && resolve(keys),
    publicUrl: publicUrl && originOf('PUBLIC_URL', publicUrl),
    peers: (text('PEER_SERVERS') ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
      .map((one) => originOf('PEER_SERVERS', one)),
    logLevel,
    appDir: resolve(text('APP_DIR') ?? join(TOP, 'dist', 'app')),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw wrong('PORT', text, 'Use a whole number from 0 to 65535.');
  return port;
}

function apiBase(text: string): string {
  const remedy = 'Give the API’s base address, e.g. https://www.tofupilot.app/api.';
  const url = webAddress('TOFUPILOT_URL', text, remedy);
  const path = url.pathname.replace(/\/+$/, '');
  if (/\/v2$/i.test(path)) throw wrong('TOFUPILOT_URL', text, 'Leave /v2 off its end: the server adds it.');
  return url.origin + path;
}

const ORIGIN_REMEDY = {
  PUBLIC_URL: 'Give the address of this server alone, e.g. https://station.example.com.',
  PEER_SERVERS:
    'Give the addresses of the servers alone, with commas between them, e.g. http://fieldbench-servers:4173.',
} as const;

function originOf(name: keyof typeof ORIGIN_REMEDY, text: string): string {
  const remedy = ORIGIN_REMEDY[name];
  const url = webAddress(name, text, remedy);
  if (url.pathname !== '/') throw wrong(name, text, remedy);
  return url.origin;
}

function webAddress(name: string, text: string, remedy: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw wrong(name, text, remedy);
  return url;
}

function isLogLevel(text: string): text is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(text);
}

function wrong(name: string, value: string, remedy: string) {
  // An address may hold a password: it is not repeated.
  const shown = value.includes('@') ? 'its value' : JSON.stringify(value);
  return serverFault('setting-invalid', `${name} cannot be used: ${shown}.`, remedy);
}
