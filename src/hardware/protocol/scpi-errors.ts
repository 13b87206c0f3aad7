/**
 * The error queue and the end of operations, as SCPI and IEEE 488.2 have them.
 *
 * Above it: instrument drivers. Below it: a session. Knows nothing of instruments.
 */
import { Fault } from '#base/fault.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

export interface ScpiError {
  /** 0: none. Negative: SCPI's own (SCPI-99 volume 2, 21.8). Positive: the maker's. */
  readonly code: number;
  readonly message: string;
}

/** Queues hold 10 to 30 entries; a device that never says “no error” is not asked for ever. */
const MOST_ERRORS = 50;
const ERROR = /^([+-]?\d+)(?:\s*,\s*"?(.*?)"?)?\s*$/;

/**
 * Empties the error queue.
 * @returns what was in it, oldest first
 * @throws {HardwareFault} as `query`; `protocol-error` when what is answered is no error message
 */
export async function drainErrors(session: CommandSession, signal: AbortSignal): Promise<ScpiError[]> {
  const errors: ScpiError[] = [];
  while (errors.length < MOST_ERRORS) {
    const answer = await session.query('SYST:ERR?', signal);
    const [, code, message = ''] = ERROR.exec(answer) ?? [];
    if (code === undefined) throw oddAnswer('SYST:ERR?', answer);
    if (Number(code) === 0) break;
    errors.push({ code: Number(code), message });
  }
  return errors;
}

/**
 * Waits until the device has done all that it was told.
 * @throws {HardwareFault} as `query`; `protocol-error` when it answers anything but 1
 */
export async function operationComplete(
  session: CommandSession,
  signal: AbortSignal,
  timeoutMs?: number,
): Promise<void> {
  const answer = await session.query('*OPC?', signal, timeoutMs);
  if (!/^\+?1$/.test(answer)) throw oddAnswer('*OPC?', answer);
}

/** `-113 Undefined header; -222 Data out of range`. */
export function wordsOf(errors: readonly ScpiError[]): string {
  return errors.map(({ code, message }) => `${code} ${message}`).join('; ');
}

function oddAnswer(query: string, answer: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `The device answered ${query} with ${JSON.stringify(answer.slice(0, 60))}, which is no answer to it.`,
    'Check that the procedure names the right driver for this device.',
  );
}
