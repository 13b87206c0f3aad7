/**
 * A real serial port, as far as Chromium can tell: a SCPI fixture that answers, lies, falls silent and is pulled out;
 * a strict TofuPilot that takes only valid bodies. Whatever happens, the fixture ends without power.
 */
import { readFile } from 'node:fs/promises';
import { readRecording, recordingLines } from '#hardware/transport/wire-recording.ts';
import type { StrictTofuPilot } from '../support/strict-tofupilot.ts';
import type { StationPage } from '../support/station-page.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import type { FixtureIds, VirtualFixture } from '../virtual-devices/virtual-fixture.ts';
import { expect, night, openStation, test, type Stage } from './stage.ts';

interface Bench {
  readonly upstream: StrictTofuPilot;
  readonly fixture: VirtualFixture;
  readonly station: StationPage;
}

async function bench(stage: Stage, options: { lingerMs?: number; ids?: FixtureIds } = {}): Promise<Bench> {
  const { upstream, server } = await stage.factory(options);
  const fixture = await stage.fixture(options.ids);
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  return { upstream, fixture, station };
}

/** The body of a run, once it has arrived; it must have arrived once. */
async function delivered(upstream: StrictTofuPilot, runId: string) {
  await expect.poll(() => upstream.of(runId).length).toBe(1);
  return upstream.of(runId)[0]!.body;
}

/** The last word that the fixture heard about its power was OFF. */
async function endsWithoutPower(fixture: VirtualFixture, mark: number): Promise<void> {
  const power = () => fixture.heard(mark).filter((command) => command.startsWith('OUTP'));
  await expect.poll(() => power().at(-1), { message: 'the fixture is left without power' }).toBe('OUTP OFF');
}

test.beforeEach(() => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
});

test('values, limits and outcomes arrive; a value out of limits is FAIL', async ({ stage }) => {
  const { upstream, fixture, station } = await bench(stage);
  await station.fixtureIs('ready');
  expect(fixture.heard()).toContain('*IDN?');

  const mark = fixture.mark;
  const pass = await station.test('SN-000001');
  expect(pass.outcome).toBe('PASS');
  await endsWithoutPower(fixture, mark);
  const body = await delivered(upstream, pass.runId);
  expect(body).toMatchObject({
    outcome: 'PASS',
    serial_number: 'SN-000001',
    part_number: 'PWR-BOARD',
    metadata: { station_seq: 1, simulated: false, interrupted: false },
  });
  expect(body.metadata?.['fixture']).toContain('ACME,FX-1,FX0001,1.0');
  const rails = body.phases?.find(({ name }) => name === 'Power rails');
  expect(rails).toMatchObject({
    outcome: 'PASS',
    measurements: [
      {
        name: 'rail_3v3',
        outcome: 'PASS',
        measured_value: 3.301,
        units: 'V',
        validators: [{ operator: 'range', expected_value: [3.2, 3.4], outcome: 'PASS' }],
      },
      { name: 'idle_current', outcome: 'PASS', measured_value: 0.0421, units: 'A' },
    ],
  });

  await fixture.set('MEAS:VOLT:DC?', '3.05');
  const fail = await station.test('SN-000002');
  expect(fail.outcome).toBe('FAIL');
  expect(fail.text).toContain('3.05');
  await endsWithoutPower(fixture, mark);
  const failed = await delivered(upstream, fail.runId);
  expect(failed.outcome).toBe('FAIL');
  // What went over its wire goes with it, and with no run that passed.
  const files = () => upstream.of(fail.runId)[0]!.files;
  await expect.poll(() => files().map(({ name }) => name)).toEqual(['fixture.wire.json']);
  await station.open(`/runs/${fail.runId}`);
  const [download] = await Promise.all([
    station.page.waitForEvent('download'),
    station.page.getByRole('button', { name: 'Save fixture.wire.json' }).click(),
  ]);
  const lines = recordingLines(readRecording(await readFile(await download.path(), 'utf8')));
  expect(lines.join('\n')).toMatch(/→ MEAS:VOLT:DC\?.*\n.*← 3\.05/);
  expect(upstream.of(pass.runId)[0]!.files).toEqual([]);
  expect(failed.phases?.find(({ name }) => name === 'Power rails')).toMatchObject({
    outcome: 'FAIL',
    measurements: [{ name: 'rail_3v3', outcome: 'FAIL', measured_value: 3.05 }, { name: 'idle_current' }],
  });
  expect(upstream.complaints).toEqual([]);
});

