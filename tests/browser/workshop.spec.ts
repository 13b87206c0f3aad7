/**
 * The workshop in a real Chromium: a folder is opened, broken, completed, tried out step by step, saved and packed.
 *
 * Only the browser's chooser is stood in for, by a folder of the origin's private files; everything else is real.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { STARTER_BENCH, starterProcedure } from '#procedure/starter.ts';
import { axeViolations } from '../support/axe.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, night, test } from './stage.ts';

const STATION = 'demo-line1-001';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROCEDURE = starterProcedure('Power board');
const LINES = PROCEDURE.split('\n');
const lineOf = (text: string) => LINES.findIndex((line) => line.includes(text)) + 1;

/** A folder among the origin's private files, which the chooser then gives. */
async function layOut(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate(async (files) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('power-board', { create: true });
    for (const [name, text] of Object.entries(files)) {
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(text);
      await writable.close();
    }
    Object.assign(window, { showDirectoryPicker: () => Promise.resolve(folder) });
  }, files);
}

const onDisk = (page: Page, name: string) =>
  page.evaluate(async (name) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('power-board');
    return (await (await folder.getFileHandle(name)).getFile()).text();
  }, name);

async function open(page: Page, station: StationPage): Promise<void> {
  await station.ready(STATION);
  await page.goto(`${station.origin}/workshop`);
  await layOut(page, { 'procedure.yaml': PROCEDURE, 'bench.yaml': STARTER_BENCH });
  await page.getByTestId('open-folder').click();
  await expect(page.getByTestId('workshop-state')).toHaveAttribute('data-runs', 'true');
}

const editor = (page: Page) => page.getByTestId('editor-text');

/** With `WORKSHOP_SHOTS=<folder>` a picture is left there. */
async function look(page: Page, name: string): Promise<void> {
  const shots = process.env['WORKSHOP_SHOTS'];
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: name !== 'held' });
}

/** The whole text, as somebody pastes it. */
async function write(page: Page, text: string): Promise<void> {
  await editor(page).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await editor(page).evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

test('a folder is opened, broken, completed, tried out, saved and packed', async ({ stage }) => {
  const server = await stage.server();
  const browser = await stage.browser({ origin: server.origin });
  const { page } = browser;
  const trouble: string[] = [];
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(String(error)));
  const station = new StationPage(page, server.origin);
  await open(page, station);

  // An error of our own parser stands at its line, and is gone when it is corrected.
  const broken = lineOf('operator: range');
  await write(page, PROCEDURE.replace('operator: range', 'operator: rnage'));
  const problem = page.locator(`[data-testid=problem][data-severity=error][data-line="${broken}"]`);
  await expect(problem).toBeVisible();
  await look(page, 'broken');
  await expect(page.getByTestId('workshop-state')).toHaveAttribute('data-loads', 'false');
  await expect(page.getByTestId('workshop-start')).toBeDisabled();
  await problem.getByRole('button').click();
  await expect(editor(page)).toBeFocused();
  await expect(page.locator('.cm-lintRange-error')).toContainText('rnage');

  // A key is completed from the format.
  await write(page, 'name: Board\nmain:\n  - name: A\n    ');
  await page.keyboard.type('tim');
  await page.keyboard.press('ControlOrMeta+Space');
  await expect(page.locator('.cm-tooltip-autocomplete')).toContainText('timeout');
  // What is picked before a person can have read it is not taken.
  await page.waitForTimeout(200);
  await page.keyboard.press('Enter');
  await page.keyboard.type('10s');
  await expect(editor(page)).toContainText('timeout: 10s');

  // Step by step, with a measurement that fails beside its limits; the run shows its place.
  await write(page, PROCEDURE);
  await expect(page.getByTestId('workshop-state')).toHaveAttribute('data-runs', 'true');
  await page.getByTestId('workshop-serial').fill('SN-000113');
  await page.getByTestId('workshop-step').click();
  const place = page.getByTestId('workshop-place');
  await expect(place).toHaveAttribute('data-held', 'true');
  await expect(place).toHaveAttribute('data-line', String(lineOf("command: 'OUTP ON'")));
  await expect(page.locator('.cm-step')).toContainText('OUTP ON');

  for (const line of [
    lineOf('- wait: ${settle}'),
    lineOf('measure: { name: rail_3v3'),
    lineOf('measure: { name: current'),
  ]) {
    await page.getByTestId('workshop-next').click();
    await expect(place).toHaveAttribute('data-line', String(line));
    await expect(place).toHaveAttribute('data-held', 'true');
  }
  const pane = page.getByTestId('workshop-run');
  await expect(pane).toContainText(/3\.05/);
  await expect(pane, 'its limits beside it').toContainText(/3\.2/);
  await look(page, 'held');
  await page.getByTestId('workshop-on').click();
  await expect(page.getByTestId('workshop-outcome')).toHaveAttribute('data-outcome', 'FAIL');

  // Back into the folder, and nothing else in it is touched.
  const changed = PROCEDURE.replace('version: 0.1.0', 'version: 0.2.0');
  await write(page, changed);
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByTestId('workshop-state')).toContainText('Saved');
  expect(await onDisk(page, 'procedure.yaml')).toBe(changed);
  expect(await onDisk(page, 'bench.yaml')).toBe(STARTER_BENCH);

  // What somebody else has written meanwhile is not written over unasked.
  await layOut(page, { 'procedure.yaml': `${changed}# theirs\n` });
  await write(page, `${changed}# mine\n`);
  await page.getByTestId('workshop-save').click();
  await expect(page.getByTestId('workshop-foreign')).toContainText('procedure.yaml');
  expect(await onDisk(page, 'procedure.yaml')).toBe(`${changed}# theirs\n`);
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  // Not before: while a file is replaced there is a moment in which it cannot be found.
  await expect(page.getByTestId('workshop-state')).toContainText('Saved');
  expect(await onDisk(page, 'procedure.yaml')).toBe(`${changed}# mine\n`);

  // The bundle is the command line's, byte for byte.
  await expect(page.getByTestId('workshop-pack')).toBeEnabled();
  const download = page.waitForEvent('download');
  await page.getByTestId('workshop-pack').click();
  const packed = await download;
  expect(packed.suggestedFilename()).toBe('power-board-functional-test-0.2.0.release.zip');
  const folder = mkdtempSync(join(tmpdir(), 'fieldbench-pack-'));
  writeFileSync(join(folder, 'procedure.yaml'), `${changed}# mine\n`);
  writeFileSync(join(folder, 'bench.yaml'), STARTER_BENCH);
  const out = join(folder, 'by-hand.release.zip');
  const cli = spawnSync(process.execPath, [join(ROOT, 'dist/cli/fieldbench.js'), 'pack', folder, '--out', out], {
    encoding: 'utf8',
  });
  expect(cli.status, cli.stderr).toBe(0);
  expect(readFileSync(await packed.path()).equals(readFileSync(out)), 'the same bytes').toBe(true);
  rmSync(folder, { recursive: true, force: true });

  // It counts nowhere.
  await page.goto(`${server.origin}/history`);
  await expect(page.getByTestId('found')).toHaveAttribute('data-total', '0');
  await station.queueBecomes({ waiting: 0, uploadedToday: 0 });
  expect(trouble).toEqual([]);
});

