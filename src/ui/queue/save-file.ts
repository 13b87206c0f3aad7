/**
 * How a file leaves the page: into the downloads, or where the person says.
 *
 * Each way answers whether the file was kept. Knows nothing of what is in it.
 */
import type { TransferFile } from '#engine/link/transfer-link.ts';

export type Save = (file: Pick<TransferFile, 'name' | 'bytes'>) => Promise<boolean>;

/** Of File System Access; not in the DOM library yet. */
interface Picker {
  showSaveFilePicker?(options: {
    readonly suggestedName: string;
    readonly types: readonly { readonly description: string; readonly accept: Readonly<Record<string, string[]>> }[];
  }): Promise<{
    createWritable(): Promise<{ write(bytes: Uint8Array<ArrayBuffer>): Promise<void>; close(): Promise<void> }>;
  }>;
}

export const FILE_ENDING = '.fieldbench';
const MEDIA_TYPE = 'application/zip';
/** By the end of a file's name; everything else is a ZIP. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
};
/** The browser reads the bytes when it begins the download; a slow disk may begin late. */
const KEEP_URL_MS = 60_000;

export const canPickPlace = (): boolean => typeof (globalThis as Picker).showSaveFilePicker === 'function';

export const download: Save = async ({ name, bytes }) => {
  const url = URL.createObjectURL(new Blob([bytes], { type: MEDIA_TYPES[name.split('.').at(-1) ?? ''] ?? MEDIA_TYPE }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_URL_MS);
  return true;
};

export const saveWherePicked: Save = async ({ name, bytes }) => {
  const { showSaveFilePicker } = globalThis as Picker;
  if (!showSaveFilePicker) return download({ name, bytes });
  try {
    const types = [{ description: 'Fieldbench transfer', accept: { [MEDIA_TYPE]: [FILE_ENDING] } }];
    const handle = await showSaveFilePicker.call(globalThis, { suggestedName: name, types });
    const writable = await handle.createWritable();
    await writable.write(bytes);
    await writable.close();
    return true;
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return false;
    throw thrown;
  }
};
