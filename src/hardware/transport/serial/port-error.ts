/**
 * What an error of Web Serial means, by its name (pitfall 6: never by its class).
 *
 * Pure. Table 1.4 of the hardware reference. Knows nothing of who asks.
 */
import { Fault, messageOf } from '#base/fault.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import type { HardwareCode, HardwareFault, LineError } from '#hardware/transport/transport.ts';

const LINE_ERRORS: Readonly<Record<string, LineError>> = {
  BufferOverrunError: 'overrun',
  FramingError: 'framing',
  ParityError: 'parity',
  BreakError: 'break',
  UnknownError: 'unknown',
};

/** The line error that a stream ended with; undefined when the port itself is gone. */
export function lineErrorOf(thrown: unknown): LineError | undefined {
  return LINE_ERRORS[nameOf(thrown)];
}

/** Why `open()` was refused. The browser gives no reason beyond the name (pitfall 34): what it mostly is on this system is in the remedy. */
export function openFault(thrown: unknown, label: string, system: HostSystem): HardwareFault {
  const options = { cause: thrown };
  switch (nameOf(thrown)) {
    case 'NetworkError':
    case 'InvalidStateError':
      return new Fault<HardwareCode>(
        'busy',
        `The port (${label}) cannot be opened: another program or tab holds it, or it is not ready yet.`,
        BUSY_REMEDIES[system],
        options,
      );
    case 'SecurityError':
    case 'NotAllowedError':
      return new Fault<HardwareCode>(
        'permission-needed',
        `The browser refuses access to the port (${label}).`,
        'Allow serial ports for this site in the browser, or by policy.',
        options,
      );
    case 'TypeError':
      return new Fault<HardwareCode>(
        'unsupported',
        `The browser cannot open the port (${label}) with these settings: ${messageOf(thrown)}`,
        "Correct the plug's baud rate, data bits, stop bits, parity or flow control in the procedure.",
        options,
      );
    default:
      return new Fault<HardwareCode>(
        'lost',
        `The port (${label}) is gone: ${messageOf(thrown)}`,
        'Plug the device in again.',
        options,
      );
  }
}

const BUSY_REMEDIES: Readonly<Record<HostSystem, string>> = {
  windows:
    'Close what else uses its COM port: a terminal, its maker’s own program, another tab. If nothing does, plug the device in again.',
  macos:
    'Close other programs and tabs that use it. If the browser lists the adapter twice, its maker’s driver stands beside the one of macOS: remove one of them.',
  linux:
    'Close other programs and tabs that use it. If there are none, this user may not open it (group dialout), or ModemManager or brltty is trying it: a udev rule keeps them away.',
  chromeos:
    'Close other apps and tabs that use it, and take it back from Linux and Android in the settings of ChromeOS.',
  android: 'Close other apps that use it, then plug it in again.',
  unknown: 'Close other programs and tabs that use this port, then plug the device in again.',
};
