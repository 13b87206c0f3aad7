/**
 * A fixture on CDC-ACM that the page drives itself, as on a tablet without wired Web Serial: through the whole app, with a
 * real Chromium's WebUSB and an emulated device. It is `usb_serial` here, since this Chromium has Web Serial as well.
 */
import type { StrictTofuPilot } from '../support/strict-tofupilot.ts';
import type { StationPage } from '../support/station-page.ts';
import { powerBoard } from '../support/fleet-folder.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import type { VirtualUsbDevice } from '../virtual-devices/virtual-usb-device.ts';
import { expect, night, openStation, test, type Stage } from './stage.ts';

interface Bench {
  readonly upstream: StrictTofuPilot;
  readonly fixture: VirtualUsbDevice;
  readonly station: StationPage;
}

interface BenchOptions {
  readonly lingerMs?: number;
  /** `usb_serial`, or `serial` in a browser whose Web Serial is taken away. */
  readonly wire?: 'usb_serial' | 'serial';
}

async function bench(stage: Stage, { lingerMs = 50, wire = 'usb_serial' }: BenchOptions = {}): Promise<Bench> {
  const board = powerBoard({ lingerMs });
  const resource = { [wire]: { usb: ['1209:0002'], baud_rate: 115_200 }, identity: '^ACME,CDC-1,' };
  const content = {
    settings: { default_procedure: 'power-board', sync: { ambiguous_wait_s: 2 } },
    procedures: {
      'power-board': {
        'procedure.yaml': { ...board, plugs: [{ ...board.plugs[0], resource }] },
      },
    },
  };
  const { upstream, server } = await stage.factory({ content });
  const fixture = await stage.usbDevice('cdc', 'FX0001');
  const args = wire === 'serial' ? ['--disable-blink-features=Serial'] : [];
  const browser = await stage.browser({ origin: server.origin, devices: true, args });
  const station = await openStation(browser, server, stage.enrolment());
  return { upstream, fixture, station };
}

async function delivered(upstream: StrictTofuPilot, runId: string) {
  await expect.poll(() => upstream.of(runId).length, { timeout: 30_000 }).toBe(1);
  return upstream.of(runId)[0]!.body;
}

async function endsWithoutPower(fixture: VirtualUsbDevice, mark: number): Promise<void> {
  const power = () => fixture.heard(mark).filter((command) => command.startsWith('OUTP'));
  await expect.poll(() => power().at(-1), { message: 'the fixture is left without power' }).toBe('OUTP OFF');
}

test.beforeEach(() => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
});

test('a run arrives; what comes byte by byte is one answer', async ({ stage }) => {
  const { upstream, fixture, station } = await bench(stage);
  await station.fixtureIs('ready');
  const mark = fixture.mark;
  const pass = await station.test('SN-000001');
  expect(pass.outcome).toBe('PASS');
  await endsWithoutPower(fixture, mark);
  const body = await delivered(upstream, pass.runId);
  expect(body.metadata?.['fixture']).toContain('ACME,CDC-1,FX0001,1.0');
  expect(body.phases?.find(({ name }) => name === 'Power rails')?.measurements?.[0]).toMatchObject({
    measured_value: 3.301,
  });
  expect(upstream.complaints).toEqual([]);
});

test('a browser without Web Serial reaches a serial plug over WebUSB (pitfall 39)', async ({ stage }) => {
  const { fixture, station } = await bench(stage, { wire: 'serial' });
  expect(await station.page.evaluate(() => 'serial' in navigator)).toBe(false);
  await station.fixtureIs('ready');
  expect((await station.test('SN-000002')).outcome).toBe('PASS');
  expect(fixture.heard()).toContain('MEAS:VOLT:DC?');
});

test('pulled while idle and in mid-run, and plugged in again', night, async ({ stage }) => {
  const { upstream, fixture, station } = await bench(stage, { lingerMs: 1_500 });
  await station.fixtureIs('ready');
  await fixture.unplug();
  await station.fixtureIs('lost');
  await fixture.plug();
  await station.fixtureIs('ready');
  const mark = fixture.mark;
  await station.scan('SN-000003');
  await fixture.hears('MEAS:CURR:DC?', mark);
  await fixture.unplug();
  const error = await station.verdict();
  expect(error.outcome).toBe('ERROR');
  await fixture.plug();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000004')).outcome).toBe('PASS');
  expect((await delivered(upstream, error.runId)).outcome).toBe('ERROR');
  expect(upstream.complaints).toEqual([]);
});

test('mute, then noisy: neither passes, and it is ready again when it talks', night, async ({ stage }) => {
  const { fixture, station } = await bench(stage, { lingerMs: 1_000 });
  for (const [trouble, serial] of [
    ['mute', 'SN-000005'],
    ['noise', 'SN-000006'],
  ] as const) {
    await station.fixtureIs('ready');
    const after = await station.shown();
    const mark = fixture.mark;
    await station.scan(serial);
    await fixture.hears('MEAS:CURR:DC?', mark);
    await fixture.order(trouble);
    const verdict = await station.verdict({ after });
    expect(['FAIL', 'ERROR', 'TIMEOUT'], trouble).toContain(verdict.outcome);
    await endsWithoutPower(fixture, mark);
    await fixture.talk();
  }
  await station.fixtureIs('ready');
  expect((await station.test('SN-000007')).outcome).toBe('PASS');
});

test('two equal adapters: refused, and ready when one is pulled (pitfall 14)', night, async ({ stage }) => {
  const twin = await stage.usbDevice('cdc', 'FX0002');
  const { station } = await bench(stage);
  await station.fixtureIs('wrong');
  await station.scan('SN-000008');
  expect(await station.refusal()).toBe('fixture-wrong');
  await twin.unplug();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000008')).outcome).toBe('PASS');
});
