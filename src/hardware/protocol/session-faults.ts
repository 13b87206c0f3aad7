/**
 * The faults of a session, in words for a technician.
 *
 * Stands beside scpi-session.ts. Knows nothing of when they happen.
 */
import { Fault } from '#base/fault.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

export function timeoutFault(label: string, line: string, timeoutMs: number): HardwareFault {
  return new Fault<HardwareCode>(
    'timeout',
    `The device (${label}) did not answer ${JSON.stringify(line)} within ${Math.round(timeoutMs)} ms.`,
    'Check that the device is switched on and knows this command.',
  );
}

export function stuckFault(label: string, line: string, timeoutMs: number): HardwareFault {
  return new Fault<HardwareCode>(
    'timeout',
    `The device (${label}) did not take ${JSON.stringify(line)} within ${Math.round(timeoutMs)} ms.`,
    'Check that the device is switched on, and its flow control.',
  );
}

export function abortedQuery(line: string, reason: unknown): HardwareFault {
  return new Fault<HardwareCode>(
    'aborted',
    `${JSON.stringify(line)} was stopped before it ended.`,
    'Start again when ready.',
    {
      cause: reason,
    },
  );
}

export function outOfStepFault(label: string): HardwareFault {
  return new Fault<HardwareCode>(
    'timeout',
    `The device (${label}) does not say who it is after an answer went missing, so nothing it says is believed.`,
    'Switch the device off and on, or plug it in again.',
  );
}

export function chatterFault(label: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `The device (${label}) keeps sending without being asked, so its answers cannot be told apart.`,
    'Switch off its unasked reports.',
  );
}

export function closedFault(label: string): HardwareFault {
  return new Fault<HardwareCode>(
    'lost',
    `The connection to the device (${label}) was closed.`,
    'Wait until the device is ready again.',
  );
}
