/**
 * What keeps a station from being provisioned: a closed list, and the exit code of each.
 *
 * Above: every file of provision/. Numbers of `sysexits.h`, as elsewhere on this command line.
 */
import { Fault } from '#base/fault.ts';

/** Wrong usage; EX_USAGE. */
const USAGE = 64;
/** What was given cannot be used; EX_DATAERR. */
const DATA = 65;
/** A folder or file is not there; EX_NOINPUT. */
const NO_INPUT = 66;
/** The server is out of reach; EX_UNAVAILABLE. */
const UNAVAILABLE = 69;
/** Nothing can be written there; EX_CANTCREAT. */
const CANNOT_CREATE = 73;

export const PROVISION_EXITS = {
  'station-name': USAGE,
  origin: USAGE,
  'scanner-id': USAGE,
  'key-missing': USAGE,
  'key-form': DATA,
  'key-refused': DATA,
  'user-key': DATA,
  'other-station': DATA,
  'relay-keys': DATA,
  'procedure-broken': DATA,
  'procedure-unknown': NO_INPUT,
  'fleet-missing': NO_INPUT,
  'server-unreachable': UNAVAILABLE,
  'cannot-write': CANNOT_CREATE,
} as const;

export type ProvisionCode = keyof typeof PROVISION_EXITS;

export function provisionFault(code: ProvisionCode, message: string, remedy: string, cause?: unknown): Fault {
  return new Fault<ProvisionCode>(code, message, remedy, { cause });
}

/** @returns undefined when it is no fault of provisioning */
export function exitOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Fault)) return undefined;
  return PROVISION_EXITS[thrown.code as ProvisionCode];
}
