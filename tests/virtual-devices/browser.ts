/**
 * Starts a real headless Chromium on a profile that outlives it, with emulated devices and inside a network namespace
 * if asked, and can kill it without warning.
 *
 * Above it: the browser tests and benchmarks. Knows nothing of the app.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { chromiumWithUdev, findChromium } from '../support/chromium.js';
import { quietArgs } from '../support/quiet-browser.ts';
import { grantDevices } from './grant.ts';
import { preloadLibrary } from './preload.ts';

/** A killed process is gone in milliseconds; its files may take a loaded machine a while longer. */
const KILL_PATIENCE_MS = 10_000;

export interface BrowserOptions {
  /** Folder that holds profile and device folders; what is in it survives a kill. */
  readonly folder: string;
  readonly origin: string;
  /** Show the emulated devices of `<folder>/tty` and `<folder>/usb`, granted to the origin. */
  readonly devices?: boolean;
  /** Name of the network namespace to run in. */
  readonly namespace?: string;
  readonly args?: readonly string[];
  /** A tablet in portrait, with a finger on it. */
  readonly touch?: boolean;
  /** Folder of managed policies that only this browser reads, in the place of the machine's; grants what it grants. */
  readonly policies?: string;
}

export interface StationBrowser {
  readonly context: BrowserContext;
  readonly pid: number;
  /** The page that the browser opened with. */
  readonly page: Page;
  /** SIGKILL for all its processes at once, as a power cut would end them. */
  kill(): Promise<void>;
  close(): Promise<void>;
  /** When nothing of its profile is needed any more. Closing takes up to half a minute at times; does nothing if it is closed. */
  end(): Promise<void>;
}

export const serialFolder = (folder: string) => join(folder, 'tty');
export const usbFolder = (folder: string) => join(folder, 'usb');

/** Quoted for sh. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Where Debian's Chromium reads managed policies. */
const MANAGED = '/etc/chromium/policies/managed';

/** In a mount namespace of its own: the browsers of other tests read the machine's folder meanwhile. */
function withPolicies(folder: string): string[] {
  mkdirSync(MANAGED, { recursive: true });
  const mounted = `mount --bind ${quoted(folder)} ${MANAGED} && exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', quoted(mounted), 'sh'];
}

/** A script in the browser's place, so that the preload reaches the browser and not Playwright's own process. */
function writeLauncher({ folder, devices, namespace, policies }: BrowserOptions, pidFile: string): string {
  const binary = devices ? chromiumWithUdev() : findChromium();
  if (!binary) throw new Error('no Chromium found; run `npm test`, which finds or installs one');
  const environment = devices
    ? [
        `VIRTUAL_TTY_DIR=${quoted(serialFolder(folder))}`,
        `VIRTUAL_USB_DIR=${quoted(usbFolder(folder))}`,
        `LD_PRELOAD=${quoted(preloadLibrary())}`,
      ]
    : [];
  const inside = namespace ? ['ip', 'netns', 'exec', namespace] : [];
  const alone = policies ? withPolicies(policies) : [];
  const command = ['exec', ...inside, ...alone, 'env', ...environment, quoted(binary), '"$@"'].join(' ');
  const launcher = join(folder, 'launch-browser');
  writeFileSync(launcher, `#!/bin/sh\necho $$ > ${quoted(pidFile)}\n${command}\n`, { mode: 0o755 });
  return launcher;
}

async function killAll(pid: number): Promise<void> {
  // Playwright makes the browser the leader of its own process group.
  process.kill(-pid, 'SIGKILL');
  const deadline = Date.now() + KILL_PATIENCE_MS;
  while (existsSync(`/proc/${pid}`)) {
    if (Date.now() > deadline) throw new Error(`browser ${pid} survived SIGKILL`);
    await sleep(10);
  }
}

export async function startBrowser(options: BrowserOptions): Promise<StationBrowser> {
  const { folder, origin, devices = false, args = [], touch = false, policies } = options;
  for (const part of [serialFolder(folder), usbFolder(folder)]) mkdirSync(part, { recursive: true });
  const takeBack = devices && !policies ? grantDevices(origin) : () => {};
  const pidFile = join(folder, 'browser.pid');
  rmSync(pidFile, { force: true });
  try {
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: writeLauncher(options, pidFile),
      headless: true,
      chromiumSandbox: process.getuid?.() !== 0,
      viewport: touch ? { width: 820, height: 1180 } : { width: 1280, height: 800 },
      hasTouch: touch,
      locale: 'en-GB',
      args: quietArgs(args),
    });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    let isOpen = true;
    const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
    void closed.then(() => (isOpen = false));
    const kill = async () => {
      await killAll(pid);
      await closed;
      takeBack();
    };
    return {
      context,
      pid,
      page: context.pages()[0] ?? (await context.newPage()),
      kill,
      close: async () => {
        await context.close();
        takeBack();
      },
      end: async () => {
        if (isOpen) await kill();
      },
    };
  } catch (thrown) {
    takeBack();
    throw thrown;
  }
}
