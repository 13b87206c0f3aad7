/** What the operator is told when a scan makes no run, or a run could not be kept. Words only. */
import { Fault, messageOf } from '#base/fault.ts';
import type { Word } from '#engine/link/station-link.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { StorageFault } from '#storage/fault.ts';

export function plugWord({ name, state, message, remedy }: PlugStatus): Word {
  // One that is ready again by now was not when it was asked.
  return { code: `fixture-${state === 'ready' ? 'lost' : state}`, message: message || `${name} is ${state}.`, remedy };
}

export function storageWord(thrown: unknown): Word {
  const fault = thrown instanceof Fault ? (thrown as StorageFault) : null;
  return {
    code: `storage-${fault?.code ?? 'failed'}`,
    message: `The run was not started: ${messageOf(thrown)}`,
    remedy: fault?.remedy ?? 'Reload the page; if this stays, use another station.',
  };
}

export function undeliverableWord(message: string): Word {
  return {
    code: 'cannot-be-delivered',
    message,
    remedy: 'Correct the serial number or the procedure, and scan again.',
  };
}

/** @param slot name of the slot in which the unit is already */
export function twiceWord(serial: string, slot: string): Word {
  return {
    code: 'unit-in-slot',
    message: `${serial} is in slot “${slot}” already.`,
    remedy: 'Scan the unit that you have put in, or stop the other slot.',
  };
}

/** @param serial whose run it was, where that is known */
export function brokenWord(thrown: unknown, serial?: string): Word & { tone: 'error' } {
  const run = serial === undefined ? 'The last run' : `The run of ${serial}`;
  return {
    code: 'run-not-kept',
    tone: 'error',
    message: `${run} could not be kept on disk: ${messageOf(thrown)}`,
    remedy: 'Test this unit again. What was measured is closed as ERROR at the next start.',
  };
}
