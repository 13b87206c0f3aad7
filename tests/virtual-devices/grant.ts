/**
 * Grants an origin every emulated device, by a managed policy: nobody can answer the chooser of a headless browser.
 *
 * One file of its own among the browser's policies, gone again after the test. Knows nothing of the browser process.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Chromium reads policies on Linux; Google's own builds read elsewhere. */
const MANAGED = '/etc/chromium/policies/managed';

/** Last by name: of two files that set one key, Chromium takes the last. */
const FILE = `zz-fieldbench-test-${process.pid}.json`;

/** The vendor id of usb-device.py: pid.codes, whose product ids 0001 and 0002 are for tests. */
const TEST_VENDOR = 0x1209;

interface Grants {
  SerialAllowAllPortsForUrls: string[];
  WebUsbAllowDevicesForUrls: { devices: { vendor_id: number; product_id?: number }[]; urls: string[] }[];
}

/** What other policy files grant: ours hides theirs, so it must repeat them. */
function grantedByOthers(): Grants {
  const all: Grants = { SerialAllowAllPortsForUrls: [], WebUsbAllowDevicesForUrls: [] };
  for (const name of readdirSync(MANAGED)) {
    if (name === FILE || !name.endsWith('.json')) continue;
    const policy = JSON.parse(readFileSync(join(MANAGED, name), 'utf8')) as Partial<Grants>;
    all.SerialAllowAllPortsForUrls.push(...(policy.SerialAllowAllPortsForUrls ?? []));
    all.WebUsbAllowDevicesForUrls.push(...(policy.WebUsbAllowDevicesForUrls ?? []));
  }
  return all;
}

/** Origins that this process has granted and not yet taken back. */
const granted: string[] = [];

function write(): void {
  const file = join(MANAGED, FILE);
  if (granted.length === 0) return rmSync(file, { force: true });
  mkdirSync(MANAGED, { recursive: true });
  const grants = grantedByOthers();
  grants.SerialAllowAllPortsForUrls.push(...granted);
  grants.WebUsbAllowDevicesForUrls.push({ devices: [{ vendor_id: TEST_VENDOR }], urls: granted });
  writeFileSync(file, `${JSON.stringify(grants, null, 2)}\n`);
}

/** @returns a function that takes the grant back */
export function grantDevices(origin: string): () => void {
  granted.push(origin);
  write();
  return () => {
    const at = granted.indexOf(origin);
    if (at < 0) return;
    granted.splice(at, 1);
    write();
  };
}

// A test process that dies in mid-test leaves no grant behind.
process.once('exit', () => {
  granted.length = 0;
  write();
});
