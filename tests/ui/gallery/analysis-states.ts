/**
 * States of the analysis: many runs and few, good ones and bad ones, and a gauge study in the making.
 *
 * The runs are made by a rule that looks like chance and is none, so that every picture is the same but for its dates.
 */
import type { Page } from '@playwright/test';
import type { MeasurementRecord, PhaseRecord, RunOutcome, RunRecord } from '#record/run-record.ts';
import { headerOf, LONG_SERIAL, PROCEDURE, READY } from './samples.ts';
import type { Scene } from './scene.ts';

const DAY_MS = 86_400_000;

/** Chance that is the same each time: a Weyl sequence, mixed as MurmurHash3 ends. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

interface Plan {
  readonly runs: number;
  readonly days: number;
  /** Of the rail: V. */
  readonly rail: (part: number, next: () => number) => number;
  readonly operators?: readonly string[];
  readonly simulated?: boolean;
  readonly serialOf?: (at: number) => string;
  /** Part of the period after which the multimeter came back from its calibration. */
  readonly recalibratedAt?: number;
  readonly brokenShare?: number;
}

function measurement(
  key: string,
  name: string,
  value: number,
  unit: string,
  low: number | null,
  high: number | null,
): MeasurementRecord {
  const isIn = (low === null || value >= low) && (high === null || value <= high);
  const outcome = isIn ? 'PASS' : 'FAIL';
  const limit =
    low === null
      ? { operator: '<=', expected_value: high as number }
      : { operator: 'range', expected_value: [low, high as number] };
  return {
    key,
    name,
    outcome,
    measured_value: value,
    units: unit,
    validators: [{ ...limit, outcome, is_decisive: true }],
  };
}

function phase(key: string, name: string, ms: number, measurements: MeasurementRecord[]): PhaseRecord {
  const failed = measurements.some(({ outcome }) => outcome === 'FAIL');
  return {
    key,
    name,
    section: 'main',
    retry_count: 0,
    started_ms: 0,
    ended_ms: ms,
    outcome: failed ? 'FAIL' : 'PASS',
    measurements,
  };
}

export function runsOf(plan: Plan, nowMs: number): RunRecord[] {
  const next = chance(42);
  const { runs, days, operators = ['ana@example.com', 'bo@example.com', 'chen@example.com'] } = plan;
  return Array.from({ length: runs }, (_, at): RunRecord => {
    const part = runs === 1 ? 1 : at / (runs - 1);
    const phases = [
      phase('power_on', 'Power on', 120 + 20 * next(), []),
      phase('power_rails', 'Power rails', 380 + 60 * next(), [
        measurement('rail_3v3', 'Rail 3V3', Math.round(plan.rail(part, next) * 1e5) / 1e5, 'V', 3.2, 3.4),
        measurement('idle_current', 'Idle current', 0.042 + 0.0055 * Math.abs(normal(next)), 'A', null, 0.06),
        measurement('firmware_boot', 'Boot time', 1.2 + 0.02 * normal(next), 's', 1.1, 1.3),
      ]),
      phase('load_sweep', 'Load sweep', 2100 + 250 * next(), [
        measurement('ripple', 'Output ripple', 0.0115 + 0.0026 * normal(next), 'V', 0.005, 0.018),
      ]),
    ];
    const isBroken = next() < (plan.brokenShare ?? 0.01);
    const failed = phases.find(({ outcome }) => outcome === 'FAIL');
    const kinds: readonly RunOutcome[] = ['ERROR', 'TIMEOUT', 'ABORTED'];
    const outcome = isBroken ? kinds[Math.floor(next() * 3)]! : failed ? 'FAIL' : 'PASS';
    if (isBroken) Object.assign(phases[2]!, { outcome: 'ERROR', timed_out: outcome === 'TIMEOUT' });
    const isNew = part >= (plan.recalibratedAt ?? 2);
    const header = headerOf(
      plan.serialOf?.(at) ?? `SN-${String(1000 + (at % 17 === 3 ? at - 1 : at)).padStart(6, '0')}`,
    );
    return {
      ...header,
      id: `01938d2e-4c00-7000-8000-${String(at + 1).padStart(12, '0')}`,
      seq: at + 1,
      started_at: new Date(nowMs - (1 - part) * days * DAY_MS).toISOString(),
      operator: operators[at % operators.length] ?? '',
      simulated: plan.simulated ?? false,
      instruments: [
        { plug: 'fixture', model: 'FX-1', serial_number: at % 5 === 0 ? 'FX0002' : 'FX0001' },
        {
          plug: 'dmm',
          model: '34461A',
          serial_number: 'MY59001234',
          calibration_due: isNew ? '2027-11-10' : '2026-11-12',
          certificate: isNew ? 'C-2026-204' : 'C-2025-118',
        },
      ],
      outcome,
      ended_ms: 3200 + 400 * next(),
      interrupted: false,
      phases,
      logs: [],
    };
  });
}

