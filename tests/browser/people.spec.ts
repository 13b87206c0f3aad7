/**
 * People and units in a real browser: who signs in by badge stands in the run that arrives, what their role may not do the
 * station does not do, and what a unit is made of arrives with it.
 */
import type { Page } from '@playwright/test';
import { hashBadge } from '#fleet/people/secret.ts';
import { powerBoard, POWER_BOARD_BENCH } from '../support/fleet-folder.ts';
import { expect, night, openStation, test } from './stage.ts';

const SETTINGS = { simulated: true, default_procedure: 'power-board', sync: { ambiguous_wait_s: 2 } };
/** FNC1, as scanners send it. */
const SEPARATOR = '\u001d';
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));

const content = (unit: object = {}, settings: object = {}) => ({
  settings: { ...SETTINGS, ...settings },
  procedures: {
    'power-board': {
      'procedure.yaml': { ...powerBoard(), unit: { ...powerBoard().unit, ...unit } },
      'bench.yaml': POWER_BOARD_BENCH,
    },
  },
});

async function addPerson(
  page: Page,
  name: string,
  role: string,
  keys: { email?: string; badge?: string; pin?: string },
) {
  await page.getByTestId('add-person').click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('E-mail in TofuPilot').fill(keys.email ?? '');
  await page.getByRole('radio', { name: role }).check();
  await page.getByLabel('Badge', { exact: true }).fill(keys.badge ?? '');
  await page.getByLabel('PIN', { exact: true }).fill(keys.pin ?? '');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('listed-person').filter({ hasText: name })).toBeVisible();
}

test('an operator signs in by badge, runs say who, and settings are the supervisor’s', async ({ stage }) => {
  const { upstream, server } = await stage.factory({ content: content() });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  const { page } = station;
  const nobody = await station.test('SN-000001');

  await station.open('/settings');
  await addPerson(page, 'Ana Ruiz', 'operator', { email: 'ana@example.com', badge: 'EMP-00001' });
  await addPerson(page, 'Mei Chen', 'supervisor', { badge: 'EMP-00003', pin: '471100' });
  await expect(page.getByTestId('add-person'), 'from the first supervisor on it is theirs').toHaveCount(0);

  await station.open('/');
  await station.scan('SN-000002');
  expect(await station.refusal()).toBe('sign-in-needed');
  await station.scan('EMP-00001');
  await expect(page.getByTestId('person')).toHaveAttribute('data-role', 'operator');
  const byAna = await station.test('SN-000002');
  const again = await station.test('SN-000002');

  await station.open('/settings');
  await expect(page.getByLabel('Simulated fixture')).toBeDisabled();
  // What is shut on the screen is shut in the station: asked past the screen, it says who can.
  await page.evaluate(() => document.querySelector('fieldset[data-right=simulated]')!.removeAttribute('disabled'));
  await page.getByLabel('Simulated fixture').click();
  const notice = await station.notice('not-allowed');
  await expect(notice).toContainText('Ana Ruiz is an operator');
  await expect(page.getByRole('banner').getByText('simulated', { exact: true })).toBeVisible();

  // A reload signs nobody out.
  await page.reload();
  await expect(page.getByTestId('person')).toHaveAttribute('data-role', 'operator');
  await page.getByTestId('person').click();
  await page.getByRole('button', { name: /Mei Chen/ }).click();
  await page.keyboard.type('111111\n');
  await expect(page.getByTestId('sign-in-problem')).toHaveAttribute('data-code', 'pin-wrong');
  await page.keyboard.type('471100\n');
  await expect(page.getByTestId('person')).toHaveAttribute('data-role', 'supervisor');
  await expect(page.getByLabel('Simulated fixture')).toBeEnabled();
  await page.getByLabel('Simulated fixture').uncheck();
  await expect(page.getByRole('banner').getByText('simulated', { exact: true })).toHaveCount(0);
  await page.getByLabel('Simulated fixture').check();
  await page.getByLabel('A unit is tested again').selectOption('supervisor');
  await page.getByTestId('person').click();
  await page.getByTestId('sign-out').click();

  // Not by a new load: that ends the station, and with it what is just being written.
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Test', exact: true }).click();
  await station.fixtureIs('ready');
  await station.scan('EMP-00001');
  await station.scan('SN-000002');
  await expect(page.getByTestId('identity-step')).toHaveAttribute('data-key', 'allowed_by');
  await station.scan('EMP-00003');
  const allowed = await station.verdict();
  await expect(page.getByTestId('person'), 'who allows it is not signed in').toHaveAttribute('data-role', 'operator');

  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 4 });
  const bodyOf = (runId: string) => upstream.of(runId)[0]!.body;
  expect(bodyOf(nobody.runId)).not.toHaveProperty('operated_by');
  expect(bodyOf(nobody.runId).metadata).toMatchObject({ operator: '' });
  for (const { runId } of [byAna, again, allowed]) {
    expect(bodyOf(runId)).toMatchObject({ operated_by: 'ana@example.com' });
    expect(bodyOf(runId).metadata).toMatchObject({ operator: 'ana@example.com', operator_role: 'operator' });
  }
  expect(bodyOf(byAna.runId).metadata).not.toHaveProperty('retest');
  expect(bodyOf(again.runId).metadata).toMatchObject({ retest: 1 });
  expect(bodyOf(allowed.runId).metadata).toMatchObject({ retest: 2, allowed_by: 'Mei Chen' });
  const sent = JSON.stringify(upstream.runs);
  for (const secret of ['EMP-0000', '471100']) expect(sent).not.toContain(secret);
  expect(upstream.runs).toHaveLength(4);
  expect(upstream.complaints).toEqual([]);
});

