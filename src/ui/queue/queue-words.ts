/**
 * What the queue says about each run and about all of them: why, since when, when next, and what could be lost.
 *
 * Pure; the time now comes in. Knows nothing of components.
 */
import type { StationView } from '#engine/link/station-link.ts';
import type { RunRow } from '#record/run-row.ts';
import { formatMoment, formatUntil } from '#ui/parts/moment.ts';
import { counted, uploadWord } from '#ui/parts/words.ts';

/** Where this station's runs go. */
export function placeOf({ tryout }: Pick<StationView, 'tryout'>): string {
  return tryout ? 'the try-out sandbox' : 'TofuPilot';
}

export function stateWord(row: RunRow): string {
  if (row.state === 'AMBIGUOUS' && row.attempts === 0) {
    if (row.exported_at !== undefined) return 'Exported';
    if (row.carried_from !== undefined || row.copied_at !== undefined) return 'Waiting';
  }
  return uploadWord(row);
}

type Surroundings = Pick<StationView, 'tryout' | 'connection' | 'queue' | 'filesWait'>;

/** Since when it is here, and when it is tried next. */
export function whenOf(row: RunRow, view: Surroundings, nowMs: number): string {
  const sinceMs = Date.parse(row.started_at) + row.duration_ms;
  return [`since ${formatMoment(sinceMs, nowMs)}`, nextOf(row, view, nowMs)].filter(Boolean).join(' · ');
}

/** Why it is still here; empty when it only waits for its turn. */
export function whyOf(row: RunRow, place: string): string {
  const { state, attempts, upload_reason, exported_at, carried_from, copied_at, seq, attachments, attached = 0 } = row;
  if (upload_reason !== '') return upload_reason;
  if (state === 'ATTACHING' && attachments !== undefined)
    return `The run is there, and ${attached} of its ${counted(attachments, 'file')}.`;
  if (carried_from !== undefined) return `Run ${seq} of ${carried_from}.`;
  if (exported_at !== undefined) return `In a file; ${place} is asked before it is sent.`;
  if (copied_at !== undefined && attempts === 0)
    return `Also in the folder for copies; ${place} is asked before it is sent.`;
  if (state === 'AMBIGUOUS' && attempts > 0) return `The answer was lost; ${place} is asked before it is sent again.`;
  return '';
}

function nextOf({ state, next_at_ms }: RunRow, { connection, queue, filesWait }: Surroundings, nowMs: number): string {
  if (state === 'PARKED') return 'not tried again by itself';
  if (state === 'CREATING') return '';
  if (queue.hold) return 'held';
  if (connection === 'offline') return 'goes when the connection is back';
  if (state === 'ATTACHING' && filesWait) return 'its files wait';
  return next_at_ms > nowMs ? `next try ${formatUntil(next_at_ms, nowMs)}` : 'goes in its turn';
}

/** A copy of it lies in the folder that the person picked, or it came back from one. */
export function isInFolder({ copied_at, carried_from }: RunRow, station: string): boolean {
  return copied_at !== undefined || carried_from === station;
}

export interface AtStake {
  /** This station's own runs that TofuPilot does not have. */
  readonly unsent: number;
  /** Of those, how many are in a file too; null when not all of them are known. */
  readonly exported: number | null;
  /** Of those, how many lie in the folder for copies; null when not all of them are known. */
  readonly inFolder: number | null;
  /** The folder's name; null when none is picked. */
  readonly folder: string | null;
  /** Other stations' runs that wait here. */
  readonly carried: number;
  readonly persisted: boolean | null;
  readonly place: string;
}

/** What would be lost if this browser's data were cleared now. */
export function lossOf({ unsent, exported, inFolder, folder, carried, persisted, place }: AtStake): string {
  const first =
    unsent === 0
      ? `Clearing this browser’s data now would lose no run: every one has reached ${place}.`
      : `Clearing this browser’s data now would lose ${counted(unsent, 'run')} that ${unsent === 1 ? 'has' : 'have'} not reached ${place}.`;
  const inFile =
    exported === null
      ? 'Those marked as exported are also in their file.'
      : also(exported, unsent, 'in an exported file');
  const where = folder === null ? 'in a folder of copies' : `in the folder “${folder}”`;
  const copied =
    inFolder === null
      ? folder === null
        ? ''
        : `Those that were copied are also ${where}.`
      : also(inFolder, unsent, where);
  const kept = `The browser has promised not to clear ${unsent === 1 ? 'it' : 'them'} by itself.`;
  const others = `${counted(carried, 'carried run')} would go too; the station that made ${carried === 1 ? 'it' : 'them'} still has ${carried === 1 ? 'it' : 'them'}.`;
  return [first, ...(unsent > 0 ? [inFile, copied, persisted ? kept : ''] : []), carried > 0 ? others : '']
    .filter(Boolean)
    .join(' ');
}

/** Where else so many of them are; empty when none is. */
function also(count: number, unsent: number, where: string): string {
  if (count === 0) return '';
  if (count < unsent) return `${count} of them ${count === 1 ? 'is' : 'are'} also ${where}.`;
  return unsent === 1 ? `It is also ${where}.` : `All of them are also ${where}.`;
}
