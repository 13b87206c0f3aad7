/**
 * The closed list of reasons for which the server does not start.
 *
 * Whoever calls `start` prints message and remedy on one line and ends with 1. Knows nothing of requests: what goes
 * wrong inside one is an answer (api-error.ts), never a fault.
 */
import { Fault } from '#base/fault.ts';

export type ServerCode = 'setting-invalid' | 'app-missing' | 'fleet-invalid' | 'keys-invalid' | 'address-taken';

export function serverFault(code: ServerCode, message: string, remedy: string, cause?: unknown): Fault<ServerCode> {
  return new Fault(code, message, remedy, { cause });
}