test('leaving the screen ends the run, and units are tested again', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await open(page, station);
  await page.getByTestId('workshop-step').click();
  await expect(page.getByTestId('workshop-place')).toHaveAttribute('data-held', 'true');
  // By the app's own link: the run is stopped, torn down, and units are tested again.
  await page.getByLabel('Menu').click();
  await page.getByRole('link', { name: 'Test', exact: true }).click();
  await expect(station.input).toBeEnabled();
  expect(await station.test('SN-000123')).toMatchObject({ outcome: 'PASS' });
});

test('what is not saved is still there after a reload', night, async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  page.on('dialog', (dialog) => void dialog.accept());
  await open(page, station);
  await write(page, `${PROCEDURE}# half a thought`);
  // Longer than a draft waits.
  await page.waitForTimeout(2000);
  await page.reload();
  await page.getByTestId('workshop-draft').getByRole('button', { name: 'Go on writing' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('workshop-state')).toHaveAttribute('data-runs', 'true');
  await editor(page).focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(editor(page)).toContainText('# half a thought');
});

test('by keyboard alone, and readable in both themes', night, async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const station = new StationPage(page, server.origin);
  await station.ready(STATION);
  await page.goto(`${server.origin}/workshop`);
  await page.getByTestId('open-template').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('workshop-state')).toHaveAttribute('data-runs', 'true');
  await editor(page).focus();
  // Tab indents; Escape lets the next Tab out.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor(page)).not.toBeFocused();
  await editor(page).focus();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('workshop-outcome')).toHaveAttribute('data-outcome', 'PASS');
  for (const colorScheme of ['light', 'dark'] as const)
    for (const size of [
      { width: 1280, height: 800 },
      { width: 820, height: 1180 },
      { width: 360, height: 740 },
    ]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      const where = `${colorScheme} ${size.width}`;
      await look(page, `run-${size.width}-${colorScheme}`);
      expect.soft(await axeViolations(page), where).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${where}: sideways scrolling`).toBeLessThanOrEqual(0);
    }
});
