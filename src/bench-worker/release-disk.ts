/**
 * The browser's disk as far as releases need it: the shelf of screen files, whether all of a release is there, and room.
 *
 * Handed to releases.ts, so that it can be tried without a browser. Below: screen-files.ts.
 */
import type { FileShelf } from '#fleet/distribution/fetch-screen-files.ts';
import { screenFilesOf } from '#fleet/distribution/fetch-screen-files.ts';
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';
import { browserRoomLeft } from './memory.ts';
import { screenFileShelf, wholeFiles } from './screen-files.ts';

export interface ReleaseDisk {
  readonly shelf: FileShelf;
  /** Every file that its screens show is here, and as it was signed. */
  hasScreenFiles(offered: OfferedProcedure): Promise<boolean>;
  /** Whether so many bytes may be taken; runs come first. */
  hasRoom(bytes: number): Promise<boolean>;
}

/** What runs may still need while a release is fetched: some of them with files. */
const LEFT_FOR_RUNS_BYTES = 64 * 2 ** 20;

export const browserDisk: ReleaseDisk = {
  shelf: screenFileShelf,
  hasScreenFiles: async (offered) => (await wholeFiles(offered)).size === screenFilesOf(offered).length,
  hasRoom: async (bytes) => {
    const left = await browserRoomLeft();
    return left === null || left >= bytes + LEFT_FOR_RUNS_BYTES;
  },
};
