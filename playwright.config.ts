/**
 * The browser tests, two at a time: each has its own browser, server and devices. With three on two cores a device was
 * held up for longer than the second in which it has to say who it is.
 *
 * The tests start their browsers themselves (tests/virtual-devices/browser.ts); the path below is for those that use
 * Playwright's own `page`.
 */
import { defineConfig } from '@playwright/test';
import { findChromium } from './tests/support/chromium.js';
import { quietArgs } from './tests/support/quiet-browser.ts';

const json = process.env['FIELDBENCH_BROWSER_REPORT'];
const executablePath = findChromium();
/** Minutes each, and what they prove does not change from one commit to the next: `npm run nightly`. */
const LONG_PROOFS = ['backlog', 'flood', 'storage-power'].map((name) => `**/${name}.spec.ts`);

const byDay = { testIgnore: LONG_PROOFS, grepInvert: /@night/ };

export default defineConfig({
  testDir: 'tests/browser',
  ...(process.env['FIELDBENCH_NIGHTLY'] ? {} : byDay),
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: true,
  // A test that passes at the second try has found something: it is not repeated, it is read.
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  // What takes longer hangs: how fast a machine is, is no matter of these tests.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  reporter: json ? [['list'], ['json', { outputFile: json }]] : 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: quietArgs() },
  },
});
