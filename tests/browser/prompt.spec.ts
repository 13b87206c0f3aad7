/**
 * Questions to the operator on a whole station: shown with their pictures, answered by keyboard, kept at once, judged, and
 * delivered; stopped, timed out, interrupted, and all of it without a network.
 */
import { powerBoard, POWER_BOARD_BENCH } from '../support/fleet-folder.ts';
import type { StrictTofuPilot } from '../support/strict-tofupilot.ts';
import type { StationPage } from '../support/station-page.ts';
import type { WireRun } from '../support/tofupilot-schema.ts';
import { expect, night, openStation, test, type Stage } from './stage.ts';

const LED =
  '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="40"><rect width="64" height="40" fill="green"/></svg>';

/** Looks, measures by hand, signs; one unit in a hundred has two seconds for it. */
function asking(pictures: string) {
  const board = powerBoard({ simulated: true });
  const look = {
    name: 'Look at the LED',
    key: 'look',
    steps: [{ measure: { name: 'rail', plug: 'fixture', query: 'MEAS:VOLT:DC?' } }],
    ui: {
      components: [
        { type: 'image', source: pictures, label: { en: 'The LED' } },
        { type: 'text', key: 'seen', label: 'Rail', bind: 'measurement.rail' },
        { type: 'verdict', label: { en: 'The LED is green', de: 'Die LED ist grün' }, bind: 'measurement.led' },
      ],
    },
    measurements: [{ name: 'rail', unit: 'V' }],
  };
  const hand = {
    name: 'By hand',
    key: 'hand',
    steps: [
      {
        prompt: {
          message: 'Hold the probe to TP3',
          components: [
            { type: 'number_input', key: 'tp3', label: 'TP3', min: 0, max: 5, bind: 'measurement.tp3', suffix: 'V' },
            { type: 'text_input', key: 'batch', label: 'Batch', required: true, bind: 'unit.batch_number' },
            { type: 'signature', key: 'released', label: 'Released by', required: true },
          ],
        },
      },
    ],
    measurements: [{ name: 'tp3', unit: 'V', validators: [{ operator: 'range', expected_value: [1.1, 1.3] }] }],
  };
  const hurry = {
    name: 'In a hurry',
    key: 'hurry',
    when: "unit.serial_number == 'SN-000999'",
    timeout: '2s',
    ui: { components: [{ type: 'verdict', label: 'Ready?' }] },
  };
  return { ...board, main: [look, hurry, hand] };
}

async function openAsking(stage: Stage, { pictures = 'images/led.svg', file = 'images/led.svg' } = {}) {
  const { upstream, server } = await stage.factory({
    content: {
      settings: { simulated: true, default_procedure: 'board', sync: { ambiguous_wait_s: 2 } },
      procedures: { board: { 'procedure.yaml': asking(pictures), 'bench.yaml': POWER_BOARD_BENCH, [file]: LED } },
    },
  });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  return { upstream, server, browser, station };
}

const question = (station: StationPage, phase: string) =>
  station.page.locator(`[data-testid=prompt][data-phase=${phase}]`);

/** Everything by keyboard, from the scan on. */
async function answerByKeyboard(station: StationPage) {
  const { keyboard } = station.page;
  await question(station, 'look').waitFor();
  await expect(question(station, 'look')).toBeFocused();
  await keyboard.press('p');
  await question(station, 'hand').waitFor();
  await expect(station.page.getByLabel('TP3')).toBeFocused();
  await keyboard.type('1,2');
  await keyboard.press('Tab');
  await keyboard.type('B-17');
  await keyboard.press('Tab');
  await keyboard.type('Mei Chen');
  await expect(station.page.getByRole('img', { name: 'Signed', exact: true })).toBeVisible();
  await keyboard.press('Enter');
}

const arrived = async (upstream: StrictTofuPilot, serial: string): Promise<WireRun> => {
  const found = () => upstream.runs.findLast(({ body }) => body.serial_number === serial);
  await expect.poll(() => found() !== undefined, { message: `${serial} arrives` }).toBe(true);
  return found()!.body;
};
const phaseOf = ({ phases = [] }: WireRun, name: string) => phases.find((phase) => phase.name === name);

test('a question is answered by keyboard, and its measurements and files arrive; again without a network', async ({
  stage,
}) => {
  const { upstream, server, station } = await openAsking(stage);
  const { page } = station;
  await station.scan('SN-000123');
  await question(station, 'look').waitFor();
  const picture = page.getByRole('img', { name: 'The LED' });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
  await expect(question(station, 'look')).toContainText('3.301');
  await answerByKeyboard(station);
  const verdict = await station.verdict();
  expect(verdict.outcome).toBe('PASS');
  await expect(station.input).toBeFocused();

  const run = await arrived(upstream, 'SN-000123');
  expect(run).toMatchObject({ batch_number: 'B-17' });
  expect(phaseOf(run, 'Look at the LED')?.measurements).toMatchObject([
    { name: 'rail', measured_value: 3.301 },
    { name: 'led', measured_value: true, outcome: 'PASS' },
  ]);
  expect(phaseOf(run, 'By hand')?.measurements).toMatchObject([{ name: 'tp3', measured_value: 1.2, outcome: 'PASS' }]);
  await expect.poll(() => upstream.of(verdict.runId)[0]!.files.map(({ name }) => name)).toEqual(['released.png']);

  await station.offlineReady();
  await server.stop();
  await station.open('/');
  await station.ready('taipei-line1-042');
  await station.scan('SN-000124');
  await question(station, 'look').waitFor();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
  await answerByKeyboard(station);
  expect((await station.verdict({ after: verdict })).outcome).toBe('PASS');
  expect(upstream.complaints).toEqual([]);
});

