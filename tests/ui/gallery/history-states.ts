/**
 * Every state of the history by name, and the search that answers it: the real one, over the rows of the scene; part of
 * states.ts.
 */
import type { Page } from '@playwright/test';
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { ExportedAs } from '#engine/link/export-link.ts';
import type { RunRow } from '#record/run-row.ts';
import type { Reading } from '#storage/store/open-reading.ts';
import type { HistoryPort } from '#ui/station-port.ts';
import { FindDesk } from '../../../src/history-worker/find-desk.ts';
import { LONG_SERIAL, READY, RECENT, row } from './samples.ts';
import type { Scene } from './scene.ts';

const OFFLINE = { ...READY, connection: 'offline' as const, queue: { ...READY.queue, waiting: 37 } };
export const EXPORTED: ExportedAs = {
  name: 'SN-000120-01938d2e.atml.xml',
  bytes: new Uint8Array(),
  runs: 1,
  hasMore: false,
  cleared: 0,
};
export async function exportAtml(page: Page): Promise<void> {
  await page.locator('[data-testid=export][data-format=atml]').click();
  await page.locator('[data-testid=export-result][data-code]').waitFor();
}

const OPERATORS = ['ana@example.com', 'Mei Chen', 'jonas@example.com', ''];
const FACTS = {
  part: 'PWR-BOARD',
  revision: 'B',
  version: '3.2.0',
  release: `sha256:${'4f2a9c0d'.repeat(8)}`,
  fixture: 'fixture=ACME,FX-1,FX0001,1.0',
};

/** Every eleventh fails, as a line that needs a look. */
function manyRows(count: number): RunRow[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = count - index;
    const bad = seq % 11 === 0;
    const operator = OPERATORS[seq % 4];
    return row(index, {
      id: `run-${seq}`,
      seq,
      serial_number: `SN-${String(seq).padStart(6, '0')}`,
      state: index === 3 ? 'PARKED' : index < 3 ? 'QUEUED' : 'DELIVERED',
      attempts: index < 3 ? 0 : 1,
      ...(bad ? { outcome: 'FAIL', reason: 'Rail 3V3 is 3.05 V, under its limit of 3.2 V' } : {}),
      facts: {
        ...FACTS,
        batch: `2026-W${40 + (seq % 8)}`,
        ...(operator ? { operator } : {}),
        ...(bad ? { phases: ['Power rails'], measurements: ['Rail 3V3'] } : {}),
      },
    });
  });
}

const SIXTY = manyRows(60);
const allRead = (page: Page) => page.locator('[data-testid=found][data-whole=true]').waitFor();
const find = (text: string) => async (page: Page) => {
  await allRead(page);
  await page.getByRole('searchbox').fill(text);
  await page.waitForFunction((wanted) => new URLSearchParams(location.search).get('find') === wanted, text);
};

export const HISTORY_SCENES: Readonly<Record<string, Scene>> = {
  history: { path: '/history', view: READY, history: SIXTY, act: allRead },
  'history-full': {
    path: '/history',
    view: READY,
    manyHistory: () => manyRows(100_000),
    act: async (page) => {
      await allRead(page);
      await page.evaluate(() => window.scrollTo(0, 2_000_000));
      await page.getByTestId('run-row').first().waitFor();
    },
  },
  'history-search': {
    path: '/history',
    view: READY,
    history: SIXTY,
    act: find('outcome:fail rail batch:w4 before:2026-12'),
  },
  'history-filters': {
    path: '/history',
    view: READY,
    history: SIXTY,
    act: async (page) => {
      await find('operator:"mei chen"')(page);
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByText('What can be typed').click();
    },
  },
  'history-search-none': { path: '/history', view: READY, history: SIXTY, act: find(LONG_SERIAL) },
  'history-long-serials': {
    path: '/history',
    view: READY,
    history: SIXTY.map((one, index) =>
      row(index, { ...one, serial_number: `${LONG_SERIAL.slice(0, 57)}${index + 100}`, reason: one.reason.repeat(4) }),
    ),
    act: allRead,
  },
  'history-offline': { path: '/history', view: OFFLINE, history: SIXTY, act: allRead },
  'history-bare': {
    path: '/history',
    view: READY,
    history: SIXTY.map((one, index) => (index < 9 ? one : withoutFacts(one))),
    act: find('ana'),
  },
  'history-exported': {
    path: '/history',
    view: READY,
    history: RECENT,
    exported: { ...EXPORTED, hasMore: true, cleared: 2 },
    act: async (page) => {
      await allRead(page);
      await exportAtml(page);
    },
  },
  'history-empty': { path: '/history', view: { ...READY, recent: [] } },
  'history-broken': { path: '/history', view: READY, isBroken: true },
  'history-loading': { path: '/history', view: READY, isSilent: true },
};

function withoutFacts(one: RunRow): RunRow {
  const rest: Partial<Pick<RunRow, 'facts'>> & Omit<RunRow, 'facts'> = { ...one };
  Reflect.deleteProperty(rest, 'facts');
  return rest;
}

/** The search of the app over the scene's rows; what is not on this machine is not in its journal. */
export async function openHistoryOf(scene: Scene): Promise<HistoryPort> {
  if (scene.isSilent) return new Promise(() => {});
  if (scene.isBroken)
    throw new Fault('storage-failed', 'The runs cannot be read: the disk answers with errors.', 'Reload the page.');
  const rows = new Map((scene.manyHistory?.() ?? scene.history ?? []).map((one) => [one.seq, one]));
  const source = {
    lastSeq: async () => [...rows.keys()].reduce((most, seq) => Math.max(most, seq), 0),
    rows: async (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => rows.get(from + index)).filter((one) => one !== undefined),
    rowsOf: async (ids: readonly string[]) => [...rows.values()].filter(({ id }) => ids.includes(id)),
    states: async () => new Map(),
    beginning: async () => undefined,
    events: async () => [],
    onChange: () => () => {},
    close: () => {},
  };
  let tell = () => {};
  const desk = new FindDesk({
    open: async () => source as unknown as Reading,
    clock: systemClock,
    onChange: () => tell(),
  });
  void desk.run(new AbortController().signal);
  return {
    call: {
      find: (text, anchor) => desk.find(text, anchor),
      lines: async (found, from) => desk.lines(found, from),
      ids: async (found, limit) => desk.ids(found, limit),
      choices: async () => desk.choices(),
      ofUnit: (serial) => desk.ofUnit(serial),
      earlier: (run, limit) => desk.earlier(run, limit),
    },
    on: (listener) => {
      tell = () => listener({ kind: 'changed' });
      return () => (tell = () => {});
    },
  };
}
