/** Every state of a run's page by name; part of states.ts. */
import type { Page } from '@playwright/test';
import type { RunEvent } from '#record/run-event.ts';
import { applyEvent, recordOf } from '#record/run-event.ts';
import type { MeasurementRecord, RunRecord } from '#record/run-record.ts';
import { EXPORTED, exportAtml } from './history-states.ts';
import { EVENTS, headerOf, LONG_SERIAL, READY, RECENT, row, SWEEP } from './samples.ts';
import type { Scene } from './scene.ts';

const PATH = '/runs/01938d2e-4c00-7000-8000-000000000003';
const EARLIER = Array.from({ length: 20 }, (_, index) => row(index + 4));
const UNIT = [
  row(3, { outcome: 'FAIL', reason: 'Rail 3V3 is 3.05 V, under its limit of 3.2 V', serial_number: 'SN-000120' }),
  row(9, { outcome: 'FAIL', reason: 'Rail 3V3 is 3.04 V, under its limit of 3.2 V', serial_number: 'SN-000120' }),
  row(2, { serial_number: 'SN-000120' }),
];
const CORRECTION = JSON.stringify({ serial_number: 'SN-000120', by: 'Mei Chen', at: '2026-11-20T06:20:00.000Z' });

export function recorded(name: string, serial = 'SN-000120'): RunRecord {
  const record = recordOf(headerOf(serial));
  for (const event of EVENTS[name] ?? []) applyEvent(record, event);
  return record;
}

/** Sixteen phases of twenty-four measurements each, the last of which fails. */
function large(): RunRecord {
  const measurement = (phase: number, index: number): MeasurementRecord => {
    const isBad = phase === 15 && index > 19;
    const value = isBad ? 1.31 + index / 1000 : 1.2 + Math.sin(phase * 24 + index) / 20;
    return {
      key: `m_${phase}_${index}`,
      name: `Channel ${index + 1}`,
      outcome: isBad ? 'FAIL' : 'PASS',
      measured_value: Number(value.toFixed(4)),
      units: 'V',
      validators: [
        { operator: 'range', expected_value: [1.1, 1.3], outcome: isBad ? 'FAIL' : 'PASS', is_decisive: true },
      ],
    };
  };
  const events = Array.from({ length: 16 }, (_, phase): RunEvent[] => {
    const key = `board_${phase}`;
    const at = phase * 400;
    const failed = phase === 15;
    return [
      { kind: 'phase-started', at_ms: at, key, name: `Board ${phase + 1}`, section: 'main', attempt: 0 },
      ...Array.from({ length: 24 }, (_, index): RunEvent => ({
        kind: 'measurement',
        at_ms: at + index,
        phase: key,
        measurement: measurement(phase, index),
      })),
      { kind: 'phase-ended', at_ms: at + 390, phase: key, outcome: failed ? 'FAIL' : 'PASS' },
    ];
  }).flat();
  const record = recordOf({ ...headerOf('SN-000120'), plan: [] });
  for (const event of [...events, { kind: 'run-ended', at_ms: 6400, outcome: 'FAIL', interrupted: false } as const])
    applyEvent(record, event);
  return record;
}

/** The sweep of another unit: a little lower each time. */
function otherSweep(id: string): RunRecord {
  const by = Number(id.slice(-3)) / 3000;
  const record = recorded('curve');
  const sweep = record.phases.flatMap(({ measurements }) => measurements).find(({ key }) => key === SWEEP.key)!;
  const lower = sweep.y_axis!.map((axis) => ({ ...axis, data: axis.data.map((value) => value + 0.02 - by) }));
  const phases = record.phases.map((phase) => ({
    ...phase,
    measurements: phase.measurements.map((one) => (one === sweep ? { ...one, y_axis: lower } : one)),
  }));
  return { ...record, id, phases };
}

function railOf(id: string): RunRecord {
  const record = recorded('fail');
  const phases = record.phases.map((phase) => ({
    ...phase,
    measurements: phase.measurements.map((one) => {
      if (one.key !== 'rail_3v3') return one;
      const value = Number((3.3 - (40 - Number(id.slice(-3))) / 400).toFixed(3));
      return { ...one, measured_value: value, outcome: 'PASS' as const };
    }),
  }));
  return { ...record, id, phases };
}

async function compare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Compare with earlier runs' }).click();
  await page.getByText(/earlier runs? of this procedure/).waitFor();
  await page.getByTestId('compare').scrollIntoViewIfNeeded();
}
const look = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name: `Look into ${name}` }).click();
  await page.getByTestId('file-preview').locator('img, table, ol, pre').first().waitFor();
};

