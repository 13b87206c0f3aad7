/**
 * The faults that every transport throws, in the same words whatever wire it is.
 *
 * Stands beside transport.ts and knows no more than it.
 */
import { Fault } from '#base/fault.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

export function lostFault(label: string, cause: string): HardwareFault {
  return new Fault<HardwareCode>(
    'lost',
    `The connection to the device (${label}) is gone: ${cause}.`,
    'Check its cable and its power, and plug it in again.',
  );
}

export function notOpenFault(label: string): HardwareFault {
  return new Fault<HardwareCode>('not-open', `The port (${label}) is not open.`, 'Plug the device in again.');
}

export function abortedFault(label: string, reason: unknown): HardwareFault {
  return new Fault<HardwareCode>(
    'aborted',
    `The exchange with the device (${label}) was stopped.`,
    'Start again when ready.',
    {
      cause: reason,
    },
  );
}
