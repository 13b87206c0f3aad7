/** The station's check of itself: each thing that may be wrong is seen, alone, and comes with what to do. */
import { describe, expect, test } from 'vitest';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import { browserOf } from '#ui/check/browser-facts.ts';
import type { BrowserFacts } from '#ui/check/check-line.ts';
import { checkStation } from '#ui/check/station-check.ts';

const GOOD: BrowserFacts = {
  isSecure: true,
  browser: { name: 'Chrome', version: 156 },
  isPersisted: true,
  room: { usedBytes: 1e6, freeBytes: 60e9 },
  worker: 'current',
  hasSerial: true,
  hasUsb: true,
  granted: ['0403:6001'],
  display: 'full-screen',
  wakeLock: 'granted',
};
const READY: PlugStatus = {
  key: 'fixture',
  name: 'Fixture',
  state: 'ready',
  message: '',
  remedy: '',
  simulated: false,
  identity: 'ACME,FX-1',
  usb: ['0403:6001'],
};
type Said = Parameters<typeof checkStation>[1];
const SAID: Said = {
  connection: 'online',
  clock: { offsetMs: 200, driftMsPerDay: null },
  plugs: [READY],
  tryout: false,
};

/** What is not in order, by key. */
function wrong(facts: Partial<BrowserFacts>, said: Partial<Said> = {}): Record<string, string> {
  const lines = checkStation({ ...GOOD, ...facts }, { ...SAID, ...said });
  for (const { says, state, remedy = '' } of lines) {
    expect(says).toMatch(/\.$/);
    expect(remedy === '', says).toBe(state === 'ok');
  }
  return Object.fromEntries(lines.flatMap(({ key, state }) => (state === 'ok' ? [] : [[key, state]])));
}

test('a station that is set up has nothing to do', () => {
  expect(wrong({})).toEqual({});
  expect(checkStation(GOOD, SAID)).toHaveLength(12);
});

test('what is worst comes first, and nothing is left out', () => {
  const lines = checkStation({ ...GOOD, display: 'tab', isPersisted: false, room: null, hasUsb: false }, SAID);
  expect(lines.map(({ state }) => state).slice(0, 5)).toEqual(['failed', 'failed', 'attention', 'attention', 'ok']);
  expect(new Set(lines.map(({ key }) => key)).size).toBe(12);
});

describe('each thing by itself', () => {
  test.each<[Partial<BrowserFacts>, Record<string, string>]>([
    [{ isSecure: false }, { secure: 'failed' }],
    [{ browser: null }, { browser: 'failed' }],
    [{ browser: { name: 'Edge', version: 129 } }, { browser: 'failed' }],
    [{ browser: { name: 'Edge', version: 130 } }, {}],
    [{ isPersisted: false }, { persisted: 'failed' }],
    [{ isPersisted: null }, { persisted: 'failed' }],
    [{ room: { usedBytes: 0, freeBytes: 4.9e9 } }, { room: 'attention' }],
    [{ room: { usedBytes: 0, freeBytes: 0.4e9 } }, { room: 'failed' }],
    [{ room: null }, { room: 'attention' }],
    [{ worker: 'none' }, { offline: 'failed' }],
    [{ worker: 'partly' }, { offline: 'failed' }],
    [{ worker: 'waiting' }, { offline: 'attention' }],
    [{ hasSerial: false }, { serial: 'failed' }],
    [{ hasUsb: false }, { usb: 'failed' }],
    [{ display: 'window' }, {}],
    [{ display: 'tab' }, { display: 'attention' }],
    [{ wakeLock: 'refused' }, { awake: 'attention' }],
    [{ wakeLock: 'missing' }, { awake: 'attention' }],
  ])('%j', (facts, expected) => {
    expect(wrong(facts)).toEqual(expected);
  });

  test.each<[Partial<Said>, Record<string, string>]>([
    [{ connection: 'offline' }, { tofupilot: 'attention' }],
    [{ connection: 'refused' }, { tofupilot: 'failed' }],
    [{ clock: null }, { clock: 'attention' }],
    [{ clock: { offsetMs: -6_000, driftMsPerDay: null } }, { clock: 'attention' }],
    [{ clock: { offsetMs: 4_000, driftMsPerDay: null } }, {}],
    [{ plugs: [{ ...READY, simulated: true }] }, { 'plug:fixture': 'attention' }],
    [{ plugs: [] }, {}],
  ])('%j', (said, expected) => {
    expect(wrong({}, said)).toEqual(expected);
  });
});

describe('a plug whose device is not there', () => {
  const missing = { ...READY, state: 'missing', message: 'No fixture is connected.', remedy: 'Plug it in.' } as const;
  const says = (granted: readonly string[] | null, usb: readonly string[]) =>
    checkStation({ ...GOOD, granted }, { ...SAID, plugs: [{ ...missing, usb }] }).find(
      ({ key }) => key === 'plug:fixture',
    )!;

  test('says what its state says where the browser lets the app use it', () => {
    expect(says(['0403:6001'], ['0403:6001'])).toMatchObject({ state: 'failed', says: missing.message });
    expect(says(['2a8d:0101'], ['2a8d:*'])).toMatchObject({ says: missing.message, remedy: 'Plug it in.' });
    expect(says(null, ['0403:6001'])).toMatchObject({ says: missing.message });
  });

  test('says that nothing is granted where it is so', () => {
    for (const granted of [[], ['0403:6015'], ['2a8c:0101']])
      expect(says(granted, ['0403:6001', '2a8d:*'])).toMatchObject({
        state: 'failed',
        says: expect.stringContaining('0403:6001, 2a8d:*'),
        remedy: expect.stringContaining('policy'),
      });
  });
});

test.each([
  [
    {
      userAgentData: {
        brands: [
          { brand: 'Not A;Brand', version: '8' },
          { brand: 'Chromium', version: '156' },
          { brand: 'Microsoft Edge', version: '155' },
        ],
      },
    },
    'Edge 155',
  ],
  [{ userAgent: 'Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36' }, 'Chrome 156'],
  [{ userAgent: 'Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36 Edg/155.0.1.2' }, 'Edge 155'],
  [{ userAgent: 'Mozilla/5.0 Firefox/151.0' }, undefined],
])('the browser of %j', (navigator, expected) => {
  const found = browserOf({ userAgent: '', ...navigator } as unknown as Navigator);
  expect(found ? `${found.name} ${found.version}` : undefined).toBe(expected);
});