test('pulled in mid-run: ERROR in time, then refused, and ready again after re-plugging, with no reload', async ({
  stage,
}) => {
  const lingerMs = 1_500;
  const { upstream, fixture, station } = await bench(stage, { lingerMs });
  await station.fixtureIs('ready');
  await station.page.evaluate(() => Object.assign(window, { neverReloaded: true }));

  const mark = fixture.mark;
  await station.scan('SN-000003');
  await fixture.hears('MEAS:CURR:DC?', mark);
  await fixture.unplug();
  const error = await station.verdict();
  expect(error.outcome).toBe('ERROR');

  await station.scan('SN-000004');
  expect(await station.refusal()).not.toBe('');
  const body = await delivered(upstream, error.runId);
  expect(body.outcome).toBe('ERROR');
  const cut = body.phases?.find(({ outcome }) => outcome === 'ERROR');
  // By the station's own clock, within the time of the phase that was under way (fleet-folder.ts).
  expect(Date.parse(cut?.ended_at ?? '') - Date.parse(cut?.started_at ?? '')).toBeLessThan(lingerMs + 3_000);
  expect(body.phases?.find(({ name }) => name === 'Power rails')?.measurements?.[0]).toMatchObject({
    name: 'rail_3v3',
    measured_value: 3.301,
  });

  const replugged = fixture.mark;
  await fixture.plug();
  await station.fixtureIs('ready');
  expect(fixture.heard(replugged), 'safe before ready').toContain('OUTP OFF');
  const pass = await station.test('SN-000004');
  expect(pass.outcome).toBe('PASS');
  expect(await station.page.evaluate(() => 'neverReloaded' in window)).toBe(true);
  expect((await delivered(upstream, pass.runId)).metadata).toMatchObject({ station_seq: 2 });
  expect(upstream.complaints).toEqual([]);
});

test('spoken to by hand: the answer, every byte, and off before the next unit', async ({ stage }) => {
  const { upstream, fixture, station } = await bench(stage);
  const { page } = station;
  await station.fixtureIs('ready');
  await station.open('/fixtures');
  await page.getByRole('button', { name: 'Speak to Fixture by hand' }).click();
  const command = page.getByRole('textbox', { name: 'Command' });
  await command.fill('MEAS:VOLT:DC?');
  await command.press('Enter');
  await expect(page.getByTestId('said')).toContainText('3.301');
  const mark = fixture.mark;
  await command.fill('OUTP ON');
  await command.press('Enter');
  await fixture.hears('OUTP ON', mark);
  await station.notice('by-hand');
  await page.getByLabel('Every byte on the wire').check();
  await expect(page.getByTestId('wire-line').filter({ hasText: 'OUTP ON\\n' })).toBeVisible();

  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Test' }).first().click();
  await endsWithoutPower(fixture, mark);
  await expect(page.locator('[data-testid=notice][data-code=by-hand]')).toHaveCount(0);
  const { runId, outcome } = await station.test('SN-000001');
  expect([outcome, (await delivered(upstream, runId)).outcome]).toEqual(['PASS', 'PASS']);
  await endsWithoutPower(fixture, mark);
});

test('pulled while idle: not ready, refused, ready again after re-plugging', async ({ stage }) => {
  const { fixture, station } = await bench(stage);
  await station.fixtureIs('ready');
  await fixture.unplug();
  await expect(station.handle('fixture').first()).toHaveAttribute('data-state', /missing|lost/);
  await station.scan('SN-000005');
  expect(await station.refusal()).not.toBe('');
  await fixture.plug();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000005')).outcome).toBe('PASS');
});

