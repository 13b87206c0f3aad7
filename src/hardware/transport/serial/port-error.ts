/**
 * What an error of Web Serial means, by its name (pitfall 6: never by its class).
 *
 * Pure. Table 1.4 of the hardware reference. Knows nothing of who asks.
 */
import { Fault, messageOf } from '#base/fault.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
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

/** Why `open()` was refused. The browser gives no reason beyond the name (pitfall 34). */
export function openFault(thrown: unknown, label: string): HardwareFault {
  const options = { cause: thrown };
  switch (nameOf(thrown)) {
    case 'NetworkError':
    case 'InvalidStateError':
      return new Fault<HardwareCode>(
        'busy',
        `The port (${label}) cannot be opened: another program or tab holds it, or it is not ready yet.`,
        'Close other programs and tabs that use this port, then plug the device in again.',
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
