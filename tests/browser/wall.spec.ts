/** A second display: what the station's window shows, never the station itself, and nothing that has gone. */
import { axeViolations } from '../support/axe.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, test } from './stage.ts';

/** Three questions, and time for a slow machine. */
const SILENT = { timeout: 60_000 };

test('a wall view follows the station in another window, and says when it is gone', async ({ stage }) => {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin });
  const complaints: string[] = [];
  const station = new StationPage(page, server.origin);
  await station.ready('demo-line1-001');

  const wall = await page.context().newPage();
  wall.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await wall.goto(`${server.origin}/wall`);
  const slot = wall.getByTestId('wall-slot');
  await expect(slot).toHaveAttribute('data-look', 'ready', SILENT);
  await expect(wall.getByRole('heading', { level: 1 })).toHaveText('demo-line1-001');

  // What anybody saw on the way: a verdict is never beside a unit that is under test.
  await wall.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const look = () => {
      const slot = document.querySelector('[data-testid="wall-slot"]');
      const serial = slot?.querySelector('.serial')?.textContent ?? '';
      const line = `${slot?.getAttribute('data-look')} ${serial}`;
      if (seen.at(-1) !== line) seen.push(line);
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  });
  await station.test('SN-000123');
  await expect(slot).toHaveAttribute('data-look', 'pass');
  await station.test('SN-000113');
  await expect(slot).toHaveAttribute('data-look', 'fail');
  await expect(slot).toContainText('SN-000113');
  await expect(wall.locator('dl')).toContainText('2 runs');
  const seen = await wall.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  expect(seen.filter((line) => line.startsWith('pass')).every((line) => line === 'pass SN-000123')).toBe(true);
  expect(seen.filter((line) => line.startsWith('fail')).every((line) => line === 'fail SN-000113')).toBe(true);
  expect(await axeViolations(wall)).toEqual([]);

  // Its window goes: the wall takes nothing over, and keeps no verdict.
  await page.close();
  await expect(wall.getByRole('alert')).toContainText('No word from the station', SILENT);
  await expect(slot).toHaveCount(0);
  const held = await wall.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name));
  expect(held).not.toContain('fieldbench-station');

  const again = new StationPage(await wall.context().newPage(), server.origin);
  await again.ready('demo-line1-001');
  await expect(wall.getByRole('heading', { level: 1 })).toHaveText('demo-line1-001', SILENT);
  expect(complaints).toEqual([]);
});
