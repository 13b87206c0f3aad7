/**
 * `npm run fleet`: lets a fleet work, lets things happen to it, and says of every promise whether it was kept.
 *
 * Above: run.js. Below: fleet.ts, fleet-scenes.ts.
 */
import { setMaxListeners } from 'node:events';
import { cpus, loadavg, totalmem } from 'node:os';
import { Fleet, pause } from './fleet.ts';
import type { FleetOptions } from './fleet-options.ts';
import { badRelease, clone, outage, rollback, type Verdict } from './fleet-scenes.ts';
import { stationCode } from './station-code.ts';

const TABLE_MS = 5_000;
/** Issue 7: one server for a hundred stations that test, or for a thousand that only say how they are. */
const MOST_BYTES = 300e6;
const MOST_CORES = { testing: 0.5, listening: 1 };
const SETTLE_MS = 300_000;

const WIDTHS = [7, 7, 8, 10, 8, 10, 11, 10, 8];

/** @returns the exit code */
export async function run(options: FleetOptions): Promise<number> {
  // A browser warns of no number of listeners; so many stations have many.
  setMaxListeners(0);
  const tell = (line: string) => console.error(line);
  const { stations, minutes } = options;
  const fleet = await Fleet.start(options, await stationCode());
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      fleet.endServers();
      process.exit(1);
    });
  try {
    tell(`${stations} stations against ${fleet.origin} …`);
    await fleet.openStations();
    tell(row(['time', 'seen', 'made', 'delivered', 'waiting', 'req/s', 'limit/s', 'RSS MB', 'cores']));
    const stop = new AbortController();
    const table = showTable(fleet, tell, stop.signal);
    const verdicts: Verdict[] = [];
    fleet.scan();
    await pause((minutes * 60_000) / 2);
    // Of the time in which all work and nothing happens: a scene ends the server that is watched.
    verdicts.push(...loads(fleet, options));
    if (options.outageS > 0) verdicts.push(...(await outage(fleet, options.outageS)));
    if (options.clone) verdicts.push(...(await clone(fleet)));
    if (options.badRelease) verdicts.push(...(await badRelease(fleet, '1.5.0', 'fails')));
    if (options.rollback) verdicts.push(...(await rollback(fleet)));
    await pause((minutes * 60_000) / 2);
    await fleet.stopScanning();
    await fleet.settle(SETTLE_MS);
    stop.abort();
    await table;
    verdicts.push(...(await ending(fleet, options)));
    show(verdicts, options.json);
    return verdicts.every(({ kept }) => kept) ? 0 : 1;
  } finally {
    await fleet.close();
  }
}

function loads(fleet: Fleet, { unitsPerHour }: FleetOptions): readonly Verdict[] {
  const cores = fleet.watch.meanCores;
  const most = unitsPerHour > 0 ? MOST_CORES.testing : MOST_CORES.listening;
  return [{ promise: `the server stays under ${most} of a core`, kept: cores < most, said: cores.toFixed(3) }];
}

async function ending(fleet: Fleet, { stations }: FleetOptions): Promise<readonly Verdict[]> {
  fleet.look();
  const seen = (await fleet.report())?.stations.filter(({ attention }) => !attention.includes('silent')).length ?? 0;
  const { lost, doubled, delivered } = await fleet.compare();
  const most = fleet.mostResidentBytes;
  return [
    { promise: 'all stations are on the fleet screen', kept: seen === stations, said: `${seen} of ${stations}` },
    {
      promise: 'no run is lost, none is there twice',
      kept: lost + doubled === 0,
      said: `${fleet.made.size} made, ${delivered} delivered, ${lost} lost, ${doubled} twice`,
    },
    { promise: 'the server stays under 300 MB', kept: most < MOST_BYTES, said: `${megabytes(most)} MB at most` },
  ];
}

async function showTable(fleet: Fleet, tell: (line: string) => void, signal: AbortSignal): Promise<void> {
  const beganMs = performance.now();
  let [before, atMs] = [fleet.traffic.all, beganMs];
  for (;;) {
    await pause(TABLE_MS, signal);
    if (signal.aborted) return;
    const nowMs = performance.now();
    const report = await fleet.report();
    const { requests } = fleet.traffic.between(atMs, nowMs);
    const load = report && !fleet.isAway ? fleet.look() : null;
    const perS = (count: number) => (count / ((nowMs - atMs) / 1000)).toFixed(1);
    tell(
      row([
        `${Math.round((nowMs - beganMs) / 1000)} s`,
        String(report?.stations.length ?? 'away'),
        String(fleet.made.size),
        String(fleet.made.size - fleet.waiting - fleet.parked),
        String(fleet.waiting),
        perS(fleet.traffic.all - before),
        `${perS(requests)}/${fleet.size.limitPerS}`,
        load ? megabytes(load.residentBytes) : '–',
        load ? load.cores.toFixed(3) : '–',
      ]),
    );
    [before, atMs] = [fleet.traffic.all, nowMs];
  }
}

function show(verdicts: readonly Verdict[], asJson: boolean): void {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`;
  if (asJson) return console.log(JSON.stringify({ at: new Date().toISOString(), machine, verdicts }, null, 2));
  console.log(`\n${new Date().toISOString().slice(0, 16)} · ${machine}\n`);
  for (const { promise, kept, said } of verdicts) console.log(`${kept ? 'kept  ' : 'BROKEN'}  ${promise}: ${said}`);
}

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => cell.padStart(WIDTHS[at]!)).join(' ');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
