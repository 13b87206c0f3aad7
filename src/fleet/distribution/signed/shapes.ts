/**
 * The forms of the signed documents, checked member by member: the manifest of a release, the index, the list of keys.
 *
 * A member that nobody knows is refused: it would be signed and mean nothing. Above: the file of each document. Knows
 * nothing of signatures.
 */
import * as v from 'valibot';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';

/** One more than the newest that we write means: somebody else's fieldbench is newer. */
export const FORMAT = 1;

export const hash = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/));
export const keyId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
export const base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]+={0,2}$/), v.maxLength(200));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const text = v.pipe(v.string(), v.maxLength(500));
export const moment = v.pipe(
  v.string(),
  v.check((at) => !Number.isNaN(Date.parse(at))),
);
/** As its folder was called: a word in addresses and on the command line. */
export const procedureName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,99}$/));
export const signatures = v.array(v.strictObject({ key: keyId, signature: base64 }));

/** A file inside a procedure's folder, with `/`; no way out of it, nothing hidden. */
export function isInside(path: string): boolean {
  return !path.split('/').some((part) => part === '' || part.startsWith('.') || /[\\\0]/.test(part));
}

export const listedFiles = v.array(
  v.strictObject({ path: v.pipe(v.string(), v.check(isInside)), sha256: hash, size: count }),
);

/**
 * @param what for people: `the index of releases`
 * @throws {Fault} `release-unreadable`, `release-newer-format`
 */
export function readDocument<T>(
  schema: v.GenericSchema<unknown, T>,
  input: string | Uint8Array<ArrayBuffer>,
  what: string,
): T {
  const data = parsed(input, what);
  if (formatOf(data) > FORMAT) throw releaseFault('release-newer-format', `A newer fieldbench has written ${what}.`);
  const read = v.safeParse(schema, data, { abortEarly: true });
  if (read.success) return read.output;
  const place = (read.issues[0].path ?? []).map(({ key }) => String(key)).join('.');
  throw releaseFault('release-unreadable', `${sentence(what)} is not of the known form${place && `, at ${place}`}.`);
}

function parsed(input: string | Uint8Array<ArrayBuffer>, what: string): unknown {
  try {
    return JSON.parse(typeof input === 'string' ? input : new TextDecoder('utf-8', { fatal: true }).decode(input));
  } catch (cause) {
    throw releaseFault('release-unreadable', `${sentence(what)} is not whole: it is no JSON.`, cause);
  }
}

function formatOf(data: unknown): number {
  const { format, signed } = (data ?? {}) as { format?: unknown; signed?: { format?: unknown } };
  const said = format ?? signed?.format;
  return typeof said === 'number' ? said : 0;
}

function sentence(what: string): string {
  return what[0]!.toUpperCase() + what.slice(1);
}
