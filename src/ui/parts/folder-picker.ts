/**
 * Folders of the person's disk, as far as a page may ask for them: pick one, and ask again for one that was picked.
 *
 * Only Chromium on a desktop has this. Knows nothing of what lies in a folder.
 */
import type { FolderHandle } from '#engine/link/folder-link.ts';

type Mode = 'read' | 'readwrite';

/** Of File System Access; not in the DOM library yet. */
interface Picker {
  showDirectoryPicker?(options: { readonly id: string; readonly mode: Mode }): Promise<FolderHandle>;
}
interface Askable {
  requestPermission?(descriptor: { readonly mode: Mode }): Promise<PermissionState>;
}

/** The browser opens its chooser where it was last with this id. */
const PLACE = 'fieldbench';

export const canPickFolder = (): boolean => typeof (globalThis as Picker).showDirectoryPicker === 'function';

/** @returns null when the person closed the chooser */
export async function pickFolder(mode: Mode): Promise<FolderHandle | null> {
  const { showDirectoryPicker } = globalThis as Picker;
  if (!showDirectoryPicker) return null;
  try {
    return await showDirectoryPicker.call(globalThis, { id: PLACE, mode });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return null;
    throw thrown;
  }
}

/** Inside a click. @returns whether the browser allows writing into it now */
export async function allowFolder(handle: FolderHandle): Promise<boolean> {
  return (await (handle as Askable).requestPermission?.({ mode: 'readwrite' })) === 'granted';
}
