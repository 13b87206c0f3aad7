/**
 * A bench multimeter on USBTMC, as far as Chromium can tell, through the whole app: measured, pulled, muted, stalled, noisy,
 * held by a driver, and twice there. A strict TofuPilot takes only valid bodies.
 */
import type { StrictTofuPilot } from '../support/strict-tofupilot.ts';
import type { StationPage } from '../support/station-page.ts';
import { powerBoard } from '../support/fleet-folder.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import type { UsbDeviceOptions, VirtualUsbDevice } from '../virtual-devices/virtual-usb-device.ts';
import { expect, night, openStation, test, type Stage } from './stage.ts';

interface Bench {
  readonly upstream: StrictTofuPilot;
  readonly meter: VirtualUsbDevice;
  readonly station: StationPage;
}

interface BenchOptions {
  readonly lingerMs?: number;
  /** What the procedure says of the device beside its USB id. */
  readonly device?: Readonly<Record<string, string>>;
  readonly meter?: UsbDeviceOptions;
}

/** The power board, its rail and its current read by a multimeter's readings. */
function withMeter({ lingerMs = 50, device = {} }: BenchOptions) {
  const board = powerBoard({ lingerMs });
  const [rails, temperature] = board.main;
  return {
    ...board,
    plugs: [
      {
        name: 'Multimeter',
        key: 'fixture',
        driver: 'scpi-dmm',
        resource: { usbtmc: { usb: ['1209:0001'], ...device }, identity: '^ACME,TMC-1,' },
        safe_state: ['OUTP OFF'],
      },
    ],
    main: [
      {
        ...rails,
        steps: [
          { measure: { name: 'rail_3v3', plug: 'fixture', read: 'voltage_dc' } },
          { measure: { name: 'idle_current', plug: 'fixture', read: 'current_dc' } },
        ],
      },
      temperature,
    ],
  };
}

async function bench(stage: Stage, options: BenchOptions = {}): Promise<Bench> {
  const content = {
    settings: { default_procedure: 'power-board', sync: { ambiguous_wait_s: 2 } },
    procedures: { 'power-board': { 'procedure.yaml': withMeter(options) } },
  };
  const { upstream, server } = await stage.factory({ content });
  const meter = await stage.usbDevice('usbtmc', 'MY0001', options.meter);
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  return { upstream, meter, station };
}

async function delivered(upstream: StrictTofuPilot, runId: string) {
  await expect.poll(() => upstream.of(runId).length, { timeout: 30_000 }).toBe(1);
  return upstream.of(runId)[0]!.body;
}

/** The last word that the instrument heard about its output was OFF. */
async function endsWithoutPower(meter: VirtualUsbDevice, mark: number): Promise<void> {
  const power = () => meter.heard(mark).filter((command) => command.startsWith('OUTP'));
  await expect.poll(() => power().at(-1), { message: 'its output is left on' }).toBe('OUTP OFF');
}

test.beforeEach(() => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
});

test('a run on a USBTMC multimeter arrives at TofuPilot; a value out of limits is FAIL', async ({ stage }) => {
  const { upstream, meter, station } = await bench(stage);
  await station.fixtureIs('ready');
  const mark = meter.mark;
  const pass = await station.test('SN-000001');
  expect(pass.outcome).toBe('PASS');
  await endsWithoutPower(meter, mark);
  const body = await delivered(upstream, pass.runId);
  expect(body).toMatchObject({ outcome: 'PASS', metadata: { simulated: false, interrupted: false } });
  expect(body.metadata?.['fixture']).toContain('ACME,TMC-1,MY0001,1.0');
  expect(body.phases?.find(({ name }) => name === 'Power rails')?.measurements).toMatchObject([
    { name: 'rail_3v3', outcome: 'PASS', measured_value: 3.301, units: 'V' },
    { name: 'idle_current', outcome: 'PASS', measured_value: 0.0421, units: 'A' },
  ]);

  await meter.set('MEAS:VOLT:DC?', '3.05');
  const fail = await station.test('SN-000002');
  expect(fail.outcome).toBe('FAIL');
  expect((await delivered(upstream, fail.runId)).outcome).toBe('FAIL');
  expect(upstream.complaints).toEqual([]);

  await station.page.goto(`${station.page.url().replace(/\/[^/]*$/, '')}/fixtures`);
  await expect(station.page.getByText('MY0001', { exact: true })).toBeVisible();
});

test('pulled while idle and in mid-run: lost, ERROR, refused; ready again after re-plugging, with no reload', async ({
  stage,
}) => {
  const { upstream, meter, station } = await bench(stage, { lingerMs: 1_500 });
  await station.fixtureIs('ready');
  await station.page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  await meter.unplug();
  await station.fixtureIs('lost');
  await station.scan('SN-000003');
  expect(await station.refusal()).toBe('fixture-lost');
  await meter.plug();
  await station.fixtureIs('ready');

  const mark = meter.mark;
  await station.scan('SN-000003');
  await meter.hears('MEAS:CURR:DC?', mark);
  await meter.unplug();
  const error = await station.verdict();
  expect(error.outcome).toBe('ERROR');
  const replugged = meter.mark;
  await meter.plug();
  await station.fixtureIs('ready');
  expect(meter.heard(replugged), 'safe before ready').toContain('OUTP OFF');
  const pass = await station.test('SN-000004');
  expect(pass.outcome).toBe('PASS');
  expect(await station.page.evaluate(() => 'neverReloaded' in window)).toBe(true);
  for (const { runId, outcome } of [error, pass]) expect((await delivered(upstream, runId)).outcome).toBe(outcome);
  expect(upstream.complaints).toEqual([]);
});

