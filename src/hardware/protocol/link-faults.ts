/**
 * The faults of a line of bytes, in words for a technician.
 *
 * Stands beside line-link.ts; session-faults.ts has those of a conversation. Knows nothing of when they happen.
 */
import { Fault } from '#base/fault.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

const REMEDY = 'Check the cable, and the baud rate and parity of this plug in the procedure.';

export function lostLinkFault(label: string, cause: string): HardwareFault {
  const message = `The connection to the device (${label}) is gone: ${cause}.`;
  return new Fault<HardwareCode>('lost', message, 'Check its cable and its power, and plug it in again.');
}

export function lineFault(label: string, error: string): HardwareFault {
  return new Fault<HardwareCode>('line-error', `The line to the device (${label}) had an error: ${error}.`, REMEDY);
}

export function garbledFault(label: string, text: string): HardwareFault {
  const shown = JSON.stringify(text.slice(0, 40));
  return new Fault<HardwareCode>(
    'frame-error',
    `The device (${label}) answered with what is not text: ${shown}.`,
    REMEDY,
  );
}

export function oversizeFault(label: string, maxBytes: number): HardwareFault {
  const message = `The device (${label}) sent more than ${maxBytes} bytes without ending a line.`;
  return new Fault<HardwareCode>('frame-error', message, REMEDY);
}

export function badFrameFault(label: string): HardwareFault {
  const message = `The device (${label}) sent a frame that is not well formed; bytes were lost or damaged.`;
  return new Fault<HardwareCode>('frame-error', message, REMEDY);
}

export function endlessBlockFault(label: string): HardwareFault {
  return new Fault<HardwareCode>(
    'frame-error',
    `The device (${label}) sent a block of unknown length (#0), whose end cannot be seen on this line.`,
    'Set the device to blocks of definite length, or to numbers as text.',
  );
}

/** @param why what else is in the way */
export function unsendableFault(line: string, coding: 'text' | 'hex', why?: string): HardwareFault {
  const usual = coding === 'hex' ? 'it is not bytes in hexadecimal' : 'it is not one line of Latin-1 text';
  return new Fault<HardwareCode>(
    'protocol-error',
    `The command ${JSON.stringify(line)} cannot be sent: ${why ?? usual}.`,
    'Correct this command in the procedure.',
  );
}
