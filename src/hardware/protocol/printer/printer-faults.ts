/**
 * The faults of a label printer, in words for whoever stands before it.
 *
 * Stands beside printer-session.ts. Knows nothing of when they happen.
 */
import { Fault } from '#base/fault.ts';
import { HOST_STATUS } from '#hardware/protocol/printer/host-status.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

export function notReadyFault(label: string, words: string, remedy: string): HardwareFault {
  return new Fault<HardwareCode>('instrument-error', `The label printer (${label}) ${words}.`, remedy);
}

export function fellSilentFault(label: string): HardwareFault {
  return new Fault<HardwareCode>(
    'timeout',
    `The label printer (${label}) has told its status before and tells none now.`,
    'Look at the printer: labels, ribbon, print head, power.',
  );
}

export function noStatusFault(label: string, answer: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `The label printer (${label}) answered ${HOST_STATUS} with ${JSON.stringify(answer.slice(0, 60))}, which is no status.`,
    'Check the baud rate and parity of this plug, and that the printer speaks ZPL.',
  );
}

export function oneWayFault(label: string): HardwareFault {
  return new Fault<HardwareCode>(
    'unsupported',
    `The label printer (${label}) is asked nothing: its language is “raw”.`,
    'Take the query out, or state “language: zpl” if the printer speaks it.',
  );
}
