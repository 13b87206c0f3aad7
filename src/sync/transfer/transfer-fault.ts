/**
 * The room's closed list of faults and problems, each with a sentence and what to do about it.
 *
 * A file that cannot be opened at all is a thrown fault; what is wrong inside a readable file is a returned problem.
 * Knows nothing of who shows the sentence.
 */
import { Fault } from '#base/fault.ts';

export type TransferCode =
  /** Not a file of ours, or not whole: nothing in it can be read. */
  | 'unreadable'
  | 'cut'
  | 'newer-format'
  | 'too-large'
  /** The whole file is refused. */
  | 'signature'
  | 'manifest'
  | 'doubled'
  | 'other-key'
  /** Only what the problem names is refused. */
  | 'missing'
  | 'stray'
  | 'altered'
  | 'shape'
  | 'foreign'
  | 'differs'
  | 'count'
  /** Only this QR code is refused. */
  | 'no-frame'
  | 'frame-damaged'
  | 'other-series'
  /** Nothing is refused. */
  | 'late'
  /** This station cannot do it now. */
  | 'nothing'
  | 'no-small-run'
  | 'busy'
  | 'no-signing'
  | 'no-station';

export interface TransferProblem {
  readonly code: TransferCode;
  readonly message: string;
  readonly remedy: string;
  /** The run that it is about, where it is about one. */
  readonly run?: string;
}

const ASK_AGAIN = 'Export the runs again at the station that made this file: they are still there.';

const REMEDIES: Readonly<Record<TransferCode, string>> = {
  unreadable: 'Choose a file that a station has exported; its name ends in .fieldbench.',
  cut: 'Copy the file again and eject the medium before you pull it out.',
  'newer-format': 'Update this station, then open the file again.',
  'too-large': 'Export fewer runs at a time, or check where this file comes from.',
  signature: `Do not use this file. ${ASK_AGAIN}`,
  manifest: `Do not use this file. ${ASK_AGAIN}`,
  doubled: `Do not use this file. ${ASK_AGAIN}`,
  'other-key':
    'Compare the new fingerprint with the one under Uploads at that station; accept it only if they are the same.',
  missing: ASK_AGAIN,
  stray: 'It was left aside. Check who handled this file.',
  altered: ASK_AGAIN,
  shape: ASK_AGAIN,
  foreign: 'It was left aside. Open it at the station that it belongs to.',
  differs: 'It was left aside. Keep both files and ask whoever looks after the stations.',
  count: ASK_AGAIN,
  'no-frame': 'Point at the codes that the other station shows under Uploads.',
  'frame-damaged': 'Read it again; set a handheld scanner to type slower if this stays.',
  'other-series': 'Finish the one that was begun, or press “Start anew” to read this one instead.',
  late: 'Nothing to do.',
  nothing: 'Nothing to do.',
  'no-small-run': 'Export them as a file instead.',
  busy: 'Uploads are under way. Try again in a minute.',
  'no-signing': 'Update the browser of this station: Chrome or Edge 137 or later.',
  'no-station': 'Enrol this browser as a station first.',
};

export function problem(code: TransferCode, message: string, run?: string): TransferProblem {
  return { code, message, remedy: REMEDIES[code], ...(run === undefined ? {} : { run }) };
}

export function transferFault(code: TransferCode, message: string, cause?: unknown): Fault<TransferCode> {
  return new Fault(code, message, REMEDIES[code], { cause });
}

/** With one of these nothing in the file may be believed. */
export const REFUSES_ALL: ReadonlySet<TransferCode> = new Set(['signature', 'manifest', 'doubled']);
