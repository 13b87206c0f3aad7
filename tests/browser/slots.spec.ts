/**
 * Two units side by side: each on its own fixture behind a serial port, each with its own slot, run and verdict; and a
 * strict TofuPilot that takes them as two runs.
 */
import type { Locator } from '@playwright/test';
import { POWER_BOARD_BENCH, powerBoard } from '../support/fleet-folder.ts';
import { StationPage } from '../support/station-page.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import type { VirtualFixture } from '../virtual-devices/virtual-fixture.ts';
import { expect, night, openStation, STATION, test, type Stage } from './stage.ts';

const SLOTS = [
  { name: 'Left', parameters: { jig: 'LEFT' } },
  { name: 'Right', parameters: { jig: 'RIGHT' } },
];
/** Nothing here is slow by itself; a machine may be. */
const PATIENCE = { timeout: 60_000 };

/** The power board, twice: each slot has a fixture of its own, told apart by its identity. */
function twoUp(options: { lingerMs?: number; simulated?: boolean } = {}) {
  const one = powerBoard(options);
  const [plug] = one.plugs;
  const own = 'resource' in plug! ? { ...plug, resource: { ...plug.resource, identity: '^ACME,FX-1,${jig},' } } : plug;
  return {
    ...one,
    execution: { slots: SLOTS },
    parameters: { jig: { type: 'string', default: 'NONE' } },
    plugs: [own],
  };
}

function content(procedure: object, simulated: boolean) {
  return {
    settings: { simulated, default_procedure: 'two-up', sync: { ambiguous_wait_s: 2 } },
    procedures: {
      'two-up': { 'procedure.yaml': procedure, ...(simulated ? { 'bench.yaml': POWER_BOARD_BENCH } : {}) },
    },
  };
}

/** The card of one slot, by the handles of the contract. */
class Slot {
  readonly card: Locator;

  constructor(station: StationPage, key: string) {
    this.card = station.page.locator(`[data-testid=slot][data-slot=${key}]`);
  }

  get verdict(): Locator {
    return this.card.getByTestId('verdict');
  }

  get stop(): Locator {
    return this.card.getByTestId('stop');
  }

  async comesTo(outcome: string): Promise<string> {
    await expect(this.verdict).toHaveAttribute('data-outcome', outcome, PATIENCE);
    return (await this.verdict.getAttribute('data-run-id')) ?? '';
  }
}

async function bench(stage: Stage, lingerMs: number) {
  const fixtures: VirtualFixture[] = [];
  for (const { name, parameters } of SLOTS) {
    const fixture = await stage.fixture({ name: name.toLowerCase() });
    await fixture.set('*IDN?', `ACME,FX-1,${parameters.jig},1.0`);
    fixtures.push(fixture);
  }
  const { upstream, server } = await stage.factory({ content: content(twoUp({ lingerMs }), false) });
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  return { upstream, station, left: new Slot(station, 'left'), right: new Slot(station, 'right'), fixtures };
}

const power = (fixture: VirtualFixture) => fixture.heard().filter((command) => command.startsWith('OUTP'));

