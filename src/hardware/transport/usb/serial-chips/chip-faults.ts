/**
 * What a serial chip cannot do, in words for whoever wrote the procedure.
 *
 * Stands beside the chips. Knows nothing of them.
 */
import { Fault } from '#base/fault.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

/** What a UART of 8N1 still reads without errors, both ends' clocks together being at most 5 % apart. */
const MAX_BAUD_ERROR = 0.03;

export function cannot(chip: string, what: string, remedy: string): HardwareFault {
  return new Fault<HardwareCode>('unsupported', `The adapter (${chip}) cannot ${what}.`, remedy);
}

/** @throws {HardwareFault} `unsupported` when the chip's nearest rate is too far from the one that is wanted */
export function demandRate(chip: string, wanted: number, actual: number): void {
  if (Math.abs(actual - wanted) <= wanted * MAX_BAUD_ERROR) return;
  const nearest = Number.isFinite(actual) ? `; its nearest is ${Math.round(actual)} baud` : '';
  throw cannot(chip, `run at ${wanted} baud${nearest}`, "Correct the plug's baud rate in the procedure.");
}
