/**
 * What `fieldbench provision` writes, applied to a real Chromium: its policies load with no error, the fixture is there with no
 * question, another site gets nothing, the app is installed, and the browser promises to keep its data.
 *
 * The browser reads the policies in a mount namespace of its own, so that no other test feels them. One value is changed: a
 * browser without tools for developers cannot be driven by a test either.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { mustSkip, noPrivatePolicies, noVirtualDevices } from '../virtual-devices/machine.ts';
import { STATION_KEY } from '../support/strict-tofupilot.ts';
import { expect, openStation, STATION, test, type Stage } from './stage.ts';

const FIELDBENCH = fileURLToPath(new URL('../../dist/cli/fieldbench.js', import.meta.url));
const ALLOWED = 1;

/** Provisions the station as a person does, with the built program, and puts the policies where only this test's browser looks. */
function provision(stage: Stage, origin: string, fleet: string): { policies: string; link: string } {
  const out = join(stage.folder, 'station');
  execFileSync(
    process.execPath,
    [FIELDBENCH, 'provision', STATION, '--origin', origin, '--fleet', fleet, '--out', out, '--require-server'],
    {
      env: { ...process.env, FIELDBENCH_STATION_KEY: STATION_KEY },
    },
  );
  const root = join(stage.folder, 'root');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  // Exit 1 where this machine has no kiosk: only the policies matter here.
  execFileSync('sh', [join(out, 'install.sh'), '--root', root, '--kiosk', 'none']);
  const policies = join(root, 'etc/chromium/policies/managed');
  const file = join(policies, 'fieldbench.json');
  const text = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...text, DeveloperToolsAvailability: ALLOWED }));
  return { policies, link: readFileSync(join(out, 'secret/enrolment.txt'), 'utf8').trim() };
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
  const { policies, link } = provision(stage, server.origin, fleet);
  const browser = await stage.browser({ origin: server.origin, devices: true, policies });
  const { page, context } = browser;

  const inForce = await policiesInForce(page);
  const wanted = Object.keys(JSON.parse(readFileSync(join(policies, 'fieldbench.json'), 'utf8')) as object);
  expect(Object.keys(inForce).toSorted()).toEqual(wanted.toSorted());
  expect(Object.fromEntries(wanted.map((name) => [name, inForce[name]]))).toEqual(
    Object.fromEntries(wanted.map((name) => [name, 'OK'])),
  );

  const station = await openStation(browser, server, link.slice(server.origin.length));
  await station.fixtureIs('ready');
  const { outcome, runId } = await station.test('SN-000123');
  expect(outcome).toBe('PASS');
  await expect.poll(() => upstream.of(runId).length).toBe(1);

  // The app is installed soon after the start; from then on the promise is given, at the next start of the page at the latest.
  const devtools = await context.browser()?.newBrowserCDPSession();
  const cdp = devtools ?? (await context.newCDPSession(page));
  await expect
    .poll(() =>
      (cdp as { send(method: string, params: object): Promise<unknown> })
        .send('PWA.getOsAppState', { manifestId: `${server.origin}/` })
        .then(
          () => 'installed',
          (thrown: Error) => thrown.message,
        ),
    )
    .toBe('installed');
  await page.reload();
  await expect.poll(() => page.evaluate(() => navigator.storage.persist())).toBe(true);

  // Another origin of this machine sees no device, may not ask for one, and is not even opened.
  await expect(page.goto(server.origin.replace('localhost', '127.0.0.1'))).rejects.toThrow(
    'ERR_BLOCKED_BY_ADMINISTRATOR',
  );
});
