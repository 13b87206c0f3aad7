/**
 * What `fieldbench provision` writes, applied to a real Chromium: its policies load with no error, the fixture is there with no
 * question, another site gets nothing, the app is installed, and the browser promises to keep its data.
 *
 * The browser reads the policies in a mount namespace of its own, so that no other test feels them. One value is changed: a
 * browser without tools for developers cannot be driven by a test either.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { mustSkip, noPrivatePolicies, noVirtualDevices } from '../virtual-devices/machine.ts';
import { STATION_KEY } from '../support/strict-tofupilot.ts';
import { StationPage } from '../support/station-page.ts';
import { expect, STATION, test, type Stage } from './stage.ts';

const FIELDBENCH = fileURLToPath(new URL('../../dist/cli/fieldbench.js', import.meta.url));
const ALLOWED = 1;
/** Still in force; what takes their place from Chrome 156 on is an error in every version before it. */
const SUCCEEDED = ['AutofillAddressEnabled', 'AutofillCreditCardEnabled'];
const run = promisify(execFile);

/** Provisions the station as a person does, with the built program, and puts the policies where only this test's browser looks. */
async function provision(stage: Stage, origin: string, fleet: string): Promise<{ policies: string; link: string }> {
  const out = join(stage.folder, 'station');
  await run(
    process.execPath,
    [FIELDBENCH, 'provision', STATION, '--origin', origin, '--fleet', fleet, '--out', out, '--offline'],
    {
      env: { ...process.env, FIELDBENCH_STATION_KEY: STATION_KEY },
    },
  );
  const root = join(stage.folder, 'root');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  await run('sh', [join(out, 'install.sh'), '--root', root, '--kiosk', 'none']);
  const policies = join(root, 'etc/chromium/policies/managed');
  const file = join(policies, 'fieldbench.json');
  const text = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...text, DeveloperToolsAvailability: ALLOWED }));
  return { policies, link: readFileSync(join(out, 'secret/enrolment.txt'), 'utf8').trim() };
}

/** A domain that Playwright's types do not know. */
interface Devtools {
  send(method: 'PWA.getOsAppState', parameters: { manifestId: string }): Promise<unknown>;
}

/** What chrome://policy shows: each policy with its state. */
async function policiesInForce(page: Page): Promise<Record<string, string>> {
  await page.goto('chrome://policy');
  await expect.poll(() => page.locator('policy-row').count()).toBeGreaterThan(0);
  return page.locator('policy-row').evaluateAll((rows) =>
    Object.fromEntries(
      rows.flatMap((row) => {
        const part = (name: string) => row.shadowRoot?.querySelector(name)?.textContent?.trim() ?? '';
        const [name, value] = [part('.name'), part('.value')];
        return name && value ? [[name, part('.messages')]] : [];
      }),
    ),
  );
}

test('a provisioned Chromium: policies without an error, devices without a question, the app installed, its data kept', async ({
  stage,
}) => {
  const reason = noVirtualDevices() || noPrivatePolicies();
  test.skip(mustSkip(reason), reason);
  const { server, fleet, upstream } = await stage.factory();
  await stage.fixture();
  await stage.fixture({ name: 'stranger', vid: '10c4', pid: 'ea60', serial: 'X1' });
  // A name with a dot, as a server has one: the promise to keep data is given by domain, and `localhost` is none.
  const origin = `http://station.localhost:${server.port}`;
  const { policies, link } = await provision(stage, origin, fleet);
  const browser = await stage.browser({ origin, devices: true, policies });
  const { page, context } = browser;

  const inForce = await policiesInForce(page);
  const wanted = Object.keys(JSON.parse(readFileSync(join(policies, 'fieldbench.json'), 'utf8')) as object);
  expect(Object.keys(inForce).toSorted()).toEqual(wanted.toSorted());
  const troubled = Object.entries(inForce).filter(([name, state]) => state !== 'OK' && !SUCCEEDED.includes(name));
  expect(troubled).toEqual([]);
  for (const name of SUCCEEDED) expect(inForce[name]).toMatch(/^(OK|Deprecated)$/);

  const station = new StationPage(page, origin);
  await station.ready(STATION, link.slice(origin.length));
  await station.fixtureIs('ready');
  const { outcome, runId } = await station.test('SN-000123');
  expect(outcome).toBe('PASS');
  await expect.poll(() => upstream.of(runId).length).toBe(1);

  const ports = await page.evaluate(async () => (await navigator.serial.getPorts()).map((port) => port.getInfo()));
  expect(ports, 'the fixture’s adapter and no other').toEqual([{ usbVendorId: 0x0403, usbProductId: 0x6001 }]);

  // The app is installed soon after the start; from then on the promise is given, at the next start of the page at the latest.
  const devtools = await context.newCDPSession(page);
  const installed = () =>
    (devtools as unknown as Devtools).send('PWA.getOsAppState', { manifestId: `${origin}/` }).then(
      () => 'installed',
      (thrown: Error) => thrown.message,
    );
  await expect.poll(installed).toBe('installed');
  await page.reload();
  await expect.poll(() => page.evaluate(() => navigator.storage.persist())).toBe(true);

  // Another origin of this machine sees no device, may not ask for one, and is not even opened.
  await expect(page.goto(server.origin)).rejects.toThrow('ERR_BLOCKED_BY_ADMINISTRATOR');
});
