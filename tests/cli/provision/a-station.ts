/** A fleet on disk, and `fieldbench provision` as a person calls it: what it said, what it wrote. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { writeFleetFolder } from '../../support/fleet-folder.ts';

export const STATION = 'taipei-line1-042';
export const ORIGIN = 'https://station.example';
export const KEY = '550e8400-e29b-41d4-a716-446655440000';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const plug = (name: string, resource: object) => ({ name, driver: 'scpi', safe_state: ['OFF'], resource });
const MAIN = [{ name: 'Nothing', steps: [{ wait: '1ms' }] }];

/** Three wires, a device that comes back as another one, and a plug that is only simulated. */
export const PROCEDURES = {
  'power-board': {
    'procedure.yaml': {
      name: 'Power board',
      id: ID,
      plugs: [
        plug('Fixture', { serial: { usb: ['0403:6001', '10C4:EA60'] }, identity: '^A' }),
        { name: 'Nowhere', driver: 'scpi', safe_state: ['OFF'] },
      ],
      main: [
        {
          name: 'Boot',
          steps: [
            { expect_reboot: { plug: 'fixture', within: '9s', command: 'BOOT', as: { usb: ['0483:DF11'] } } },
            {
              repeat: {
                count: 2,
                steps: [{ expect_reboot: { plug: 'fixture', within: '9s', as: { usb: ['1a86:7523'] } } }],
              },
            },
          ],
        },
      ],
    },
  },
  meters: {
    'procedure.yaml': {
      name: 'Meters',
      id: ID,
      execution: { slots: [{ name: 'Left' }, { name: 'Right' }] },
      plugs: [
        { ...plug('Meter', { usbtmc: { usb: ['2a8d:*'] } }), scope: 'station' },
        plug('Adapter', { usb_serial: { usb: ['0403:6015'] } }),
      ],
      main: MAIN,
    },
  },
};

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbench-provision-'));
  folders.push(folder);
  return folder;
}

export interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What somebody types when asked. */
  readonly typed?: string;
  readonly fetch?: typeof fetch;
}

export async function fieldbench(
  args: readonly string[],
  { env = {}, typed, fetch }: Surroundings = {},
): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await commandLine(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    stop: new AbortController().signal,
    env,
    readSecret: () => Promise.resolve(typed ?? null),
    ...(fetch ? { fetch } : {}),
  });
  return { exit, out: out.join('\n'), err: err.join('\n') };
}

export class Bench {
  readonly folder = scratch();
  readonly fleet: string;
  readonly out = join(this.folder, 'out');

  constructor(procedures: Parameters<typeof writeFleetFolder>[1]['procedures'] = PROCEDURES) {
    this.fleet = writeFleetFolder(join(this.folder, 'fleet'), { procedures });
  }

  /** Offline, with the key in the environment, unless said otherwise. */
  provision(more: readonly string[] = [], around: Surroundings = {}, station = STATION): Promise<Said> {
    const args = ['provision', station, '--origin', ORIGIN, '--fleet', this.fleet, '--out', this.out];
    const server = around.fetch ? [] : ['--offline'];
    const env = around.typed === undefined ? { FIELDBENCH_STATION_KEY: KEY } : {};
    return fieldbench([...args, ...server, ...more], { env, ...around });
  }

  read(path: string): string {
    return readFileSync(join(this.out, path), 'utf8');
  }

  json(path: string): Record<string, unknown> {
    return JSON.parse(this.read(path)) as Record<string, unknown>;
  }

  mode(path: string): number {
    return statSync(join(this.out, path)).mode & 0o777;
  }

  /** Every file by its path. */
  files(): Map<string, string> {
    const paths = readdirSync(this.out, { recursive: true, encoding: 'utf8' });
    return new Map(
      paths
        .filter((path) => statSync(join(this.out, path)).isFile())
        .toSorted()
        .map((path) => [path, this.read(path)]),
    );
  }
}

/** A server of our own kind, as far as provisioning asks it. */
export function aServer(station: () => Response): typeof fetch {
  return (input) => {
    const { pathname } = new URL(String(input));
    return Promise.resolve(pathname === '/healthz' ? Response.json({ status: 'ok' }) : station());
  };
}
