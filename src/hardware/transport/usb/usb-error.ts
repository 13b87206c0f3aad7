/**
 * What an error of WebUSB means, by its name (pitfall 6), and what to do about it on this operating system (50).
 *
 * Pure. Knows nothing of who asks.
 */
import { Fault, messageOf } from '#base/fault.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import { lostFault } from '#hardware/transport/transport-faults.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

/** Why the device could not be opened at all. */
export function openFault(thrown: unknown, label: string, system: HostSystem): HardwareFault {
  switch (nameOf(thrown)) {
    case 'SecurityError':
    case 'NotAllowedError':
      return new Fault<HardwareCode>(
        'permission-needed',
        `The system refuses access to the device (${label}).`,
        OPEN_REMEDIES[system],
        { cause: thrown },
      );
    case 'RefusedRequest':
      return new Fault<HardwareCode>(
        'unsupported',
        `The device (${label}) refuses to be set up: ${messageOf(thrown)}`,
        'Check that the procedure names the right kind of wire for it.',
        { cause: thrown },
      );
    default:
      return claimFault(thrown, label, system);
  }
}

/** Why its interface could not be claimed: the browser gives no reason, always a driver or another program. */
export function claimFault(thrown: unknown, label: string, system: HostSystem): HardwareFault {
  if (nameOf(thrown) === 'NotFoundError') return lostFault(label, 'it was unplugged');
  return new Fault<HardwareCode>(
    'busy',
    `The device (${label}) cannot be used: a driver of the system, another program or another tab holds it.`,
    CLAIM_REMEDIES[system],
    { cause: thrown },
  );
}

/** Why a transfer ended, in words; only for those that end the connection. */
export function causeOf(thrown: unknown): string {
  switch (nameOf(thrown)) {
    case 'NotFoundError':
      return 'it was unplugged';
    case 'NetworkError':
    case 'AbortError':
      return 'the device went away';
    default:
      return messageOf(thrown);
  }
}

export function noFunctionFault(label: string, what: string): HardwareFault {
  return new Fault<HardwareCode>(
    'unsupported',
    `The device (${label}) has no ${what}.`,
    'Connect the right device, or name the kind of its wire in the procedure.',
  );
}

/** The endpoint halted and did so again, or in the middle of the bytes. */
export function refusedBytes(label: string): HardwareFault {
  return new Fault<HardwareCode>(
    'line-error',
    `The device (${label}) refused what was sent to it.`,
    'Check that it knows this command; switch it off and on if it refuses every one.',
  );
}

const OPEN_REMEDIES: Readonly<Record<HostSystem, string>> = {
  windows: 'Close other programs that use it. Windows lets a page use it only when its driver is WinUSB.',
  macos: 'Close other programs that use it.',
  linux: 'Give this user its node by a udev rule, then plug it in again.',
  chromeos: 'Allow USB devices for this site, in the browser or by policy.',
  android: 'Confirm the question of the system for access to this device, then plug it in again.',
  unknown: 'Allow USB devices for this site, in the browser or by policy.',
};

/** No driver swaps: on a lab computer they take the instrument away from everything else (50). */
const CLAIM_REMEDIES: Readonly<Record<HostSystem, string>> = {
  windows:
    'Close other programs and tabs that use it. If it has its own driver here, as VISA instruments have, leave that and use its serial port, or a tablet.',
  macos: 'Close other programs and tabs that use it. If macOS has a driver for it, use it as a serial port.',
  linux:
    'Close other programs and tabs that use it. If a kernel driver such as usbtmc or cdc_acm holds it, unbind that by a udev rule.',
  chromeos: 'Close other apps and tabs that use it, then plug it in again.',
  android: 'Close other apps that use it, update Chrome, then plug it in again.',
  unknown: 'Close other programs and tabs that use it, then plug it in again.',
};
