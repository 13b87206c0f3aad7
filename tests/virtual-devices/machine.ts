/**
 * What this machine cannot do, in words: emulate devices, cut a network.
 *
 * A test that needs either asks here and skips with the reason; on a CI machine it fails instead, because there
 * everything must run. Knows nothing of the tests.
 */
import { spawnSync } from 'node:child_process';
import { chromiumWithUdev } from '../support/chromium.js';

function missing(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status !== 0;
}

function notRootOnLinux(what: string): string {
  if (process.platform !== 'linux') return `${what} works on Linux only`;
  return process.getuid?.() === 0 ? '' : `${what} needs root`;
}

/** Why no emulated device can be shown to a browser here; empty when it can. */
export function noVirtualDevices(): string {
  const notHere = notRootOnLinux('the policy that grants emulated devices');
  if (notHere) return notHere;
  if (missing('cc', '--version')) return 'no C compiler (cc) to build the preload';
  if (missing('python3', '--version')) return 'no python3 to run the emulated instruments';
  return chromiumWithUdev() ? '' : 'no Chromium that is linked with libudev (Debian: apt-get install chromium)';
}

/** Why no network link can be cut under a browser here; empty when it can. */
export function noNetworkCut(): string {
  const notHere = notRootOnLinux('a network namespace');
  if (notHere) return notHere;
  if (missing('ip', '-V')) return 'no iproute2 (ip) to make a network namespace';
  const name = `fieldbench-probe-${process.pid}`;
  if (missing('ip', 'netns', 'add', name)) return 'the system allows no network namespaces';
  spawnSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
  return '';
}

/** Why no browser can be given policies of its own here; empty when it can. */
export function noPrivatePolicies(): string {
  const notHere = notRootOnLinux('a folder of policies for one browser alone');
  if (notHere) return notHere;
  const mounts = !missing('unshare', '--mount', 'sh', '-c', 'mount --bind /tmp /mnt');
  return mounts ? '' : 'the system allows no mount namespaces';
}

/** @returns whether the test must be skipped for this reason. @throws on a CI machine, where nothing may be skipped */
export function mustSkip(reason: string): boolean {
  if (!reason) return false;
  if (process.env['CI']) throw new Error(`CI must run this test, but: ${reason}`);
  return true;
}