test(
  'a wrong answer is refused and the question stays; a decision against the unit fails it',
  night,
  async ({ stage }) => {
    const { upstream, station } = await openAsking(stage);
    const { page } = station;
    await station.scan('SN-000125');
    await question(station, 'look').getByRole('button', { name: 'Pass' }).click();
    await page.getByLabel('TP3').fill('9');
    await page.getByLabel('Batch').fill('no batch!');
    await page.getByLabel(/type your name/).fill('Mei');
    await page.getByTestId('confirm').click();
    await expect(page.getByRole('alert').filter({ hasText: 'TP3 must be 5 V or less' })).toBeVisible();
    await page.getByLabel('TP3').fill('1.9');
    await page.getByTestId('confirm').click();
    // Only the station knows what a batch number may be.
    await expect(
      page.getByRole('alert').filter({ hasText: 'Batch has a character that is not allowed' }),
    ).toBeVisible();
    await expect(page.getByLabel('Batch')).toBeFocused();
    await page.getByLabel('Batch').fill('B-18');
    await page.getByTestId('confirm').click();
    const missed = await station.verdict();
    expect(missed.outcome).toBe('FAIL');
    expect(missed.text).toContain('tp3');

    await station.scan('SN-000126');
    await question(station, 'look').getByRole('button', { name: 'Fail' }).click();
    const refused = await station.verdict({ after: missed });
    expect(refused.outcome).toBe('FAIL');
    const run = await arrived(upstream, 'SN-000126');
    expect(phaseOf(run, 'Look at the LED')).toMatchObject({
      outcome: 'FAIL',
      docstring: 'The LED is green: fail',
      measurements: [{ name: 'rail' }, { name: 'led', measured_value: false, outcome: 'FAIL' }],
    });
    expect(phaseOf(run, 'Power off')?.outcome).toBe('PASS');
  },
);

test('a stop and the end of its time end a question; teardown follows', async ({ stage }) => {
  const { upstream, station } = await openAsking(stage);
  await station.scan('SN-000127');
  await question(station, 'look').waitFor();
  await station.handle('stop').click();
  const stopped = await station.verdict();
  expect(stopped.outcome).toBe('ABORTED');
  await expect(station.handle('prompt')).toHaveCount(0);
  const run = await arrived(upstream, 'SN-000127');
  expect(phaseOf(run, 'Look at the LED')?.outcome).toBe('ERROR');
  expect(phaseOf(run, 'Power off')?.outcome).toBe('PASS');

  await station.scan('SN-000999');
  await question(station, 'look').getByRole('button', { name: 'Pass' }).click();
  await question(station, 'hurry').waitFor();
  const late = await station.verdict({ after: stopped });
  expect(late.outcome).toBe('TIMEOUT');
  expect(late.text).toContain('In a hurry');
  const slow = await arrived(upstream, 'SN-000999');
  expect([slow.outcome, phaseOf(slow, 'In a hurry')?.outcome]).toEqual(['TIMEOUT', 'ERROR']);
  expect(phaseOf(slow, 'Power off')?.outcome).toBe('PASS');
});

test('a reload in the middle is asked about; what was confirmed is kept with the interrupted run, what was typed in the tab', async ({
  stage,
}) => {
  const { upstream, station } = await openAsking(stage);
  const { page } = station;
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void (asked.length === 1 ? dialog.dismiss() : dialog.accept());
  });
  await station.scan('SN-000128');
  await question(station, 'look').getByRole('button', { name: 'Pass' }).click();
  await page.getByLabel('Batch').pressSequentially('B-2');
  await page.evaluate(() => setTimeout(() => location.reload()));
  await expect.poll(() => asked).toEqual(['beforeunload']);
  await expect(page.getByLabel('Batch')).toHaveValue('B-2');

  await page.reload();
  await station.ready('taipei-line1-042');
  expect(asked).toEqual(['beforeunload', 'beforeunload']);
  await station.notice('run-interrupted');
  const run = await arrived(upstream, 'SN-000128');
  expect(run).toMatchObject({ outcome: 'ERROR', metadata: { interrupted: true } });
  expect(phaseOf(run, 'Look at the LED')?.measurements).toMatchObject([{ name: 'rail' }, { measured_value: true }]);

  await station.scan('SN-000128');
  // A decision is made anew.
  await question(station, 'look').getByRole('button', { name: 'Pass' }).click();
  await expect(page.getByLabel('Batch')).toHaveValue('B-2');
});

test('a picture that is not in the release is said before the unit is touched', night, async ({ stage }) => {
  const { station } = await openAsking(stage, { pictures: 'images/gone.svg' });
  await station.scan('SN-000129');
  expect(await station.refusal()).toBe('screen-file');
  await expect(station.handle('refusal')).toContainText('“Look at the LED” shows images/gone.svg');
});
