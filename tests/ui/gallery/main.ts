/** The app on a station that is not there: `?state=` names a scene, `&theme=` a theme. For eyes, axe and layout tests. */
import { mount } from 'svelte';
import App from '#ui/App.svelte';
import { FactsMaker } from '#analysis/runs/facts-maker.ts';
import { Fault } from '#base/fault.ts';
import type { FactsAnswer, FactsQuery } from '#engine/link/facts-link.ts';
import type { TrafficLine } from '#engine/link/fixture-link.ts';
import type { StationNews, Word } from '#engine/link/station-link.ts';
import { LiveRun } from '#ui/live-run.svelte.ts';
import type { GrantedDevice, StationPort } from '#ui/station-port.ts';
import { FrameSeries } from '#sync/transfer/frame-series.ts';
import { framesOf } from '#sync/transfer/frames.ts';
import { wiresHere } from '../../../src/bench-worker/wires-here.ts';
import { rowOf } from '../../analysis/a-run.ts';
import { openHistoryOf } from './history-states.ts';
import { openWorkshopOf } from './workshop-states.ts';
import { screenFile } from './prompt-states.ts';
import { fileOf } from './run-states.ts';
import { EVENTS, headerOf, row } from './samples.ts';
import type { Scene } from './scene.ts';
import { SCENES } from './states.ts';
import { NO_CONFIGURATION } from './configuration-states.ts';

const query = new URLSearchParams(location.search);
const scene: Scene = SCENES[query.get('state') ?? 'idle'] ?? (SCENES['idle'] as Scene);
const theme = query.get('theme');
if (theme) localStorage.setItem('fieldbench-theme', theme);

/** Every call, for tests to look at; and the way to tell news. */
const calls: { name: string; args: unknown[] }[] = [];
let tell: (news: StationNews) => void = () => {};
Object.assign(window, { gallery: { calls, tell: (news: StationNews) => tell(news), headerOf, EVENTS } });

