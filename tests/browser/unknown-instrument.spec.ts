/**
 * Somebody plugs in an instrument that no procedure knows, on a fresh station, and wants its first number: over a serial
 * adapter and over USBTMC, by what the screen says alone. Then it is pulled, and the station goes on.
 */
import { StationPage } from '../support/station-page.ts';
import { mustSkip, noVirtualDevices } from '../virtual-devices/machine.ts';
import { expect, night, test, type Stage } from './stage.ts';

test.beforeEach(() => {
  const reason = noVirtualDevices();
  test.skip(mustSkip(reason), reason);
});

async function freshStation(stage: Stage) {
  const server = await stage.server();
  const { page } = await stage.browser({ origin: server.origin, devices: true });
  const begunMs = performance.now();
  await page.goto(server.origin);
  await page.getByTestId('fixture').first().click();
  return { page, begunMs };
}

for (const [wire, plugIn, answer] of [
  ['a serial adapter', (stage: Stage) => stage.fixture({ serial: 'FX0007' }), 'ACME,FX-1,FX0007,1.0'],
  ['USBTMC', (stage: Stage) => stage.usbDevice('usbtmc', 'MY0007'), 'ACME,TMC-1,MY0007'],
] as const) {
  test(
    `bench rule 20: from plugging in to the first number over ${wire}`,
    wire === 'USBTMC' ? {} : night,
    async ({ stage }) => {
      const device = await plugIn(stage);
      const { page, begunMs } = await freshStation(stage);
      await page.getByRole('button', { name: /^Who is it/ }).click();
      await page.getByTestId('device-answer').filter({ hasText: answer }).waitFor();
      await page.getByRole('button', { name: 'MEAS:VOLT:DC?' }).click();
      await expect(page.getByTestId('device-number')).toContainText(/[0-9]/);
      test
        .info()
        .annotations.push({ type: 'first number', description: `${Math.round(performance.now() - begunMs)} ms` });
      await page.getByText('In a procedure').click();
      await expect(page.getByTestId('device-text')).toContainText("identity: '^ACME,");

      await device.unplug();
      await page.getByRole('textbox', { name: 'Command' }).fill('*IDN?');
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('said').last().locator('[data-code]')).toBeVisible();
      await page.getByRole('button', { name: 'Close' }).click();

      // The line goes on: the simulated unit passes.
      await page.goto(new URL(page.url()).origin);
      expect((await new StationPage(page, new URL(page.url()).origin).test('SN-000123')).outcome).toBe('PASS');
    },
  );
}
