/**
 * Why a signed release, the index of releases or the list of keys is not believed: the closed list, each with its remedy.
 *
 * Thrown by the files of this folder, shown at the station and printed by the command line. What is refused changes
 * nothing: a station goes on with what it has.
 */
import { Fault } from '#base/fault.ts';

const REMEDIES = {
  'release-damaged': 'Publish it again; if this stays, look at the disk and the network behind the server.',
  'release-cut': 'It is fetched again by itself; if this stays, look at the server’s disk and at proxies on the way.',
  'release-unreadable': 'Pack, sign and publish it again with a current fieldbench.',
  'release-newer-format': 'Update the app of this station first.',
  'release-signature': 'Do not use it before you know who changed it. Then sign and publish it again.',
  'release-key-unknown': 'Sign it with a key that this fleet trusts: fieldbench keys lists them.',
  'release-key-revoked': 'Sign it with a key that is not revoked, and publish it again.',
  'release-key-early': 'Wait until the key counts, or set the clock of this computer right.',
  'release-keys':
    'Sign the change of keys with a key that counted before it; or enrol this station anew, which trusts anew.',
  'release-older': 'Find out who put back old files. To go back on purpose, use fieldbench rollback: it counts on.',
  'release-forked': 'Two publishers wrote at the same time: publish once more from the newer folder.',
  'release-storage-full': 'Free disk space on this computer; it is fetched again by itself.',
  'release-unusable': 'Update the app of this station, or correct the procedure and publish it again.',
  'release-missing': 'Publish it again: a file of it is not on the server.',
} as const;

export type ReleaseCode = keyof typeof REMEDIES;

export function releaseFault(code: ReleaseCode, message: string, cause?: unknown): Fault<ReleaseCode> {
  return new Fault(code, message, REMEDIES[code], cause === undefined ? undefined : { cause });
}
