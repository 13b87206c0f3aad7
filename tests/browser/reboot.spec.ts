/**
 * A fixture that is told to reboot: its serial adapter leaves Chromium and comes back as another port, and that is no
 * loss where the procedure expects it. What comes back as another, or never leaves, ends as ERROR, without power.
 */
import { powerBoard } from '../support/fleet-folder.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import { expect, night, openStation, test, type Stage } from './stage.ts';

function rebootBoard() {
  const board = powerBoard();
  const [rails, temperature] = board.main;
  const steps = [{ expect_reboot: { plug: 'fixture', within: '8s', command: 'BOOT' } }];
  return { ...board, main: [rails, { name: 'Reboot', key: 'reboot', timeout: '20s', steps }, temperature] };
}

async function bench(stage: Stage) {
  const settings = { simulated: false, default_procedure: 'power-board' };
  const procedures = { 'power-board': { 'procedure.yaml': rebootBoard() } };
  const { upstream, server } = await stage.factory({ content: { settings, procedures } });
  const fixture = await stage.fixture();
  const browser = await stage.browser({ origin: server.origin, devices: true });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  return { upstream, fixture, station };
}

test.beforeEach(() => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
});

test('rule 19: it leaves and comes back as another port, and the run goes on to PASS', async ({ stage }) => {
  const { upstream, fixture, station } = await bench(stage);
  const mark = fixture.mark;
  await station.scan('SN-000001');
  await fixture.hears('BOOT', mark);
  await fixture.unplug();
  await station.fixtureIs('rebooting');
  await fixture.plug();
  const pass = await station.verdict();
  expect(pass.outcome).toBe('PASS');
  expect(fixture.heard(mark)).toContain('MEAS:TEMP?');
  expect(
    fixture
      .heard(mark)
      .filter((command) => command.startsWith('OUTP'))
      .at(-1),
  ).toBe('OUTP OFF');
  await expect.poll(() => upstream.of(pass.runId).length).toBe(1);
  const { body } = upstream.of(pass.runId)[0]!;
  expect(body.phases?.map(({ outcome }) => outcome)).not.toContain('ERROR');
  expect(JSON.stringify(body)).toContain('fixture: back after');

  // Again, with the same fixture on the port that it has now.
  const again = fixture.mark;
  await station.fixtureIs('ready');
  await station.scan('SN-000002');
  await fixture.hears('BOOT', again);
  await fixture.unplug();
  await fixture.plug();
  expect((await station.verdict()).outcome).toBe('PASS');
  expect(upstream.complaints).toEqual([]);
});

test(
  'rule 19: another of its kind in its place, and one that never leaves, are ERROR and end without power',
  night,
  async ({ stage }) => {
    const { fixture, station } = await bench(stage);
    const mark = fixture.mark;
    await station.scan('SN-000003');
    await fixture.hears('BOOT', mark);
    await fixture.unplug();
    await fixture.set('*IDN?', 'ACME,FX-1,FX0002,1.0');
    await fixture.plug();
    const other = await station.verdict();
    expect(other.outcome).toBe('ERROR');
    expect(other.text).toContain('came back as something else');
    await expect
      .poll(() =>
        fixture
          .heard(mark)
          .filter((command) => command.startsWith('OUTP'))
          .at(-1),
      )
      .toBe('OUTP OFF');
    expect(fixture.heard(mark)).not.toContain('MEAS:TEMP?');

    await station.fixtureIs('ready');
    await station.scan('SN-000004');
    const still = await station.verdict();
    expect(still.outcome).toBe('ERROR');
    expect(still.text).toContain('never left within 8 s');
    await expect
      .poll(() =>
        fixture
          .heard()
          .filter((command) => command.startsWith('OUTP'))
          .at(-1),
      )
      .toBe('OUTP OFF');
  },
);
