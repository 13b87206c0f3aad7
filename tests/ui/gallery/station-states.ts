/** Lists of stations: a few with every kind of need, a thousand, none, and a server that cannot be reached. */
import type { Page } from '@playwright/test';
import type { AttentionCode } from '#fleet/health/attention.ts';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import type { Comparison, RolloutReport } from '#fleet/health/rollout-report.ts';
import type { ReportedStation, StationsReport } from '#fleet/health/stations-report.ts';
import { heartbeat } from '../../fleet/health/a-heartbeat.ts';
import { READY } from './samples.ts';
import type { Scene } from './scene.ts';

const AT = '2026-11-20T08:00:30.000Z';
const before = (seconds: number) => new Date(Date.parse(AT) - 1000 * seconds).toISOString();

interface Sample {
  readonly name: string;
  readonly attention?: readonly AttentionCode[];
  readonly heardS?: number;
  readonly queueS?: number;
  readonly freeBytes?: number;
  readonly said?: Partial<Heartbeat>;
}

function reported({
  name,
  attention = [],
  heardS = 12,
  queueS = 0,
  freeBytes = 59.9e9,
  said = {},
}: Sample): ReportedStation {
  const [site = '', line = ''] = name.split('-');
  return {
    station: name,
    site,
    line,
    heard_at: before(heardS),
    attention,
    queue_age_s: queueS,
    disk_free_bytes: freeBytes,
    said: heartbeat({ station: name, ...said }),
  };
}

function report(samples: readonly Sample[]): StationsReport {
  return { format: 1, at: AT, since: before(9 * 3600), heartbeat_s: 60, stations: samples.map(reported) };
}

const FEW: readonly Sample[] = [
  { name: 'berlin-final-001', said: { running: true } },
  { name: 'berlin-final-002', attention: ['disk'], freeBytes: 2.1e9, said: { app_version: '0.0.9' } },
  {
    name: 'taipei-line1-041',
    heardS: 4,
    said: { running: true, last_run: { seq: 40, ended_at: AT, outcome: 'FAIL' } },
  },
  { name: 'taipei-line1-042', attention: ['collision', 'clock'], heardS: 31, said: { clock_offset_ms: 190_000 } },
  { name: 'taipei-line1-043', attention: ['silent'], heardS: 4210 },
  {
    name: 'taipei-line2-001',
    attention: ['queue', 'parked'],
    queueS: 7600,
    said: { connection: 'offline', queue: { waiting: 37, parked: 2, oldest_at: before(7600) } },
  },
  {
    name: 'taipei-line2-002',
    attention: ['fixture'],
    said: {
      fixtures: [
        { plug: 'fixture', slot: '1', state: 'lost' },
        { plug: 'dmm', state: 'missing' },
      ],
      last_run: { seq: 812, ended_at: AT, outcome: 'ERROR' },
      battery: { level: 0.41, discharging: true },
      refusals: { 'serial-pattern': 12, 'fixture-lost': 3 },
      faults: { 'storage-single-copy': 1 },
    },
  },
  { name: 'taipei-line2-003', said: { last_run: null, last_seq: 0 } },
];

const THOUSAND: readonly Sample[] = Array.from({ length: 1000 }, (_, n) => ({
  name: `${['berlin', 'osaka', 'taipei', 'tijuana'][n % 4]}-line${(n >> 2) % 6}-${String(n).padStart(4, '0')}`,
  heardS: (n * 7) % 60,
  attention: n % 97 === 5 ? (['silent'] as const) : n % 61 === 3 ? (['fixture'] as const) : [],
  said: {
    app_version: n % 40 === 0 ? '0.0.9' : '0.1.0',
    running: n % 3 === 0,
    ...(n % 61 === 3 ? { fixtures: [{ plug: 'fixture', state: 'lost' as const }] } : {}),
  },
}));

const openFacts = (name: string) => async (page: Page) => {
  await page.locator(`[data-station=${name}] summary`).click();
  await page.getByTestId('station-facts').waitFor();
};

const UNENROLLED = {
  ...READY,
  status: 'unenrolled',
  station: '',
  procedure: null,
  procedures: [],
  plugs: [],
  recent: [],
} as const;

