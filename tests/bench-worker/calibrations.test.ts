/** Until when instruments are calibrated: what is told, what a run says, and whether it may begin. */
import { describe, expect, test } from 'vitest';
import type { CalibrationWish } from '#engine/link/fixture-link.ts';
import type { FleetInstrument } from '#fleet/calibration/calibration.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { calibrationStage, type FleetDates } from './calibration-stage.ts';

const READY = { state: 'ready', simulated: false, message: '', remedy: '' } as const;
const DMM: PlugStatus = {
  ...READY,
  key: 'dmm',
  name: 'Multimeter',
  identity: 'Keysight Technologies,34461A,MY59001234,A.02.14',
};
const PSU: PlugStatus = { ...READY, key: 'psu', name: 'Supply', identity: 'ACME,PS-3,PS0007,1.1' };
const MUTE: PlugStatus = { ...READY, key: 'io', name: 'IO box', identity: '' };
const PROCEDURE = { plugs: [{ key: 'dmm' }, { key: 'psu' }, { key: 'io' }] } as unknown as Procedure;

const LISTED: FleetInstrument = {
  serial: 'MY59001234',
  name: 'Bench multimeter',
  calibrated: '2026-03-01',
  calibration_due: '2027-03-01',
  certificate: 'C-2026-118',
};
const OWN: CalibrationWish = { serial: 'MY59001234', due: '2026-12-31', certificate: 'OWN-7' };

function stage(plugs: readonly PlugStatus[], settings: FleetDates['settings'] = {}, now?: string) {
  const made = calibrationStage(settings, now);
  made.fixture.procedure = PROCEDURE;
  made.view.change({ plugs });
  const run = () => made.calibrations.forRun(plugs, PROCEDURE);
  const notices = () => made.view.current.notices.map(({ code, tone }) => `${code} ${tone}`);
  return { ...made, run, notices };
}

describe('12: what a run says of its instruments', () => {
  test('who they are and until when they are calibrated', () => {
    expect(stage([DMM, PSU, MUTE], { instruments: [LISTED] }).run()).toEqual([
      {
        plug: 'dmm',
        model: '34461A',
        serial_number: 'MY59001234',
        firmware: 'A.02.14',
        calibration_due: '2027-03-01',
        certificate: 'C-2026-118',
      },
      { plug: 'psu', model: 'PS-3', serial_number: 'PS0007', firmware: '1.1' },
      { plug: 'io' },
    ]);
  });

  test.each([
    ['2027-03-01T23:59:59.999Z', undefined],
    ['2027-03-02T00:00:00.000Z', true],
  ])('the last day holds until its end: on %s overdue is %s', (now, overdue) => {
    const { run, clock } = stage([DMM], { instruments: [LISTED] }, now);
    expect(run()).toMatchObject([{ calibration_due: '2027-03-01' }]);
    expect((run() as unknown as { overdue?: true }[])[0]!.overdue).toBe(overdue);
    clock.ms = Date.parse('2030-01-01T00:00:00Z');
    expect(run()).toMatchObject([{ overdue: true }]);
  });

  test('of a simulated plug, and of one that measures nothing, no date', () => {
    const simulated = { ...DMM, simulated: true };
    expect(stage([simulated], { instruments: [LISTED] }).run()).toEqual([
      { plug: 'dmm', model: '34461A', serial_number: 'MY59001234', firmware: 'A.02.14' },
    ]);
    const { calibrations } = stage([DMM], { instruments: [LISTED] });
    const exempt = { plugs: [{ key: 'dmm', calibration: 'none' }] } as unknown as Procedure;
    expect(calibrations.forRun([DMM], exempt)).toEqual([
      { plug: 'dmm', model: '34461A', serial_number: 'MY59001234', firmware: 'A.02.14' },
    ]);
  });
});

