/**
 * The faults of a Modbus line, in words for a technician.
 *
 * Stands beside modbus-session.ts. Knows nothing of when they happen.
 */
import { Fault } from '#base/fault.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

/** Modbus Application Protocol V1.1b3, section 7. */
const EXCEPTIONS: Readonly<Record<number, readonly [name: string, remedy: string]>> = {
  1: ['illegal function', 'The device does not know this function: check the table of this register.'],
  2: ['illegal data address', 'Check the address of this register; on the wire addresses begin at 0.'],
  3: ['illegal data value', 'Check the value, and how many registers are asked for.'],
  4: ['server device failure', 'Look at the device: it could not do what it was told.'],
  5: ['acknowledge', 'The device needs long for this; ask for the result later.'],
  6: ['server device busy', 'The device is busy; try again after a pause.'],
  8: ['memory parity error', 'The device has a fault in its memory; switch it off and on.'],
  10: ['gateway path unavailable', 'Check how the gateway is set up.'],
  11: ['gateway target device failed to respond', 'Check the device behind the gateway, its power and its unit id.'],
};

/** `exception 2 (illegal data address)`. */
export function exceptionName(code: number): string {
  return `exception ${code} (${EXCEPTIONS[code]?.[0] ?? 'not in the standard'})`;
}

export function exceptionFault(label: string, unitId: number, what: string, code: number): HardwareFault {
  return new Fault<HardwareCode>(
    'instrument-error',
    `Unit ${unitId} (${label}) refused ${what}: ${exceptionName(code)}.`,
    EXCEPTIONS[code]?.[1] ?? 'Look the exception up in the manual of the device.',
  );
}

export function unitSilentFault(label: string, unitId: number, what: string, timeoutMs: number): HardwareFault {
  return new Fault<HardwareCode>(
    'timeout',
    `Unit ${unitId} (${label}) did not answer ${what} within ${Math.round(timeoutMs)} ms.`,
    'Check its power, its two wires, its unit id, and the baud rate and parity in the procedure.',
  );
}

export function unitOutOfStepFault(label: string, unitId: number): HardwareFault {
  return new Fault<HardwareCode>(
    'timeout',
    `Unit ${unitId} (${label}) still owes an answer and does not answer a test question, so nothing it says is believed.`,
    'Check its power and its wires; plug the adapter in again.',
  );
}

/** A stand-in for what was not asked in words. */
export function unsendable(label: string, why: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `A request to ${label} cannot be sent: ${why}.`,
    'Correct the registers of this plug in the procedure.',
  );
}
