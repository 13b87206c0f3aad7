/**
 * What page and workshop worker say to each other: is what is being written right, what may be written, and its bundle.
 *
 * Plain data only. Knows nothing of how either does its part.
 */
import type { WorkshopScript } from '#engine/link/workshop-link.ts';
import type { Problem } from '#procedure/procedure.ts';

/** The texts of a folder as they stand in the editor, and what else lies in it. */
export interface EditedFolder {
  readonly name: string;
  /** `procedure.yaml`, or `.yml`. */
  readonly file: string;
  readonly texts: readonly (readonly [path: string, text: string])[];
  /** Files that are no texts, by their size. */
  readonly others: readonly (readonly [path: string, bytes: number])[];
}

/** What the procedure calls things, for completion. */
export interface WrittenNames {
  readonly plugs: readonly { readonly key: string; readonly driver: string }[];
  readonly parameters: readonly string[];
  readonly phases: readonly string[];
  readonly measurements: readonly string[];
  readonly slots: readonly string[];
}

export interface CheckedFolder {
  readonly loads: boolean;
  /** It could be released as it is. */
  readonly runs: boolean;
  readonly problems: readonly Problem[];
  /** Compiled; those with mistakes are among the problems. */
  readonly scripts: readonly WorkshopScript[];
  /** null while it does not load. */
  readonly names: WrittenNames | null;
}

/** What this version knows of drivers. */
export interface DriverWords {
  readonly driver: string;
  readonly readings: readonly string[];
  readonly settings: readonly string[];
}

export interface PackedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly release: string;
}

export interface EditingCommands {
  check(folder: EditedFolder): CheckedFolder;
  drivers(): readonly DriverWords[];
  /** The same bytes as `fieldbench pack`. Fails with a Fault: `refused`. @param others the bytes of files that are no texts */
  pack(folder: EditedFolder, others: readonly (readonly [path: string, bytes: Uint8Array<ArrayBuffer>])[]): PackedFile;
}