test('who answers with another identity is not this fixture', async ({ stage }) => {
  const { server } = await stage.factory();
  const fixture = await stage.fixture();
  await fixture.set('*IDN?', 'OTHER,BOX,1,1');
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('wrong');
  await station.scan('SN-000006');
  expect(await station.refusal()).not.toBe('');
  expect(fixture.heard(), 'nobody switches on a stranger').not.toContain('OUTP ON');

  await fixture.set('*IDN?', 'ACME,FX-1,FX0001,1.0');
  await fixture.unplug();
  await fixture.plug();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000006')).outcome).toBe('PASS');
});

test('a fixture that falls silent ends the run in time and never passes', async ({ stage }) => {
  const { upstream, fixture, station } = await bench(stage, { lingerMs: 1_000 });
  await station.fixtureIs('ready');
  const mark = fixture.mark;
  await station.scan('SN-000007');
  await fixture.hears('MEAS:CURR:DC?', mark);
  await fixture.mute();
  const silent = await station.verdict();
  expect(['ERROR', 'TIMEOUT']).toContain(silent.outcome);
  await endsWithoutPower(fixture, mark);
  expect((await delivered(upstream, silent.runId)).outcome).toBe(silent.outcome);

  // Still silent: refused before the unit is touched.
  await station.scan('SN-000008');
  expect(await station.refusal()).not.toBe('');
  await fixture.talk();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000008')).outcome).toBe('PASS');
  expect(upstream.complaints).toEqual([]);
});

test('two equal adapters: refused, and ready when one is pulled (pitfall 14)', night, async ({ stage }) => {
  const { server } = await stage.factory();
  const [fixture, twin] = [await stage.fixture(), await stage.fixture({ name: 'fx2', serial: 'FX0002' })];
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('wrong');
  await station.scan('SN-000020');
  expect(await station.refusal()).toBe('fixture-wrong');
  expect([...fixture.heard(), ...twin.heard()]).not.toContain('OUTP ON');
  await twin.unplug();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000020')).outcome).toBe('PASS');
});

test('bench rule 23: of two equal adapters a person chooses one at the station, and it stays the one', async ({
  stage,
}) => {
  const { upstream, server } = await stage.factory();
  const [fixture, twin] = [await stage.fixture(), await stage.fixture({ name: 'fx2', serial: 'FX0002' })];
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('wrong');
  await station.open('/fixtures');
  await station.page.getByRole('button', { name: /FX0002/ }).click();
  await station.fixtureIs('ready');
  await station.open('/');
  await station.fixtureIs('ready');
  const run = await station.test('SN-000021');
  expect(run.outcome).toBe('PASS');
  expect((await delivered(upstream, run.runId)).metadata?.['fixture']).toContain('FX0002');
  expect(fixture.heard()).not.toContain('OUTP ON');

  // The other is no stand-in for it.
  await twin.unplug();
  await station.fixtureIs('wrong');
  await station.open('/fixtures');
  await station.page.getByRole('button', { name: 'Take any that fits' }).click();
  await station.fixtureIs('ready');
});

test('noise on the wire never passes', async ({ stage }) => {
  const { upstream, fixture, station } = await bench(stage, { lingerMs: 1_000 });
  await station.fixtureIs('ready');
  const mark = fixture.mark;
  await station.scan('SN-000009');
  await fixture.hears('MEAS:CURR:DC?', mark);
  await fixture.noise();
  const noisy = await station.verdict();
  expect(['FAIL', 'ERROR', 'TIMEOUT']).toContain(noisy.outcome);
  await endsWithoutPower(fixture, mark);

  await fixture.talk();
  await station.fixtureIs('ready');
  expect((await station.test('SN-000010')).outcome).toBe('PASS');
  await delivered(upstream, noisy.runId);
  expect(upstream.complaints).toEqual([]);
});