const GOOD: Plan = { runs: 420, days: 26, rail: (_, next) => 3.302 + 0.034 * normal(next), brokenShare: 0.02 };
const SMALL: Plan = { ...GOOD, runs: 5, days: 1 };
const FAILING: Plan = { runs: 40, days: 5, rail: (_, next) => 3.9 + 0.01 * normal(next) };
const DRIFTING: Plan = {
  runs: 300,
  days: 28,
  recalibratedAt: 0.6,
  rail: (part, next) => 3.29 + (part < 0.6 ? 0.06 * part : 0.09 * (part - 0.6)) + 0.008 * normal(next),
};
/** The parts of a study, each tested twice by two people, but for the last by one of them. */
const PARTS = ['GR-01', 'GR-02', 'GR-03', 'GR-04', LONG_SERIAL];
const STUDY = (runs: number): Plan => ({
  runs,
  days: 0.2,
  operators: ['ana@example.com', 'bo@example.com'],
  brokenShare: 0,
  serialOf: (at) => PARTS[Math.floor(at / 2) % PARTS.length]!,
  rail: (part, next) => 3.22 + 0.035 * (Math.floor(Math.round(part * (runs - 1)) / 2) % 5) + 0.0035 * normal(next),
});

/** What a person has filled in, or a study that was begun a day ago. */
async function plan(page: Page, isBegun: boolean): Promise<void> {
  if (isBegun) {
    const study = {
      procedureId: PROCEDURE.id,
      path: 'power_rails/rail_3v3',
      parts: PARTS,
      operators: ['ana@example.com', 'bo@example.com'],
      trials: 2,
    };
    // By the page's own calendar.
    await page.evaluate(
      ({ study, dayMs }) => {
        const begun = { [study.procedureId]: { ...study, sinceMs: Date.now() - dayMs } };
        localStorage.setItem('fieldbench-gauge-study', JSON.stringify(begun));
      },
      { study, dayMs: DAY_MS },
    );
  }
  await choose('Gauge study')(page);
  if (isBegun) return page.getByTestId('gauge-study').waitFor();
  await page.getByLabel(/Serial numbers/).fill(PARTS.join('\n'));
  for (const who of ['ana@example.com', 'bo@example.com']) await page.getByLabel(who).check();
  await page.getByLabel('Trials').selectOption('2');
}

const choose =
  (view: string, path?: string) =>
  async (page: Page): Promise<void> => {
    await page.getByTestId('analysis').and(page.locator('[data-reading=false]')).waitFor();
    const group = page.getByRole('group', { name: view === 'Today' ? 'Period' : 'View' });
    await group.getByRole('radio', { name: view }).check();
    if (path) await page.getByTestId('series').selectOption(path);
  };

const scene = (kept: Plan | null, act?: Scene['act']): Scene => ({
  path: '/analysis',
  view: READY,
  ...(kept ? { kept: (nowMs) => runsOf(kept, nowMs) } : {}),
  ...(act ? { act } : {}),
});

export const ANALYSIS_SCENES: Readonly<Record<string, Scene>> = {
  analysis: scene(GOOD, choose('Overview')),
  'analysis-tables': scene(GOOD, async (page) => {
    await choose('Overview')(page);
    await page.getByRole('combobox', { name: 'Yield by' }).selectOption('fixture');
    await page.getByText('As a table').first().click();
  }),
  'analysis-measurement': scene(GOOD, choose('Measurement')),
  'analysis-point': scene(GOOD, async (page) => {
    await choose('Measurement')(page);
    await page.getByRole('slider', { name: /^Control chart/ }).focus();
    for (const key of ['End', 'ArrowLeft', 'PageDown']) await page.keyboard.press(key);
  }),
  'analysis-drift': scene(DRIFTING, choose('Measurement')),
  'analysis-one-sided': scene(GOOD, choose('Measurement', 'power_rails/idle_current')),
  'analysis-few': scene(SMALL, choose('Measurement')),
  'analysis-one': scene({ ...SMALL, runs: 1 }, choose('Measurement')),
  'analysis-failing': scene(FAILING, choose('Measurement')),
  'analysis-failing-overview': scene(FAILING, choose('Overview')),
  'analysis-empty': scene({ ...SMALL, runs: 0 }),
  'analysis-old': scene({ ...SMALL, days: 1 }, async (page) => {
    await choose('Today')(page);
  }),
  'analysis-broken': { path: '/analysis', view: READY, isBroken: true },
  'analysis-loading': { path: '/analysis', view: READY, isSilent: true },
  'analysis-barred': {
    ...scene(GOOD, choose('Overview')),
    view: { ...READY, people: { ...READY.people, barred: { export: 'A technician or a supervisor can do this.' } } },
  },
  'analysis-gauge-plan': scene(STUDY(6), (page) => plan(page, false)),
  'analysis-gauge-trouble': scene(STUDY(6), async (page) => {
    await choose('Gauge study')(page);
    await page.getByTestId('gauge-begin').click();
    await page.getByTestId('gauge-problem').waitFor();
  }),
  'analysis-gauge-missing': scene(STUDY(13), (page) => plan(page, true)),
  'analysis-gauge-result': scene(STUDY(20), async (page) => {
    await plan(page, true);
    await page.getByTestId('gauge-result').waitFor();
  }),
};
