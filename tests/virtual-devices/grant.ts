/**
 * Grants an origin every emulated device, by a managed policy: nobody can answer the chooser of a headless browser.
 *
 * All test processes of a machine share one policy file, because of two files that set one key Chromium takes only the
 * last by name. Each process writes down its own claims; the file is made from the claims of those still alive, and is
 * gone with the last. Knows nothing of the browser process.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Chromium reads policies on Linux; Google's own builds read elsewhere. */
const MANAGED = '/etc/chromium/policies/managed';
/** Last by name, so that it counts; what other files grant is repeated in it. */
const POLICY = 'zz-fieldbench-test.json';
const CLAIMS = join(tmpdir(), 'fieldbench-grants');

/** The vendor id of usb-device.py: pid.codes, whose product ids 0001 and 0002 are for tests. */
const TEST_VENDOR = 0x1209;

interface Grants {
  SerialAllowAllPortsForUrls: string[];
  WebUsbAllowDevicesForUrls: { devices: { vendor_id: number; product_id?: number }[]; urls: string[] }[];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Origins that any living test process claims. */
function claimed(): string[] {
  const origins: string[] = [];
  for (const pid of readdirSync(CLAIMS).map(Number)) {
    const file = join(CLAIMS, String(pid));
    try {
      if (isAlive(pid)) origins.push(...(JSON.parse(readFileSync(file, 'utf8')) as string[]));
      else rmSync(file, { force: true });
    } catch {
      // Its owner has just taken it away.
    }
  }
  return origins.toSorted();
}

function grantedByOthers(): Grants {
  const all: Grants = { SerialAllowAllPortsForUrls: [], WebUsbAllowDevicesForUrls: [] };
  for (const name of readdirSync(MANAGED)) {
    if (name === POLICY || !name.endsWith('.json')) continue;
    const policy = JSON.parse(readFileSync(join(MANAGED, name), 'utf8')) as Partial<Grants>;
    all.SerialAllowAllPortsForUrls.push(...(policy.SerialAllowAllPortsForUrls ?? []));
    all.WebUsbAllowDevicesForUrls.push(...(policy.WebUsbAllowDevicesForUrls ?? []));
  }
  return all;
}

/** Whole or not at all: a browser may be reading. */
function replace(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

function writePolicy(origins: readonly string[]): void {
  const file = join(MANAGED, POLICY);
  if (origins.length === 0) return rmSync(file, { force: true });
  const grants = grantedByOthers();
  grants.SerialAllowAllPortsForUrls.push(...origins);
  grants.WebUsbAllowDevicesForUrls.push({ devices: [{ vendor_id: TEST_VENDOR }], urls: [...origins] });
  replace(file, `${JSON.stringify(grants, null, 2)}\n`);
}

/** Origins that this process has granted and not yet taken back. */
const own: string[] = [];

function apply(): void {
  for (const folder of [MANAGED, CLAIMS]) mkdirSync(folder, { recursive: true });
  const claim = join(CLAIMS, String(process.pid));
  if (own.length > 0) writeFileSync(claim, JSON.stringify(own));
  else rmSync(claim, { force: true });
  // Again when another process changed its claims meanwhile: one of the two then sees both.
  let origins: readonly string[];
  do {
    origins = claimed();
    writePolicy(origins);
  } while (String(origins) !== String(claimed()));
}

/** @returns a function that takes the grant back */
export function grantDevices(origin: string): () => void {
  own.push(origin);
  apply();
  return () => {
    const at = own.indexOf(origin);
    if (at < 0) return;
    own.splice(at, 1);
    apply();
  };
}

// A test process that ends in mid-test leaves no grant behind.
process.once('exit', () => {
  if (own.length === 0) return;
  own.length = 0;
  apply();
});
