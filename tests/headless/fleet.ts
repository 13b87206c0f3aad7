/**
 * A fleet on one machine: a TofuPilot, the server in front of it as `npm start` runs it, and stations without browsers.
 *
 * Each of the servers is a process of its own. Above: fleet-scenes.ts, which lets things happen to it. Knows nothing of
 * what a promise is.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import type { StationsReport } from '#fleet/health/stations-report.ts';
import { freePort } from '../support/free-port.ts';
import { Server } from '../support/server.ts';
import { arrivedRuns } from './arrived-runs.ts';
import { FleetFolder } from './fleet-folder.ts';
import { HeadlessStation } from './headless-station.ts';
import { type Load, ProcessWatch } from './server-watch.ts';
import { Traffic } from './traffic.ts';

export interface FleetSize {
  readonly stations: number;
  readonly unitsPerHour: number;
  readonly heartbeatS: number;
  readonly limitPerS: number;
}

const KEY = 'simulated-fleet';
/** Of the pace that TofuPilot takes from all stations together what they use of themselves (tests/sync/outbox/herd.test.ts). */
const SHARE = 5 / 6;
/** Stations of a line. */
const LINE_LENGTH = 4;
/** Runs with an unknown outcome wait for this: longer than any request of this machine to itself. */
const AMBIGUOUS_WAIT_S = 5;

export class Fleet {
  readonly folder: FleetFolder;
  readonly traffic = new Traffic();
  /** `client_run_id` of every run that a station has sealed. */
  readonly made = new Set<string>();
  /** By station: the releases that its runs were made with, in the order of their first. */
  readonly releases = new Map<string, Set<string>>();
  readonly size: FleetSize;
  stations: HeadlessStation[] = [];
  watch!: ProcessWatch;
  /** Of servers that were killed. */
  mostResidentBytes = 0;
  /** Killed, and not started again yet. */
  isAway = false;
  #server: Server | undefined;
  readonly #work: string;
  readonly #code: Script;
  #tofupilot: Server | undefined;
  #port = 0;
  #ended = new AbortController();
  #scans: Promise<void>[] = [];

  private constructor(size: FleetSize, code: Script) {
    this.size = size;
    this.#code = code;
    this.#work = mkdtempSync(join(tmpdir(), 'fieldbench-fleet-'));
    this.folder = new FleetFolder(this.#work);
  }

  static async start(size: FleetSize, code: Script): Promise<Fleet> {
    const fleet = new Fleet(size, code);
    const { limitPerS, stations, heartbeatS } = size;
    await fleet.folder.make({
      health: { heartbeat_s: heartbeatS },
      sync: {
        ambiguous_wait_s: AMBIGUOUS_WAIT_S,
        relay_rate_per_s: limitPerS,
        rate_per_s: Math.ceil(((SHARE * limitPerS) / stations) * 1000) / 1000,
      },
    });
    fleet.#tofupilot = await Server.start();
    fleet.#port = await freePort();
    await fleet.startServer();
    return fleet;
  }

  get origin(): string {
    return this.#server!.origin;
  }

  async startServer(): Promise<void> {
    const env = {
      TOFUPILOT_URL: process.env['TOFUPILOT_URL'] ?? `${this.#tofupilot!.origin}/tofupilot`,
      FLEET_DIR: this.folder.path,
    };
    this.#server = await Server.start({ port: this.#port, env });
    this.watch = new ProcessWatch(this.#server.pid);
    this.isAway = false;
  }

  /** At once, also from a process that ends: no server outlives its fleet. */
  endServers(): void {
    void this.#server?.kill();
    void this.#tofupilot?.kill();
  }

  async killServer(): Promise<void> {
    this.look();
    this.isAway = true;
    await this.#server?.kill();
  }

  /** @param atOnce how many open at one time: each start takes the processor for a moment */
  async openStations(atOnce = 4): Promise<void> {
    const names = Array.from({ length: this.size.stations }, (_, at) => nameOf(at));
    for (let from = 0; from < names.length; from += atOnce) {
      const batch = names.slice(from, from + atOnce).map((name) => this.station(name));
      await Promise.all(batch.map((station) => station.open()));
      this.stations.push(...batch);
    }
  }

  /** One more computer. */
  station(name: string): HeadlessStation {
    const station = new HeadlessStation({
      code: this.#code,
      name,
      key: process.env['TOFUPILOT_KEY'] ?? KEY,
      origin: this.origin,
      onAsk: this.traffic.add,
    });
    station.onNews = (news) => {
      if (news.kind === 'sealed') this.made.add(news.id);
      if (news.kind !== 'run') return;
      for (const event of news.events)
        if (event.kind === 'run-started') {
          const used = this.releases.get(station.name) ?? new Set();
          this.releases.set(station.name, used.add(event.header.procedure.release));
        }
    };
    return station;
  }

  /** Every station tests units from now on, each at its own moment. */
  scan(): void {
    if (this.size.unitsPerHour === 0) return;
    this.#ended = new AbortController();
    this.#scans = this.stations.map((station, at) => this.#scanAt(station, at));
  }

  async stopScanning(): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#scans);
  }

  async #scanAt(station: HeadlessStation, at: number): Promise<void> {
    const pauseMs = 3_600_000 / this.size.unitsPerHour;
    const { signal } = this.#ended;
    await pause(Math.random() * pauseMs, signal);
    for (let count = 0; !signal.aborted; count += 1) {
      const nextMs = performance.now() + pauseMs * (0.8 + 0.4 * Math.random());
      await station.call.start(`SN-${String((at * 7919 + count) % 1_000_000).padStart(6, '0')}`);
      await pause(nextMs - performance.now(), signal);
    }
  }

