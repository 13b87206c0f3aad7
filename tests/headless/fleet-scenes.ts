/**
 * What can happen to a fleet, and what was promised for it: an outage, a cloned computer, a bad release, a rollback.
 *
 * Each scene leaves the fleet as it found it. Knows nothing of how it is told.
 */
import { type Fleet, pause } from './fleet.ts';
import { PROCEDURE } from './fleet-folder.ts';
import { until } from './patience.ts';

export interface Verdict {
  readonly promise: string;
  readonly kept: boolean;
  /** What was measured. */
  readonly said: string;
}

/** The pace rules of sync/outbox: this many requests more than runs, and this many times the limit in any second. */
const MOST_EXTRA = 0.02;
const MOST_PEAK = 2;
/** A beat rests up to 5 % longer, and its answer takes a moment. */
const LATE = 1.1;
const PATIENCE_MS = 300_000;
const COLLISION = 'identity-collision';

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** The server is killed as by a power cut, and starts again; all that was made meanwhile comes at once. */
export async function outage(fleet: Fleet, forS: number): Promise<readonly Verdict[]> {
  await fleet.killServer();
  await pause(forS * 1000);
  await fleet.stopScanning();
  const runs = fleet.waiting;
  fleet.traffic.kinds.clear();
  const beganMs = performance.now();
  await fleet.startServer();
  const tookMs = await fleet.settle(PATIENCE_MS);
  const { requests, peak } = fleet.traffic.between(beganMs, performance.now());
  const seenMs = await until(async () => (await fleet.report())?.stations.length === fleet.size.stations, PATIENCE_MS);
  const kinds = [...fleet.traffic.kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
  fleet.scan();
  // Each asks once whether its key is still taken.
  const extra = requests - runs - fleet.size.stations;
  return [
    {
      promise: 'all come back from an outage at once',
      kept: fleet.waiting === 0,
      said: `${runs} runs of ${fleet.size.stations} stations in ${seconds(tookMs)}; all seen ${seconds(seenMs)} later`,
    },
    {
      promise: `at most ${MOST_EXTRA * 100} % more requests than runs, beside one look a station`,
      kept: extra <= Math.max(1, MOST_EXTRA * runs),
      said: `${requests} requests for ${runs} runs: ${kinds}`,
    },
    {
      promise: `at most ${MOST_PEAK} times the limit in any second`,
      kept: peak <= MOST_PEAK * fleet.size.limitPerS,
      said: `${peak} of ${fleet.size.limitPerS}`,
    },
  ];
}

/** A second computer is enrolled under the name of the first station. */
export async function clone(fleet: Fleet): Promise<readonly Verdict[]> {
  const [first] = fleet.stations;
  const second = fleet.station(first!.name);
  await second.open();
  const isTold = () => [first, second].every((one) => one!.view.notices?.some(({ code }) => code === COLLISION));
  const tookMs = await until(async () => isTold(), PATIENCE_MS);
  await second.call.start('SN-999999');
  const refusal = second.view.refusal?.code;
  second.close();
  return [
    {
      promise: 'a cloned station is caught within two heartbeats, at both',
      kept: isTold() && tookMs <= 2 * fleet.size.heartbeatS * 1000 * LATE,
      said: seconds(tookMs),
    },
    { promise: 'the later one tests nothing', kept: refusal === COLLISION, said: `its scan: ${refusal}` },
  ];
}

/** The first of the rings is the first line of the plant. */
const RINGS = [{ name: 'pilot', stations: ['plant-line1-*'] }, { name: 'half', percent: 50 }, { name: 'all' }];

/** A release in which every unit fails, or every run ends as ERROR, goes to the first ring, and nobody looks after it. */
export async function badRelease(fleet: Fleet, version: string, kind: 'fails' | 'errs'): Promise<readonly Verdict[]> {
  const { folder, stations } = fleet;
  await folder.release(version, kind, '--staged');
  const plan = folder.write('rollout.yaml', { procedure: PROCEDURE, release: version, rings: RINGS });
  const before = stations[0]!.view.procedure!.version;
  await folder.signed('rollout', 'start', folder.path, '--plan', plan);
  const rollout = async () => (await fleet.report())?.rollouts?.find(({ to }) => to.version === version);
  const reachedMs = await until(async () => runsAny(fleet, version), PATIENCE_MS);
  const haltedMs = await until(async () => (await rollout())?.state === 'halted', PATIENCE_MS);
  const backMs = await until(async () => runsAll(fleet, before), PATIENCE_MS);
  const report = await rollout();
  const bad = report?.to.release ?? '';
  const used = [...fleet.releases].filter(([, releases]) => releases.has(bad)).map(([name]) => name);
  const beyond = used.filter((name) => !name.startsWith('plant-line1-'));
  const refusal = await folder
    .signed('rollout', 'advance', folder.path, '--procedure', PROCEDURE, '--server', fleet.origin)
    .then(
      () => 'it went on',
      () => 'refused',
    );
  return [
    {
      promise: `a release that ${kind} halts by itself at its first ring`,
      kept: report?.state === 'halted' && reachedMs < PATIENCE_MS && beyond.length === 0,
      said: `${report?.halt?.reason} by ${report?.halt?.by}, ${seconds(haltedMs)} after it came; it ran at ${used.length} stations, ${beyond.length} beyond the ring`,
    },
    { promise: 'its stations go back by themselves', kept: backMs < PATIENCE_MS, said: seconds(backMs) },
    { promise: 'the next ring stays closed', kept: refusal === 'refused', said: refusal },
  ];
}

/** A good release goes to all, and the fleet goes back. */
export async function rollback(fleet: Fleet): Promise<readonly Verdict[]> {
  const before = fleet.stations[0]!.view.procedure!.version;
  await fleet.folder.release('1.9.0', 'good');
  const reachedMs = await until(async () => runsAll(fleet, '1.9.0'), PATIENCE_MS);
  await fleet.folder.signed('rollback', fleet.folder.path, '--procedure', PROCEDURE);
  const backMs = await until(async () => runsAll(fleet, before), PATIENCE_MS);
  return [
    { promise: 'a release reaches all', kept: reachedMs < PATIENCE_MS, said: seconds(reachedMs) },
    { promise: 'a rollback reaches all', kept: backMs < PATIENCE_MS, said: seconds(backMs) },
  ];
}

function runsAny(fleet: Fleet, version: string): boolean {
  return fleet.stations.some(({ view }) => view.procedure?.version === version);
}

export function runsAll(fleet: Fleet, version: string): boolean {
  return fleet.stations.every(({ view }) => view.procedure?.version === version);
}
