/**
 * The faults of a console, in words for a technician.
 *
 * Stands beside console-session.ts. Knows nothing of when they happen.
 */
import { Fault } from '#base/fault.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

export function noPromptFault(label: string, tail: string): HardwareFault {
  const end = tail === '' ? 'nothing' : JSON.stringify(tail.slice(-60));
  return new Fault<HardwareCode>(
    'timeout',
    `The console (${label}) does not come to its prompt; the last line says ${end}.`,
    'Check that the device is on, and the baud rate and “console: { prompt }” in the procedure.',
  );
}

export function promptlessFault(label: string, command: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `${JSON.stringify(command)} cannot be asked of the console (${label}): it is not known when its answer ends.`,
    'State “console: { prompt }” for this plug, or use “write” and “read: log”.',
  );
}

export function foreignEchoFault(label: string, command: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `The console (${label}) came to its prompt without an echo of ${JSON.stringify(command)}, so what it printed belongs to something else.`,
    'Check that nothing else writes to this console.',
  );
}

export function loginFault(label: string, why: string): HardwareFault {
  return new Fault<HardwareCode>(
    'instrument-error',
    `The console (${label}) asks for a login: ${why}.`,
    'State “console: { login: { user, password } }” for this plug as the device wants it.',
  );
}