describe('13: whose date holds', () => {
  test('the fleet’s before the station’s own, which both screens can tell', async () => {
    const { calibrations, fleet, store } = stage([DMM], { instruments: [LISTED] });
    await calibrations.enter(OWN);
    expect(calibrations.list()).toEqual([
      {
        plug: 'dmm',
        serial: 'MY59001234',
        instrument: 'Bench multimeter',
        due: '2027-03-01',
        calibrated: '2026-03-01',
        certificate: 'C-2026-118',
        from: 'fleet',
        entered: { due: '2026-12-31', certificate: 'OWN-7' },
        state: 'good',
        daysLeft: 50,
        isRequired: false,
      },
    ]);
    fleet.settings = {};
    expect(calibrations.list()).toMatchObject([
      { due: '2026-12-31', certificate: 'OWN-7', from: 'station', state: 'overdue', daysLeft: -10 },
    ]);
    const later = calibrationStage();
    for (const [key, value] of store.kept) await later.store.set(key, value);
    later.fixture.procedure = PROCEDURE;
    later.view.change({ plugs: [DMM] });
    await later.calibrations.load();
    expect(later.calibrations.list(), 'it is on disk').toMatchObject([{ due: '2026-12-31' }]);
  });

  test('an entry is replaced, and taken away by none', async () => {
    const { calibrations } = stage([DMM]);
    await calibrations.enter(OWN);
    await calibrations.enter({ ...OWN, serial: 'my59001234', due: '2027-12-31' });
    expect(calibrations.list()).toMatchObject([{ due: '2027-12-31', state: 'good' }]);
    await calibrations.enter({ ...OWN, due: '', certificate: '' });
    expect(calibrations.list()).toMatchObject([{ due: '', from: null, state: 'undated', entered: { due: '' } }]);
  });

  test.each([
    [{ ...OWN, due: '2026-02-30' }, '“2026-02-30” is no day of the calendar.'],
    [{ ...OWN, due: '31.12.2026' }, '“31.12.2026” is no day of the calendar.'],
    [{ ...OWN, due: '' }, 'A certificate without a due date says nothing.'],
    [{ ...OWN, certificate: 'x'.repeat(101) }, 'A certificate has at most 100 characters.'],
    [{ ...OWN, serial: ' ' }, 'This instrument tells no serial number.'],
  ])('what cannot be is refused with the reason: %o', async (wish, message) => {
    const { calibrations, store } = stage([DMM]);
    await expect(calibrations.enter(wish)).rejects.toMatchObject({ code: 'calibration-refused', message });
    expect(store.kept.size).toBe(0);
  });

  test('listed are the plugs that are asked and known', () => {
    const missing = { ...MUTE, state: 'missing' } as const;
    const { calibrations } = stage([DMM, { ...PSU, simulated: true }, missing]);
    expect(calibrations.list().map(({ plug, state }) => `${plug} ${state}`)).toEqual(['dmm undated']);
  });
});

describe('14: past its date', () => {
  const OVERDUE = { ...LISTED, calibration_due: '2027-01-09' };

  test('it is told, and the run begins', () => {
    const { calibrations, view, run, notices } = stage([DMM, PSU], { instruments: [OVERDUE] });
    calibrations.show();
    expect(notices(), 'no date is no trouble here').toEqual(['calibration-overdue warning']);
    expect(view.current.notices[0]).toMatchObject({
      message: 'Multimeter (MY59001234) is past its calibration, which held until 2027-01-09.',
      remedy: 'Have it calibrated and have its new date put into fleet.yaml, or connect another one.',
    });
    expect(run()).toMatchObject([{ overdue: true }, {}]);
  });

  test('it stays dismissed until something changes, and goes when it holds again', async () => {
    const { calibrations, view, notices } = stage([DMM]);
    await calibrations.enter(OWN);
    expect(notices()).toEqual(['calibration-overdue warning']);
    view.dismiss('calibration-overdue');
    calibrations.show();
    expect(notices()).toEqual([]);
    await calibrations.enter({ ...OWN, due: '2026-11-30' });
    expect(notices()).toEqual(['calibration-overdue warning']);
    await calibrations.enter({ ...OWN, due: '2027-11-30' });
    expect(notices()).toEqual([]);
  });

  test('the day ends while the station is on', () => {
    const { calibrations, clock, notices } = stage([DMM], { instruments: [LISTED] }, '2027-03-01T23:59:00Z');
    calibrations.show();
    expect(notices()).toEqual([]);
    clock.ms += 60_000;
    calibrations.show();
    expect(notices()).toEqual(['calibration-overdue warning']);
  });

  test('where a date is required no run begins, and it says why before a unit is there', async () => {
    const { calibrations, fleet, run, notices } = stage([DMM], { calibration: 'required', instruments: [OVERDUE] });
    expect(run()).toMatchObject({ code: 'calibration-overdue' });
    calibrations.show();
    expect(notices()).toEqual(['calibration-overdue error']);
    fleet.settings = { calibration: 'required' };
    expect(run()).toMatchObject({
      code: 'calibration-unknown',
      message: 'Multimeter (MY59001234) has no calibration date, and this fleet asks for one.',
      remedy: 'Enter its date on Fixtures, or have it listed in fleet.yaml.',
    });
    calibrations.show();
    expect(notices()).toEqual(['calibration-unknown error']);
    await calibrations.enter({ ...OWN, due: '2027-12-31' });
    expect(run()).toMatchObject([{ plug: 'dmm', calibration_due: '2027-12-31' }]);
    expect(notices()).toEqual([]);
  });

  test('an instrument without a number has no date; of a simulated one none is asked', () => {
    const { run, calibrations, notices } = stage([MUTE], { calibration: 'required' });
    expect(run()).toMatchObject({
      code: 'calibration-unknown',
      message: 'IO box tells no serial number, so it has no calibration date, and this fleet asks for one.',
    });
    calibrations.show();
    expect(notices()).toEqual(['calibration-unknown error']);
    const simulated = stage([{ ...MUTE, simulated: true }], { calibration: 'required' });
    expect(simulated.run()).toEqual([{ plug: 'io' }]);
    simulated.calibrations.show();
    expect(simulated.notices()).toEqual([]);
  });
});
