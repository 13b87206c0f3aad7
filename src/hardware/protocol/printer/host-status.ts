/**
 * What a ZPL printer says of itself when it is asked `~HS`: three strings of fields between commas.
 *
 * Pure. Above: printer-session.ts. Knows nothing of wires.
 *
 * @see Zebra, Programming Guide, `~HS` Host Status Return: string 1 `aaa,b,c,…` (b paper out, c paused), string 2
 * `mmm,n,o,p,…` (o head up, p ribbon out). A printer that is out of paper may also say nothing at all.
 */
export interface HostStatus {
  readonly headOpen: boolean;
  readonly paperOut: boolean;
  readonly ribbonOut: boolean;
  readonly paused: boolean;
}

export const HOST_STATUS = '~HS';
/** How many strings answer it. */
export const STATUS_STRINGS = 3;
/** Fields of the first two strings; the third has nothing that keeps a label from being printed. */
const FIELDS = [12, 11] as const;

const WORDS: Readonly<Record<keyof HostStatus, readonly [trouble: string, remedy: string]>> = {
  headOpen: ['is open', 'Close its print head.'],
  paperOut: ['is out of labels', 'Load labels.'],
  ribbonOut: ['is out of ribbon', 'Load a ribbon.'],
  paused: ['is paused', 'Press its Pause button.'],
};
const ORDER = ['headOpen', 'paperOut', 'ribbonOut', 'paused'] as const;

/** @returns null when these are not the strings of a status: then nothing is known */
export function readHostStatus(strings: readonly string[]): HostStatus | null {
  const [one = [], two = []] = strings.map((text) => text.split(',').map((field) => field.trim()));
  const flags = [two[2], one[1], two[3], one[2]];
  if (one.length !== FIELDS[0] || two.length !== FIELDS[1]) return null;
  if (!flags.every((flag) => flag === '0' || flag === '1')) return null;
  const [headOpen, paperOut, ribbonOut, paused] = flags.map((flag) => flag === '1') as [
    boolean,
    boolean,
    boolean,
    boolean,
  ];
  return { headOpen, paperOut, ribbonOut, paused };
}

/** @returns what keeps it from printing, and what to do; null when nothing does */
export function statusTrouble(status: HostStatus): { readonly words: string; readonly remedy: string } | null {
  const wrong = ORDER.filter((flag) => status[flag]).map((flag) => WORDS[flag]);
  if (wrong.length === 0) return null;
  return { words: wrong.map(([words]) => words).join(' and '), remedy: wrong.map(([, remedy]) => remedy).join(' ') };
}