export const RUN_SCENES: Readonly<Record<string, Scene>> = {
  run: { path: PATH, view: READY, run: 'fail', history: UNIT },
  'run-curve': { path: PATH, view: READY, run: 'curve' },
  'run-curve-closer': {
    path: PATH,
    view: READY,
    history: [row(3), ...EARLIER],
    record: (id) => (PATH.endsWith(id) ? recorded('curve') : otherSweep(id)),
    act: async (page) => {
      await compare(page);
      for (let press = 0; press < 2; press += 1) await page.getByRole('button', { name: 'Closer' }).click();
    },
  },
  'run-compare': {
    path: PATH,
    view: READY,
    history: [row(3), ...EARLIER],
    record: (id) => (PATH.endsWith(id) ? recorded('fail') : railOf(id)),
    act: compare,
  },
  'run-large': { path: PATH, view: READY, run: 'fail', record: large },
  'run-error': { path: PATH, view: READY, run: 'error' },
  'run-script': {
    path: PATH,
    view: READY,
    record: () => scriptFailed(),
  },
  'run-long-serial': { path: PATH, view: READY, record: () => recorded('fail', LONG_SERIAL) },
  'run-wire': { path: PATH, view: READY, run: 'fail', act: look('fixture.wire.json') },
  'run-table': { path: PATH, view: READY, run: 'curve', act: look('load-sweep.csv') },
  'run-image': {
    path: PATH,
    view: READY,
    run: 'curve',
    act: look('oscilloscope screenshot of the output while the load steps from 0 A to 3 A.png'),
  },
  'run-offline': {
    path: PATH,
    view: { ...READY, connection: 'offline' },
    run: 'pass',
    runRow: row(3, { state: 'QUEUED' }),
  },
  'run-parked': {
    path: PATH,
    view: { ...READY, queue: { waiting: 0, parked: 1, uploadedToday: 208, hold: null } },
    run: 'pass',
    runRow: row(3, {
      state: 'PARKED',
      upload_reason: 'TofuPilot has no procedure with this id.',
      corrections: [{ text: CORRECTION, n: 2, head: '' }],
    }),
    exported: EXPORTED,
    act: exportAtml,
  },
  'run-absent': { path: '/runs/none', view: READY },
  'run-broken': { path: PATH, view: READY, isBroken: true },
  'run-meanwhile': {
    path: '/history',
    view: { ...READY, running: true },
    events: [{ kind: 'run-started', header: headerOf('SN-000124') }, ...(EVENTS['running'] ?? [])],
    history: RECENT,
  },
};

/** What a phase's script threw, with the line where it did. */
function scriptFailed(): RunRecord {
  const record = recordOf(headerOf('SN-000120'));
  const why = 'phases/load-sweep.ts, line 41: The load did not reach 3 A within 2 s (it is at 1.2 A).';
  const events: RunEvent[] = [
    { kind: 'phase-started', at_ms: 0, key: 'load_sweep', name: 'Load sweep', section: 'main', attempt: 0 },
    {
      kind: 'log',
      log: { level: 'ERROR', at_ms: 2400, message: why, source_file: 'phases/load-sweep.ts', line_number: 41 },
    },
    { kind: 'phase-ended', at_ms: 2410, phase: 'load_sweep', outcome: 'ERROR', reason: why },
    { kind: 'run-ended', at_ms: 2500, outcome: 'ERROR', reason: why, interrupted: false },
  ];
  for (const event of events) applyEvent(record, event);
  return record;
}

/** What the station answers with when a file is looked into. */
export async function fileOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  if (name.endsWith('.png')) return screenshot();
  const lines = Array.from(
    { length: 300 },
    (_, index) => `${(index / 100).toFixed(2)},${(3.32 - index / 5000).toFixed(4)}`,
  );
  return new TextEncoder().encode(`load_A,output_V\n${lines.join('\n')}\n`);
}

async function screenshot(): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(640, 400);
  const pen = canvas.getContext('2d')!;
  pen.fillRect(0, 0, 640, 400);
  pen.strokeStyle = '#ffd74a';
  pen.lineWidth = 2;
  pen.beginPath();
  for (let x = 0; x < 640; x += 1) pen.lineTo(x, 200 - 80 * Math.exp(-((x % 320) / 90)) * Math.cos((x % 320) / 12));
  pen.stroke();
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}
