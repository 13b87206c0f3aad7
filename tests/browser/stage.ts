/**
 * Everything that a browser test sets up, and its end in the right order: browsers, servers, fixtures, links.
 *
 * Above it: the specs, through the `stage` fixture of `test`. Knows nothing of the app's insides.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { enrolmentPath } from '../support/enrolment.ts';
import { FaultyLine } from '../support/faulty-line.ts';
import { powerBoard, POWER_BOARD_BENCH, writeFleetFolder, type FleetFolderContent } from '../support/fleet-folder.ts';
import { NetworkCut } from '../support/network-cut.ts';
import { Server, type ServerOptions } from '../support/server.ts';
import { StationPage } from '../support/station-page.ts';
import { STATION_KEY, StrictTofuPilot } from '../support/strict-tofupilot.ts';
import {
  serialFolder,
  startBrowser,
  usbFolder,
  type BrowserOptions,
  type StationBrowser,
} from '../virtual-devices/browser.ts';
import { VirtualFixture, type FixtureIds } from '../virtual-devices/virtual-fixture.ts';
import { VirtualScanner } from '../virtual-devices/virtual-scanner.ts';
import { VirtualUsbDevice, type UsbDeviceOptions, type UsbKind } from '../virtual-devices/virtual-usb-device.ts';

export const STATION = 'taipei-line1-042';

/** Seconds that a doubtful upload waits: short, so that a test can see the second look. */
const AMBIGUOUS_WAIT_S = 2;

export class Stage {
  /** Gone after the test; profiles, device folders and fleet folders live in it. */
  readonly folder = mkdtempSync(join(tmpdir(), 'fieldbench-'));
  readonly #closers: (() => Promise<void> | void)[] = [];

  async upstream(): Promise<StrictTofuPilot> {
    const upstream = await StrictTofuPilot.start();
    this.#closers.push(() => upstream.stop());
    return upstream;
  }

  async server(options: ServerOptions = {}): Promise<Server> {
    const server = await Server.start(options);
    this.#closers.push(() => server.stop());
    return server;
  }

  /** A fleet with the power board as its one procedure, tested on the serial fixture or on a simulated one. */
  fleet({ simulated = false, lingerMs = 50, content }: FleetOptions = {}): string {
    return writeFleetFolder(
      join(this.folder, 'fleet'),
      content ?? {
        settings: { simulated, default_procedure: 'power-board', sync: { ambiguous_wait_s: AMBIGUOUS_WAIT_S } },
        procedures: {
          'power-board': {
            'procedure.yaml': powerBoard({ lingerMs }),
            ...(simulated ? { 'bench.yaml': POWER_BOARD_BENCH } : {}),
          },
        },
      },
    );
  }

  async fixture(ids: FixtureIds & { name?: string } = {}): Promise<VirtualFixture> {
    const { name = 'fx1', ...rest } = ids;
    const folder = serialFolder(this.folder);
    mkdirSync(folder, { recursive: true });
    const fixture = await VirtualFixture.start(folder, name, rest);
    this.#closers.push(() => fixture.quit());
    return fixture;
  }

  async scanner(ids: FixtureIds = {}): Promise<VirtualScanner> {
    const folder = serialFolder(this.folder);
    mkdirSync(folder, { recursive: true });
    const scanner = await VirtualScanner.start(folder, 'scanner', ids);
    this.#closers.push(() => scanner.quit());
    return scanner;
  }

  async usbDevice(kind: UsbKind, serial: string, options: UsbDeviceOptions = {}): Promise<VirtualUsbDevice> {
    const folder = usbFolder(this.folder);
    mkdirSync(folder, { recursive: true });
    const device = await VirtualUsbDevice.start(folder, serial.toLowerCase(), kind, serial, options);
    this.#closers.push(() => device.quit());
    return device;
  }

  /** The same profile each time within one test, as one machine has one. */
  async browser(options: Omit<BrowserOptions, 'folder'>): Promise<StationBrowser> {
    const browser = await startBrowser({ folder: this.folder, ...options });
    this.#closers.push(() => browser.end());
    return browser;
  }

  /** In front of the server that will stand on `port`: what the browser sees as its origin. */
  async line(port: number, share: number, chance: () => number): Promise<FaultyLine> {
    const line = await FaultyLine.start(port, share, chance);
    this.#closers.push(() => line.stop());
    return line;
  }

  link(): NetworkCut {
    const link = new NetworkCut();
    this.#closers.push(() => link.remove());
    return link;
  }

  /** The address that enrols a browser as the station of these tests. */
  enrolment(change: { station?: string; key?: string; procedure?: string } = {}): string {
    return enrolmentPath({ station: STATION, key: STATION_KEY, ...change });
  }

  /** Upstream, server on it, and a fleet with the power board. */
  async factory(options: FleetOptions & { host?: string } = {}): Promise<Factory> {
    const upstream = await this.upstream();
    const fleet = this.fleet(options);
    const env = { TOFUPILOT_URL: upstream.url, FLEET_DIR: fleet };
    const server = await this.server({ env, ...(options.host ? { host: options.host } : {}) });
    return { upstream, server, fleet, env };
  }

  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface FleetOptions {
  readonly simulated?: boolean;
  readonly lingerMs?: number;
  readonly content?: FleetFolderContent;
}

export interface Factory {
  readonly upstream: StrictTofuPilot;
  readonly server: Server;
  readonly fleet: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * For a test whose rule another one holds by day on another wire, store or screen, or that is far from the main job:
 * `npm run nightly` runs it, a commit does not wait for it.
 */
export const night = { tag: '@night' };

/** Enrols the page of a browser and waits until it takes a scan. */
export async function openStation(browser: StationBrowser, server: Server, path: string): Promise<StationPage> {
  const station = new StationPage(browser.page, server.origin);
  await station.ready(STATION, path);
  return station;
}

export const test = base.extend<{ stage: Stage }>({
  // Playwright reads the fixtures that a fixture needs from this pattern; there are none.
  // oxlint-disable-next-line no-empty-pattern
  stage: async ({}, use) => {
    const stage = new Stage();
    try {
      await use(stage);
    } finally {
      await stage.close();
    }
  },
});

export { expect } from '@playwright/test';
