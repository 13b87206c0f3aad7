/**
 * Text and numbers that a strict server can take.
 *
 * What an instrument answers may hold anything. A NUL or half a surrogate pair makes a common database refuse the
 * whole run, for ever; so they are made visible instead. Knows nothing of runs.
 */

/** U+2400, the picture of a NUL. */
const NUL_PICTURE = '\u2400';
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function clean(text: string): string {
  return text.replaceAll('\0', NUL_PICTURE).replace(LONE_SURROGATE, '\ufffd');
}

/** The beginning, with a mark where the rest was cut off. */
export function head(text: string, limit: number): string {
  return text.length <= limit ? clean(text) : `${clean(text.slice(0, limit - 1)).slice(0, limit - 1)}…`;
}

/** The end: of a path it says most. */
export function tail(text: string, limit: number): string {
  return clean(text.slice(-limit));
}

/** JSON has no NaN and no infinity. */
export function finite(value: number, otherwise: number): number {
  return Number.isFinite(value) ? value : otherwise;
}
