/**
 * How the commands for releases end: 0 done, 1 refused, 2 something cannot be read, 73 something cannot be written.
 *
 * Above: release-commands.ts. Knows nothing of what was asked.
 */
import { Fault, messageOf } from '#base/fault.ts';

const REFUSED = 1;
const UNREADABLE = 2;
/** `sysexits.h` calls it EX_CANTCREAT. */
const CANNOT_WRITE = 73;

const CODES: Readonly<Record<string, number>> = {
  'release-unreadable': UNREADABLE,
  'release-newer-format': UNREADABLE,
  'release-damaged': UNREADABLE,
  unreadable: UNREADABLE,
  'cannot-write': CANNOT_WRITE,
};

export function exitOf({ code }: Fault): number {
  return CODES[code] ?? REFUSED;
}

export function unreadable(path: string, thrown: unknown): Fault {
  const { code } = thrown as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${code ?? messageOf(thrown)}.`;
  return new Fault('unreadable', why, 'Check what it is and who may read it.', { cause: thrown });
}

export function cannotWrite(path: string, thrown: unknown): Fault {
  const { code } = thrown as NodeJS.ErrnoException;
  const why = `${path} cannot be written: ${code ?? messageOf(thrown)}.`;
  return new Fault('cannot-write', why, 'Nothing that was there is changed.', { cause: thrown });
}

export function refused(message: string, remedy: string): Fault {
  return new Fault('refused', message, remedy);
}