test.describe('on two serial fixtures', () => {
  test.beforeEach(() => {
    const reason = noVirtualDevices();
    test.skip(mustSkip(reason), reason);
  });

  test('one fails and one passes, each in its own slot, and both arrive', async ({ stage }) => {
    const { upstream, station, left, right, fixtures } = await bench(stage, 300);
    await fixtures[0]!.set('MEAS:VOLT:DC?', '3.05');
    await station.scan('SN-000001');
    await station.scan('SN-000002');
    const failed = await left.comesTo('FAIL');
    const passed = await right.comesTo('PASS');
    await expect(left.card).toContainText('SN-000001');
    await expect(left.card).toContainText('3.05');
    await expect(right.card).toContainText('SN-000002');
    await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 2 }, PATIENCE.timeout);
    for (const [id, expected] of [
      [failed, { outcome: 'FAIL', serial_number: 'SN-000001', slot: 'left', seq: 1, jig: 'LEFT' }],
      [passed, { outcome: 'PASS', serial_number: 'SN-000002', slot: 'right', seq: 2, jig: 'RIGHT' }],
    ] as const) {
      const { body } = upstream.of(id)[0]!;
      expect(body).toMatchObject({
        outcome: expected.outcome,
        serial_number: expected.serial_number,
        metadata: { slot: expected.slot, station_seq: expected.seq, simulated: false },
      });
      expect(body.metadata?.['fixture']).toBe(`fixture=ACME,FX-1,${expected.jig},1.0`);
    }
    expect(upstream.runs).toHaveLength(2);
    for (const fixture of fixtures) expect(power(fixture).at(-1)).toBe('OUTP OFF');
  });

  test('stopping one leaves the other going, with its fixture on', async ({ stage }) => {
    const { upstream, station, left, right, fixtures } = await bench(stage, 8000);
    await station.scan('SN-000001');
    await station.scan('SN-000002');
    await expect(right.card.locator('[data-testid=phase][data-key=temperature][aria-current]')).toBeVisible(PATIENCE);
    await left.stop.click();
    await left.comesTo('ABORTED');
    await expect.poll(() => power(fixtures[0]!).at(-1)).toBe('OUTP OFF');
    expect(power(fixtures[1]!).at(-1), 'the other one is still on').toBe('OUTP ON');
    await expect(right.verdict).not.toHaveAttribute('data-outcome');
    await right.comesTo('PASS');
    expect(power(fixtures[1]!).at(-1)).toBe('OUTP OFF');
    await station.queueBecomes({ waiting: 0, uploadedToday: 2 }, PATIENCE.timeout);
    expect(upstream.runs.map(({ body }) => body.outcome).toSorted()).toEqual(['ABORTED', 'PASS']);
  });

  test('the same unit in both slots is refused, and a scan too many waits in the field', night, async ({ stage }) => {
    // Long enough that both are still under test at the third scan, on a busy machine too.
    const { upstream, station, left, right } = await bench(stage, 8000);
    await station.scan('SN-000001');
    await expect(left.stop).toBeVisible(PATIENCE);
    await station.scan('SN-000001');
    expect(await station.refusal()).toBe('unit-in-slot');
    await station.scan('SN-000002');
    await expect(right.stop).toBeVisible(PATIENCE);
    await station.scan('SN-000003');
    await expect(station.input).toHaveValue('SN-000003');
    await right.comesTo('PASS');
    await station.input.press('Enter');
    await left.comesTo('PASS');
    await expect(left.card).toContainText('SN-000003', PATIENCE);
    await left.comesTo('PASS');
    await station.queueBecomes({ waiting: 0, uploadedToday: 3 }, PATIENCE.timeout);
    expect(upstream.runs.map(({ body }) => body.serial_number).toSorted()).toEqual([
      'SN-000001',
      'SN-000002',
      'SN-000003',
    ]);
  });
});

test('a browser that is killed while both are under test: both arrive as interrupted, each with its slot', async ({
  stage,
}) => {
  const { upstream, server } = await stage.factory({
    content: content(twoUp({ lingerMs: 60_000, simulated: true }), true),
  });
  const first = await stage.browser({ origin: server.origin });
  const station = await openStation(first, server, stage.enrolment());
  await station.fixtureIs('ready');
  await station.scan('SN-000001');
  await station.scan('SN-000002');
  for (const key of ['left', 'right'])
    await expect(
      new Slot(station, key).card.locator('[data-testid=phase][data-key=temperature][aria-current]'),
    ).toBeVisible(PATIENCE);
  await first.kill();
  const again = await stage.browser({ origin: server.origin });
  const after = new StationPage(again.page, server.origin);
  await after.ready(STATION);
  await expect(await after.notice('run-interrupted')).toContainText('SN-000001, SN-000002');
  await expect.poll(() => upstream.runs.length, PATIENCE).toBe(2);
  expect(
    upstream.runs
      .map(({ body }) => [body.metadata?.['slot'], body.serial_number, body.outcome, body.metadata?.['interrupted']])
      .toSorted(),
  ).toEqual([
    ['left', 'SN-000001', 'ERROR', true],
    ['right', 'SN-000002', 'ERROR', true],
  ]);
  await after.scan('SN-000003');
  await expect(new Slot(after, 'left').stop).toBeVisible(PATIENCE);
});
