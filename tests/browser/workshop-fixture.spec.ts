/**
 * The workshop on a real serial port: what it switches on is switched off however the run ends, and the station tests
 * units on the same port right after.
 */
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import type { VirtualFixture } from '../virtual-devices/virtual-fixture.ts';
import { expect, night, openStation, test, type Stage } from './stage.ts';

test.beforeEach(() => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
});

const power = (fixture: VirtualFixture, mark: number) =>
  fixture.heard(mark).filter((command) => command.startsWith('OUTP'));

/** A copy of the station's own procedure in the workshop, held before its first step, on the fixture. */
async function held(stage: Stage) {
  const { upstream, server } = await stage.factory();
  const fixture = await stage.fixture();
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  const { page } = station;
  const go = async (name: string) => {
    await page.getByLabel('Menu').click();
    await page.getByRole('link', { name, exact: true }).click();
  };
  await go('Workshop');
  await page.locator('[data-folder=power-board]').click();
  await expect(page.getByTestId('workshop-state')).toHaveAttribute('data-runs', 'true');
  await page.getByRole('radio', { name: 'The fixture' }).check();
  await page.getByTestId('workshop-serial').fill('SN-000001');
  const mark = fixture.mark;
  await page.getByTestId('workshop-step').click();
  const place = page.getByTestId('workshop-place');
  await expect(place).toHaveAttribute('data-held', 'true');
  return { upstream, fixture, station, page, place, mark, go };
}

/** Units are tested again, on the station's own bench, with a number as if nothing had been. */
async function testsAgain({ station, upstream, go }: Awaited<ReturnType<typeof held>>): Promise<void> {
  await go('Test');
  await station.fixtureIs('ready');
  const pass = await station.test('SN-000002');
  expect(pass.outcome).toBe('PASS');
  await expect.poll(() => upstream.of(pass.runId).length).toBe(1);
  expect(upstream.of(pass.runId)[0]!.body.metadata).toMatchObject({ station_seq: 1, simulated: false });
}

test('bench rules 18 to 20: it runs on the fixture and counts nowhere', async ({ stage }) => {
  const scene = await held(stage);
  const { fixture, page, mark } = scene;
  expect(power(fixture, mark).at(-1), 'held before it is switched on').not.toBe('OUTP ON');
  await page.getByTestId('workshop-next').click();
  await fixture.hears('OUTP ON', mark);
  await page.getByTestId('workshop-on').click();
  await expect(page.getByTestId('workshop-outcome')).toHaveAttribute('data-outcome', 'PASS');
  await expect(page.getByTestId('workshop-run')).toContainText(/3\.301/);
  await expect.poll(() => power(fixture, mark).at(-1)).toBe('OUTP OFF');
  await testsAgain(scene);
});

test('bench rule 20: leaving the screen in the middle of it switches the fixture off', async ({ stage }) => {
  const scene = await held(stage);
  const { fixture, page, mark, go } = scene;
  await page.getByTestId('workshop-next').click();
  await fixture.hears('OUTP ON', mark);
  await go('History');
  await expect.poll(() => power(fixture, mark).at(-1)).toBe('OUTP OFF');
  await testsAgain(scene);
});

test('bench rule 20: so does a reload of the page', night, async ({ stage }) => {
  const scene = await held(stage);
  const { fixture, page, mark, station } = scene;
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByTestId('workshop-next').click();
  await fixture.hears('OUTP ON', mark);
  await page.reload();
  await expect.poll(() => power(fixture, mark).at(-1)).toBe('OUTP OFF');
  await station.open('/');
  await station.fixtureIs('ready');
  expect((await station.test('SN-000002')).outcome).toBe('PASS');
});

test(
  'bench rule 20: a cable that is pulled ends it, and the station finds its fixture again',
  night,
  async ({ stage }) => {
    const scene = await held(stage);
    const { fixture, page, mark } = scene;
    await page.getByTestId('workshop-next').click();
    await fixture.hears('OUTP ON', mark);
    await fixture.unplug();
    await page.getByTestId('workshop-on').click();
    await expect(page.getByTestId('workshop-outcome')).toHaveAttribute('data-outcome', 'ERROR');
    await fixture.plug();
    await testsAgain(scene);
  },
);

test('emergency stop cuts a workshop run', async ({ stage }) => {
  const scene = await held(stage);
  const { fixture, page, mark } = scene;
  await page.getByTestId('workshop-next').click();
  await fixture.hears('OUTP ON', mark);
  await page.getByTestId('workshop-run').getByRole('button', { name: 'Emergency stop' }).click();
  await expect.poll(() => power(fixture, mark).at(-1)).toBe('OUTP OFF');
  await expect(page.locator('[data-testid=notice][data-code=emergency-stop]')).toBeVisible();
});
