/**
 * Reading an enrolment link: `/#enroll=<base64url of JSON>`.
 *
 * Pure: the page takes the fragment out of the address and hands its text in here. Knows nothing of where name and
 * key are kept afterwards.
 */
import { Fault } from '#base/fault.ts';
import { stationNameProblem } from '#fleet/identity/station-name.ts';

export interface Enrolment {
  readonly station: string;
  readonly key: string;
  /** Id or folder of the procedure that this station runs. */
  readonly procedure?: string;
  readonly pin?: string;
}

const PREFIX = '#enroll=';
const REMEDY = 'Ask for a new enrolment link, and open it whole.';

export function isEnrolmentFragment(fragment: string): boolean {
  return fragment.startsWith(PREFIX);
}

/** @throws {Fault} `enrolment-unreadable` or `station-name` */
export function readEnrolment(fragment: string): Enrolment {
  const data = decode(fragment.slice(PREFIX.length));
  const { station, key, procedure, pin } = data;
  if (typeof station !== 'string' || typeof key !== 'string' || key === '')
    throw new Fault('enrolment-unreadable', 'The enrolment link has no station name or no key.', REMEDY);
  return checkEnrolment({
    station,
    key,
    ...(typeof procedure === 'string' && procedure !== '' ? { procedure } : {}),
    ...(typeof pin === 'string' && pin !== '' ? { pin } : {}),
  });
}

/** @throws {Fault} `station-name` when the name is off the scheme, `enrolment-unreadable` without a key */
export function checkEnrolment(enrolment: Enrolment): Enrolment {
  const problem = stationNameProblem(enrolment.station);
  if (problem) throw new Fault('station-name', problem, 'Enrol again with a name on the scheme.');
  if (enrolment.key.trim() === '') throw new Fault('enrolment-unreadable', 'The station key is empty.', REMEDY);
  return { ...enrolment, key: enrolment.key.trim() };
}

function decode(text: string): Record<string, unknown> {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const data: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  } catch (cause) {
    throw new Fault('enrolment-unreadable', 'The enrolment link cannot be read.', REMEDY, { cause });
  }
  throw new Fault('enrolment-unreadable', 'The enrolment link does not hold a station.', REMEDY);
}