test('the fleet names its people, and their badges count without a network', async ({ stage }) => {
  const operators = [
    { name: 'Zoe', email: 'zoe@example.com', role: 'supervisor', badge: await hashBadge('EMP-9', random) },
  ];
  const sign_in = { badge_pattern: '^EMP-', retest_reason: true, fail_seen_by: 'supervisor' };
  const { upstream, server, env } = await stage.factory({ content: content({}, { operators, sign_in }) });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  await station.offlineReady();
  await server.stop();
  await station.open('/');
  await station.fixtureIs('ready');
  await station.scan('EMP-8');
  expect(await station.refusal()).toBe('badge-unknown');
  await station.scan('EMP-9');
  await expect(station.page.getByTestId('person')).toContainText('Zoe');
  const first = await station.test('SN-000001');
  await station.scan('SN-000001');
  await expect(station.page.getByTestId('identity-step')).toHaveAttribute('data-key', 'retest_reason');
  await station.scan('contact cleaned');
  const second = await station.verdict({ after: first });

  // What did not pass is set aside before anything else is tested, also after a reload.
  const failed = await station.test('SN-000013');
  expect(failed.outcome).toBe('FAIL');
  await station.open('/');
  await station.fixtureIs('ready');
  await expect(station.handle('failed-units')).toContainText('SN-000013');
  await station.scan('SN-000002');
  expect(await station.refusal()).toBe('fail-unseen');
  await station.handle('acknowledge').click();
  await expect(station.handle('failed-units')).toHaveCount(0);
  await expect(station.input).toBeFocused();
  expect((await station.test('SN-000002')).outcome).toBe('PASS');
  await stage.server({ port: server.port, env });
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 4 }, 60_000);
  expect(upstream.of(second.runId)[0]!.body).toMatchObject({
    operated_by: 'zoe@example.com',
    metadata: { operator_role: 'supervisor', retest: 1, retest_reason: 'contact cleaned' },
  });
  expect(upstream.complaints).toEqual([]);
});

test('what a unit is made of is scanned part by part, and arrives with it', night, async ({ stage }) => {
  const unit = {
    scan: [{ gs1: { '21': 'serial_number', '10': 'batch_number' } }],
    part_number: { pattern: '^PWR-', placeholder: 'PWR-X' },
    sub_units: [
      { label: 'Display', serial_number: { pattern: '^D-[0-9]+$', placeholder: 'D-1' } },
      { label: { en: 'Main board', de: 'Hauptplatine' }, key: 'mb' },
    ],
    metadata: { shift: {} },
  };
  const { upstream, server } = await stage.factory({ content: content(unit) });
  const browser = await stage.browser({ origin: server.origin });
  const station = await openStation(browser, server, stage.enrolment());
  await station.fixtureIs('ready');
  const { page } = station;
  const step = page.getByTestId('identity-step');

  // A DataMatrix as a scanner hands it over: batch and serial number in one code, with the separator between them.
  await station.scan(`]d210LOT-7${SEPARATOR}21SN-000001`);
  await expect(step).toContainText('SN-000001');
  await expect(step).toHaveAttribute('data-key', 'part_number');
  await expect(step).toHaveAttribute('data-count', '4');
  await station.scan('PWR-X');
  await expect(step).toContainText('Display');
  await station.scan('X-1');
  await expect(page.getByTestId('identity-trouble')).toHaveAttribute('data-code', 'answer-pattern');
  await expect(page.getByRole('textbox', { name: 'Display, 2 of 4' })).toBeFocused();
  // As a scanner does it: over what stands there.
  await page.keyboard.type('D-77\n');
  await expect(step).toContainText('Main board');
  await page.keyboard.press('Escape');
  await expect(step).toHaveCount(0);
  expect(await station.shown(), 'nothing was tested').toBeNull();

  for (const code of [`]d221SN-000002${SEPARATOR}10LOT-8`, 'PWR-X', ']d221D-78', 'MB-1']) {
    await station.scan(code);
    await expect(station.input, 'taken, without another Enter').toHaveValue('');
  }
  await page.getByTestId('leave-out').click();
  const { runId, outcome } = await station.verdict();
  expect(outcome).toBe('PASS');
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: 1 });
  expect(upstream.runs).toHaveLength(1);
  const { body } = upstream.of(runId)[0]!;
  expect(body).toMatchObject({
    serial_number: 'SN-000002',
    batch_number: 'LOT-8',
    part_number: 'PWR-X',
    sub_units: ['D-78', 'MB-1'],
  });
  expect(body).not.toHaveProperty('unit_metadata');
  expect(body.metadata).toMatchObject({ sub_units: 'display=D-78; mb=MB-1' });
  await station.open(`/runs/${runId}`);
  await expect(page.getByText('display = D-78, mb = MB-1')).toBeVisible();
  expect(upstream.complaints).toEqual([]);
});