const comparison = (
  what: Comparison['what'],
  before: number,
  after: number,
  p: number | null,
  counts: [number, number],
) => ({
  what,
  unit: what === 'duration' ? ('ms' as const) : ('share' as const),
  before,
  after,
  counts: { before: counts[0], after: counts[1] },
  p,
  isWorse: p !== null && p < 0.001,
});

const HALTED: RolloutReport = {
  procedure: 'power-board',
  name: 'Power board',
  from: { release: `sha256:${'4f'.repeat(32)}`, version: '3.2.0' },
  to: { release: `sha256:${'5e'.repeat(32)}`, version: '3.3.0' },
  attempt: 17,
  rings: [
    { name: 'pilot line', isOpen: true, stations: 8, running: 2 },
    { name: 'a tenth', isOpen: false, stations: 12, running: 0 },
    { name: 'everybody', isOpen: false, stations: 107, running: 0 },
  ],
  state: 'halted',
  halt: { by: 'statistics', reason: 'first-pass-yield' },
  word: '',
  wentBack: ['taipei-line1-041'],
  comparisons: [
    comparison('first-pass-yield', 0.957, 0.708, 0.00004, [1820, 24]),
    comparison('error-rate', 0.004, 0.038, 0.11, [1828, 26]),
    comparison('duration', 24_000, 24_600, null, [1742, 7]),
  ],
};

const ROLLING: RolloutReport = {
  ...HALTED,
  procedure: 'fan-tray',
  name: 'Fan tray',
  from: { release: `sha256:${'1a'.repeat(32)}`, version: '1.9.0' },
  to: { release: `sha256:${'2b'.repeat(32)}`, version: '2.0.0' },
  rings: [
    { name: 'pilot line', isOpen: true, stations: 8, running: 8 },
    { name: 'everybody', isOpen: true, stations: 40, running: 31 },
  ],
  state: 'rolling',
  halt: null,
  wentBack: [],
  comparisons: [
    comparison('first-pass-yield', 0.981, 0.984, 0.71, [940, 388]),
    comparison('error-rate', 0.006, 0.005, 0.74, [946, 390]),
    comparison('duration', 17_800, 17_800, 0.44, [918, 380]),
  ],
};

export const STATION_SCENES: Readonly<Record<string, Scene>> = {
  stations: { path: '/stations', view: READY, stations: [report(FEW)] },
  'stations-facts': {
    path: '/stations',
    view: READY,
    stations: [report(FEW)],
    act: openFacts('taipei-line2-002'),
  },
  'stations-thousand': { path: '/stations', view: UNENROLLED, stations: [report(THOUSAND)] },
  'stations-rollouts': { path: '/stations', view: READY, stations: [{ ...report(FEW), rollouts: [HALTED, ROLLING] }] },
  'stations-peers': {
    path: '/stations',
    view: READY,
    stations: [{ ...report(FEW), peers: { asked: 3, unanswered: 1 } }],
  },
  'stations-none': { path: '/stations', view: READY, stations: [report([])] },
  'stations-not-found': {
    path: '/stations',
    view: READY,
    stations: [report(FEW)],
    act: async (page) => {
      await page.getByTestId('stations-filter').fill('no such station');
      await page.getByText('No station of').waitFor();
    },
  },
  'stations-unreachable': { path: '/stations', view: READY, stations: [null] },
  'stations-stale': {
    path: '/stations',
    view: READY,
    // The second look finds nobody.
    stations: [report(FEW), null],
    act: async (page) => {
      await page.getByTestId('stations').waitFor();
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await page.locator('[data-testid=notice][data-code=stations-unreachable]').waitFor();
    },
  },
  'stations-loading': { path: '/stations', view: READY },
  'settings-take-over': {
    path: '/settings',
    view: {
      ...READY,
      standstill: {
        code: 'identity-collision',
        message:
          'Another computer already works under the name taipei-line1-042 (Chrome 150 on windows): no run begins here.',
        remedy:
          'Enrol this one under a name of its own. Where it replaces that one, a supervisor takes the name over under Settings.',
      },
    },
  },
};