test('the stop button ends a run as ABORTED, keeps what was measured, and switches off', async ({ stage }) => {
  const { upstream, fixture, station } = await bench(stage, { lingerMs: 20_000 });
  await station.fixtureIs('ready');
  const mark = fixture.mark;
  await station.scan('SN-000011');
  await fixture.hears('MEAS:CURR:DC?', mark);
  await expect(station.page.locator('[data-testid=verdict][data-outcome]')).toHaveCount(0);
  await station.handle('stop').first().click();
  const stopped = await station.verdict();
  expect(stopped.outcome).toBe('ABORTED');
  await endsWithoutPower(fixture, mark);
  const body = await delivered(upstream, stopped.runId);
  expect(body.outcome).toBe('ABORTED');
  expect(body.phases?.find(({ name }) => name === 'Power rails')?.measurements?.[0]).toMatchObject({
    measured_value: 3.301,
  });
  expect(upstream.complaints).toEqual([]);
});

test('emergency stop closes the port first, sends nothing but the safe state, and refuses until it was confirmed', async ({
  stage,
}) => {
  const { upstream, fixture, station } = await bench(stage, { lingerMs: 20_000 });
  await station.fixtureIs('ready');
  const mark = fixture.mark;
  await station.scan('SN-000012');
  await fixture.hears('MEAS:CURR:DC?', mark);
  const pressed = fixture.mark;
  await station.handle('emergency-stop').first().click();
  const cut = await station.verdict();
  expect(cut.outcome).toBe('ABORTED');
  expect(cut.text).toContain('emergency stop');
  await endsWithoutPower(fixture, mark);
  // Opened anew: the identity before the safe state. No teardown, no measurement.
  expect(fixture.heard(pressed).slice(0, 3)).toEqual(['*IDN?', 'OUTP OFF', '*IDN?']);
  expect(new Set(fixture.heard(pressed))).toEqual(new Set(['*IDN?', 'OUTP OFF']));
  await expect(await station.notice('emergency-stop')).toContainText('confirmed afterwards');
  const body = await delivered(upstream, cut.runId);
  expect(body.outcome).toBe('ABORTED');
  expect(body.phases?.find(({ name }) => name === 'Power rails')?.measurements?.[0]).toMatchObject({
    measured_value: 3.301,
  });

  // Without a run, by key, and the fixture does not answer: nothing is tested until it has confirmed.
  await station.fixtureIs('ready');
  await fixture.mute();
  await station.page.keyboard.press('Pause');
  await station.fixtureIs('lost');
  await expect(await station.notice('emergency-stop')).toContainText('no safe state was confirmed since by Fixture');
  await station.scan('SN-000013');
  expect(await station.refusal()).toBe('fixture-lost');
  await fixture.talk();
  await station.fixtureIs('ready');
  expect(upstream.complaints).toEqual([]);
});

test(
  'what the browser may use is listed, and a grant by policy stays although a person forgets it',
  night,
  async ({ stage }) => {
    const { fixture, station } = await bench(stage);
    await station.fixtureIs('ready');
    await station.open('/fixtures');
    await station.fixtureIs('ready');
    // The machine may have ports of its own.
    const device = station.handle('device').filter({ hasText: 'Serial port by FTDI' });
    await expect(device).toContainText('0403:6001');
    await station.page.getByRole('button', { name: 'Speak to Fixture by hand' }).click();
    await station.page.getByRole('textbox', { name: 'Command' }).fill('OUTP ON');
    const mark = fixture.mark;
    await station.page.keyboard.press('Enter');
    await fixture.hears('OUTP ON', mark);
    await device.getByRole('button', { name: 'Forget Serial port by FTDI 0403:6001' }).click();
    await device.getByRole('button', { name: 'Really forget' }).click();
    await expect(await station.notice('policy')).toContainText('still allowed');
    // Not a minute later: before the port would have been gone.
    expect(fixture.heard(mark).filter((command) => command.startsWith('OUTP'))).toEqual(['OUTP ON', 'OUTP OFF']);
    await expect(device).toHaveCount(1);

    await fixture.unplug();
    await expect(device).toHaveCount(0);
  },
);