  get waiting(): number {
    return this.stations.reduce((sum, { view }) => sum + (view.queue?.waiting ?? 0), 0);
  }

  get parked(): number {
    return this.stations.reduce((sum, { view }) => sum + (view.queue?.parked ?? 0), 0);
  }

  /** Nothing is under test, and all is delivered. @returns after how long, ms */
  async settle(patienceMs: number): Promise<number> {
    const beganMs = performance.now();
    while (!(await this.#isEmpty()) && performance.now() - beganMs < patienceMs) await pause(100);
    return performance.now() - beganMs;
  }

  /** As the stores have it; what screens show is a moment late. */
  async #isEmpty(): Promise<boolean> {
    if (this.waiting > 0) return false;
    const queues = await Promise.all(this.stations.map(({ call }) => call.queue(1)));
    return queues.every((rows) => rows.length === 0);
  }

  look(): Load {
    const load = this.watch.look();
    this.mostResidentBytes = Math.max(this.mostResidentBytes, load.mostResidentBytes);
    return load;
  }

  /** null while the server is away. */
  async report(): Promise<StationsReport | null> {
    return fetch(`${this.origin}/fleet/stations`).then(
      async (response) => (await response.json()) as StationsReport,
      () => null,
    );
  }

  /** Runs that never arrived, and those that are there more than once. */
  async compare(): Promise<{ readonly lost: number; readonly doubled: number; readonly delivered: number }> {
    const api = process.env['TOFUPILOT_URL'] ?? `${this.#tofupilot!.origin}/tofupilot`;
    const there = await arrivedRuns(api, process.env['TOFUPILOT_KEY'] ?? KEY);
    const mine = [...this.made].map((id) => there.get(id) ?? 0);
    return {
      lost: mine.filter((count) => count === 0).length,
      doubled: mine.filter((count) => count > 1).length,
      delivered: mine.filter((count) => count > 0).length,
    };
  }

  async close(): Promise<void> {
    await this.stopScanning();
    for (const station of this.stations) station.close();
    await this.#server?.kill();
    await this.#tofupilot?.kill();
    rmSync(this.#work, { recursive: true, force: true });
  }
}

function nameOf(at: number): string {
  const line = Math.floor(at / LINE_LENGTH) + 1;
  return `plant-line${line}-${String((at % LINE_LENGTH) + 1).padStart(3, '0')}`;
}

/** Ends early, and without a word, when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, Math.max(0, ms));
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
