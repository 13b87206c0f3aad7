/**
 * What page and bench worker say to each other about the folder that a person picked; part of station-link.ts.
 *
 * Plain data, and the handle of a folder, which only a browser can look into. Knows nothing of what lies in it.
 */

/** A FileSystemDirectoryHandle: picked in the page, used in the worker. */
export interface FolderHandle {
  readonly kind: 'directory';
  readonly name: string;
}

interface FolderWord {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** The folder for copies. */
export interface FolderView {
  readonly name: string;
  /** Runs that lie in it, of any station; null before it was looked into. */
  readonly runs: number | null;
  /** Runs that are not in it yet. */
  readonly waiting: number;
  /** Runs of this station in it that this browser does not know: its data was lost since. */
  readonly unknown: number;
  readonly keepsDelivered: boolean;
  /** Why nothing can be written into it now. */
  readonly problem: FolderWord | null;
}

/** What came of a folder whose files were opened. */
export interface OpenedFolder {
  readonly folder: string;
  /** Transfer files in it, opened or not. */
  readonly files: number;
  readonly counts: {
    readonly new: number;
    readonly delivered: number;
    readonly known: number;
    readonly foreign: number;
    readonly damaged: number;
  };
  readonly stations: readonly string[];
  /** Keys that a person has to compare first. */
  readonly questions: readonly { readonly station: string; readonly fingerprint: string }[];
  readonly problems: readonly FolderWord[];
}

export interface FolderCommands {
  /** From now on a copy of each run goes into this folder, which the page may write into. */
  keepFolder(handle: FolderHandle): void;
  /** For the page, which alone may ask the browser; null when none was picked. */
  keptFolder(): FolderHandle | null;
  /** At once: the browser allows it again, or its drive is back. */
  lookIntoFolder(): void;
  /** Nothing more goes into it; what lies there stays. */
  forgetFolder(): void;
  keepDelivered(keeps: boolean): void;
  /** Takes in every transfer file of it. @param acceptedKeys fingerprints that a person has compared */
  openFolder(handle: FolderHandle, acceptedKeys: readonly string[]): OpenedFolder;
}
