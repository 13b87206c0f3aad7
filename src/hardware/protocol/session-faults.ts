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

export function mixedFault(label: string, text: string): HardwareFault {
  return new Fault<HardwareCode>(
    'frame-error',
    `The device (${label}) answered ${JSON.stringify(text.slice(0, 40))}, which may begin with a piece of an earlier answer.`,
    'Check the cable; if it happens again, switch the device off and on.',
  );
}

export function noBlockFault(label: string, command: string, answer: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `The device (${label}) answered ${JSON.stringify(command)} with ${JSON.stringify(answer.slice(0, 60))}, which is no block of bytes.`,
    'Set the device to binary data, or read its answer as text.',
  );
}

export function closedFault(label: string): HardwareFault {
  return new Fault<HardwareCode>(
    'lost',
    `The connection to the device (${label}) was closed.`,
    'Wait until the device is ready again.',
  );
}
