/**
 * What a run's file in the picked folder is called: by station, number and id, so that a list of names says which runs are there.
 *
 * Pure. Names of other files in the folder are nobody's business here.
 */
import { fileName } from '#sync/transfer/run-bundle.ts';

export interface CopyName {
  /** As far as a file may be called so. */
  readonly station: string;
  readonly seq: number;
  /** `client_run_id`. */
  readonly id: string;
  /** How many corrections of the run it holds; a corrected run gets a new file. */
  readonly corrections: number;
}

const NAME = /^(.+)-(\d{1,15})-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:-c(\d{1,4}))?\.fieldbench$/;
/** While it is being written. */
export const PART = '.part';

export function copyName({ station, seq, id, corrections }: CopyName): string {
  return `${fileName(station)}-${seq}-${id}${corrections > 0 ? `-c${corrections}` : ''}.fieldbench`;
}

/** @returns null when it is no copy of a run */
export function readCopyName(name: string): CopyName | null {
  const [, station, seq, id, corrections = '0'] = NAME.exec(name) ?? [];
  if (station === undefined || id === undefined) return null;
  return { station, seq: Number(seq), id, corrections: Number(corrections) };
}
