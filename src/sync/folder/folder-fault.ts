/**
 * The room's closed list of faults: why a folder cannot be used, and what the person should do.
 *
 * Below: whatever File System Access threw. Knows nothing of who shows the sentence.
 */
import { Fault, messageOf } from '#base/fault.ts';

/** permission: the browser wants to be asked again. missing: drive pulled, folder moved. full: its disk. failed: anything else. */
export type FolderCode = 'folder-permission' | 'folder-missing' | 'folder-full' | 'folder-failed';

const KEPT = 'Until then every run is kept in this browser.';

const REMEDIES: Readonly<Record<FolderCode, string>> = {
  'folder-permission': `Open Settings and press “Allow again”. ${KEPT}`,
  'folder-missing': `Plug its drive in again, or pick another folder in Settings. ${KEPT}`,
  'folder-full': `Free space on its disk, or pick another folder in Settings. ${KEPT}`,
  'folder-failed': `Look whether it can be written to, or pick another folder in Settings. ${KEPT}`,
};

export function folderFault(code: FolderCode, message: string, cause?: unknown): Fault<FolderCode> {
  return new Fault(code, message, REMEDIES[code], { cause });
}

/** @param folder its name, as the person knows it */
export function asFolderFault(thrown: unknown, folder: string): Fault<FolderCode> {
  if (thrown instanceof Fault) return thrown as Fault<FolderCode>;
  switch (thrown instanceof DOMException ? thrown.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return folderFault(
        'folder-permission',
        `The browser wants to be asked again about the folder “${folder}”.`,
        thrown,
      );
    case 'NotFoundError':
      return folderFault('folder-missing', `The folder “${folder}” is not there any more.`, thrown);
    case 'QuotaExceededError':
      return folderFault('folder-full', `The disk with the folder “${folder}” is full.`, thrown);
    default:
      return folderFault('folder-failed', `The folder “${folder}” cannot be used: ${messageOf(thrown)}`, thrown);
  }
}