test('mute: the run ends, the next is refused, and talking again it passes', async ({ stage }) => {
  const { upstream, meter, station } = await bench(stage, { lingerMs: 1_000 });
  await station.fixtureIs('ready');
  const mark = meter.mark;
  await station.scan('SN-000005');
  await meter.hears('MEAS:CURR:DC?', mark);
  await meter.mute();
  const silent = await station.verdict();
  expect(['ERROR', 'TIMEOUT']).toContain(silent.outcome);
  await endsWithoutPower(meter, mark);
  await station.scan('SN-000006');
  expect(await station.refusal()).toBe('fixture-lost');
  await meter.talk();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000006')).outcome).toBe('PASS');
  expect((await delivered(upstream, silent.runId)).outcome).toBe(silent.outcome);
  expect(upstream.complaints).toEqual([]);
});

test(
  'stalled between runs and between two readings: cleared, and not noticed (pitfall 46)',
  night,
  async ({ stage }) => {
    const { meter, station } = await bench(stage, { lingerMs: 3_000 });
    await station.fixtureIs('ready');
    await meter.stall();
    await station.scan('SN-000007');
    const rails = station.page.locator('[data-testid=phase][data-key=power_rails]').first();
    await expect(rails).toHaveAttribute('data-outcome', 'PASS', { timeout: 20_000 });
    await meter.stall();
    expect((await station.verdict()).outcome).toBe('PASS');
  },
);

test('noise on the wire never passes', night, async ({ stage }) => {
  const { upstream, meter, station } = await bench(stage, { lingerMs: 1_000 });
  await station.fixtureIs('ready');
  const mark = meter.mark;
  await station.scan('SN-000008');
  await meter.hears('MEAS:CURR:DC?', mark);
  await meter.noise();
  const noisy = await station.verdict();
  expect(['FAIL', 'ERROR', 'TIMEOUT']).toContain(noisy.outcome);
  await endsWithoutPower(meter, mark);
  await meter.talk();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000009')).outcome).toBe('PASS');
  await delivered(upstream, noisy.runId);
  expect(upstream.complaints).toEqual([]);
});

test(
  'two equal multimeters: refused with both named, and ready when one is pulled (pitfall 14)',
  night,
  async ({ stage }) => {
    const { meter, station } = await bench(stage);
    await station.fixtureIs('ready');
    await meter.unplug();
    await station.fixtureIs('lost');
    const twin = await stage.usbDevice('usbtmc', 'MY0002');
    await station.fixtureIs('ready');
    await twin.unplug();
    await station.fixtureIs('lost');
    // Both at once, as at the start of a shift.
    await Promise.all([meter.plug(), twin.plug()]);
    await station.fixtureIs('wrong');
    await station.scan('SN-000010');
    expect(await station.refusal()).toBe('fixture-wrong');
    await expect(station.handle('refusal').first()).toContainText('MY0001');
    await expect(station.handle('refusal').first()).toContainText('MY0002');
    await twin.unplug();
    await station.fixtureIs('ready');
    expect((await station.test('SN-000010')).outcome).toBe('PASS');
  },
);

test('two equal multimeters are told apart by the USB serial number in the procedure, unopened', async ({ stage }) => {
  const other = await stage.usbDevice('usbtmc', 'MY0002');
  const { meter, station } = await bench(stage, { device: { serial_number: 'MY0001' } });
  await station.fixtureIs('ready');
  expect((await station.test('SN-000011')).outcome).toBe('PASS');
  expect(meter.heard()).toContain('MEAS:VOLT:DC?');
  expect(other.heard()).toEqual([]);
});

test('held by a kernel driver: said with what to do on this system; ready when it lets go (pitfall 50)', async ({
  stage,
}) => {
  const { meter, station } = await bench(stage, { meter: { driver: 'usbtmc' } });
  await station.fixtureIs('missing');
  await station.open('/fixtures');
  await expect(station.page.getByText('unbind that by a udev rule')).toBeVisible();
  await meter.order('driver');
  await station.open('/');
  await station.fixtureIs('ready');
});

test('emergency stop cuts the wire first, and the safe state alone is sent on the one that is opened anew', async ({
  stage,
}) => {
  const { meter, station } = await bench(stage, { lingerMs: 20_000 });
  await station.fixtureIs('ready');
  const mark = meter.mark;
  await station.scan('SN-000012');
  await meter.hears('MEAS:CURR:DC?', mark);
  const pressed = meter.mark;
  await station.handle('emergency-stop').first().click();
  expect((await station.verdict()).outcome).toBe('ABORTED');
  await endsWithoutPower(meter, mark);
  expect(new Set(meter.heard(pressed))).toEqual(new Set(['*IDN?', 'OUTP OFF']));
  await station.fixtureIs('ready');
});
