/**
 * WebUSB transports against emulated devices in a real Chromium: the one acceptance suite, and every way in which a device
 * goes away or misbehaves. What the app makes of it: usbtmc.spec.ts, cdc-acm.spec.ts.
 */
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import type { VirtualUsbDevice } from '../virtual-devices/virtual-usb-device.ts';
import { expect, night, test, type Stage } from './stage.ts';
import { openWirePage, serveWirePage, type WireSite } from './wire/wire-page.ts';

let site: WireSite;

test.beforeAll(async () => {
  site = await serveWirePage();
});

test.afterAll(() => {
  site.server.close();
  site.server.closeAllConnections();
});

test.beforeEach(() => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
});

type Run = (scene: string) => Promise<unknown>;

async function wire(stage: Stage, name: 'usbtmc' | 'cdc'): Promise<{ device: VirtualUsbDevice; run: Run }> {
  const device = await stage.usbDevice(name, 'UX0001');
  const { page } = await stage.browser({ origin: site.origin, devices: true });
  const run = await openWirePage(page, site.origin, device);
  return { device, run: (scene) => run(scene, name) };
}

const IDENTITY = { usbtmc: 'ACME,TMC-1,UX0001,1.0', cdc: 'ACME,CDC-1,UX0001,1.0' } as const;

for (const name of ['usbtmc', 'cdc'] as const) {
  test(`${name}: the acceptance suite of transports`, async ({ stage }) => {
    const { run } = await wire(stage, name);
    const results = (await run('contract')) as string[];
    expect(results.filter((result) => !result.startsWith('ok'))).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(17);
  });

  test(`${name}: pulled while idle, reading, writing and closing, each time one loss and no hanging`, async ({
    stage,
  }) => {
    const { device, run } = await wire(stage, name);
    expect(await run('idle')).toEqual(['lost']);
    for (const removeDelay of [30, 0]) {
      await device.plug();
      await device.set('remove_delay', removeDelay);
      expect(await run('reading'), `the remove event ${removeDelay} ms after the transfers`).toEqual(['lost']);
    }
    await device.plug();
    expect(await run('writing')).toEqual(['lost', 'lost']);
    await device.plug();
    expect(await run('closing')).toEqual(['closed']);
  });

  test(
    `${name}: a re-plugged device is another one (pitfall 10); one that was just closed opens again`,
    name === 'usbtmc' ? night : {},
    async ({ stage }) => {
      const { run } = await wire(stage, name);
      expect(await run('replug')).toEqual(['lost', IDENTITY[name]]);
      expect(await run('reopen')).toEqual([IDENTITY[name]]);
    },
  );

  test(
    `${name}: a stalled endpoint is cleared and goes on (pitfall 46)`,
    name === 'cdc' ? night : {},
    async ({ stage }) => {
      const { device, run } = await wire(stage, name);
      expect(await run('stall')).toEqual([IDENTITY[name]]);
      expect(device.since(0).filter(({ event }) => event === 'clear_halt').length).toBeGreaterThanOrEqual(2);
    },
  );

  test(`${name}: an answer of 200 kB is whole`, name === 'cdc' ? night : {}, async ({ stage }) => {
    const { device, run } = await wire(stage, name);
    const [length, digest] = (await run('waveform')) as [number, string];
    const told = device.since(0).find(({ q }) => q === 'CURV?') as { sha256?: string } | undefined;
    expect([length, digest]).toEqual([200_009, told?.sha256]);
  });
}

test('usbtmc: a mute instrument does not answer, and its answer is not taken for another (pitfalls 32, 42)', async ({
  stage,
}) => {
  const { device, run } = await wire(stage, 'usbtmc');
  expect(await run('mute')).toEqual([IDENTITY.usbtmc]);
  expect(device.requests()).toContain('INITIATE_ABORT_BULK_IN');
});

test('usbtmc: noise is told as damage', async ({ stage }) => {
  const { run } = await wire(stage, 'usbtmc');
  expect(await run('noise')).toContain('line-error');
});

test('usbtmc: an answer in many transfers, with and without alignment bytes, is one (pitfall 44)', async ({
  stage,
}) => {
  const { device, run } = await wire(stage, 'usbtmc');
  for (const [chunk, pad] of [
    [500, 0],
    [500, 1],
    [4096, 1],
    [65_536, 0],
  ]) {
    await device.set('chunk', chunk!);
    await device.set('pad', pad!);
    expect(((await run('waveform')) as [number, string])[0], `${chunk} bytes, pad ${pad}`).toBe(200_009);
  }
});

test('usbtmc: status byte, service request, trigger, clear and local, as USB488 has them', async ({ stage }) => {
  const { device, run } = await wire(stage, 'usbtmc');
  expect(await run('beside')).toEqual({ served: [0x44], statusByte: 16, afterClear: 0 });
  expect(device.since(0).some(({ event }) => event === 'trigger')).toBe(true);
  expect(device.requests()).toEqual(
    expect.arrayContaining(['GET_CAPABILITIES', 'INITIATE_CLEAR', 'REN_CONTROL', 'READ_STATUS_BYTE', 'GO_TO_LOCAL']),
  );
});

test('cdc: opened as Web Serial opens, DTR and RTS on; left with both off (pitfall 21)', async ({ stage }) => {
  const { device, run } = await wire(stage, 'cdc');
  await run('stall');
  const states = device
    .since(0)
    .filter(({ request }) => request === 'SET_CONTROL_LINE_STATE')
    .map((event) => event as unknown as { dtr: number; rts: number });
  expect(states.map(({ dtr, rts }) => [dtr, rts])).toEqual([
    [1, 1],
    [0, 0],
  ]);
  expect(device.since(0).find(({ request }) => request === 'SET_LINE_CODING')).toMatchObject({
    rate: 115_200,
    stop: 0,
    parity: 0,
    bits: 8,
  });
});