const TRAFFIC: readonly TrafficLine[] = [
  { atMs: 1_000, direction: 'note', text: 'opened', hex: '' },
  { atMs: 1_012, direction: 'out', text: '*IDN?\\n', hex: '2a 49 44 4e 3f 0a' },
  { atMs: 1_019, direction: 'in', text: 'ACME,FX-1,FX0001,1.0\\n', hex: '41 43 4d 45 2c 46 58 2d 31 0a' },
  { atMs: 1_020, direction: 'trouble', text: 'line error: parity', hex: '' },
];
const series = new FrameSeries();
let deviceNames = scene.deviceNames ?? {};
const kept = [...(scene.kept?.(Date.now()) ?? [])].sort((a, b) => b.seq - a.seq);
/** As the station's desk does it. */
function facts({ beforeSeq = Infinity, afterSeq }: FactsQuery): FactsAnswer {
  const piece = kept.filter(({ seq }) => seq < beforeSeq && seq > afterSeq).slice(0, 200);
  const maker = new FactsMaker();
  for (const record of piece) maker.add(rowOf(record), record);
  const begun = piece.map(({ started_at }) => Date.parse(started_at));
  const last = piece.at(-1);
  return {
    ...maker.piece(),
    next: last && last.seq > 1 ? last.seq : null,
    newestSeq: piece[0]?.seq ?? 0,
    latestMs: last ? Math.max(...begun) : null,
    earliestMs: last ? Math.min(...begun) : null,
    procedures: [],
  };
}
const answers: Record<string, (...args: never[]) => unknown> = {
  history: ({ limit, beforeSeq = Infinity }: { limit: number; beforeSeq?: number }) =>
    (scene.history ?? []).filter(({ seq }) => seq < beforeSeq).slice(0, limit),
  facts,
  queue: () => scene.queue ?? [],
  transfers: () => scene.transfers ?? { carried: [], fingerprint: '' },
  openTransfer: () => scene.opened,
  exportRuns: () => scene.outgoing,
  framesOf: (bytes: Uint8Array<ArrayBuffer>) => framesOf(bytes),
  takeFrame: async (text: string) => ({ ...series.take(text), file: await series.file() }),
  openFolder: () => scene.openedFolder,
  keptFolder: () => ({ kind: 'directory', name: 'copies' }),
  exportAs: () => scene.exported,
  correct: () => refuse(scene.refusesCorrection),
  signIn: () => refuse(scene.refusesPin),
  approve: () => refuse(scene.refusesPin),
  savePerson: () => refuse(scene.refusesPerson),
  // As the station does it: answered when the run is over. Tests tell what happens meanwhile.
  start: () => {
    if (!scene.onStart) return new Promise(() => {});
    if (scene.onStart.change) tell({ kind: 'view', change: scene.onStart.change });
    return scene.onStart.taken;
  },
  say: (_: unknown, words: string) => {
    if (words === 'BAD?')
      throw new Fault('timeout', 'Fixture did not answer BAD? within 10 s.', 'Look at the command.');
    return words.includes('?') ? 'ACME,FX-1,FX0001,1.0' : null;
  },
  visit: () => scene.visited ?? new Promise(() => {}),
  sayToVisited: (words: string) => {
    if (words === '*IDN?') return scene.visited?.answer;
    return words.includes('?') ? '+1.20034E+01' : null;
  },
  visitTraffic: (afterMs: number) => TRAFFIC.filter(({ atMs }) => atMs > afterMs),
  calibrations: () => scene.calibrations ?? [],
  wiresHere: () => wiresHere({ system: scene.system ?? 'linux', isSecure: true, hasSerial: true, hasUsb: true }),
  deviceNames: () => deviceNames,
  nameDevice: (device: string, name: string) => {
    refuse(scene.refusesName);
    deviceNames = { ...deviceNames, [device]: name };
  },
  configuration: () => scene.configuration ?? NO_CONFIGURATION,
  useRelease: () => refuse(scene.refusesRelease),
  enterCalibration: () => refuse(scene.refusesCalibration),
  file: async (_: string, name: string) => ({ name, bytes: await fileOf(name) }),
  wireLog: () => ({
    lines: TRAFFIC.map((line) => ({ ...line, atMs: line.atMs - 1_000 })),
    entries: 4,
    forgottenBytes: 0,
  }),
  traffic: (_: unknown, afterMs: number) => TRAFFIC.filter(({ atMs }) => atMs > afterMs),
  answer: () => scene.complaints ?? [],
  screenFile: (path: string) => screenFile(path),
  draft: () => scene.draft ?? null,
  run: (id: string) => {
    if (scene.record) return { row: scene.runRow ?? row(3), record: scene.record(id) };
    if (!scene.run) return null;
    const run = new LiveRun(headerOf('SN-000120'), 0);
    run.apply(EVENTS[scene.run] ?? []);
    return {
      row: scene.runRow ?? row(3, { state: 'DELIVERED', remote_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7' }),
      record: run.record,
    };
  },
};
function refuse(word: Word | undefined): void {
  if (word) throw new Fault(word.code, word.message, word.remedy);
}
const call = new Proxy({} as StationPort['call'], {
  get:
    (_, name: string) =>
    async (...args: unknown[]) => {
      calls.push({ name, args });
      if (scene.isSilent) return new Promise(() => {});
      if (scene.isBroken)
        throw new Fault('storage-failed', 'The runs cannot be read: the disk answers with errors.', 'Reload the page.');
      return answers[name]?.(...(args as never[]));
    },
});

/** The last of them is granted by a policy. */
let devices: readonly GrantedDevice[] = (scene.devices ?? []).map((device) => ({
  ...device,
  forget: async () => {
    const left = devices.filter(({ usb, reach }) => usb !== device.usb || reach !== device.reach);
    if (left.length === 0)
      throw new Fault('policy', 'The device is still allowed.', 'Ask whoever manages this computer.');
    devices = left;
  },
}));

let looks = 0;
const port: StationPort = {
  call,
  on: (listener) => {
    const others = tell;
    tell = (news) => [others, listener].forEach((hear) => hear(news));
    return () => {};
  },
  pairDevice: async (reach, filters) => {
    calls.push({ name: 'pairDevice', args: [reach, filters] });
    return scene.chosen ?? null;
  },
  serialReach: 'serial',
  devices: async () => devices,
  onDevices: () => () => {},
  openHistory: () => openHistoryOf(scene),
  openWorkshop: () => openWorkshopOf(),
  stations: async () => {
    if (!scene.stations) return new Promise(() => {});
    const found = scene.stations[Math.min(looks++, scene.stations.length - 1)];
    if (found) return found;
    throw new Fault(
      'stations-unreachable',
      'The server cannot be reached.',
      'It is asked again by itself. Stations go on without it.',
    );
  },
  installOffer: {
    isMade: () => scene.offersInstall === true,
    take: async () => {
      calls.push({ name: 'install', args: [] });
      return true;
    },
    on: () => () => {},
  },
  launchedFiles: async () => (scene.launched ?? []).map((name) => new File(['{}'], name)),
  onLaunchedFiles: async () => () => {},
  reload: () => calls.push({ name: 'reload', args: [] }),
  restart: () => calls.push({ name: 'restart', args: [] }),
};

const target = document.getElementById('app') as HTMLElement;
mount(App, { target, props: { station: port } });
if (scene.events) tell({ kind: 'run', slot: '1', events: scene.events });
tell({ kind: 'view', change: scene.view });
for (const [slot, events] of Object.entries(scene.slotEvents ?? {})) tell({ kind: 'run', slot, events });
